from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from keruen.report.charts.staircase import Opening, StaircaseSpec, Stairs, draw_staircase
from picture_reading import elements, size, text_at, texts, titles

LINE = Stairs("Dostyk–Moyynty", ((2024.0, 12.0), (2025.75, 60.0)), strong=True)
SPEC = StaircaseSpec(
    title="Capacity",
    description="By year",
    unit="pairs a day",
    first=2024,
    last=2041,
    series=(LINE, Stairs("Bypass", ((2026.0, 18.0),))),
    number=lambda value: f"{value:g}",
    openings=(Opening(2026.0, "bypass opens"), Opening(2025.75, "second track opens")),
    levels=((50.0, "wanted 50"),),
)


def corners(drawn: str, shade: str) -> list[tuple[float, float]]:
    """Absolute corners of the stairs of one colour."""
    (path,) = [e for e in elements(drawn, "path") if e.attrib["stroke"] == shade]
    start, _, steps = path.attrib["d"].partition("l")
    x, y = (float(n) for n in start[1:].split())
    found = [(x, y)]
    numbers = [float(n) for n in steps.split()]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def test_stairs_rise_at_the_opening_and_keep_the_scale() -> None:
    drawn = draw_staircase(SPEC, 900, "s")
    line = corners(drawn, "var(--k-s0)")
    assert len(line) == 4, "level, rise, level"
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = line
    assert y0 == pytest.approx(y1)
    assert x1 == pytest.approx(x2)
    assert y2 == pytest.approx(y3)
    assert (x1 - x0) / (x3 - x0) == pytest.approx(1.75 / 17, abs=1e-3)
    zero, sixty = text_at(drawn, "0")[1], text_at(drawn, "60")[1]
    assert (y0 - y2) / (zero - sixty) == pytest.approx((60 - 12) / 60, abs=1e-3)


def test_openings_are_numbered_by_date_and_listed() -> None:
    drawn = draw_staircase(SPEC, 900, "s")
    words = texts(drawn)
    first, second = words.index("second track opens"), words.index("bypass opens")
    assert first < second
    assert words[first - 1] == "1"
    assert words[second - 1] == "2"
    assert {"second track opens", "bypass opens"} <= set(titles(drawn))


def test_an_opening_outside_the_years_is_left_out() -> None:
    spec = replace(SPEC, openings=(Opening(2050, "far off"),))
    assert "far off" not in texts(draw_staircase(spec, 900, "s"))


def test_every_line_is_named_at_its_end_without_overlap() -> None:
    lines = tuple(Stairs(f"line {i}", ((2024.0, 20.0 + i / 9),)) for i in range(8))
    drawn = draw_staircase(replace(SPEC, series=lines), 900, "s")
    heights = sorted(text_at(drawn, f"line {i}")[1] for i in range(8))
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 12
    assert text_at(drawn, "wanted 50")[0] == text_at(drawn, "line 0")[0]


def test_a_missing_value_breaks_the_line() -> None:
    gap = Stairs("gap", ((2024.0, 10.0), (2026.0, None), (2030.0, 20.0)))
    drawn = draw_staircase(replace(SPEC, series=(gap,)), 900, "s")
    (path,) = [e for e in elements(drawn, "path") if e.attrib["stroke"] == "var(--k-s0)"]
    assert path.attrib["d"].count("M") == 2


def test_a_line_whose_last_value_is_missing_is_named_where_it_ends() -> None:
    closed = Stairs("closed", ((2024.0, 10.0), (2030.0, None)))
    drawn = draw_staircase(replace(SPEC, series=(closed,)), 900, "s")
    assert "closed" in texts(drawn)


def test_lines_differ_without_colour() -> None:
    lines = tuple(Stairs(f"line {i}", ((2024.0, 10.0 + i),)) for i in range(6))
    drawn = draw_staircase(replace(SPEC, series=lines), 900, "s")
    dashes = [e.attrib.get("stroke-dasharray") for e in elements(drawn, "path")]
    assert len(set(dashes)) == 6


@pytest.mark.parametrize("width", [336, 900])
def test_it_fits_its_width(width: float) -> None:
    drawn = draw_staircase(SPEC, width, "s")
    across, down = size(drawn)
    assert across == width
    for element in elements(drawn, "text"):
        assert 0 <= float(element.attrib["x"]) <= across
        assert 0 < float(element.attrib["y"]) <= down
        assert float(element.attrib["font-size"]) >= 10.5


@pytest.mark.parametrize(
    "change",
    [
        {"first": 2041.0},
        {"series": ()},
        {"series": (Stairs("none", ((2024.0, None),)),)},
        {"series": (Stairs("less", ((2024.0, -1.0),)),)},
        {"series": (Stairs("nan", ((2024.0, float("nan")),)),)},
    ],
)
def test_nonsense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"span|negative|finite"):
        draw_staircase(replace(SPEC, **change), 900, "s")  # type: ignore[arg-type]


def test_lines_beyond_the_colours_are_told_apart_by_their_dashes() -> None:
    many = tuple(Stairs(f"line {n}", ((2024.0, float(n)),)) for n in range(9))
    spec = replace(SPEC, series=many, openings=(), levels=())
    drawn = [
        (path.attrib["stroke"], path.attrib.get("stroke-dasharray"))
        for path in elements(draw_staircase(spec, 900, "many"), "path")
    ]
    assert len(drawn) == len(set(drawn)) == 9
