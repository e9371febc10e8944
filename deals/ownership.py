"""Who owns whom, to the end of the chain: owners above a company, holdings below it.

    graph = owners_above(["severniy-katpar-llp"])
    graph.steps("severniy-katpar-llp")   # Tau-Ken Samruk (1), Samruk-Kazyna (2) …

Companies that own each other, even in a ring, exist in the world; every walk ends, and says where
it came back to a company that it had shown. Only public companies are met: a chain ends below the
first one that no current edition names. Holdings that ended are kept, with their dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.db.models.expressions import RawSQL

from deals.models import Company, Edition, Ownership

type Direction = Literal["owners", "holdings"]


@dataclass(frozen=True)
class Step:
    """One holding met on a walk from a company; ``depth`` is 1 for a direct one.

    ``holding`` has ``owner`` and ``owned``, ``percent`` (None if unknown), ``since``, ``until``,
    ``note`` and ``reference``; ``company`` is the one of its ends that the walk came to.
    """

    depth: int
    holding: Ownership
    company: Company
    is_repeated: bool
    """The walk had been at this company before, and does not go on from here."""


@dataclass(frozen=True)
class OwnershipGraph:
    """All holdings that lie above some companies, or below them, each once."""

    direction: Direction
    holdings: Sequence[Ownership]
    """Largest share first, unknown shares last."""

    def __bool__(self) -> bool:
        return bool(self.holdings)

    @cached_property
    def companies(self) -> dict[str, Company]:
        """The companies that hold or are held, by slug."""
        ends = (end for holding in self.holdings for end in (holding.owner, holding.owned))
        return {company.slug: company for company in ends}

    def next_to(self, slug: str) -> Sequence[Ownership]:
        """The direct owners of a company, or its direct holdings; past ones after present ones."""
        return self._by_company.get(slug, ())

    def steps(self, slug: str) -> list[Step]:
        """The walk from a company to the ends of its chains, depth first, as a list to indent."""
        return list(self._walk(slug, 1, {slug}))

    def far_end(self, holding: Ownership) -> Company:
        """The end of a holding that a walk in this direction comes to."""
        return holding.owner if self.direction == "owners" else holding.owned

    @cached_property
    def _by_company(self) -> dict[str, list[Ownership]]:
        found: dict[str, list[Ownership]] = defaultdict(list)
        for holding in sorted(self.holdings, key=lambda holding: holding.until is not None):
            near = holding.owned if self.direction == "owners" else holding.owner
            found[near.slug].append(holding)
        return found

    def _walk(self, slug: str, depth: int, seen: set[str]) -> Iterator[Step]:
        for holding in self.next_to(slug):
            company = self.far_end(holding)
            is_repeated = company.slug in seen
            yield Step(depth, holding, company, is_repeated)
            if not is_repeated:
                seen.add(company.slug)
                yield from self._walk(company.slug, depth + 1, seen)


def owners_above(slugs: Iterable[str]) -> OwnershipGraph:
    """Owners of these companies, their owners, and so on; one query for all of them."""
    return _reached(slugs, "owners")


def holdings_below(slugs: Iterable[str]) -> OwnershipGraph:
    """What these companies hold, what that holds, and so on; one query for all of them."""
    return _reached(slugs, "holdings")


def _reached(slugs: Iterable[str], direction: Direction) -> OwnershipGraph:
    near, far = ("owned", "owner") if direction == "owners" else ("owner", "owned")
    current, current_params = (
        Edition.objects.current().order_by().values("pk").query.sql_with_params()
    )

    def is_public(company: str) -> str:
        # Asked of each company that the walk meets: there are few of these, and many public ones.
        return f"EXISTS ({current} AND deals_edition.companies @> ARRAY[{company}.slug]::text[])"

    # UNION drops the rows that are there already, so that a ring of owners comes to an end.
    reached = RawSQL(
        f"""
        WITH RECURSIVE reached (id, far_id) AS (
            SELECT holding.id, holding.{far}_id
            FROM deals_ownership AS holding
            JOIN deals_company AS near ON near.id = holding.{near}_id
            JOIN deals_company AS far ON far.id = holding.{far}_id
            WHERE near.slug = ANY(%s) AND {is_public("near")} AND {is_public("far")}
            UNION
            SELECT holding.id, holding.{far}_id
            FROM reached
            JOIN deals_ownership AS holding ON holding.{near}_id = reached.far_id
            JOIN deals_company AS far ON far.id = holding.{far}_id
            WHERE {is_public("far")}
        )
        SELECT id FROM reached
        """,
        (list(slugs), *current_params, *current_params, *current_params),
    )
    holdings = Ownership.objects.filter(pk__in=reached).select_related(
        "owner__country", "owned__country", "reference"
    )
    return OwnershipGraph(direction, list(holdings.in_order()))
