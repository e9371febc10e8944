"""Synthetic companies and deals, the same for everybody: skewed as real ones are.

`records` makes archetypes, sound records that Lodebook's own code imports and publishes. A copy
of one differs in words that nothing else has: ``n0000123``, the serial number of the deal;
``c00042``, a company; exact days; when it was published; rare words.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Final

from deals.codes import (
    Confidence,
    FinancingStatus,
    Instrument,
    Kind,
    LinkType,
    PartyRole,
    Stage,
    Status,
    SupplyChainStage,
    ValueBasis,
)

COMPANIES: Final = 20_000
HOT_COMPANIES: Final = 200
"""The first ones take part in most deals, and stand in copies as they do in archetypes."""
LINKED: Final = 0.22
"""The share of deals that link to another one, as in the fixtures."""
HOMES: Final = 60
"""A company's country and name go by its number modulo this, so that a copy has both right."""

_words_of = re.compile(r"\w+").findall
_ROOTS = _words_of("Altai Borealis Caspian Delta Everest Frontier Granite Horizon Ionia Jura")
_TRADES = _words_of("Mining Resources Minerals Metals Holdings Lithium Exploration Capital")
WORDS: Final = _words_of(
    "supply processing refinery concentrate exploration permit financing offtake strategic "
    "corridor investment battery magnet defence stockpile joint venture memorandum cooperation "
    "technology transfer local content infrastructure railway port smelter tailings"
)
RARE_WORDS: Final = _words_of(
    "autunite bastnaesite gadolinite germanite loparite monazite petalite xenotime"
)
"""A handful of deals has one of these, however many there are; no mineral has it as a name."""
_FIRST_DAY: Final = datetime.date(2016, 1, 1)
_DAYS: Final = 3_950


def company_slug(number: int) -> str:
    return f"company-c{number:05}"


def company_name(number: int) -> str:
    """“Caspian Mining c00042”: common words and one of its own."""
    kind = number % HOMES
    root, trade = _ROOTS[kind % len(_ROOTS)], _TRADES[kind // 7 % len(_TRADES)]
    return f"{root} {trade} c{number:05}"


def company_home(number: int, countries: Sequence[str]) -> str:
    return countries[number % HOMES % len(countries)]


# -- What differs between copies --------------------------------------------------------------

_COPIES_OF_A_RARE_WORD: Final = 4
_LETTERS: Final = bytes.maketrans(b"0123456789abcdef", b"bcdfghklmnprtvxz")
_LAST_DAY: Final = 26

MOVED: Final = re.compile(
    rb"\b(?:n\d{7}|c\d{5})\b"
    rb"|\b20\d\d-\d\d-\d\d[T ]00:00:00"
    rb"|\[20\d\d-\d\d-\d\d,20\d\d-\d\d-\d\d\)"
    rb"|\b20\d\d-\d\d-\d\d\b(?! \d)"
    # As stems too, which is what a search vector holds.
    rb"|\b(?:" + "|".join(word[:-1] for word in RARE_WORDS).encode() + rb")(?=e?\b)"
)
"""What differs between copies, in text, JSON, arrays, ranges and search vectors alike."""


def moved(word: bytes, copy: int, archetypes: int) -> bytes:
    """What stands in copy ``copy`` for a ``word`` that `MOVED` finds; copy 0 is the archetype."""
    match word[:1], len(word):
        case b"n", 8:
            return b"n%07d" % (int(word[1:]) + copy * archetypes)
        case b"c", 6:
            return b"c%05d" % _other_company(int(word[1:]), copy)
        case b"[", _:
            first, last = word[1:-1].split(b",")
            day = int(last[-2:]) - 1
            if int(first[-2:]) != day or not _is_exact(day):
                return word  # a month or a year
            place = _other_day(day, copy)
            return b"[%s%02d,%s%02d)" % (first[:-2], place, last[:-2], place + 1)
        case b"2", 10:
            day = int(word[-2:])
            return word[:-2] + b"%02d" % _other_day(day, copy) if _is_exact(day) else word
        case b"2", _:
            moment = datetime.datetime.fromisoformat(word.decode())
            moment += datetime.timedelta(minutes=copy)
            return moment.isoformat(sep=chr(word[10])).encode()
    if copy < _COPIES_OF_A_RARE_WORD:
        return word
    kind = b"%x" % (copy // _COPIES_OF_A_RARE_WORD)
    return word[:-2] + kind.translate(_LETTERS) + word[-2:]


def _other_company(number: int, copy: int) -> int:
    """Companies move by whole rounds of `HOMES`, so that home and name stay; hot ones do not."""
    if number < HOT_COMPANIES:
        return number
    round_ = (COMPANIES - HOT_COMPANIES) // HOMES * HOMES
    return HOT_COMPANIES + (number - HOT_COMPANIES + copy * HOMES) % round_


def _is_exact(day: int) -> bool:
    """The others are where months and years begin and end: archetypes have no such days."""
    return 2 <= day <= _LAST_DAY


def _other_day(day: int, copy: int) -> int:
    """Days move within their month, which decides on blocs and exchange rates."""
    return 2 + (day - 2 + 7 * copy) % (_LAST_DAY - 1)


class Skewed:
    """Draws of things of which the first are the most frequent (Zipf's law)."""

    def __init__(self, things: Sequence[str], *, steepness: float = 1.0) -> None:
        self.things = things
        self.weights = list(accumulate(1 / (rank + 2) ** steepness for rank in range(len(things))))

    def draw(self, chance: random.Random, count: int = 1) -> list[str]:
        """``count`` different ones, or fewer where luck repeats itself."""
        found = chance.choices(self.things, cum_weights=self.weights, k=count)
        return list(dict.fromkeys(found))


class Synthesis:
    """Makes records from reference data: country codes and mineral slugs, in a fixed order."""

    def __init__(self, countries: Sequence[str], minerals: Sequence[str]) -> None:
        self.hosts = Skewed(countries)
        self.partners = Skewed(list(reversed(countries[:80])) + list(countries[80:]))
        self.minerals = Skewed(minerals, steepness=1.1)
        self.companies = Skewed([company_slug(number) for number in range(COMPANIES)])

    def records(self, count: int) -> Iterator[dict[str, Any]]:
        """``count`` records, each the same whenever it is made."""
        for number in range(count):
            yield self._record(number, random.Random(number))

    def later(self, record: dict[str, Any], edition: int) -> dict[str, Any]:
        """The record as a later edition has it: news, and another sentence in the summary."""
        note = f"News of edition {edition}"
        milestone = {"ref": f"m{90 + edition}", "happened_on": f"2026-0{edition + 1}", "note": note}
        return record | {
            "summary": f"{record['summary']} {note}.",
            "milestones": [*record.get("milestones", []), milestone],
        }

    def _record(self, number: int, chance: random.Random) -> dict[str, Any]:
        hosts = self.hosts.draw(chance, chance.choice((1, 1, 1, 1, 2)))
        partners = [code for code in self.partners.draw(chance, 1) if code not in hosts]
        minerals = self.minerals.draw(chance, chance.choice((1, 1, 1, 2, 3)))
        day = _FIRST_DAY + datetime.timedelta(days=int(_DAYS * chance.random() ** 0.5))
        day = day.replace(day=_other_day(day.day, 0))
        precision = chance.choice((10, 10, 10, 7, 4))
        status = chance.choices(Status.values, weights=(1, 5, 8, 10, 12, 5, 1, 1, 1))[0]
        parties = self.companies.draw(chance, chance.randint(2, 6))
        words = chance.sample(WORDS, 12)
        if chance.random() < 0.01:
            words.append(chance.choice(RARE_WORDS))
        kind, also = chance.sample(Kind.values, 2)
        serial = f"n{number:07}"
        first = minerals[0].replace("-", " ")
        record: dict[str, Any] = {
            "key": f"synthetic-{serial}",
            "title": f"{first.capitalize()} {' '.join(words[:3])} {serial}",
            "summary": f"A deal about {first}: {' '.join(words)}.",
            "kind": kind,
            "also_kinds": [also] if chance.random() < 0.3 else [],
            "status": status,
            "stage": chance.choice([None, *Stage.values]),
            "announced_on": str(day)[:precision],
            "countries": [
                *({"country": code, "role": "host"} for code in hosts),
                *({"country": code, "role": "partner"} for code in partners),
            ],
            "minerals": minerals,
            "supply_chain_stages": chance.sample(SupplyChainStage.values, chance.randint(0, 2)),
            "parties": [
                {
                    "ref": f"p{place}",
                    "company": slug,
                    "role": chance.choice(PartyRole.values),
                    "stake_percent": chance.choice((None, None, 10, 25, 30)),
                }
                for place, slug in enumerate(parties, start=1)
            ],
            "financing": [
                self._line(place, day, chance)
                for place in range(1, chance.choice((0, 0, 0, 0, 1, 1, 2, 3, 4)) + 1)
            ],
            "sources": [
                {
                    "ref": f"s{place}",
                    "url": f"https://news{chance.randint(1, 400)}.example/{serial}/{place}",
                    "publisher": f"Newspaper {chance.randint(1, 400)}",
                    "title": f"{first.capitalize()} {words[place]}",
                    "published_on": str(day),
                }
                for place in range(1, chance.randint(1, 3) + 1)
            ],
            "confidence": chance.choice(Confidence.values),
        }
        if chance.random() < 0.5:
            amount = round(10 ** chance.uniform(6, 10), -5)
            record["value"] = {
                "low": amount,
                "high": amount,
                "currency": "USD",
                "basis": chance.choice(ValueBasis.values),
            }
        if number and chance.random() < LINKED:
            earlier = number - chance.randint(1, min(number, 40))
            record["links"] = [
                {"type": chance.choice(LinkType.values), "deal": f"synthetic-n{earlier:07}"}
            ]
        return record

    def _line(self, place: int, day: datetime.date, chance: random.Random) -> dict[str, Any]:
        line: dict[str, Any] = {
            "ref": f"f{place}",
            "providers": self.companies.draw(chance, chance.choice((1, 1, 2))),
            "instrument": chance.choice(Instrument.values),
            "events": [
                {
                    "ref": "e1",
                    "status": chance.choice(FinancingStatus.values),
                    "happened_on": str(day),
                }
            ],
        }
        if chance.random() < 0.8:
            line |= {"amount": round(10 ** chance.uniform(6, 9), -5), "currency": "USD"}
        return line
