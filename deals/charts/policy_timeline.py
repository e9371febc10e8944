"""Policy measures on a time axis: one lane a measure, from its announcement to its end.

An open mark stands where a measure was announced, a bar where it is in force. A date that is not
known to the day is drawn as wide as it may be. Measures that began before the axis does enter at
its left edge with their year.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.imprecise import ImpreciseDate
from config.lib.words import count_in_words, date_in_words
from deals.charts.figure import FULL, LETTER, NARROW, Figure, Head, Row, cut, drawing
from minerals.models import PolicyMeasure, PolicyStatus

YEARS_DRAWN: Final = 9
"""Years before the present one that the axis reaches back at most."""
CLOSED: Final = frozenset({PolicyStatus.SUSPENDED, PolicyStatus.ENDED, PolicyStatus.NOT_ADOPTED})
LANE, NARROW_LANE = 32.0, 50.0
BAR: Final = 12.0
HEADS: Final = tuple(
    Head(label, "text") for label in ("Issuer", "Form", "Announced", "In force", "Ended", "State")
)


@dataclass(frozen=True)
class _Axis:
    first: datetime.date
    last: datetime.date
    left: float
    right: float

    def x(self, day: datetime.date) -> float:
        """Where a day stands; one before the axis at its left edge."""
        share = (day - self.first).days / (self.last - self.first).days
        return self.left + max(0.0, min(1.0, share)) * (self.right - self.left)

    def holds(self, date: ImpreciseDate) -> bool:
        return date.latest >= self.first


def policy_timeline(measures: Sequence[PolicyMeasure], today: datetime.date) -> Figure | None:
    """Lanes of ``measures`` in the order given; None without a dated one.

    Wants their issuers fetched. Those without any date stand in the table alone.
    """
    dated = [measure for measure in measures if _begins(measure)]
    if not dated:
        return None
    title = _title(measures)
    undated = len(measures) - len(dated)
    return Figure(
        title=title,
        subtitle="Policy measures from announcement to end; a bar is a measure in force",
        wide=_lanes(dated, today, FULL, title),
        narrow=_lanes(dated, today, NARROW, title),
        name_head="Measure",
        heads=HEADS,
        rows=[_row(measure) for measure in measures],
        spans=True,
        note=f"{count_in_words(undated, 'measure').capitalize()} without a date not drawn."
        if undated
        else "",
    )


def _begins(measure: PolicyMeasure) -> ImpreciseDate | None:
    return measure.announced_on or measure.in_force_on


def _title(measures: Sequence[PolicyMeasure]) -> str:
    in_force = sum(measure.status == PolicyStatus.IN_FORCE for measure in measures)
    if len(measures) == 1:
        return f"One measure, {measures[0].get_status_display().lower()}"
    if in_force == len(measures):
        return f"{count_in_words(in_force, 'measure')}, all in force"
    return f"{in_force or 'None'} of {len(measures)} measures in force"


def _row(measure: PolicyMeasure) -> Row:
    issuer = measure.issuer
    return Row(
        measure.title,
        (
            issuer.name if issuer else "",
            measure.get_kind_display(),
            date_in_words(measure.announced_on),
            date_in_words(measure.in_force_on),
            date_in_words(measure.ended_on),
            measure.get_status_display(),
        ),
        measure.get_absolute_url(),
    )


def _axis(
    measures: Sequence[PolicyMeasure], today: datetime.date, left: float, right: float
) -> _Axis:
    """Whole years up to today, from the oldest measure that is not too old, three at least."""
    oldest = today.year - YEARS_DRAWN
    years = [date.earliest.year for measure in measures if (date := _begins(measure))]
    first = min((year for year in years if year >= oldest), default=oldest)
    first = min(first, today.year - 2)
    ends = [
        date.latest
        for measure in measures
        for date in (measure.announced_on, measure.in_force_on, measure.ended_on)
        if date
    ]
    return _Axis(datetime.date(first, 1, 1), max(today, *ends), left, right)


def _lanes(
    measures: Sequence[PolicyMeasure], today: datetime.date, width: float, title: str
) -> SafeString:
    is_wide = width == FULL
    lane = LANE if is_wide else NARROW_LANE
    axis = _axis(measures, today, 360.0 if is_wide else 6.0, width - (150.0 if is_wide else 8.0))
    keys, top = _keys(measures, width)
    foot = top + lane * len(measures)
    parts: list[SafeString] = [*keys, *_years(axis, top - 6, foot, is_wide=is_wide)]
    for place, measure in enumerate(measures):
        y = top + lane * (place + 1) - 12
        state = _state(measure, axis)
        label = (
            cut(measure.title, 58) if is_wide else f"{cut(measure.title, 50 - len(state))}: {state}"
        )
        parts.append(
            svg.link(
                measure.get_absolute_url(),
                svg.element("title", measure.title),
                svg.text(
                    axis.left - 14 if is_wide else 0,
                    y + 5 if is_wide else y - 16,
                    label,
                    text_anchor="end" if is_wide else "start",
                    class_="chart-link",
                ),
            )
        )
        parts += _lane(measure, axis, today, y)
        if is_wide:
            parts.append(svg.text(axis.right + 12, y + 5, state, class_="chart-axis"))
    said = "; ".join(
        f"{measure.title}, announced {date_in_words(measure.announced_on)}, {_state(measure, axis)}"
        for measure in measures
    )
    return drawing(parts, width, foot + 6, title, said, has_links=True)


def _state(measure: PolicyMeasure, axis: _Axis) -> str:
    """“in force”, “ended Jun 2024”; “in force since 1974” where its beginning is not drawn."""
    word = measure.get_status_display().lower()
    if measure.ended_on:
        return f"{word} {date_in_words(measure.ended_on)}"
    begins = _begins(measure)
    return word if begins is None or axis.holds(begins) else f"{word} since {begins.year}"


def _years(axis: _Axis, top: float, foot: float, *, is_wide: bool) -> Iterator[SafeString]:
    years = range(axis.first.year, axis.last.year + 1)
    step = 1 if is_wide or len(years) <= 6 else 2
    for year in years:
        x = axis.x(datetime.date(year, 1, 1))
        yield svg.line(x, top, x, foot, class_="grid-line")
        room = axis.right - x
        if (year - axis.first.year) % step == 0 and room > 5 * LETTER:
            yield svg.text(x + 4, top - 2, str(year), class_="chart-axis")
    yield svg.line(axis.right, top, axis.right, foot, class_="base-line")


def _lane(
    measure: PolicyMeasure, axis: _Axis, today: datetime.date, y: float
) -> Iterator[SafeString]:
    """A line from announcement to end, a bar over the time in force, a mark at each date."""
    begins = _begins(measure)
    if begins is None:
        return
    ended = measure.ended_on
    until = axis.x(ended.latest if ended else today)
    start = axis.x(begins.earliest)
    is_closed = measure.status in CLOSED and not ended
    yield svg.line(
        start, y, until, y, class_="line-open", stroke_dasharray="4 3" if is_closed else None
    )
    force = measure.in_force_on
    if force is None and measure.status == PolicyStatus.IN_FORCE:
        # In force, but no source says since when: not before it was announced.
        yield svg.rect(start, y - BAR / 2, until - start, BAR, class_="fill-open")
    elif force is not None:
        sure, maybe = axis.x(force.latest), axis.x(force.earliest)
        if measure.status == PolicyStatus.SUSPENDED and not ended:
            yield svg.rect(maybe, y - BAR / 2, until - maybe, BAR, class_="bar-lifted")
        else:
            end_sure = axis.x(ended.earliest) if ended else until
            yield svg.rect(maybe, y - BAR / 2, until - maybe, BAR, class_="fill-open")
            yield svg.rect(sure, y - BAR / 2, end_sure - sure, BAR, class_="fill-bound")
    if ended:
        yield svg.line(until, y - 9, until, y + 9, class_="stroke-bound")
    if not axis.holds(begins):
        yield svg.path(
            f"M{svg.number(axis.left + 7)} {svg.number(y - 4)}l-6 4l6 4", class_="line-open"
        )
    elif measure.announced_on is not None:
        left, right = axis.x(begins.earliest), axis.x(begins.latest)
        width = max(10.0, right - left)
        x = left if width > 10 else (left + right) / 2 - 5
        yield svg.rect(x, y - 5, width, 10, rx=5, class_="mark-open")


def _keys(measures: Sequence[PolicyMeasure], width: float) -> tuple[list[SafeString], float]:
    """The marks that occur, with their words, in lines as needed; and where the lanes begin."""
    statuses = {measure.status for measure in measures if not measure.ended_on}
    vague = any(
        measure.in_force_on is None or measure.in_force_on.precision != "day"
        for measure in measures
        if measure.status == PolicyStatus.IN_FORCE or measure.in_force_on
    )
    shown = [
        ("mark-open", "Announced", True),
        ("fill-bound", "In force", any(measure.in_force_on for measure in measures)),
        ("fill-open", "In force, since when not exact", vague),
        ("bar-lifted", "Suspended", PolicyStatus.SUSPENDED in statuses),
    ]
    parts: list[SafeString] = []
    x, y = 0.0, 9.0
    for class_, word, occurs in shown:
        if not occurs:
            continue
        is_mark = class_ == "mark-open"
        room = (17 if is_mark else 25) + len(word) * (LETTER - 0.9)
        if x + room > width:
            x, y = 0.0, y + 20
        parts.append(
            svg.rect(
                x + 1, y - 5, 10 if is_mark else 18, 10, rx=5 if is_mark else None, class_=class_
            )
        )
        parts.append(svg.text(x + (17 if is_mark else 25), y + 4.5, word, class_="chart-axis"))
        x += room + 18
    return parts, y + 41
