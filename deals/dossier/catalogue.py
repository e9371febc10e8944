"""What a record may name: countries, blocs, minerals, companies, events, projects, other deals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Self

from countries.models import Bloc, Country
from deals.models import Company, Deal, Event, Project
from minerals.models import Mineral


@dataclass
class Catalogue:
    """Slug to primary key of everything a record may name, loaded once a run.

    A merged company's slug still reads: it stands for its successor.
    """

    ids: dict[str, dict[str, int | str]] = field(default_factory=dict)
    successors: dict[str, str] = field(default_factory=dict)
    """Slug of a merged company to that of the one that stands for it."""

    @classmethod
    def load(cls) -> Self:
        """The catalogue as the database has it now, in eight queries."""
        merged = Company.objects.filter(merged_into__isnull=False)
        return cls(
            {
                "country": {iso2: iso2 for iso2 in Country.objects.values_list("pk", flat=True)},
                "bloc": dict(Bloc.objects.values_list("key", "pk")),
                "mineral": dict(Mineral.objects.values_list("slug", "pk")),
                "company": dict(Company.objects.values_list("slug", "pk")),
                "event": dict(Event.objects.values_list("key", "pk")),
                "project": dict(Project.objects.values_list("slug", "pk")),
                "deal": dict(Deal.objects.values_list("key", "pk")),
            },
            successors=dict(merged.values_list("slug", "merged_into__slug")),
        )

    def admit(self, thing: str, slugs: Iterable[str]) -> None:
        """Lets records name things that are about to be made, such as deals of one import."""
        for slug in slugs:
            self.ids[thing].setdefault(slug, 0)

    def check(self, thing: str, slug: str) -> str:
        """``slug``, or its successor's. ValueError, with the nearest one, if there is none."""
        if slug not in self.ids[thing]:
            raise ValueError(unknown(thing, slug, self.ids[thing]))
        return self.successors.get(slug, slug) if thing == "company" else slug

    def pk(self, thing: str, slug: str) -> int:
        """Primary key of a thing that was checked. The key of a country is its code: see there."""
        return int(self.ids[thing][slug])


def unknown(thing: str, value: str, known: Iterable[str]) -> str:
    """A sentence that says that ``value`` is unknown and names the nearest known one."""
    # Nothing resembles a text as long as a page, and looking would take its time.
    near = get_close_matches(value, list(known), n=1, cutoff=0.6) if len(value) < 200 else []
    hint = f": did you mean “{near[0]}”?" if near else ""
    return f"“{shortened(value)}” is no known {thing}{hint}"


def shortened(text: str) -> str:
    """``text`` as far as a message can carry it."""
    return text if len(text) <= 80 else text[:79] + "…"
