from __future__ import annotations

from dataclasses import replace

import pytest

from keruen.report.charts.fan import FanSpec, FanYear, draw_fan
from picture_reading import elements, size, text_at, texts, titles

SPEC = FanSpec(
    title="Volume",
    description="By year",
    unit="Mt/year",
    years=(
        FanYear(2024, (4.0, 4.2, 4.4, 4.6, 5.0), 4.5),
        FanYear(2030, (4.0, 5.0, 6.0, 7.0, 8.0), 6.5),
        FanYear(2040, (3.0, 5.0, 7.0, 9.0, 12.0), 7.5),
    ),
    outer="nine in ten",
    inner="half",
    middle="median",
    computed="as it stands",
    number=lambda value: f"{value:g}",
    levels=((10.0, "wanted 10"),),
)


def corners(data: str) -> list[tuple[float, float]]:
    """Absolute corners of a path."""
    start, _, steps = data.rstrip("z").partition("l")
    x, y = (float(n) for n in start[1:].split())
    found = [(x, y)]
    numbers = [float(n) for n in steps.split()]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def filled(drawn: str) -> list[list[tuple[float, float]]]:
    return [corners(e.attrib["d"]) for e in elements(drawn, "path") if "fill-opacity" in e.attrib]


def test_bands_hold_their_ends_to_scale() -> None:
    drawn = draw_fan(SPEC, 900, "f")
    zero, ten = text_at(drawn, "0")[1], text_at(drawn, "10")[1]
    outer, inner = filled(drawn)
    assert len(outer) == len(inner) == 6

    def value(y: float) -> float:
        return (outer_zero - y) / (zero - ten) * 10.0

    # The baseline of a tick's words is a little below its line.
    outer_zero = outer[0][1] + (zero - ten) / 10.0 * 5.0
    assert [value(y) for _, y in outer] == pytest.approx([5, 8, 12, 3, 4, 4], abs=0.02)
    assert [value(y) for _, y in inner] == pytest.approx([4.6, 7, 9, 5, 5, 4.2], abs=0.02)
    assert [x for x, _ in outer[:3]] == pytest.approx([x for x, _ in reversed(outer[3:])], abs=0.2)


@pytest.mark.parametrize("width", [900, 328])
def test_all_is_in_words_and_inside_the_picture(width: float) -> None:
    drawn = draw_fan(SPEC, width, "f")
    assert {"median", "half", "nine in ten", "as it stands", "wanted 10"} <= set(texts(drawn))
    assert "2040: 7 (3–12) Mt/year" in titles(drawn)
    wide, high = size(drawn)
    for path in filled(drawn):
        assert all(0.0 <= x <= wide and 0.0 <= y <= high for x, y in path)


def test_a_fan_without_the_study_as_it_stands_has_no_line_for_it() -> None:
    years = tuple(replace(one, computed=None) for one in SPEC.years)
    assert "as it stands" not in texts(draw_fan(replace(SPEC, years=years), 900, "f"))


@pytest.mark.parametrize(
    "years",
    [
        SPEC.years[:1],
        SPEC.years[::-1],
        (SPEC.years[0], FanYear(2030, (1.0,) * 4)),
        (SPEC.years[0], FanYear(2030, (-1.0, 0.0, 1.0, 2.0, 3.0))),
    ],
)
def test_what_is_no_fan_is_refused(years: tuple[FanYear, ...]) -> None:
    with pytest.raises(ValueError, match=r"fan|negative"):
        draw_fan(replace(SPEC, years=years), 900, "f")
