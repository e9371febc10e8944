"""Who owns whom, drawn as a tree: owners above a company, its holdings below it.

    ownership_of(company)            # for a company's page; two queries
    owners_of(companies)             # for the parties of a deal: the chain above each; one query

Each company stands on a line of its own, the farther from the first the farther in, so that any
name fits at any width. Shares and dates stand behind the names; what has ended is dashed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from config.lib import svg
from config.lib.typeface import Weight, width_of
from config.lib.words import count_in_words, percent_in_words
from deals.charts.figure import NARROW, WIDE, Figure, Head, Row
from deals.charts.lettering import RISE, SIZE, fitted
from deals.models import Company, Ownership
from deals.ownership import OwnershipGraph, Step, holdings_below, owners_above

LINE_HEIGHT: Final = 26.0
BETWEEN: Final = 14.0
"""Between the trees of two companies."""
STEP: Final = {WIDE: 24.0, NARROW: 14.0}
DEEPEST: Final = 8
"""Further in than this many steps no line begins."""
SUBTITLE: Final = "Shares and dates as far as a source read states them"


@dataclass(frozen=True)
class Line:
    """One company in a tree; ``depth`` 0 is the company that the tree is of."""

    company: Company
    depth: int = 0
    words: str = ""
    """Share and dates, to stand behind the name."""
    is_past: bool = False


def ownership_of(company: Company) -> Figure | None:
    """Owners and holdings of a company, to the ends of the chains; None where none is on record."""
    owners, holdings = owners_above([company.slug]), holdings_below([company.slug])
    if not owners and not holdings:
        return None
    above, below = owners.steps(company.slug), holdings.steps(company.slug)
    counted = [
        count_in_words(len({step.company.pk for step in steps} - {company.pk}), one)
        for steps, one in ((above, "owner"), (below, "holding"))
        if steps
    ]
    tree = [*reversed(list(_lines(above))), Line(company), *_lines(below)]
    sides = [side for side, steps in (("owners above", above), ("holdings below", below)) if steps]
    return _figure(
        [tree],
        title=f"{company.name}: {' and '.join(counted)} on record",
        subtitle=f"{' and '.join(sides).capitalize()}. {SUBTITLE}.",
        holdings=[*owners.holdings, *holdings.holdings],
    )


def owners_of(companies: Sequence[Company]) -> Figure | None:
    """The chain of owners above each of some companies; None where none is on record."""
    graph = owners_above([company.slug for company in companies])
    trees = list(_chains(companies, graph))
    if not trees:
        return None
    owned = count_in_words(len(trees), "party", "parties")
    return _figure(
        trees,
        title=f"Owners on record of {owned}",
        subtitle=f"Each party with its owners above it, and theirs. {SUBTITLE}.",
        holdings=graph.holdings,
    )


def _chains(companies: Sequence[Company], graph: OwnershipGraph) -> Iterator[list[Line]]:
    for company in companies:
        if steps := graph.steps(company.slug):
            yield [*reversed(list(_lines(steps))), Line(company)]


def _lines(steps: Sequence[Step]) -> Iterator[Line]:
    for step in steps:
        words = [_said(step.holding), *(["again"] if step.is_repeated else [])]
        is_past = step.holding.until is not None
        yield Line(step.company, step.depth, ", ".join(filter(None, words)), is_past)


def _said(holding: Ownership) -> str:
    """“70%, since Mar 2026”; empty where neither share nor date is known."""
    parts = []
    if holding.percent is not None:
        parts.append(percent_in_words(holding.percent))
    if holding.since is not None:
        parts.append(f"since {holding.since.display()}")
    if holding.until is not None:
        parts.append(f"until {holding.until.display()}")
    return ", ".join(parts)


def _figure(
    trees: Sequence[Sequence[Line]],
    *,
    title: str,
    subtitle: str,
    holdings: Sequence[Ownership],
) -> Figure:
    unique = {holding.pk: holding for holding in holdings}.values()
    is_any_past = any(line.is_past for tree in trees for line in tree)
    return Figure(
        title=title,
        subtitle=f"{subtitle} A dashed line has ended." if is_any_past else subtitle,
        wide=_drawing(trees, WIDE, title),
        narrow=_drawing(trees, NARROW, title),
        name_head="Owner",
        heads=(
            Head("Holds", "text"),
            Head("Share", "percent"),
            Head("Since", "text"),
            Head("Until", "text"),
            Head("Source", "url"),
        ),
        rows=[_row(holding) for holding in unique],
    )


def _row(holding: Ownership) -> Row:
    return Row(
        holding.owner.name,
        (
            holding.owned.name,
            holding.percent,
            holding.since.display() if holding.since else "",
            holding.until.display() if holding.until else "",
            holding.reference.url if holding.reference else "",
        ),
        holding.owner.get_absolute_url(),
    )


def _drawing(trees: Sequence[Sequence[Line]], width: float, title: str) -> SafeString:
    parts: list[SafeString] = []
    top = 0.0
    for tree in trees:
        parts += _tree(tree, top, width)
        top += LINE_HEIGHT * len(tree) + BETWEEN
    said = "; ".join(
        f"{line.company.name}{f' ({line.words})' if line.words else ''}"
        for tree in trees
        for line in tree
    )
    # A group, since a picture (role img) may hold no links.
    return svg.svg(
        *parts,
        width=width,
        height=top - BETWEEN,
        title=title,
        description=said,
        role="group",
        class_=f"chart chart-{'narrow' if width == NARROW else 'wide'} owners",
    )


def _tree(tree: Sequence[Line], top: float, width: float) -> Iterator[SafeString]:
    own = next(place for place, line in enumerate(tree) if not line.depth)
    step = STEP[width]
    for place, line in enumerate(tree):
        y = top + LINE_HEIGHT * (place + 0.5)
        x = 8 + step * min(line.depth, DEEPEST)
        if line.depth:
            nearer = _nearer(tree, place, own)
            start = 8 + step * min(tree[nearer].depth, DEEPEST)
            start_y = top + LINE_HEIGHT * (nearer + 0.5) + (6 if nearer < place else -6)
            yield svg.path(
                f"M{svg.number(start)} {svg.number(start_y)}V{svg.number(y)}H{svg.number(x - 4)}",
                class_=f"owner-line{' owner-past' if line.is_past else ''}",
            )
        yield svg.circle(x, y, 4 if line.depth else 5.5, class_="fill-ink")
        yield from _words(line, x + 11, y, width)


def _nearer(tree: Sequence[Line], place: int, own: int) -> int:
    """The place of the line that one hangs on: the next towards the middle, one step less in."""
    way = 1 if place < own else -1
    at = place + way
    while tree[at].depth != tree[place].depth - 1:
        at += way
    return at


def _words(line: Line, x: float, y: float, width: float) -> Iterator[SafeString]:
    behind = f" {line.words}" if line.words else ""
    weight: Weight = 400 if line.depth else 600
    room = max(width - x - width_of(behind, SIZE) - 2, 60.0)
    name = fitted(line.company.name, room, weight)
    behind = fitted(behind, width - x - width_of(name, SIZE, weight), 400)
    written = svg.element(
        "text",
        svg.element("title", line.company.name),
        svg.element("tspan", name, class_="chart-link" if line.depth else "sankey-name"),
        svg.element("tspan", behind, class_="sankey-count"),
        x=x,
        y=y + RISE,
    )
    yield svg.link(line.company.get_absolute_url(), written) if line.depth else written
