from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence

import pytest

from keruen.report import palette
from keruen.report.palette import ROLES, SERIES, UTILISATION, contrast

Colour = tuple[float, float, float]
Matrix = tuple[Colour, Colour, Colour]

# Linear sRGB as a dichromat sees it: Viénot, Brettel and Mollon 1999 for red and green, Brettel,
# Viénot and Mollon 1997 for blue, in the numbers of libDaltonLens (public domain).
RED: Matrix = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
GREEN: Matrix = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))
BLUE_1: Matrix = (
    (1.01277, 0.13548, -0.14826),
    (-0.01243, 0.86812, 0.14431),
    (0.07589, 0.80500, 0.11911),
)
BLUE_2: Matrix = (
    (0.93678, 0.18979, -0.12657),
    (0.06154, 0.81526, 0.12320),
    (-0.37562, 1.12767, 0.24796),
)


def linear(shade: str) -> Colour:
    values = (int(shade[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def seen_by(matrix: Matrix, shade: Colour) -> Colour:
    red, green, blue = (
        min(max(sum(a * b for a, b in zip(row, shade, strict=True)), 0.0), 1.0) for row in matrix
    )
    return red, green, blue


def without_blue(shade: Colour) -> Colour:
    plane = 0.03901 * shade[0] - 0.02788 * shade[1] - 0.01113 * shade[2]
    return seen_by(BLUE_1 if plane >= 0 else BLUE_2, shade)


VISIONS: dict[str, Callable[[Colour], Colour]] = {
    "all cones": lambda shade: shade,
    "no red cones": lambda shade: seen_by(RED, shade),
    "no green cones": lambda shade: seen_by(GREEN, shade),
    "no blue cones": without_blue,
}


def lab(shade: Colour) -> Colour:
    """CIE L*a*b* of linear sRGB under D65."""
    red, green, blue = shade
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883

    def curve(t: float) -> float:
        return t ** (1 / 3) if t > 216 / 24389 else 841 / 108 * t + 4 / 29

    return 116 * curve(y) - 16, 500 * (curve(x) - curve(y)), 200 * (curve(y) - curve(z))


def difference(first: str, second: str, vision: Callable[[Colour], Colour]) -> float:
    return math.dist(lab(vision(linear(first))), lab(vision(linear(second))))


def least_difference(pairs: Sequence[tuple[str, str]], vision: Callable[[Colour], Colour]) -> float:
    return min(difference(a, b, vision) for a, b in pairs)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISIONS.values(), ids=list(VISIONS))
def test_neighbouring_steps_of_utilisation_differ_to_every_eye(
    theme: int, vision: Callable[[Colour], Colour]
) -> None:
    ramp = [shade[theme] for shade in UTILISATION]
    assert least_difference(list(itertools.pairwise(ramp)), vision) >= 10


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISIONS.values(), ids=list(VISIONS))
def test_any_two_lines_of_a_chart_differ_to_every_eye(
    theme: int, vision: Callable[[Colour], Colour]
) -> None:
    lines = [shade[theme] for shade in SERIES]
    assert least_difference(list(itertools.combinations(lines, 2)), vision) >= 20


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_utilisation_reads_in_grey(theme: int) -> None:
    """Lightness goes one way from step to step, away from the land below."""
    lightness = [lab(linear(shade[theme]))[0] for shade in UTILISATION]
    ordered = sorted(lightness, reverse=theme == 0)
    assert lightness == ordered
    assert min(abs(a - b) for a, b in itertools.pairwise(lightness)) >= 5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["land", "home", "paper"])
def test_lines_stand_out_from_what_is_below(theme: int, ground: str) -> None:
    below = ROLES[ground][theme]
    for shade in [*UTILISATION, ROLES["unknown"], ROLES["ink"]]:
        assert contrast(shade[theme], below) >= 3.0
    for shade in SERIES:
        assert contrast(shade[theme], ROLES["paper"][theme]) >= 3.0


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_can_be_read(theme: int) -> None:
    """WCAG 2.1 asks 4.5 to 1 of text."""
    for ink in ("ink", "muted", "met", "missed", "undetermined", "assumed"):
        assert contrast(ROLES[ink][theme], ROLES["paper"][theme]) >= 4.5, ink
    for ground in ("land", "home"):
        assert contrast(ROLES["land-ink"][theme], ROLES[ground][theme]) >= 4.5
    assert contrast(ROLES["water-ink"][theme], ROLES["water"][theme]) >= 4.5


def test_contrast_does_not_depend_on_the_order() -> None:
    assert contrast("#767676", "#ffffff") == contrast("#ffffff", "#767676")
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_role_is_a_property_in_both_themes_and_paper_is_light() -> None:
    css = palette.stylesheet()
    for role, shade in palette.shades().items():
        assert css.count(f"--k-{role}:{shade.light};") == 1
        assert css.count(f"--k-{role}:{shade.dark};") == 2
    for block in re.findall(r"@media ([^{]*)\{:root", css):
        assert "screen" in block
    assert "http" not in css
    assert "@import" not in css


def test_an_unknown_role_is_an_error() -> None:
    with pytest.raises(KeyError):
        palette.colour("pink")
