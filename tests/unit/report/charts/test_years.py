from __future__ import annotations

import pytest

from keruen.report.charts.years import YearPlot, draw_year_grid
from picture_reading import elements, text_at, texts

PLOT = YearPlot(
    left=50.0, top=20.0, right=450.0, bottom=220.0, first=2024, last=2040, highest=10.0, size=12.0
)


def drawn_grid(plot: YearPlot = PLOT) -> str:
    grid = draw_year_grid(plot, "Mt/year", [0.0, 5.0, 10.0], lambda value: f"{value:g}")
    return f'<svg xmlns="http://www.w3.org/2000/svg">{grid}</svg>'


def test_scales_run_from_the_first_year_and_nought() -> None:
    assert PLOT.at(2024, 0.0) == (50.0, 220.0)
    assert PLOT.at(2032, 5.0) == (250.0, 120.0)
    assert PLOT.at(2040, 10.0) == (450.0, 20.0)


@pytest.mark.parametrize(("date", "value", "at"), [(2020, -1.0, (50, 220)), (2050, 12, (450, 20))])
def test_what_is_outside_stands_at_the_end(
    date: float, value: float, at: tuple[float, float]
) -> None:
    assert PLOT.at(date, value) == at


def test_the_grid_has_a_line_at_each_tick_and_a_mark_at_each_year() -> None:
    drawn = drawn_grid()
    lines = [
        tuple(float(one.attrib[name]) for name in ("x1", "y1", "x2", "y2"))
        for one in elements(drawn, "line")
    ]
    assert lines[:3] == [(50, 220, 450, 220), (50, 120, 450, 120), (50, 20, 450, 20)]
    marks = lines[3:]
    assert [x for x, *_ in marks] == [50 + 25 * year for year in range(0, 17, 2)]
    assert all(bottom - top == 4 for _, top, _, bottom in marks)
    said = texts(drawn)
    assert said[:4] == ["Mt/year", "0", "5", "10"]
    assert said[4:] == [str(year) for year in range(2024, 2041, 2)]
    assert text_at(drawn, "2032")[0] == 250.0
