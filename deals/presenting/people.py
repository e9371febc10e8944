"""Who holds what, and who else takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.lib.words import Number, percent_in_words
from deals.presenting.wording import word_of


@dataclass(frozen=True)
class Participant:
    """A party with its role, and what is known of who stands behind it."""

    slug: str
    name: str
    country: str | None
    country_name: str
    type: str
    role: str
    stake_percent: float | None
    note: str
    owners: list[str] = field(default_factory=list)
    """Who holds it, as known now: “51% Samruk-Kazyna”."""


@dataclass(frozen=True)
class Holding:
    """The parties of a deal."""

    holders: list[Participant]
    others: list[tuple[str, list[Participant]]]
    """Parties without a stake, by role."""
    total_percent: float

    @property
    def percents(self) -> list[float | None]:
        return [holder.stake_percent for holder in self.holders]

    @property
    def is_one_whole(self) -> bool:
        """The stakes can be parts of one thing: they come to 100 percent or less."""
        return 0 < self.total_percent <= 100


def holding_of(detail: Mapping[str, Any], owners: Mapping[str, Sequence[str]]) -> Holding:
    """Parties with a stake, largest first, and the others by role.

    ``owners`` gives the owners of a company in words, by slug.
    """
    parties = [_participant(party, detail, owners) for party in detail["record"]["parties"]]
    holders = [party for party in parties if party.stake_percent is not None]
    others: dict[str, list[Participant]] = {}
    for party in parties:
        if party.stake_percent is None:
            others.setdefault(party.role, []).append(party)
    return Holding(
        sorted(holders, key=lambda party: -(party.stake_percent or 0)),
        list(others.items()),
        sum(party.stake_percent or 0 for party in holders),
    )


def _participant(
    party: Mapping[str, Any], detail: Mapping[str, Any], owners: Mapping[str, Sequence[str]]
) -> Participant:
    company = detail["names"]["companies"][party["company"]]
    country = company["country"]
    return Participant(
        slug=party["company"],
        name=company["name"],
        country=country,
        country_name=detail["names"]["countries"][country]["name"] if country else "",
        type=word_of("company_type", company["type"]),
        role=word_of("party_role", party["role"]),
        stake_percent=party["stake_percent"],
        note=party["note"] or "",
        owners=list(owners.get(party["company"], [])),
    )


def owner_words(name: str, percent: Number | None) -> str:
    """“51% Samruk-Kazyna”, or the name alone where the share is not known."""
    return f"{percent_in_words(percent)} {name}" if percent is not None else name
