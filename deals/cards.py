"""Cards: the picture that a link to a page shows where it is shared, 1200 × 630.

A card says what the head of its page says: a deal its three axes, anything else its ladder. It is
drawn in the light theme, whatever the reader has, since others show it beside text of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.pictures import bare, png_of
from config.lib.shapes import STATUS_TONES, percent_of
from config.lib.stylesheets import tokens
from config.lib.typeface import Weight, width_of, wrapped
from config.lib.words import NOTHING, Number, count_in_words, money_in_words
from deals.labels import labels
from deals.money import RUNGS
from deals.portfolios import PortfolioLadder

WIDTH: Final = 1200
HEIGHT: Final = 630
LEFT: Final = 64.0
ROOM: Final = WIDTH - 2 * LEFT
FOOT: Final = 440.0
"""Where the columns at the foot begin."""
_TITLES: Final = ((64.0, 2), (54.0, 3), (44.0, 4))
"""Sizes of type of a title and how many lines of each have room, the largest first."""
_KINDS: Final[dict[str, tuple[float, Weight, str]]] = {
    "card-brand": (34, 700, "ink"),
    "card-kind": (28, 400, "ink-2"),
    "card-deck": (30, 400, "ink-2"),
    "card-head": (24, 400, "ink-2"),
    "card-answer": (36, 700, "ink"),
    "card-nothing": (30, 400, "ink-3"),
    "card-count": (22, 400, "ink-3"),
}


@dataclass(frozen=True)
class Column:
    """A column at the foot: its head, its answer, a small line, and what is drawn between."""

    head: str
    answer: str
    small: str
    drawing: SafeString
    is_nothing: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a card says."""

    kind: str
    title: str
    deck: str = ""
    columns: Sequence[Column] = ()


def png(card: Card, *, address: str = "") -> bytes:
    """The card as PNG."""
    theme = tokens("light")
    style = "".join(
        f".{name}{{font-weight:{weight};fill:{theme[colour]}}}"
        for name, (_, weight, colour) in _KINDS.items()
    )
    style += f".card-title{{font-weight:700;fill:{theme['ink']}}}.card-rule{{fill:{theme['ink']}}}"
    style += f".card-line{{fill:{theme['rule-strong']}}}"
    drawing = _drawing(card)
    picture = bare(drawing, theme="light", title=card.title, style=style, address=address)
    return png_of(picture, scale=1)


def _drawing(card: Card) -> SafeString:
    parts: list[SafeString] = [
        svg.rect(0, 0, WIDTH, HEIGHT, class_="picture-paper"),
        svg.rect(0, 0, WIDTH, 12, class_="card-rule"),
        svg.element("use", href="#mark", x=LEFT, y=46, width=52, height=42),
        _text(LEFT + 66, 80, "Lodebook", "card-brand"),
        _text(WIDTH - LEFT, 80, card.kind, "card-kind", text_anchor="end"),
    ]
    size, lines = _title(card.title)
    y = 126.0
    for line in lines:
        y += size * 1.12
        parts.append(svg.text(LEFT, y, line, class_="card-title", font_size=size))
    room = int((FOOT - 30 - y) // 40)
    y += 12
    for line in _cut(wrapped(card.deck, ROOM, 30), min(2, room)) if room > 0 else ():
        y += 40
        parts.append(_text(LEFT, y, line, "card-deck"))
    if card.columns:
        parts.append(svg.rect(LEFT, FOOT, ROOM, 2, class_="card-line"))
        parts += _columns(card.columns)
    return svg.svg(*parts, width=WIDTH, height=HEIGHT, title=card.title, width_=f"{WIDTH}")


def _text(x: float, y: float, words: str, kind: str, **attributes: float | str) -> SafeString:
    """A line in one of `_KINDS`, in its size unless another is given."""
    return svg.text(x, y, words, **{"font_size": _KINDS[kind][0], "class_": kind, **attributes})


def _title(title: str) -> tuple[float, list[str]]:
    """The size of type in which the title has room, and its lines."""
    for size, most in _TITLES:
        lines = wrapped(title, ROOM, size, 700)
        if len(lines) <= most:
            return size, lines
    return size, _cut(lines, most)


def _cut(lines: list[str], most: int) -> list[str]:
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"{lines[most - 1].rstrip(' ,;:.')}…"]


def _columns(columns: Sequence[Column]) -> Iterator[SafeString]:
    step = ROOM / len(columns)
    for place, column in enumerate(columns):
        x = LEFT + place * step
        yield _text(x, FOOT + 46, column.head, "card-head")
        yield svg.group(column.drawing, transform=f"translate({svg.number(x)} {FOOT + 62:g})")
        kind = "card-nothing" if column.is_nothing else "card-answer"
        sizes = (_KINDS[kind][0], 30.0, 26.0, 22.0)
        fitting = (size for size in sizes if width_of(column.answer, size, 700) <= step - 24)
        size = next(fitting, sizes[-1])
        yield _text(x, FOOT + 132, column.answer, kind, font_size=size)
        yield _text(x, FOOT + 164, column.small, "card-count")


# -- What stands in the columns ---------------------------------------------------------------


def axes_of(summary: Mapping[str, Any]) -> list[Column]:
    """The three axes of a deal: on paper, in money, on the ground."""
    words = labels()
    status, stage = summary["status"], summary["stage"]
    squares = svg.join(
        svg.element(
            "use",
            href=f"#r-{rung if summary['ladder_lines'][rung] else 'none'}",
            x=44 * place,
            y=0,
            width=34,
            height=34,
        )
        for place, rung in enumerate(RUNGS)
    )
    standing = [rung for rung in reversed(RUNGS) if summary["ladder_lines"][rung]]
    rung_words = [_rung_words(summary, rung) for rung in standing]
    return [
        Column(
            "On paper",
            words["status"][status] if status else "Not known",
            "",
            svg.group(
                svg.element("use", href=f"#s-{status}", width=36, height=36),
                class_=f"tone-{STATUS_TONES[status]}",
            )
            if status
            else svg.join([]),
            is_nothing=not status,
        ),
        Column(
            "In money",
            rung_words[0] if rung_words else "None on record",
            rung_words[1] if len(rung_words) > 1 else "",
            squares,
            is_nothing=not rung_words,
        ),
        Column(
            "On the ground",
            words["stage"][stage] if stage else "Not known",
            "",
            svg.element("use", href=f"#g-{stage}", width=156, height=34, class_="glyph-stage")
            if stage
            else svg.join([]),
            is_nothing=not stage,
        ),
    ]


def _rung_words(summary: Mapping[str, Any], rung: str) -> str:
    word, usd = labels()["rung"][rung].lower(), summary["ladder"][rung]
    if usd is not None:
        return f"{money_in_words(usd)} {word}"
    return f"Unknown, {word}" if summary["lines_unknown"][rung] else f"{word.capitalize()}"


def lanes_of(ladder: PortfolioLadder) -> list[Column]:
    """The four rungs of a set of deals on one scale."""
    known = [usd for usd in ladder.usd.values() if usd is not None]
    largest = max(known, default=None)
    return [
        Column(
            labels()["rung"][rung],
            _sum_words(ladder.usd[rung], ladder.deals[rung]),
            count_in_words(ladder.deals[rung], "deal"),
            _bar(rung, percent_of(ladder.usd[rung], largest)),
            is_nothing=ladder.usd[rung] is None,
        )
        for rung in RUNGS
    ]


def _sum_words(usd: Number | None, deals: int) -> str:
    if usd is None:
        return "no sum" if deals else NOTHING
    return money_in_words(usd)


def _bar(rung: str, percent: float) -> SafeString:
    room = ROOM / 4 - 28
    track = svg.rect(0, 28, room, 3, class_="bar-track")
    if not percent:
        return track
    fill = "url(#hatch)" if rung == "conditional" else None
    length = max(3.0, room * percent / 100)
    return svg.join([track, svg.rect(1, 5, length, 24, class_=f"rung-{rung}", fill=fill)])
