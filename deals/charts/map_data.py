"""What a map of deals counts: hosts, their partners and their money, in two queries or three."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import orjson
from django.db.models import Count, F, Func, Q, Sum, TextField

from countries.borders import label_point
from deals.codes import BINDING_STATUSES
from deals.filters import DealFilterSet
from deals.models import EditionState
from deals.money import RUNGS
from deals.portfolios import lines_standing

DEALS: Final = "deals"

type Sizes = dict[str, Decimal]
"""Deals, and US dollars by rung, each under its name as a measure: ``committed_usd``."""


class SummaryList(Func):
    """A list in the summaries of editions, as the text of JSON."""

    template = "(%(expressions)s::json ->> '%(list)s')"
    output_field = TextField()


@dataclass
class Host:
    """A country or bloc that hosts deals, and what they come to."""

    code: str
    name: str
    deals: int = 0
    binding: int = 0
    partners: Counter[str] = field(default_factory=Counter)
    """Deals by partner, its own code where host and partner are one."""
    ladder: dict[str, Decimal | None] = field(default_factory=lambda: dict.fromkeys(RUNGS))
    ladder_lines: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RUNGS, 0))
    lines_unknown: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RUNGS, 0))

    @property
    def money(self) -> dict[str, Any]:
        """Its ladder under the names that it has in the summary of a deal."""
        return {
            "ladder": self.ladder,
            "ladder_lines": self.ladder_lines,
            "lines_unknown": self.lines_unknown,
        }


@dataclass(frozen=True)
class Flow:
    """The deals of one partner in one host."""

    partner: str
    host: str
    size: Decimal
    """Deals, or US dollars."""


@dataclass
class Tally:
    """A selection by place. Codes are ISO 3166-1 alpha-2, or a bloc's key where it acts itself."""

    deals: int = 0
    hosts: dict[str, Host] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    partners: dict[str, Sizes] = field(default_factory=dict)
    without_place: int = 0
    """Deals that have a host or several, none of which can be drawn."""
    without_host: int = 0
    flows: dict[tuple[str, str], Sizes] = field(default_factory=dict)
    """By partner and host."""

    def flows_by(self, measure: str) -> list[Flow]:
        """Flows from one country to another that can be drawn, the largest first."""
        found = [
            Flow(partner, host, sizes[measure])
            for (partner, host), sizes in self.flows.items()
            if partner != host and sizes[measure] and is_drawn(partner) and is_drawn(host)
        ]
        return sorted(found, key=lambda flow: (-flow.size, flow.partner, flow.host))


def is_drawn(code: str) -> bool:
    """Whether a map has a place for it: a bloc has none, and the smallest territories."""
    return label_point(code) is not None


def tally(filterset: DealFilterSet) -> Tally:
    """The selection by host and partner; a deal with several counts whole in each."""
    clock, editions = filterset.clock, filterset.qs.order_by()
    statuses: dict[int, str] | None = None
    if clock.is_past_world:
        states = clock.states(EditionState.Axis.STATUS).filter(edition__in=editions.values("pk"))
        statuses = dict(states.values_list("edition_id", "code"))
    money: dict[int, list[Mapping[str, Any]]] = {}
    for line in (
        lines_standing(editions, clock)
        .order_by()
        .values("edition_id", "rung")
        .annotate(
            usd=Sum("amount_usd", filter=Q(is_counted=True)),
            lines=Count("pk"),
            unknown=Count("pk", filter=Q(amount_usd__isnull=True)),
        )
    ):
        money.setdefault(line["edition_id"], []).append(line)
    summary = F("document__summary_text")
    rows = editions.annotate(
        host_list=SummaryList(summary, list="hosts"),
        partner_list=SummaryList(summary, list="partners"),
    ).values_list("pk", "status", "host_list", "partner_list")
    found = Tally()
    for pk, status, hosts, partners in rows:
        if statuses is not None:
            status = statuses.get(pk, "")
        _add(
            found,
            orjson.loads(hosts),
            orjson.loads(partners),
            money.get(pk, []),
            is_binding=status in BINDING_STATUSES,
        )
    return found


def _add(
    found: Tally,
    hosts: list[dict[str, str]],
    partners: list[dict[str, str]],
    money: Sequence[Mapping[str, Any]],
    *,
    is_binding: bool,
) -> None:
    found.deals += 1
    host_codes = _named(found, hosts)
    partner_codes = _named(found, partners)
    for code in partner_codes:
        _grow(found.partners.setdefault(code, _nothing()), money)
    found.without_host += not host_codes
    found.without_place += bool(host_codes) and not any(map(is_drawn, host_codes))
    for code in host_codes:
        host = found.hosts.setdefault(code, Host(code, found.names[code]))
        host.deals += 1
        host.binding += is_binding
        host.partners.update(partner_codes)
        for line in money:
            rung = line["rung"]
            host.ladder_lines[rung] += line["lines"]
            host.lines_unknown[rung] += line["unknown"]
            if line["usd"] is not None:
                host.ladder[rung] = (host.ladder[rung] or Decimal(0)) + line["usd"]
        for partner in partner_codes:
            _grow(found.flows.setdefault((partner, code), _nothing()), money)


def _nothing() -> Sizes:
    return {DEALS: Decimal(0)} | {f"{rung}_usd": Decimal(0) for rung in RUNGS}


def _grow(sizes: Sizes, money: Sequence[Mapping[str, Any]]) -> None:
    """Counts one more deal, and its money."""
    sizes[DEALS] += 1
    for line in money:
        sizes[f"{line['rung']}_usd"] += line["usd"] or 0


def _named(found: Tally, places: list[dict[str, str]]) -> list[str]:
    codes = {place.get("code") or place["bloc"]: place["name"] for place in places}
    found.names |= codes
    return list(codes)
