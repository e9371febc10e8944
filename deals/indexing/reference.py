"""What an index is derived from besides the document: rates, groups, blocs, other names."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from config.lib.prepared import Together
from countries.models import Country, Membership
from deals.models import ExchangeRate
from deals.money import Rates
from minerals.models import Mineral

type Span = tuple[str, datetime.date | None, datetime.date | None]
"""A bloc's key, with the first day that a country belongs to it and the day after the last."""


_REFERENCE: Final = Together(
    lambda: {
        "rates": ExchangeRate.objects.order_by().values_list("currency", "year", "usd_per_unit"),
        "minerals": Mineral.objects.order_by().values_list("slug", "parent__slug"),
        "memberships": Membership.objects.full()
        .order_by("bloc__sort_name", "bloc__key")
        .values_list("country_id", "bloc__key", "since__startswith", "until__endswith"),
        "aliases": Country.objects.exclude(aliases=[]).order_by().values_list("iso2", "aliases"),
    }
)


@dataclass
class Reference:
    """The reference data that an index is derived from, loaded once a run."""

    rates: Rates
    groups: dict[str, list[str]]
    blocs: dict[str, list[Span]]
    country_aliases: dict[str, list[str]]

    @classmethod
    def load(cls) -> Self:
        """As the database has it now, all at once."""
        found = _REFERENCE()
        parents: dict[str, str | None] = dict(found["minerals"])
        groups: dict[str, list[str]] = {}
        for slug in parents:
            chain: list[str] = []
            step = parents[slug]
            while step is not None:
                chain.append(step)
                step = parents[step]
            groups[slug] = chain
        blocs: dict[str, list[Span]] = defaultdict(list)
        for country, bloc, first_day, day_after in found["memberships"]:
            blocs[country].append((bloc, first_day, day_after))
        rates = {(currency, year): rate for currency, year, rate in found["rates"]}
        return cls(Rates(rates), groups, dict(blocs), dict(found["aliases"]))

    def blocs_of(self, country: str, day: datetime.date) -> list[str]:
        """Blocs of which ``country`` is a full member on ``day``; unknown dates count as always."""
        return [
            bloc
            for bloc, first_day, day_after in self.blocs.get(country, [])
            if (first_day is None or first_day <= day) and (day_after is None or day < day_after)
        ]

    def with_blocs(self, places: Iterable[str | None], day: datetime.date) -> list[str]:
        """Codes of ``places`` and of the blocs they belong to on ``day``, sorted, each once."""
        found: set[str] = set()
        for place in filter(None, places):
            found.add(place)
            found.update(self.blocs_of(place, day))
        return sorted(found)

    def with_groups(self, minerals: Iterable[str]) -> list[str]:
        """``minerals`` and the groups above them, sorted, each once."""
        found: set[str] = set()
        for slug in minerals:
            found.add(slug)
            found.update(self.groups.get(slug, []))
        return sorted(found)
