"""What filters mean, said once more and plainly: over documents in memory, without SQL.

`World` reads every current document once; `holds` answers for one deal and one parameter. Tests
hold the filters, the counts beside them and the pages to it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from config.lib.imprecise import ImpreciseDate
from countries.models import Membership
from deals.codes import NEVER_STALE_KINDS, STALE_STATUSES, Rung
from deals.models import Edition
from deals.reading import years_before
from minerals.models import Mineral

type Record = dict[str, Any]
type Parameters = Mapping[str, list[str]]

RUNGS = list(Rung.values)
LINE_FILTERS = ("provider", "provider_country", "instrument", "rung")


@dataclass
class World:
    """All current deals and the reference data that filters expand values with."""

    deals: list[Record] = field(default_factory=list)
    parents: dict[str, str | None] = field(default_factory=dict)
    members: list[tuple[str, str, datetime.date | None, datetime.date | None]] = field(
        default_factory=list
    )

    @classmethod
    def load(cls) -> World:
        texts = Edition.objects.current().values_list("document__detail_text", flat=True)
        memberships = Membership.objects.filter(country__isnull=False, status="member")
        return cls(
            [orjson.loads(text) for text in texts],
            dict(Mineral.objects.values_list("slug", "parent__slug")),
            [
                (
                    one.bloc.key,
                    str(one.country_id),
                    one.since.earliest if one.since else None,
                    one.until.latest if one.until else None,
                )
                for one in memberships.select_related("bloc")
            ],
        )

    def keys(self, parameters: Parameters) -> set[str]:
        """Keys of the deals that all `parameters` leave."""
        return {
            deal["key"]
            for deal in self.deals
            if self._line_holds(deal, parameters)
            and all(
                self.holds(deal, name, values)
                for name, values in parameters.items()
                if name not in LINE_FILTERS
            )
        }

    def holds(self, deal: Record, name: str, values: list[str]) -> bool:
        base, _, mode = name.partition("__")
        if mode == "empty":
            return (not self.values(deal, base)) == (values[0] == "true")
        if base in self.readers:
            found = self.values(deal, base)
            wanted = {self.canonical(value) for value in values}
            if mode == "all":
                return wanted <= found
            return bool(wanted & found) != (mode == "not")
        return self.tests[base](self, deal, values[0])

    @staticmethod
    def canonical(value: str) -> str:
        return value.upper() if len(value) == 2 and value.isalpha() else value

    def values(self, deal: Record, name: str) -> set[str]:
        return set(self.readers[name](self, deal))

    # -- Values of a deal --

    def _day(self, record: Record) -> datetime.date:
        text = record["announced_on"] or record["signed_on"]
        if text is None:
            return datetime.datetime.now(datetime.UTC).date()
        return ImpreciseDate.parse(text).earliest

    def _with_blocs(self, record: Record, codes: Iterable[str | None]) -> set[str]:
        day, found = self._day(record), set(filter(None, codes))
        return found | {
            bloc
            for bloc, country, since, until in self.members
            if country in found
            and (since is None or since <= day)
            and (until is None or day <= until)
        }

    def _places(self, deal: Record, *roles: str) -> set[str]:
        record = deal["record"]
        places = [p for p in record["countries"] if not roles or p["role"] in roles]
        return self._with_blocs(record, (p["country"] or p["bloc"] for p in places))

    def _homes(self, deal: Record, slugs: Iterable[str]) -> set[str]:
        companies = deal["names"]["companies"]
        return self._with_blocs(deal["record"], (companies[slug]["country"] for slug in slugs))

    def _minerals(self, deal: Record) -> set[str]:
        found: set[str] = set()
        for slug in deal["record"]["minerals"]:
            step: str | None = slug
            while step is not None:
                found.add(step)
                step = self.parents[step]
        return found

    def _lines(self, deal: Record) -> list[dict[str, set[str]]]:
        # A line on a rung meets a wish for that rung or a looser one.
        rungs = {
            line["ref"]: set(RUNGS[: RUNGS.index(line["rung"]) + 1]) if line["rung"] else set()
            for line in deal["lines"]
        }
        return [
            {
                "provider": set(line["providers"]),
                "provider_country": self._homes(deal, line["providers"]),
                "instrument": {line["instrument"]},
                "rung": rungs[line["ref"]],
            }
            for line in deal["record"]["financing"]
        ]

    def _of_lines(self, deal: Record, name: str) -> set[str]:
        return {value for line in self._lines(deal) for value in line[name]}

    def _line_holds(self, deal: Record, parameters: Parameters) -> bool:
        wanted = {
            name: {self.canonical(value) for value in parameters[name]}
            for name in LINE_FILTERS
            if name in parameters
        }
        return not wanted or any(
            all(line[name] & values for name, values in wanted.items())
            for line in self._lines(deal)
        )

    readers: dict[str, Callable[[World, Record], Iterable[str]]] = field(
        init=False,
        default_factory=lambda: {
            "country": lambda self, deal: self._places(deal),
            "bloc": lambda self, deal: self._places(deal),
            "host": lambda self, deal: self._places(deal, "host"),
            "partner": lambda self, deal: self._places(deal, "partner"),
            "party_country": lambda self, deal: self._homes(
                deal, (party["company"] for party in deal["record"]["parties"])
            ),
            "mineral": lambda self, deal: self._minerals(deal),
            "company": lambda self, deal: deal["names"]["companies"],
            "event": lambda self, deal: filter(None, [deal["record"]["event"]]),
            "kind": lambda self, deal: [deal["record"]["kind"], *deal["record"]["also_kinds"]],
            "status": lambda self, deal: [deal["record"]["status"]],
            "stage": lambda self, deal: filter(None, [deal["record"]["stage"]]),
            "supply_chain_stage": lambda self, deal: deal["record"]["supply_chain_stages"],
            "confidence": lambda self, deal: [deal["record"]["confidence"]],
            "provider": lambda self, deal: self._of_lines(deal, "provider"),
            "provider_country": lambda self, deal: self._of_lines(deal, "provider_country"),
            "instrument": lambda self, deal: self._of_lines(deal, "instrument"),
            "rung": lambda self, deal: self._of_lines(deal, "rung"),
        },
    )

    # -- Filters that are no lists --

    def _within(self, deal: Record, name: str, value: str, side: str) -> bool:
        text = deal["record"][name]
        if text is None:
            return False
        date, limit = ImpreciseDate.parse(text), ImpreciseDate.parse(value)
        return date.earliest >= limit.earliest if side == "after" else date.latest <= limit.latest

    def _is_stale(self, deal: Record) -> bool:
        today = datetime.datetime.now(datetime.UTC).date()
        record, last = deal["record"], deal["last_news_on"]
        can = record["status"] in STALE_STATUSES and record["kind"] not in NEVER_STALE_KINDS
        return bool(can and last and last <= str(years_before(today, 2)))

    tests: dict[str, Callable[[World, Record, str], bool]] = field(
        init=False,
        default_factory=lambda: {
            "announced_after": lambda self, d, v: self._within(d, "announced_on", v, "after"),
            "announced_before": lambda self, d, v: self._within(d, "announced_on", v, "before"),
            "signed_after": lambda self, d, v: self._within(d, "signed_on", v, "after"),
            "signed_before": lambda self, d, v: self._within(d, "signed_on", v, "before"),
            "min_usd": lambda self, d, v: (
                d["value_usd_high"] is not None and d["value_usd_high"] >= float(v)
            ),
            "max_usd": lambda self, d, v: (
                d["value_usd_low"] is not None and d["value_usd_low"] <= float(v)
            ),
            "disputed": lambda self, d, v: d["is_disputed"] == (v == "true"),
            "counts_toward_total": lambda self, d, v: d["counts_toward_total"] == (v == "true"),
            "has_value": lambda self, d, v: (d["record"]["value"] is not None) == (v == "true"),
            "stale": lambda self, d, v: self._is_stale(d) == (v == "true"),
        },
    )


SAMPLES: dict[str, list[str]] = {
    "country": ["KZ", "us", "c5", "eu27", "g7", "CD", "AU"],
    "host": ["KZ", "uz", "c5", "msp", "US", "ZM", "sco"],
    "partner": ["US", "CN", "eu27", "JP", "quad"],
    "party_country": ["US", "KZ", "CN", "brics", "CA"],
    "bloc": ["c5", "eu27", "g7", "brics", "c5-plus-1"],
    "mineral": ["tungsten", "rare-earths", "copper", "lithium", "neodymium", "gallium"],
    "company": [
        "tau-ken-samruk",
        "kazatomprom",
        "export-import-bank-of-the-united-states",
        "rio-tinto",
    ],
    "event": ["c51-washington-2025"],
    "kind": ["joint_venture", "loan", "mou", "offtake", "acquisition"],
    "status": ["announced", "closed", "agreement_signed", "mou_signed", "cancelled"],
    "stage": ["exploration", "construction", "operating"],
    "supply_chain_stage": ["mining", "refining", "recycling"],
    "confidence": ["high", "medium", "low"],
    "provider": [
        "export-import-bank-of-the-united-states",
        "us-international-development-finance-corporation",
    ],
    "provider_country": ["US", "CN", "eu27", "JP"],
    "instrument": ["loan", "equity", "grant", "guarantee"],
    "rung": ["indicated", "conditional", "committed", "disbursed"],
    "announced_after": ["2025", "2025-06", "2025-11-06"],
    "announced_before": ["2023", "2025-06", "2025-11-06"],
    "signed_after": ["2024", "2025-10-15"],
    "signed_before": ["2024-12", "2025"],
    "min_usd": ["1000000", "500000000"],
    "max_usd": ["100000000", "1000000000"],
    "disputed": ["true", "false"],
    "stale": ["true", "false"],
    "counts_toward_total": ["true", "false"],
    "has_value": ["true", "false"],
}
"""Values that stand in the fixtures, by filter."""

LIST_FILTERS = tuple(name for name in SAMPLES if name in World().readers)
