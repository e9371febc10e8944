"""The colours of `tokens.css` stay readable, with and without full colour vision."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final

import pytest

from config import templatetags
from tests.config.colour import MACHADO, ciede2000, contrast, distance

STATIC: Final = Path(templatetags.__file__).parent.parent / "static"
TOKEN: Final = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
GROUNDS: Final = ("paper", "surface", "sunken")
TEXTS: Final = (
    *("ink", "ink-2", "ink-3", "link", "link-hover", "money", "ground", "dispute", "stale"),
    *("paper-open", "paper-bound", "paper-ended"),
)
FAMILIES: Final = tuple(f"cat-{number}" for number in range(1, 9))
GRAPHICS: Final = (
    *("rung-line", "rung-committed", "rung-disbursed", "bar-open", "headline"),
    *("rule-strong", "focus", *FAMILIES),
)
# An indicated line is an outline on paper, a conditional one is hatched: texture tells them apart.
RUNG_FILLS: Final = ("paper", "rung-committed", "rung-disbursed")
STATUS_TONES: Final = ("paper-open", "paper-bound", "paper-ended")
MEANINGS: Final = ("money", "paper-bound", "ground", "dispute")

TEXT_FLOOR: Final = 4.5
GRAPHICS_FLOOR: Final = 3.0


def _palettes() -> dict[str, dict[str, str]]:
    found = TOKEN.findall((STATIC / "css" / "tokens.css").read_text())
    return {
        "light": {name: light for name, light, _ in found},
        "dark": {name: dark for name, _, dark in found},
    }


PALETTES: Final = _palettes()
schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
visions = pytest.mark.parametrize("vision", MACHADO)


@schemes
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable_on_every_ground(scheme: str, text: str, ground: str) -> None:
    palette = PALETTES[scheme]
    assert contrast(palette[text], palette[ground]) >= TEXT_FLOOR


@schemes
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("dispute", "dispute-bg"),
        ("ink", "dispute-bg"),
        ("ink", "chosen"),
        ("ink-2", "chosen"),
        ("link", "chosen"),
        ("ink", "ground-track"),
        ("link", "ground-track"),
        ("paper", "ink"),
        ("paper", "ink-2"),
    ],
)
def test_text_is_readable_on_its_own_ground(scheme: str, text: str, ground: str) -> None:
    palette = PALETTES[scheme]
    assert contrast(palette[text], palette[ground]) >= TEXT_FLOOR


@schemes
@pytest.mark.parametrize("ground", ["paper", "surface"])
@pytest.mark.parametrize("graphic", GRAPHICS)
def test_graphics_are_visible(scheme: str, graphic: str, ground: str) -> None:
    palette = PALETTES[scheme]
    assert contrast(palette[graphic], palette[ground]) >= GRAPHICS_FLOOR


@schemes
def test_disbursed_parts_from_committed(scheme: str) -> None:
    palette = PALETTES[scheme]
    assert contrast(palette["rung-disbursed"], palette["rung-committed"]) >= GRAPHICS_FLOOR


@schemes
@visions
@pytest.mark.parametrize(
    ("names", "floor"),
    [
        pytest.param(FAMILIES, 12, id="mineral families"),
        pytest.param(RUNG_FILLS, 25, id="rungs and paper"),
        pytest.param(STATUS_TONES, 10, id="status tones"),
        # Shape and word tell these apart; colour only helps.
        pytest.param(MEANINGS, 5, id="meanings"),
    ],
)
def test_any_two_of_a_set_differ(
    scheme: str, vision: str, names: tuple[str, ...], floor: float
) -> None:
    palette = PALETTES[scheme]
    smallest = min(distance(palette[a], palette[b], vision) for a, b in combinations(names, 2))
    assert smallest >= floor


@schemes
@visions
@pytest.mark.parametrize("ramp", ["seq", "usd"])
def test_neighbouring_steps_of_a_map_differ(scheme: str, vision: str, ramp: str) -> None:
    steps = [PALETTES[scheme][name] for name in ("seq-0", *(f"{ramp}-{n}" for n in range(1, 6)))]
    assert min(distance(a, b, vision) for a, b in pairwise(steps)) >= 8


def test_the_arithmetic_agrees_with_published_values() -> None:
    # Sharma, Wu and Dalal (2005), table 1, pairs 1, 7 and 25.
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert ciede2000((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(
        1.2644, abs=1e-4
    )
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


def test_style_sheets_take_colours_from_tokens_only() -> None:
    sheets = [path for path in (STATIC / "css").rglob("*.css") if path.name != "tokens.css"]
    assert sheets
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(")
    # A fragment such as url("#hatch") is no colour.
    found = {
        path.name: literal.findall(re.sub(r"url\([^)]*\)|/\*.*?\*/", "", path.read_text()))
        for path in sheets
    }
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_every_token_that_is_used_exists() -> None:
    declared = set(re.findall(r"--([\w-]+):", (STATIC / "css" / "tokens.css").read_text()))
    used = {
        name
        for path in (STATIC / "css").rglob("*.css")
        for name in re.findall(r"var\(--([\w-]+)", path.read_text())
    }
    assert used - declared == set()
