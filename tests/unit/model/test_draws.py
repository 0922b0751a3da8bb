"""Draws of uncertain cells: within their ranges, stable, together where they are one judgement."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keruen.model.draws import (
    UncertainCell,
    draw_overlay,
    drawn_cells,
    fit_trains,
    quantiles,
    sample,
    uncertain,
)
from keruen.schema import ColumnType
from support.tiny_study import (
    Tables,
    assumed,
    change,
    project,
    tiny_model,
    tiny_tables,
)

SPEED = ("line_classes", "plain", "freight_speed_km_per_h")


def cell(row: str, *, said: str = "", **parts: Any) -> UncertainCell:  # noqa: ANN401
    made = UncertainCell(
        "t", row, "c", "4", "2", "4", "10", "triangular", ColumnType.NUMBER, (said or row,)
    )
    return made._replace(**parts)


def ranged(tables: Tables) -> Tables:
    tables["projects"] = [project("wires", status="committed", open_date="2027-01-01")]
    tables["project_changes"] = [change("wires", ("sections", "ab", "length_km"), 44)]
    line = tables["project_changes"][0]["id"]
    tables["provenance"] = [
        assumed(SPEED, 50, 75),
        assumed(("sections", "ab", "length_km"), 36, 44),
        assumed(("project_changes", line, "value"), 42, 48),
        assumed(("sections", "bc", "length_km"), 30, 30),
    ]
    return tables


def test_cells_with_two_ends_are_found_and_the_value_is_the_mode(tmp_path: Path) -> None:
    found = uncertain(tiny_model(tmp_path, ranged(tiny_tables())))
    assert [(one.table, one.low, one.mode, one.high) for one in found] == [
        ("line_classes", "50", "60", "75"),
        ("project_changes", "42", "44", "48"),
        ("sections", "36", "40", "44"),
    ]
    model = tiny_model(tmp_path / "again", ranged(tiny_tables()))
    assert [one.table for one in uncertain(model, ["sections"])] == ["sections"]
    with pytest.raises(ValueError, match="base"):
        uncertain(model.in_year(2025))


def test_a_drawn_study_holds_what_was_drawn_and_projects_build_on_it(tmp_path: Path) -> None:
    base = tiny_model(tmp_path, ranged(tiny_tables()))
    cells = uncertain(base)
    values = sample(cells, 3, 1)[2]
    drawn = draw_overlay(base, cells, values)
    before, after = drawn.at(date(2026, 1, 1)), drawn.at(date(2028, 1, 1))
    texts = drawn_cells(cells, values)
    line = next(key for key in texts if key[0] == "project_changes")
    assert before.number("sections", "ab", "length_km") == values[2]
    assert after.number("sections", "ab", "length_km") == pytest.approx(float(texts[line]))
    assert after.number(*SPEED) == values[0]


@given(
    low=st.floats(0.1, 5),
    rise=st.floats(0, 5),
    fall=st.floats(0.1, 5),
    kind=st.sampled_from(["triangular", "uniform", "pert"]),
    type_=st.sampled_from([ColumnType.NUMBER, ColumnType.INTEGER]),
)
@settings(max_examples=60, deadline=None)
def test_quantiles_rise_and_stay_within_the_range(
    low: float, rise: float, fall: float, kind: str, type_: ColumnType
) -> None:
    if type_ is ColumnType.INTEGER:
        low, rise, fall = round(low), round(rise), round(fall) + 1
    texts = [repr(low), repr(low + rise), repr(low + rise + fall)]
    one = cell("a", distribution=kind, type=type_, low=texts[0], mode=texts[1], high=texts[2])
    found = quantiles(one, np.linspace(0.0, 0.999, 200))
    assert (np.diff(found) >= -1e-9).all()
    assert float(texts[0]) <= found.min() <= found.max() <= float(texts[2])


def test_a_triangle_has_the_mean_of_its_corners() -> None:
    found = quantiles(cell("a"), (np.arange(10_000) + 0.5) / 10_000)
    assert found.mean() == pytest.approx((2 + 4 + 10) / 3, rel=1e-4)
    found = quantiles(cell("a", distribution="pert"), (np.arange(10_000) + 0.5) / 10_000)
    assert found.mean() == pytest.approx((2 + 4 * 4 + 10) / 6, rel=1e-4)


def test_alternatives_take_the_likeliest_three_times_in_four() -> None:
    one = cell("a", distribution="alternatives", low="x", mode="y", high="z", value="y")
    found = quantiles(one, (np.arange(800) + 0.5) / 800)
    assert np.bincount(found.astype(int)).tolist() == [600, 100, 100]
    assert [one.text(place) for place in (0.0, 1.0, 2.0)] == ["y", "x", "z"]


@pytest.mark.parametrize("method", ["latin", "sobol"])
def test_draws_hang_neither_on_their_number_nor_on_the_order_of_cells(method: str) -> None:
    cells = [cell(name) for name in "abcde"]
    many = sample(cells, 100, 5, method)
    assert (sample(cells, 37, 5, method) == many[:37]).all()
    assert (sample(cells[::-1], 100, 5, method)[:, ::-1] == many).all()
    assert (sample(cells, 100, 6, method) != many).any()


def test_a_further_cell_changes_no_other() -> None:
    cells = [cell(name) for name in "ace"]
    alone = sample(cells, 20, 5)
    assert (sample([*cells, cell("b")], 20, 5)[:, :3] == alone).all()


@given(power=st.integers(0, 7), seed=st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_of_a_power_of_two_draws_each_part_has_one(power: int, seed: int) -> None:
    count = 2**power
    even = cell("a", distribution="uniform", low="0", mode="0", high="1")
    found = sample([even, cell("b")], count + 3, seed)[:count, 0]
    assert sorted(np.floor(found * count).astype(int).tolist()) == list(range(count))


def test_one_judgement_is_drawn_once(tmp_path: Path) -> None:
    cells = [cell("a", said="x"), cell("b", said="x"), cell("c")]
    found = sample(cells, 16, 3)
    assert (found[:, 0] == found[:, 1]).all()
    assert (found[:, 0] != found[:, 2]).any()
    tables = tiny_tables()
    column = "permitted_speed_km_per_h"
    rows = [str(row["id"]) for row in tables["sections"] if row["mode"] == "rail"][:2]
    for row in tables["sections"]:
        row[column] = 70
    tables["provenance"] = [assumed(("sections", row, column), 60, 80) for row in rows]
    alike = uncertain(tiny_model(tmp_path, tables))
    assert len({one.judgement for one in alike}) == 1 < len(alike)


def test_trains_are_no_longer_than_the_loops_they_fit() -> None:
    train = cell(
        "mixed", table="train_types", column="length_m", low="700", mode="800", high="1000"
    )
    long = cell("a", table="line_classes", column="loop_length_m", mode="900")
    short = long._replace(row="b", mode="750")
    values = np.array([[950.0, 870.0, 700.0], [850.0, 870.0, 700.0], [950.0, 600.0, 700.0]])
    fitted = fit_trains([train, long, short], values)
    assert fitted[:, 0].tolist() == [870.0, 850.0, 700.0]
    assert (fitted[:, 1:] == values[:, 1:]).all()
