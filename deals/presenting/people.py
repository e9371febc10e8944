"""Who holds what, and who else takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from config.lib.imprecise import ImpreciseDate
from config.lib.words import Number, date_in_words, percent_in_words
from deals.presenting.wording import word_of

FIRST_NAMED: Final = 3


@dataclass(frozen=True)
class Owner:
    """Who holds a party, or who holds that one: a step up a chain, as known now."""

    depth: int
    """1 for a direct owner."""
    slug: str
    name: str
    country: str | None
    percent: Number | None
    since: ImpreciseDate | None
    until: ImpreciseDate | None
    note: str
    source_url: str
    source: str
    is_repeated: bool
    """The chain came back to a company that it had shown, and ends here."""

    @property
    def words(self) -> str:
        """“51%”, “a share of unknown size”, with the dates that are known."""
        share = percent_in_words(self.percent) if self.percent is not None else "share not known"
        if self.since and self.until:
            return f"{share}, {date_in_words(self.since)} to {date_in_words(self.until)}"
        if self.since:
            return f"{share} since {date_in_words(self.since)}"
        return f"{share} until {date_in_words(self.until)}" if self.until else share


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
    owners: Sequence[Owner] = ()
    """The chain of owners above it, each before those who hold it."""


@dataclass(frozen=True)
class Holding:
    """The parties of a deal."""

    holders: list[Participant]
    others: list[tuple[str, list[Participant]]]
    """Parties without a stake, by role."""
    total_percent: float

    @property
    def remainder_percent(self) -> float:
        """What no source gives to anybody, where the stakes are parts of one thing."""
        return round(100 - self.total_percent, 4) if self.is_one_whole else 0

    @property
    def has_owners(self) -> bool:
        """Whether it is known who stands behind any of them."""
        return any(party.owners for party in self._all)

    @property
    def first(self) -> list[Participant]:
        """The three that a reader is to know first: holders of stakes, then the others."""
        return self._all[:FIRST_NAMED]

    @property
    def more(self) -> int:
        """How many others take part."""
        return max(0, len(self._all) - FIRST_NAMED)

    @property
    def _all(self) -> list[Participant]:
        """Each body once, with the first of its roles."""
        parties = [*self.holders, *(party for _, those in self.others for party in those)]
        return list({party.slug: party for party in reversed(parties)}.values())[::-1]

    @property
    def percents(self) -> list[float | None]:
        return [holder.stake_percent for holder in self.holders]

    @property
    def is_one_whole(self) -> bool:
        """The stakes can be parts of one thing: they come to 100 percent or less."""
        return 0 < self.total_percent <= 100


def holding_of(detail: Mapping[str, Any], owners: Mapping[str, Sequence[Owner]]) -> Holding:
    """Parties with a stake, largest first, and the others by role.

    ``owners`` gives the chain of owners above a company, by its slug.
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
    party: Mapping[str, Any], detail: Mapping[str, Any], owners: Mapping[str, Sequence[Owner]]
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
        owners=owners.get(party["company"], ()),
    )
