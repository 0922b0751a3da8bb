from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from keruen.errors import KeruenError
from keruen.model import Model
from keruen.study.cache import StepCache
from keruen.study.forecast.drivers import FEWEST
from keruen.study.forecast.forecast import DRAWS as KEPT
from keruen.study.forecast.forecast import (
    Forecast,
    between,
    forecast,
    kept_forecast,
    milestones,
)
from keruen.study.pipeline import Request
from support.template_draft import TEMPLATES

CORRIDOR = TEMPLATES / "corridor"
DRAWS = 4


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Forecast, StepCache]:
    cache = StepCache(tmp_path_factory.mktemp("cache"))

    def silent(step: str, share: float) -> None:
        del step, share

    return kept_forecast(Request(CORRIDOR), DRAWS, 11, silent, cache, workers=1), cache


def test_every_definition_has_a_fan_in_every_year(
    found: tuple[Forecast, StepCache], model: Model
) -> None:
    volumes = found[0].tables["forecast_volumes"]
    assert set(volumes["id"]) == {"berth_boxes_2024", "rail_west", "east_part"}
    assert set(volumes["year"]) == set(model.settings.years)
    assert (volumes["n"] == DRAWS).all()
    for low, high in (("p05", "p25"), ("p25", "p50"), ("p50", "p75"), ("p75", "p95")):
        assert (volumes[low] <= volumes[high] + 1e-9).all()
    own = volumes[volumes["id"] == "rail_west"].set_index("year")
    assert own["interpolated"].sum() == len(own) - 2
    assert own["as_computed"][2024] > 0.0
    assert own["sd"][2035] > 0.0
    assert found[0].open == 0


def test_chances_are_of_targets_that_a_volume_is_counted_for(
    found: tuple[Forecast, StepCache],
) -> None:
    chances = found[0].tables["forecast_probability"]
    assert set(chances["target"]) == {"port_boxes"}
    assert chances["share"].between(0.0, 1.0).all()


def test_a_forecast_is_kept(found: tuple[Forecast, StepCache]) -> None:
    def never(step: str, share: float) -> None:
        raise AssertionError((step, share))

    again = kept_forecast(Request(CORRIDOR), DRAWS, 11, never, found[1])
    for name, frame in found[0].tables.items():
        pd.testing.assert_frame_equal(again.tables[name], frame)
    assert again.open == found[0].open


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(KeruenError, match="out_of_range"):
        forecast(Request(CORRIDOR), 1)


def test_years_between_grow_evenly() -> None:
    known = np.array([2024, 2027], dtype=np.int64)
    values = np.array([[[1.0, 0.0], [8.0, 3.0]]])
    found = between(known.astype(np.float64), values, np.arange(2024.0, 2028.0))
    assert found[0, :, 0].tolist() == pytest.approx([1.0, 2.0, 4.0, 8.0])
    assert found[0, :, 1].tolist() == pytest.approx([0.0, 1.0, 2.0, 3.0])


def test_milestones_hold_both_ends(model: Model) -> None:
    assert milestones(model, 1) == tuple(model.settings.years)
    assert milestones(model, 5) == (2024, 2029, 2034, 2035)


def test_few_draws_tell_no_drivers_and_say_so(found: tuple[Forecast, StepCache]) -> None:
    assert found[0].tables["forecast_drivers"].empty
    assert found[0].tables["forecast_groups"].empty
    (few,) = [one for one in found[0].warnings if one.code == "forecast_few_draws"]
    assert few.params == {"count": DRAWS, "least": FEWEST}
    assert FEWEST <= KEPT
