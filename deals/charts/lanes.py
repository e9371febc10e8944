"""The timeline of a selection: a lane a deal, its events at their dates on one axis of years.

Circles are the agreement, squares the money, bars the project, each on a line of its own. What is
known to the year or month only lies on a faint band as long as that time: no day is made up.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.imprecise import ImpreciseDate
from config.lib.shapes import STATUS_TONES
from config.lib.words import count_in_words
from deals.charts.figure import FULL, LETTER, NARROW, Figure, Head, Row, cut
from deals.presenting.lanes import Axis, Happening, Lane

SIZES: Final[Mapping[str, tuple[float, float]]] = {
    "paper": (14, 14),
    "money": (12, 12),
    "ground": (46, 10),
    "news": (6, 12),
}
"""Width and height of the shapes of each axis."""
ROWS: Final[tuple[tuple[Axis, ...], ...]] = (("paper", "news"), ("money",), ("ground",))
"""What stands on each line of a lane, from above."""
ROW: Final = 18.0
LINE: Final = 17.0
"""Height of a line of shapes, and of a line of text."""
HEAD: Final = 24.0
YEARS_LEAST: Final = 2
YEARS_MOST: Final[Mapping[str, int]] = {"wide": 8, "narrow": 5}
"""Years with room of their own, at least and at most."""
_ONE_IN: Final = 20
"""Of so many events one may lie before the years with room, so that the others get it."""
HEADS_EVERY: Final = 10
"""The years are written again above so many lanes."""


@dataclass(frozen=True)
class Undated:
    """A deal of which no event is dated."""

    title: str
    href: str
    status: str | None


@dataclass(frozen=True, kw_only=True)
class Timeline(Figure):
    """A timeline, with the deals that it cannot draw."""

    undated: list[Undated] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Span:
    """What a page of lanes is part of: the count of deals, the place of its first, and all years.

    ``day`` is the day told of, drawn as a line; ``day_words`` name it.
    """

    deals: int
    first: int
    years: tuple[int, int]
    day: datetime.date
    day_words: str


@dataclass(frozen=True)
class _Layout:
    """Where things stand in one width: the axis runs from ``left`` to ``right``."""

    width: float
    left: float
    right: float
    years_shown: int
    years: tuple[int, int]

    @property
    def is_wide(self) -> bool:
        """Words stand beside the axis rather than above it."""
        return self.left > 0

    @property
    def first_year(self) -> int:
        """The first year with room of its own; what is older stands together before it."""
        first, last = self.years
        return max(first, last - self.years_shown + 1)

    @property
    def has_earlier(self) -> bool:
        return self.first_year > self.years[0]

    @property
    def zero(self) -> float:
        """Where the first year begins."""
        return self.left + (52.0 if self.has_earlier else 0.0)

    @property
    def year_width(self) -> float:
        return (self.right - self.zero) / (self.years[1] - self.first_year + 1)

    def x(self, day: datetime.date) -> float:
        if day.year < self.first_year:
            return self.left + 10
        start = datetime.date(day.year, 1, 1)
        days = (datetime.date(day.year, 12, 31) - start).days + 1
        part = ((day - start).days + 0.5) / days
        return self.zero + (day.year - self.first_year + part) * self.year_width

    def span(self, date: ImpreciseDate) -> tuple[float, float]:
        """From the first to the last possible day."""
        return self.x(date.earliest), self.x(date.latest)

    def middle(self, date: ImpreciseDate) -> float:
        """Where the shape of an event stands: in the middle of its possible days."""
        start, end = self.span(date)
        return (start + end) / 2


def lanes_drawn(lanes: Sequence[Lane], span: Span, *, hrefs: Mapping[str, str]) -> Timeline:
    """The lanes of one page of a selection; ``hrefs`` lead to the deals by key."""
    drawn = [lane for lane in lanes if lane.dated]
    undated = [lane for lane in lanes if not lane.dated]
    title = _title(drawn)
    first, last = span.years
    shown = _years_shown(drawn, last)
    years_wide, years_narrow = (min(shown, most) for most in YEARS_MOST.values())
    wide = _Layout(FULL, 284.0, FULL - 146.0, years_wide, (first, last))
    narrow = _Layout(NARROW, 0.0, NARROW, years_narrow, (first, last))
    return Timeline(
        title=title,
        subtitle=_subtitle(len(lanes), span),
        wide=_drawn(drawn, wide, span, title, hrefs),
        narrow=_drawn(drawn, narrow, span, title, hrefs),
        name_head="Deal",
        heads=(
            Head("Date", "date"),
            Head("What happened", "text"),
            Head("Said by", "text"),
            Head("Address", "url"),
        ),
        rows=[
            _row(lane, happening, hrefs[lane.key])
            for lane in lanes
            for happening in lane.happenings
        ],
        spans=True,
        note=_note(undated, wide),
        undated=[Undated(lane.title, hrefs[lane.key], lane.status) for lane in undated],
    )


def _row(lane: Lane, happening: Happening, href: str) -> Row:
    first = happening.cites[0] if happening.cites else None
    return Row(
        lane.title,
        (
            str(happening.happened_on or ""),
            happening.words,
            ", ".join(dict.fromkeys(cite.publisher for cite in happening.cites)),
            lane.urls[first.ref] if first else "",
        ),
        href,
    )


def _years_shown(lanes: Sequence[Lane], last: int) -> int:
    """Years up to the last that hold nearly all events of these lanes.

    A list starts with its latest deals: on an axis of all its years they would stand in one corner.
    """
    years = sorted(date.year for lane in lanes for date, _ in lane.dated)
    return max(YEARS_LEAST, last - years[len(years) // _ONE_IN] + 1) if years else YEARS_LEAST


def _title(lanes: Sequence[Lane]) -> str:
    """How much happened, and in which year most of it."""
    counts: dict[int, int] = {}
    for lane in lanes:
        for date, _ in lane.dated:
            counts[date.year] = counts.get(date.year, 0) + 1
    events = sum(counts.values())
    if not events:
        return "Nothing in the life of these deals is dated"
    said = f"{count_in_words(events, 'dated event')} of {count_in_words(len(lanes), 'deal')}"
    most = max(counts.values())
    fullest = [str(year) for year in sorted(counts) if counts[year] == most]
    if len(counts) == 1:
        return f"{said}, {'all ' if events > 1 else ''}in {fullest[0]}"
    return f"{said}, {most} of them in {fullest[0]}" if len(fullest) == 1 else said


def _subtitle(shown: int, span: Span) -> str:
    words = "Agreement, money and project of each deal by date"
    if shown == span.deals:
        return words
    last = span.first + shown - 1
    return f"{words}; deals {span.first} to {last} of {span.deals:,}"


def _note(undated: Sequence[Lane], layout: _Layout) -> str:
    notes = ["Events too close for their shapes stand side by side."]
    if layout.has_earlier:
        notes.append(f"Years before {layout.first_year} stand together.")
    if undated:
        count = count_in_words(len(undated), "deal").capitalize()
        notes.append(f"{count} without any dated event not drawn.")
    return " ".join(notes)


# --- Drawing -------------------------------------------------------------------------------


def _drawn(
    lanes: Sequence[Lane], layout: _Layout, span: Span, title: str, hrefs: Mapping[str, str]
) -> SafeString:
    parts = list(_key(layout))
    y = 28.0
    for place, lane in enumerate(lanes):
        if place % HEADS_EVERY == 0:
            if place:
                parts.append(svg.line(0, y, layout.width, y, class_="lane-line"))
            parts += _head(layout, span, y)
            y += HEAD
        picture = _lane(lane, layout, span, y, hrefs[lane.key])
        parts.append(svg.group(*picture.parts))
        y = picture.foot
    parts.append(svg.line(0, y, layout.width, y, class_="lane-line"))
    said = "; ".join(
        f"{lane.title}: " + ", ".join(f"{one.date_words} {one.words}" for _, one in lane.dated)
        for lane in lanes
    )
    # A group, since a picture (role img) may hold no links.
    return svg.svg(
        *parts,
        width=layout.width,
        height=y + 2,
        title=title,
        description=cut(said, 1_000),
        role="group",
        class_=f"chart chart-{'wide' if layout.is_wide else 'narrow'}",
    )


def _key(layout: _Layout) -> Iterator[SafeString]:
    """What the shapes mean, over the picture."""
    x = layout.left
    for axis, code, word in (
        ("paper", "mou_signed", "agreement"),
        ("money", "committed", "money"),
        ("ground", "construction", "project"),
    ):
        width, height = SIZES[axis]
        yield _shape(axis, code, x, 9 - height / 2)
        yield svg.text(x + width + 6, 13.5, word, class_="chart-axis")
        x += width + len(word) * LETTER + 16
    yield svg.rect(x, 3, 20, 12, class_="date-span")
    words = "known to the month or year only" if layout.is_wide else "no day"
    yield svg.text(x + 26, 13.5, words, class_="chart-axis")


def _head(layout: _Layout, span: Span, y: float) -> Iterator[SafeString]:
    """The years over their columns, and the day told of."""
    if layout.has_earlier:
        yield svg.text(layout.left + 2, y + 15, "before", class_="chart-axis")
    for year in range(layout.first_year, layout.years[1] + 1):
        x = layout.zero + (year - layout.first_year + 0.5) * layout.year_width
        yield svg.text(x, y + 15, str(year), text_anchor="middle", class_="chart-axis")
    if layout.is_wide:
        yield svg.text(layout.right + 12, y + 15, f"stands {span.day_words}", class_="chart-axis")
    x = layout.x(span.day)
    mark = svg.element("title", f"The line: {span.day_words}")
    yield svg.path(f"M{svg.number(x - 4)} {svg.number(y + 18)}h8l-4 6z", mark, class_="day-mark")


@dataclass(frozen=True)
class _Picture:
    """A lane as drawn, and where the next begins."""

    parts: list[SafeString]
    foot: float


def _lane(lane: Lane, layout: _Layout, span: Span, y: float, href: str) -> _Picture:
    rows = [row for row in ROWS if any(axis in row for axis in _axes(lane))]
    words = list(_words(lane, layout))
    shapes_height = ROW * len(rows)
    if layout.is_wide:
        top = y + 5
        foot = y + max(LINE * len(words), shapes_height) + 10
    else:
        top = y + LINE * len(words) + 8
        foot = top + shapes_height + 6
    parts = [svg.line(0, y, layout.width, y, class_="lane-line")]
    parts += _grid(layout, span, y if layout.is_wide else top - 2, foot)
    title_lines = len(words) - 1
    for place, text in enumerate(words):
        is_title = place < title_lines
        line = svg.text(
            0, y + 18 + LINE * place, text, class_="lane-title" if is_title else "chart-axis"
        )
        if is_title:
            line = svg.link(href, svg.element("title", lane.title), line)
        parts.append(line)
    for place, row in enumerate(rows):
        middle = top + ROW * (place + 0.5)
        parts += _row_of(lane, row, layout, span, middle)
        if layout.is_wide:
            said = {"paper": lane.status_words, "money": lane.money_words}
            standing = said.get(row[0], lane.stage_words)
            parts.append(svg.text(layout.right + 12, middle + 4.5, standing, class_="lane-stands"))
    return _Picture(parts, foot)


def _axes(lane: Lane) -> set[str]:
    return {"paper", *(axis for _, one in lane.dated for axis, _ in one.shapes)}


def _words(lane: Lane, layout: _Layout) -> Iterator[str]:
    """The title on up to two lines, then one line about the deal."""
    letters = int((layout.left - 16 if layout.is_wide else layout.width) / LETTER)
    first, rest = _wrapped(lane.title, letters)
    yield first
    if rest:
        yield cut(rest, letters)
    known = [lane.hosts]
    if not layout.is_wide:
        known += [words for words in (lane.status_words, lane.money_words) if words]
    yield cut(" · ".join(known), letters)


def _wrapped(text: str, letters: int) -> tuple[str, str]:
    """``text`` up to the last space within ``letters``, and what is left of it."""
    if len(text) <= letters:
        return text, ""
    place = text.rfind(" ", 0, letters + 1)
    place = place if place > 0 else letters
    return text[:place], text[place:].strip()


def _grid(layout: _Layout, span: Span, top: float, foot: float) -> Iterator[SafeString]:
    for year in range(layout.first_year, layout.years[1] + 2):
        x = layout.zero + (year - layout.first_year) * layout.year_width
        yield svg.line(x, top, x, foot, class_="grid-line")
    x = layout.x(span.day)
    yield svg.line(x, top, x, foot, class_="day-line")


def _row_of(
    lane: Lane, row: Sequence[Axis], layout: _Layout, span: Span, middle: float
) -> Iterator[SafeString]:
    """One line of a lane: how long each state lasted, bands of doubt, then the shapes."""
    if "paper" in row:
        yield from _states(lane, layout, span, middle)
    by_date: dict[ImpreciseDate, list[Happening]] = {}
    for date, one in lane.dated:
        if any(axis in row for axis, _ in one.shapes):
            by_date.setdefault(date, []).append(one)
    for date in by_date:
        if date.precision != "day" and date.year >= layout.first_year:
            start, end = layout.span(date)
            yield svg.rect(start, middle - 6, end - start, 12, class_="date-span")
    free = layout.left
    for date, happenings in by_date.items():
        shapes = [shape for one in happenings for shape in one.shapes if shape[0] in row]
        # News of a day on which more happened need no dot of their own.
        shapes = list(dict.fromkeys(s for s in shapes if s[0] != "news")) or shapes[:1]
        said = " ".join(dict.fromkeys(one.words for one in happenings))
        title = svg.element("title", f"{happenings[0].date_words}: {said}")
        width = sum(SIZES[axis][0] + 1.5 for axis, _ in shapes)
        x = min(max(layout.middle(date) - width / 2, free), layout.right - width)
        drawn = []
        for axis, code in shapes:
            drawn.append(_shape(axis, code, x, middle - SIZES[axis][1] / 2))
            x += SIZES[axis][0] + 1.5
        free = x
        yield svg.group(title, *drawn)


def _states(lane: Lane, layout: _Layout, span: Span, middle: float) -> Iterator[SafeString]:
    """A line from each status to the next; from the last one to the day told of, if it holds."""
    changes = [
        (layout.middle(date), code)
        for date, one in lane.dated
        for axis, code in one.shapes
        if axis == "paper"
    ]
    if not changes:
        return
    _, last = changes[-1]
    if last == lane.status:
        changes.append((layout.x(span.day), ""))
    for (start, code), (end, _) in pairwise(changes):
        tone = STATUS_TONES[code]
        if tone != "ended" and end > start:
            yield svg.line(start, middle, end, middle, class_=f"state-line state-{tone}")


def _shape(axis: Axis | str, code: str, x: float, y: float) -> SafeString:
    """A shape of the sprite with its upper left corner at a point."""
    width, height = SIZES[axis]
    if axis == "news":  # a dot in the middle of a square as wide as those of the rungs
        x, width = x - (height - width) / 2, height
    prefix = {"paper": "s", "ground": "g"}.get(axis, "r")
    tone = f"tone-{STATUS_TONES[code]}" if axis == "paper" else "glyph-stage"
    return svg.element(
        "use",
        href=f"#{prefix}-{code or 'none'}",
        x=x,
        y=y,
        width=width,
        height=height,
        class_=tone if axis in ("paper", "ground") else None,
    )
