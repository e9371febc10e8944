"""Colour arithmetic for the tests of the design tokens.

Contrast: WCAG 2.2, relative luminance. Colour blindness: Machado, Oliveira and Fernandes (2009),
"A Physiologically-based Model for Simulation of Color Vision Deficiency", severity 1.0, applied to
linear sRGB. Distance: CIEDE2000 after Sharma, Wu and Dalal (2005).
"""

from __future__ import annotations

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import Final

type Triple = tuple[float, float, float]
type Matrix = tuple[Triple, Triple, Triple]

MACHADO: Final[dict[str, Matrix]] = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_TO_XYZ: Final[Matrix] = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE_D65: Final[Triple] = (0.95047, 1.0, 1.08883)
_25_TO_7: Final = 25.0**7


def linear(colour: str) -> Triple:
    """Linear sRGB, each 0 to 1, of ``#rrggbb``."""
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values
    )
    return red, green, blue


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted(_dot((0.2126, 0.7152, 0.0722), linear(c)) for c in (first, second))
    return (lighter + 0.05) / (darker + 0.05)


def distance(first: str, second: str, vision: str = "normal") -> float:
    """CIEDE2000 between two colours as eyes of a kind in `MACHADO` see them."""
    return ciede2000(_lab(_seen(first, vision)), _lab(_seen(second, vision)))


def ciede2000(one: Triple, two: Triple) -> float:
    """The CIEDE2000 difference of two CIELAB colours with all weights 1."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    chroma_mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = (1 - sqrt(chroma_mean**7 / (chroma_mean**7 + _25_TO_7))) / 2
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    l_step, c_step = l2 - l1, c2 - c1
    h_step = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue_step = 2 * sqrt(c1 * c2) * sin(radians(h_step) / 2)
    l_mean, c_mean = (l1 + l2) / 2, (c1 + c2) / 2
    if c1 * c2 == 0:
        h_mean = h1 + h2
    elif abs(h1 - h2) <= 180:
        h_mean = (h1 + h2) / 2
    else:
        h_mean = (h1 + h2 + 360) / 2 if h1 + h2 < 360 else (h1 + h2 - 360) / 2
    t = (
        1
        - 0.17 * cos(radians(h_mean - 30))
        + 0.24 * cos(radians(2 * h_mean))
        + 0.32 * cos(radians(3 * h_mean + 6))
        - 0.20 * cos(radians(4 * h_mean - 63))
    )
    s_l = 1 + 0.015 * (l_mean - 50) ** 2 / sqrt(20 + (l_mean - 50) ** 2)
    s_c = 1 + 0.045 * c_mean
    s_h = 1 + 0.015 * c_mean * t
    turn = 60 * exp(-(((h_mean - 275) / 25) ** 2))
    r_t = -2 * sqrt(c_mean**7 / (c_mean**7 + _25_TO_7)) * sin(radians(turn))
    return sqrt(
        (l_step / s_l) ** 2
        + (c_step / s_c) ** 2
        + (hue_step / s_h) ** 2
        + r_t * (c_step / s_c) * (hue_step / s_h)
    )


def _seen(colour: str, vision: str) -> Triple:
    """Linear sRGB as seen, clipped to what a screen can show."""
    rgb = linear(colour)
    red, green, blue = (min(1.0, max(0.0, _dot(row, rgb))) for row in MACHADO[vision])
    return red, green, blue


def _lab(rgb: Triple) -> Triple:
    """CIELAB (D65) of linear sRGB."""
    x, y, z = (
        _cube_root(_dot(row, rgb) / white) for row, white in zip(_TO_XYZ, _WHITE_D65, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _dot(row: Triple, vector: Triple) -> float:
    return sum(a * b for a, b in zip(row, vector, strict=True))
