"""Fills a database with synthetic deals: archetypes by Lodebook's own code, copies by COPY.

The archetypes are imported and published as any deal is, some in several editions, so that what
is measured is what Lodebook writes. All other deals are copies of their rows, see `copying`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Min, Model

from config.lib.sorting import sort_key
from countries.models import Country
from deals.importing import Document, import_documents
from deals.models import (
    Company,
    Deal,
    Edition,
    EditionDocument,
    EditionLine,
    EditionRow,
    EditionSource,
    EditionState,
)
from minerals.models import Mineral
from tests.benchmarks.copying import Numbering, Progress, Table, copy_archetypes
from tests.benchmarks.synthetic import (
    COMPANIES,
    Synthesis,
    company_home,
    company_name,
    company_slug,
)
from tests.databases import conninfo

ARCHETYPES: Final = 2_000
FIRST_EDITIONS: Final = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)

COPIED: Final[dict[type[Model], tuple[str, ...]]] = {
    Deal: ("id",),
    Edition: ("id", "deal_id", "seq"),
    EditionDocument: ("edition_id",),
    EditionRow: ("edition_id",),
    EditionLine: ("id", "edition_id"),
    EditionState: ("id", "edition_id"),
    EditionSource: ("id", "edition_id"),
}
"""What is copied: the deals and all that readers see, not the parts that staff work on. With the
columns that hold numbers of rows, which differ in each copy."""


def seed(deals: int, progress: Progress) -> Iterator[str]:
    """Fill an empty database, with reference data in it, with ``deals`` deals.

    Yields what was done, at each step. ``progress`` is called with a number of new deals.
    """
    archetypes = min(deals, ARCHETYPES)
    copies, rest = divmod(deals, archetypes)
    if rest:
        raise ValueError(f"{deals} is no multiple of {archetypes}, the number of archetypes.")
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone() != ("on",):
            raise ValueError("Seeding switches triggers off, which only a superuser may.")
    if Deal.objects.exists():
        raise ValueError("The database has deals already; seeding wants one without.")
    _make_companies()
    _publish(archetypes, progress if copies == 1 else lambda _: None)
    yield "archetypes"
    if copies > 1:
        tables = _tables(copies)
        database = conninfo(connection.settings_dict["NAME"])
        connection.close()  # It may hold no lock.
        yield from copy_archetypes(database, tables, archetypes, copies, progress)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    yield "statistics"


def _make_companies() -> None:
    countries = _countries()
    Company.objects.bulk_create(
        (
            Company(
                slug=company_slug(number),
                name=company_name(number),
                sort_name=sort_key(company_name(number)),
                type="company",
                country_id=company_home(number, countries),
            )
            for number in range(COMPANIES)
        ),
        batch_size=2_000,
    )


def _countries() -> list[str]:
    return list(Country.objects.order_by("iso2").values_list("iso2", flat=True))


def _publish(count: int, progress: Progress) -> None:
    """The archetypes; a tenth has a second edition, and a third of that a third one."""
    minerals = Mineral.objects.order_by("slug").values_list("slug", flat=True)
    synthesis = Synthesis(_countries(), list(minerals))
    records = list(synthesis.records(count))
    _import(records, FIRST_EDITIONS, progress)
    for edition, step in ((2, 10), (3, 3)):
        records = [synthesis.later(record, edition) for record in records[::step]]
        _import(records, FIRST_EDITIONS + datetime.timedelta(days=60 * edition), None)


def _import(
    records: Sequence[dict[str, Any]], published_at: datetime.datetime, progress: Progress | None
) -> None:
    documents = [Document(record["key"], record) for record in records]
    import_documents(documents, publish=True, published_at=published_at, progress=progress)


def _tables(copies: int) -> list[Table]:
    return [
        Table(
            model._meta.db_table,
            [str(one.column) for one in model._meta.concrete_fields if not one.generated],
            {column: _numbering(model, column, copies) for column in columns},
        )
        for model, columns in COPIED.items()
    ]


def _numbering(model: type[Model], column: str, copies: int) -> Numbering:
    """Numbers of rows move by as many as the archetypes take."""
    if column == "seq":
        return _sequence_of_editions(copies)
    numbered = {"deal_id": Deal, "edition_id": Edition}.get(column, model)
    first, last = (
        numbered._default_manager.order_by(order).values_list("pk", flat=True)[0]
        for order in ("pk", "-pk")
    )
    return partial(_moved_by, last - first + 1)


def _moved_by(step: int, number: int) -> tuple[int, int]:
    return number, step


def _sequence_of_editions(copies: int) -> Numbering:
    """All first editions come before all second ones, as they were published."""
    rounds = list(
        Edition.objects.order_by("number")
        .values_list("number")
        .annotate(first=Min("seq"), size=Count("pk"))
        .values_list("first", "size")
    )

    def numbering(seq: int) -> tuple[int, int]:
        earlier = 0
        for first, size in rounds:
            if seq < first + size:
                return seq + earlier * (copies - 1), size
            earlier += size
        raise ValueError(f"Edition {seq} belongs to no round of publication.")

    return numbering
