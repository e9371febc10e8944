"""What charts say, against plain counting over the documents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.charts.catalogue import CHARTS, draw
from deals.charts.figure import Cell, Figure
from deals.codes import BINDING_STATUSES, ENDED_STATUSES, Status
from deals.filters import DealFilterSet
from deals.labels import labels
from deals.money import RUNGS
from tests.deals.oracle import Record, World
from tests.deals.records import EXIM, a_record, published

pytestmark = pytest.mark.django_db

SELECTIONS = [
    "",
    "host=c5",
    "host=KZ&status__not=announced",
    "mineral=rare-earths&announced_after=2024-03",
    "provider_country=US&rung=conditional",
    f"provider={EXIM}",
    "event=c51-washington-2025",
    "partner=eu27&mineral=lithium&mineral=nickel",
]
selections = pytest.mark.parametrize("query", SELECTIONS)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> World:
    """All documents, read once."""
    with django_db_blocker.unblock():
        return World.load()


def chosen(query: str) -> DealFilterSet:
    return DealFilterSet(QueryDict(query))


def found(world: World, query: str) -> list[Record]:
    keys = world.keys(dict(QueryDict(query).lists()))
    return [deal for deal in world.deals if deal["key"] in keys]


def drawn(name: str, query: str) -> Figure:
    figure = draw(name, chosen(query))
    assert figure is not None, f"{name} of {query!r} draws nothing"
    return figure


def rows_of(figure: Figure | None) -> dict[str, tuple[Cell, ...]]:
    """The rows that say anything: years between them are empty."""
    if figure is None:
        return {}
    names = [row.name for row in figure.rows]
    assert len(names) == len(set(names))
    return {row.name: row.cells for row in figure.rows if any(row.cells)}


def year_of(deal: Record) -> str | None:
    day = deal["record"]["announced_on"]
    return day[:4] if day else None


def standing(deal: Record) -> str:
    status = deal["record"]["status"]
    if status in BINDING_STATUSES:
        return "binding"
    return "ended" if status in ENDED_STATUSES else "open"


def lines_of(deal: Record) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    """Each financing line on a rung with what is computed of it."""
    facts = {line["ref"]: line for line in deal["lines"]}
    for line in deal["record"]["financing"]:
        if facts[line["ref"]]["rung"]:
            yield line, facts[line["ref"]]


type Sums = defaultdict[str, dict[str, Decimal | None]]


def summed(
    deals: Iterable[Record], groups: Callable[[Record, dict[str, Any]], Iterable[str | None]]
) -> tuple[Sums, Counter[str]]:
    """US dollars by group and rung, and lines of unknown amount by group."""
    sums: Sums = defaultdict(lambda: dict.fromkeys(RUNGS))
    unknown: Counter[str] = Counter()
    for deal in deals:
        for line, facts in lines_of(deal):
            for group in groups(deal, line):
                if group is None:
                    continue
                row = sums[group]
                if facts["is_counted"]:
                    amount = Decimal(str(facts["amount_usd"]))
                    row[facts["rung"]] = (row[facts["rung"]] or Decimal(0)) + amount
                unknown[group] += facts["amount_usd"] is None
    return sums, unknown


# -- Each chart ------------------------------------------------------------------------------------


@selections
def test_years(world: World, query: str) -> None:
    expected: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for deal in found(world, query):
        if year := year_of(deal):
            expected[year][standing(deal)] += 1
    assert rows_of(draw("years", chosen(query))) == {
        year: (row["binding"], row["open"], row["ended"], row.total())
        for year, row in expected.items()
    }


@selections
def test_statuses(world: World, query: str) -> None:
    figure = draw("statuses", chosen(query))
    expected = Counter(
        (year, labels()["status"][deal["record"]["status"]])
        for deal in found(world, query)
        if (year := year_of(deal))
    )
    told = {
        (name, head.label): count
        for name, cells in rows_of(figure).items()
        for head, count in zip(figure.heads if figure else (), cells, strict=True)
        if count
    }
    assert told == expected
    order = [labels()["status"][code] for code in Status.values]
    heads = [head.label for head in figure.heads] if figure else []
    assert heads == [label for label in order if label in heads]


@selections
def test_ladder(world: World, query: str) -> None:
    sums, unknown = summed(found(world, query), lambda deal, line: [year_of(deal)])
    assert rows_of(drawn("ladder", query)) == {
        year: (*(row[rung] for rung in RUNGS), unknown[year])
        for year, row in sums.items()
        if any(row.values()) or unknown[year]
    }


@selections
def test_providers(world: World, query: str) -> None:
    deals = found(world, query)
    names = {
        slug: company["name"]
        for deal in world.deals
        for slug, company in deal["names"]["companies"].items()
    }
    sums, unknown = summed(deals, lambda deal, line: line["providers"])
    assert rows_of(draw("providers", chosen(query))) == {
        names[slug]: (*(row[rung] for rung in RUNGS), unknown[slug])
        for slug, row in sums.items()
        if any(row.values()) or unknown[slug]
    }


@selections
def test_values(world: World, query: str) -> None:
    expected: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for deal in found(world, query):
        year, usd = year_of(deal), deal["value_usd"]
        if year and usd is not None and deal["counts_toward_total"]:
            group = standing(deal)
            expected[year][group] = expected[year].get(group, Decimal(0)) + Decimal(str(usd))
    assert rows_of(draw("values", chosen(query))) == {
        year: (row.get("binding"), row.get("open"), row.get("ended"), sum(row.values()))
        for year, row in expected.items()
    }


@pytest.mark.parametrize(("name", "role"), [("hosts", "host"), ("partners", "partner")])
@selections
def test_places(world: World, query: str, name: str, role: str) -> None:
    counts = Counter(
        place["country"] or place["bloc"]
        for deal in found(world, query)
        for place in deal["record"]["countries"]
        if place["role"] == role
    )
    if len(others := QueryDict(query).getlist("host" if role == "partner" else "partner")) == 1:
        counts.pop(others[0], None)
    told = rows_of(draw(name, chosen(query)))
    assert sorted(cells[0] for cells in told.values() if isinstance(cells[0], int)) == sorted(
        counts.values()
    )
    if "KZ" in counts:
        assert told["Kazakhstan"] == (counts["KZ"],)


@pytest.mark.parametrize("query", ["", "host=c5", "event=c51-washington-2025"])
def test_minerals_count_a_deal_once_a_group(world: World, query: str) -> None:
    counts: Counter[str] = Counter()
    for deal in found(world, query):
        roots = set()
        for slug in deal["record"]["minerals"]:
            while (parent := world.parents[slug]) is not None:
                slug = parent
            roots.add(slug)
        counts.update(roots)
    told = rows_of(drawn("minerals", query))
    assert sorted(cells[0] for cells in told.values() if isinstance(cells[0], int)) == sorted(
        counts.values()
    )
    assert told["Rare earths"] == (counts["rare-earths"],)


def test_a_chosen_group_of_minerals_is_opened() -> None:
    names = rows_of(drawn("minerals", "mineral=rare-earths"))
    assert "Rare earths" not in names
    assert {"Light rare earths", "Heavy rare earths"} <= names.keys()


@pytest.mark.parametrize("measure", ["value_usd", "committed_usd", "indicated_usd"])
@pytest.mark.parametrize("query", ["", "host=c5", "provider_country=US"])
def test_bars_of_money(world: World, query: str, measure: str) -> None:
    """By host: what stands on one rung, or what headlines say and counts."""
    sums: Counter[str] = Counter()
    rung = measure.removesuffix("_usd")
    for deal in found(world, query):
        if measure == "value_usd":
            usd = [deal["value_usd"]] if deal["counts_toward_total"] else []
        else:
            facts = [facts for _, facts in lines_of(deal)]
            usd = [one["amount_usd"] for one in facts if one["is_counted"] and one["rung"] == rung]
        amounts = [Decimal(str(one)) for one in usd if one is not None]
        for place in deal["record"]["countries"]:
            if place["role"] == "host" and place["country"] and amounts:
                sums[place["country"]] += sum(amounts)  # type: ignore[assignment]
    told = rows_of(draw("hosts", chosen(f"{query}&bars={measure}")))
    assert sorted(str(cells[0]) for cells in told.values()) == sorted(
        str(Decimal(usd).quantize(Decimal("0.01"))) for usd in sums.values()
    )


# -- What rows lead to -----------------------------------------------------------------------------


@selections
@pytest.mark.parametrize("name", ["years", "statuses", "hosts", "partners", "minerals"])
def test_a_row_leads_to_the_deals_it_counts(name: str, query: str) -> None:
    figure = draw(name, chosen(query))
    for row in (figure.rows if figure else [])[:14]:
        if not row.href:
            continue
        counted = row.cells[-1] if name == "years" else row.cells[0]
        if name == "statuses":
            counted = sum(cell for cell in row.cells if isinstance(cell, int))
        path, _, asked = row.href.partition("?")
        assert path == "/deals/"
        assert chosen(asked).qs.count() == counted, (row.name, row.href)


# -- Times, titles, what is empty ------------------------------------------------------------------


def test_agreements_are_those_of_the_day() -> None:
    """Under a past day the status is that of the day, as in the list."""
    query = "host=c5&on=2025-01-01"
    binding = "".join(f"&status={code}" for code in BINDING_STATUSES)
    undated = sum(1 for edition in chosen(query + binding).qs if edition.announced_on is None)
    told = sum(int(str(row.cells[0])) for row in drawn("years", query).rows)
    assert told == chosen(query + binding).qs.count() - undated


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("query", ["q=zzznothing", "host=AQ", "host=KZ&mineral=antimony"])
def test_an_empty_selection_draws_nothing_or_says_so(name: str, query: str) -> None:
    figure = draw(name, chosen(query))
    assert figure is None or not any(any(row.cells) for row in figure.rows) or name == "map"


@pytest.mark.parametrize("name", CHARTS)
def test_one_deal_without_anything(name: str) -> None:
    """No date, no money, no partner, no mineral: no chart breaks, and none invents anything."""
    published(a_record(announced_on=None, minerals=[], financing=[], value=None))
    figure = draw(name, chosen("q=“A+deal+for+tests”"))
    assert figure is None or figure.title


def test_titles_are_computed() -> None:
    cove = "company=tau-ken-samruk&mineral=tungsten&rung=indicated"
    assert drawn("ladder", cove).title == "$1.6bn indicated, nothing committed, nothing disbursed"
    assert "No financing on record" in drawn("ladder", "rung__empty=true&host=TJ").title
    assert drawn("hosts", "host=KZ").title.startswith("Kazakhstan first among hosts")


@pytest.mark.parametrize("name", CHARTS)
def test_drawings_have_a_text_beside_them(name: str) -> None:
    figure = drawn(name, "host=c5")
    for drawing in (figure.wide, figure.narrow):
        assert "<title>" in drawing
        assert "<desc>" in drawing or name in {"timeline", "map"}, name


@pytest.mark.parametrize(
    ("name", "most"),
    [("years", 1), ("statuses", 1), ("ladder", 1), ("values", 1), ("providers", 2)],
)
def test_number_of_queries(name: str, most: int) -> None:
    """One for the data; another where rows have names of their own."""
    filterset = chosen("mineral=tungsten")
    assert filterset.is_valid()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        draw(name, filterset)
    assert len(queries) <= most


def test_the_page_says_what_is_not_to_be_added_up() -> None:
    page = Client().get("/deals/?view=charts&host=c5").content.decode()
    assert "Deals by host; a deal with several counts in each" in page
    assert "Deals by mineral; a deal with several counts in each" in page
    assert "Rungs are never added together" in page
