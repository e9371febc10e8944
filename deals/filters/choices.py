"""The values that filters of deals take, looked up when they are needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from config.lib.caching import while_unchanged
from countries.models import Bloc, Country
from deals.models import Company, Edition, Event
from minerals.models import Mineral

type Choices = list[tuple[Any, Any]]


@while_unchanged
def bloc_choices() -> Choices:
    """Every bloc by its key."""
    return list(Bloc.objects.values_list("key", "short_name"))


@while_unchanged
def place_choices() -> Choices:
    """Blocs by key and countries by ISO 3166-1 alpha-2, in two groups."""
    return [
        ("Blocs", bloc_choices()),
        ("Countries", list(Country.objects.values_list("iso2", "name"))),
    ]


@while_unchanged
def mineral_choices() -> Choices:
    """Every mineral and group by its slug."""
    return list(Mineral.objects.values_list("slug", "name"))


def company_slugs(slug: str) -> Collection[str] | None:
    """The slugs under which editions know a company: its own and those merged into it.

    A merged company stands for its successor. None for what no edition names.
    """
    company = Company.objects.filter(slug=slug).select_related("merged_into").first()
    if company is None:
        return None
    successor = company.merged_into or company
    slugs = [successor.slug, *successor.merged_from.values_list("slug", flat=True)]
    is_public = Edition.objects.readable().filter(companies__overlap=slugs).exists()
    return slugs if is_public else None


def public_companies() -> Iterable[str]:
    """Slugs of companies that readers can see."""
    return Company.objects.public().values_list("slug", flat=True)


def event_keys(key: str) -> Collection[str] | None:
    """The event itself, if an edition names it."""
    return [key] if Edition.objects.readable().filter(event=key).exists() else None


def public_events() -> Iterable[str]:
    """Keys of events that readers can see."""
    return Event.objects.public().values_list("key", flat=True)
