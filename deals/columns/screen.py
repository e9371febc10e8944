"""The columns of the list on screen. There is room for few: a cell gathers several of a file's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from deals.codes import Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenColumn:
    """A column of the list on screen.

    `name` is what ``?columns=`` calls it, the name of its cell in `deals.columns.cells` and, with
    ``c-`` before it, its class. `shows` names the columns of files that its cell gathers: a file
    asked for the same name has those. `sort` is the term of ``?ordering=`` that its head asks for
    first; `width` is in pixels on a page 1440 wide; `group` is its heading among those to choose
    from.
    """

    name: str
    label: str
    shows: tuple[str, ...]
    group: str
    width: int
    sort: str = ""
    is_numeric: bool = False


def _sums(rungs: Iterable[Rung]) -> tuple[str, ...]:
    return tuple(f"{rung.value}_{unit}" for rung in rungs for unit in ("usd", "lines"))


_DEAL, _PLACES, _STATE, _MONEY, _RECORD = (
    "The deal",
    "Places and people",
    "Agreement and project",
    "Money",
    "The record",
)
COLUMN_GROUPS: Final = (_DEAL, _PLACES, _STATE, _MONEY, _RECORD)

DEFAULT_COLUMNS: Final = ("deal", "where", "mineral", "announced_on", "status", "money", "headline")
"""What the list shows unless other columns are chosen."""

SCREEN_COLUMNS: Final = {
    column.name: column
    for column in (
        ScreenColumn(
            name="deal",
            label="Deal",
            shows=(
                "key",
                "title",
                "url",
                "kind",
                "party_names",
                "is_disputed",
                "is_stale",
                "counts_toward_total",
            ),
            group=_DEAL,
            width=317,
            sort="title",
        ),
        ScreenColumn(name="summary", label="Summary", shows=("summary",), group=_DEAL, width=360),
        ScreenColumn(
            name="kinds", label="Kinds", shows=("kind", "also_kinds"), group=_DEAL, width=150
        ),
        ScreenColumn(
            name="mineral",
            label="Minerals",
            shows=("minerals", "mineral_names", "minerals_unspecified"),
            group=_DEAL,
            width=108,
        ),
        ScreenColumn(
            name="supply_chain_stages",
            label="Supply chain",
            shows=("supply_chain_stages",),
            group=_DEAL,
            width=150,
        ),
        ScreenColumn(
            name="where",
            label="Host and partner",
            shows=("hosts", "host_names", "partners", "partner_names"),
            group=_PLACES,
            width=161,
        ),
        ScreenColumn(
            name="third_parties",
            label="Third parties",
            shows=("third_parties",),
            group=_PLACES,
            width=150,
        ),
        ScreenColumn(
            name="party",
            label="Parties",
            shows=("parties", "party_names"),
            group=_PLACES,
            width=260,
        ),
        ScreenColumn(
            name="project", label="Projects", shows=("projects",), group=_PLACES, width=180
        ),
        ScreenColumn(
            name="occasion",
            label="Event",
            shows=("event", "event_name"),
            group=_PLACES,
            width=180,
        ),
        ScreenColumn(
            name="announced_on",
            label="Announced",
            shows=("announced_on",),
            group=_STATE,
            width=98,
            sort="-announced_on",
        ),
        ScreenColumn(
            name="status",
            label="Agreement",
            shows=("status",),
            group=_STATE,
            width=145,
            sort="-status",
        ),
        ScreenColumn(
            name="signed_on", label="Signed", shows=("signed_on",), group=_STATE, width=98
        ),
        ScreenColumn(
            name="closed_on", label="Closed", shows=("closed_on",), group=_STATE, width=98
        ),
        ScreenColumn(
            name="stage", label="On the ground", shows=("stage",), group=_STATE, width=165
        ),
        ScreenColumn(
            name="news",
            label="Last news",
            shows=("last_news_on", "is_stale", "is_presumed_lapsed"),
            group=_STATE,
            width=125,
        ),
        ScreenColumn(name="money", label="Money", shows=_sums(Rung), group=_MONEY, width=167),
        *(
            ScreenColumn(
                name=rung.value,
                label=rung.label,
                shows=_sums([rung]),
                group=_MONEY,
                width=100,
                is_numeric=True,
            )
            for rung in Rung
        ),
        ScreenColumn(
            name="provider",
            label="Providers",
            shows=("providers", "provider_names"),
            group=_MONEY,
            width=220,
        ),
        ScreenColumn(
            name="headline",
            label="Headline",
            shows=("value_low", "value_high", "value_currency", "value_basis", "value_usd"),
            group=_MONEY,
            width=86,
            sort="-value_usd",
            is_numeric=True,
        ),
        ScreenColumn(
            name="value_usd",
            label="US dollars",
            shows=("value_usd",),
            group=_MONEY,
            width=98,
            sort="-value_usd",
            is_numeric=True,
        ),
        ScreenColumn(
            name="usd_range",
            label="US dollars, range",
            shows=("value_usd_low", "value_usd_high"),
            group=_MONEY,
            width=135,
            is_numeric=True,
        ),
        ScreenColumn(
            name="value_basis",
            label="Basis of the value",
            shows=("value_basis",),
            group=_MONEY,
            width=130,
        ),
        ScreenColumn(
            name="value_note",
            label="Note on the value",
            shows=("value_note",),
            group=_MONEY,
            width=220,
        ),
        ScreenColumn(
            name="counts_toward_total",
            label="In totals",
            shows=("counts_toward_total",),
            group=_MONEY,
            width=80,
        ),
        ScreenColumn(
            name="confidence", label="How sure", shows=("confidence",), group=_RECORD, width=82
        ),
        ScreenColumn(
            name="source_count",
            label="Sources",
            shows=("source_count",),
            group=_RECORD,
            width=74,
            is_numeric=True,
        ),
        ScreenColumn(
            name="dispute",
            label="Disputed",
            shows=("is_disputed", "disputed_facts"),
            group=_RECORD,
            width=150,
        ),
        ScreenColumn(
            name="published",
            label="Published",
            shows=("published_at", "edition"),
            group=_RECORD,
            width=110,
            sort="-published_at",
        ),
        ScreenColumn(
            name="verified_on", label="Verified", shows=("verified_on",), group=_RECORD, width=98
        ),
    )
}
