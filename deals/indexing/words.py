"""What a search finds: weighted words, and names without accents."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from config.lib.sorting import sort_key
from deals.dossier import (
    Record,
)
from deals.indexing.reference import Reference
from deals.names import Names
from deals.search import parted

LONGEST_SEARCHED = 100_000
"""Characters of each weight that search looks at: PostgreSQL refuses vectors over a megabyte."""


def _names_in(record: Record, names: Names, reference: Reference) -> tuple[list[str], list[str]]:
    """Names to search by: those of companies and projects; those of countries and minerals."""
    first = [
        *(
            name
            for company in names["companies"].values()
            for name in (company["name"], *company["aliases"])
        ),
        *(project["name"] for project in names["projects"].values()),
    ]
    second = [
        *(
            name
            for mineral in names["minerals"].values()
            for name in (mineral["name"], *mineral["aliases"])
        ),
        *(
            name
            for place in record.countries
            if place.country
            for name in (
                names["countries"][place.country]["name"],
                *reference.country_aliases.get(place.country, []),
            )
        ),
        *(name for bloc in names["blocs"].values() for name in (bloc["name"], bloc["short_name"])),
        *([names["event"]["name"]] if names["event"] else []),
    ]
    return first, second


def search_vector(record: Record, names: Names, reference: Reference) -> Any:
    first, second = _names_in(record, names, reference)
    weighted = {
        "A": [record.title],
        "B": [*first, *second],
        "C": [record.summary],
        "D": [*record.terms, *(source.publisher for source in record.sources)],
    }
    return reduce(
        add,
        (
            SearchVector(
                Value(parted(" . ".join(texts))[:LONGEST_SEARCHED]),
                weight=weight,
                config="lodebook",
            )
            for weight, texts in weighted.items()
        ),
    )


def search_names(record: Record, names: Names, reference: Reference) -> str:
    first, second = _names_in(record, names, reference)
    return " | ".join(dict.fromkeys(sort_key(name) for name in [record.title, *first, *second]))
