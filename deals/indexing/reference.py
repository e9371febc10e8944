"""What an index is derived from besides the document: rates, groups, blocs, other names."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from countries.models import Country, Membership
from deals.money import (
    Rates,
)
from minerals.models import Mineral

type Span = tuple[str, datetime.date | None, datetime.date | None]
"""A bloc's key, and from when until when a country belongs to it, as far as that is known."""


@dataclass
class Reference:
    """The reference data that an index is derived from, loaded once a run."""

    rates: Rates
    groups: dict[str, list[str]]
    blocs: dict[str, list[Span]]
    country_aliases: dict[str, list[str]]

    @classmethod
    def load(cls) -> Self:
        """As the database has it now, in four queries."""
        parents: dict[str, str | None] = dict(
            Mineral.objects.order_by().values_list("slug", "parent__slug")
        )
        groups: dict[str, list[str]] = {}
        for slug in parents:
            chain: list[str] = []
            step = parents[slug]
            while step is not None:
                chain.append(step)
                step = parents[step]
            groups[slug] = chain
        blocs: dict[str, list[Span]] = defaultdict(list)
        memberships = Membership.objects.full().order_by("bloc__sort_name", "bloc__key")
        for country, bloc, since, until in memberships.values_list(
            "country_id", "bloc__key", "since", "until"
        ):
            blocs[country].append(
                (bloc, since.earliest if since else None, until.latest if until else None)
            )
        aliases = Country.objects.exclude(aliases=[]).order_by().values_list("iso2", "aliases")
        return cls(Rates.load(), groups, dict(blocs), dict(aliases))

    def blocs_of(self, country: str, day: datetime.date) -> list[str]:
        """Blocs of which ``country`` is a full member on ``day``; unknown dates count as always."""
        return [
            bloc
            for bloc, since, until in self.blocs.get(country, [])
            if (since is None or since <= day) and (until is None or day <= until)
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
