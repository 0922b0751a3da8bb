from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from keruen.model import Model
from keruen.study.forecast.frames import (
    Fan,
    probability_frame,
    volumes_frame,
    without,
    without_volume,
)
from keruen.study.forecast.rows import rows_of_target

ROWS = ("berth_boxes", "east_part")


@pytest.fixture(scope="module")
def fan() -> Fan:
    drawn = np.stack(
        [np.linspace(100_000.0, 200_000.0, 11)[:, None] * [1.0, 1.1], np.full((11, 2), 0.4)], axis=2
    )
    return Fan(ROWS, (2024, 2025), (False, True), np.ones((2, 2)), drawn)


def test_a_fan_is_told_by_its_quantiles(model: Model, fan: Fan) -> None:
    frame = volumes_frame(model, fan).set_index(["id", "year"])
    boxes: Any = frame.loc["berth_boxes", 2024]
    assert (boxes["p05"], boxes["p50"], boxes["p95"]) == pytest.approx((105e3, 150e3, 195e3))
    assert boxes["mean"] == pytest.approx(150e3)
    assert boxes["sd"] == pytest.approx(np.linspace(1e5, 2e5, 11).std(ddof=1))
    assert (boxes["n"], boxes["unit"], boxes["as_computed"]) == (11, "TEU/year", 1.0)
    assert frame["interpolated"].tolist() == [False, True] * 2
    assert frame["sd"]["east_part", 2025] == pytest.approx(0.0)


def test_values_that_no_draw_has_are_not_counted(model: Model, fan: Fan) -> None:
    drawn = fan.drawn.copy()
    drawn[:4, 0, 1] = np.nan
    drawn[:, 1, 1] = np.nan
    frame = volumes_frame(model, fan._replace(drawn=drawn)).set_index(["id", "year"])
    assert frame.loc["east_part"]["n"].tolist() == [7, 0]
    assert frame["p50"]["east_part", 2024] == pytest.approx(0.4)
    assert np.isnan(frame["mean"]["east_part", 2025])


def test_the_chance_of_a_target_is_the_share_of_draws_that_reach_it(model: Model, fan: Fan) -> None:
    seen = ("observations", "boxes_2023")
    frame = probability_frame(model, fan)
    element = tuple(model.text(*seen, name) for name in ("subject_table", "subject_row"))
    wanted = ("targets", "port_boxes")
    assert element == tuple(model.text(*wanted, n) for n in ("subject_table", "subject_row"))
    assert rows_of_target(model, "port_boxes", ROWS) == ("berth_boxes",)
    assert set(frame["target"]) == {"port_boxes"}
    assert frame["share"].tolist() == pytest.approx([6 / 11, 7 / 11])
    assert set(frame["judged_by"]) == {"volume"}
    assert set(frame["target_is_of"]) == {"capacity"}
    assert set(frame["counts"]) == {"at_least"}
    assert frame["within_share"].isna().all()


def test_of_a_fact_draws_above_it_do_not_count_and_it_is_said_so(model: Model, fan: Fan) -> None:
    targets = model["targets"].copy()
    targets.loc["port_boxes", ["kind", "metric"]] = ["fact", "volume_teu"]
    stated = replace(model, tables=MappingProxyType({**model.tables, "targets": targets}))
    frame = probability_frame(stated, fan)
    # Of 100,000 to 200,000 in eleven steps only one is within 5 % of 150,000.
    assert frame["share"].tolist()[0] == pytest.approx(1 / 11)
    assert set(frame["counts"]) == {"within"}
    assert set(frame["within_share"]) == {0.05}
    assert set(frame["target_is_of"]) == {"volume"}


def test_targets_without_a_volume_of_their_own_are_named(model: Model, fan: Fan) -> None:
    chances = probability_frame(model, fan)
    assert without_volume(model, chances) == ("corridor_volume",)
    assert without_volume(model, chances.iloc[:0]) == ("corridor_volume", "port_boxes")


def test_of_what_was_not_known_no_number_is_told(model: Model, fan: Fan) -> None:
    bare = without(fan, ("berth_boxes",))
    frame = volumes_frame(model, bare).set_index(["id", "year"])
    assert frame.loc["berth_boxes"]["n"].tolist() == [0, 0]
    assert frame.loc["berth_boxes"][["as_computed", "p50"]].isna().all().all()
    assert frame.loc["east_part"]["n"].tolist() == [11, 11]
    chances = probability_frame(model, bare)
    assert chances["share"].isna().all()
    assert set(chances["n"]) == {0}
