"""Status and stage over spans of days, by dated events: for `on=`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from config.lib.imprecise import ImpreciseDate
from deals import codes
from deals.dossier import (
    Record,
)
from deals.models import (
    EditionState,
)


def states(record: Record) -> list[dict[str, Any]]:
    """Spans of days over which status and stage are known, by dated events.

    A change counts from its latest possible day.
    """
    milestones = record.milestones
    stages = [(_latest(m.happened_on), m.stage) for m in milestones if m.stage and m.happened_on]
    return [
        {"axis": axis, **span}
        for axis, changes in (
            (EditionState.Axis.STATUS, _status_changes(record)),
            (EditionState.Axis.STAGE, sorted(stages, key=lambda change: change[0])),
        )
        for span in _state_spans(changes)
    ]


def _status_changes(record: Record) -> list[tuple[datetime.date, str]]:
    """Day and new status, in order; of several on one day the furthest in the list comes last."""
    changes = [(m.happened_on, m.status) for m in record.milestones if m.status]
    signed = status_of_signing(record.status, record.kind)
    only_offered = signed is None
    if signed:
        changes.append((record.signed_on, signed))
    changes.append((record.closed_on, codes.Status.CLOSED))
    dated = [(_latest(text), str(code)) for text, code in changes if text]
    if record.announced_on:
        day = _latest(record.announced_on)
        # An announcement makes a rumour or an offer public, and firmer things known: neither lifts
        # the one nor lowers the other.
        if only_offered:
            dated.append((day, record.status))
        elif not any(
            held <= day and _STATUS_PLACE[code] > _STATUS_PLACE[codes.Status.ANNOUNCED]
            for held, code in dated
        ):
            dated.append((day, codes.Status.ANNOUNCED.value))
    return sorted(dated, key=lambda change: (change[0], _STATUS_PLACE[change[1]]))


def status_of_signing(status: str, kind: str) -> codes.Status | None:
    """What a deal became on `signed_on`, by what it is now; None for a letter that binds nobody."""
    if status in (codes.Status.RUMOURED, codes.Status.PROPOSED):
        return None
    if status in (codes.Status.ANNOUNCED, codes.Status.MOU_SIGNED) or kind == codes.Kind.MOU:
        return codes.Status.MOU_SIGNED
    return codes.Status.AGREEMENT_SIGNED


_STATUS_PLACE: dict[str, int] = {code: place for place, code in enumerate(codes.Status.values)}


def _latest(text: str) -> datetime.date:
    return ImpreciseDate.parse(text).latest


def _state_spans(changes: Sequence[tuple[datetime.date, str]]) -> list[dict[str, Any]]:
    by_day = dict(changes)
    days = sorted(by_day)
    return [
        {"code": by_day[day], "from_on": day, "until_on": until_on}
        for day, until_on in zip_longest(days, days[1:])
    ]
