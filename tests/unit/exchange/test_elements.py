from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from keruen.capacity import Capacities, capacity
from keruen.capacity.reader import ElementReader
from keruen.errors import UsageError
from keruen.exchange.elements import (
    DIRECTIONS,
    by_direction,
    capacities,
    capacity_columns,
    line_wkt,
    located,
    model_of_day,
    with_classes,
)
from keruen.model import Model
from keruen.rail.line_capacity import Level
from support.exports import content, corridor


@cache
def on_first_day() -> Model:
    return corridor().in_year(2024)


@cache
def found() -> pd.DataFrame:
    return capacities(content(), on_first_day())


def results(year: int) -> pd.DataFrame:
    """Capacities as the table of a run holds them."""
    records = capacity(Capacities(corridor().in_year(year)))
    return pd.DataFrame([{"year": year, **record._asdict()} for record in records])


def test_the_day_is_the_models_own_or_the_first_of_july() -> None:
    assert model_of_day(content(year=2031)).on == date(2031, 7, 1)
    day = corridor().at(date(2026, 2, 3))
    assert model_of_day(content(model=day, year=2026)) is day


def test_empty_cells_hold_what_the_engines_read() -> None:
    model = on_first_day()
    filled = with_classes(model, "sections")
    checked = 0
    for row in model["sections"].index:
        for column in ("freight_speed_km_per_h", "crossing_gap_km", "passenger_pairs_per_day"):
            read = ElementReader(model, "sections", str(row)).optional(column)
            cell = filled[column].astype(float)[str(row)]
            assert np.isnan(cell) if read is None else cell == read
            checked += model.number("sections", str(row), column) is None and read is not None
    assert checked > 5, "no cell of the template was empty"
    assert pd.isna(model["sections"]["freight_speed_km_per_h"]).any(), "the model was changed"


def test_capacities_of_results_and_of_the_model_are_the_same() -> None:
    tables = {"capacity": pd.concat([results(2024), results(2027)])}
    read = capacities(content(tables), on_first_day())
    pd.testing.assert_frame_equal(read, found())


def test_a_year_that_the_results_do_not_hold_is_told() -> None:
    with pytest.raises(UsageError) as raised:
        capacities(content({"capacity": results(2024)}, year=2050), on_first_day())
    problem = raised.value.problems[0]
    assert problem.code == "year_not_in_results"
    assert problem.params == {"value": 2050, "first": 2024, "last": 2024}
    none = results(2024).iloc[:0]
    with pytest.raises(UsageError):
        capacities(content({"capacity": none}), on_first_day())


def test_the_level_is_the_one_asked_for() -> None:
    model = on_first_day()
    practical = by_direction(found(), "sections", "forward")["trains_per_day"]
    most = capacities(content(level=Level.MAXIMAL), model)
    maximal = by_direction(most, "sections", "forward")["trains_per_day"]
    assert (practical.dropna() < maximal.dropna()).all()
    assert capacities(content(level=None), model).empty


def test_each_element_has_each_direction_once() -> None:
    assert not found().duplicated(["kind", "id", "direction"]).any()
    rail = on_first_day()["sections"].query("mode == 'rail'").index
    for direction in DIRECTIONS:
        own = by_direction(found(), "sections", direction)
        assert set(rail) <= set(own.index)
        assert own.loc[rail, "trains_per_day"].gt(0).all()


def test_columns_hold_the_lesser_direction_and_both() -> None:
    columns = capacity_columns(content(), found(), "vessel_lines")
    forward, backward = (columns[f"capacity_t_per_year_{side}"] for side in DIRECTIONS)
    assert (forward != backward).any(), "directions differ in the template"
    np.testing.assert_array_equal(columns["capacity_t_per_year"], np.minimum(forward, backward))
    assert set(columns["capacity_year"]) == {2024}
    assert set(columns["capacity_level"]) == {"practical"}
    assert set(columns["capacity_limit"]) == {"vessels"}


def test_an_unknown_direction_is_not_nought() -> None:
    one_way = found().query("not (kind == 'vessel_lines' and direction == 'backward')")
    columns = capacity_columns(content(), one_way, "vessel_lines")
    assert columns["capacity_t_per_year_backward"].isna().all()
    np.testing.assert_array_equal(
        columns["capacity_t_per_year"], columns["capacity_t_per_year_forward"]
    )


def test_two_limits_are_both_told() -> None:
    limits = found().copy()
    limits.loc[limits["direction"] == "backward", "limit"] = "weather"
    columns = capacity_columns(content(), limits, "vessel_lines")
    assert set(columns["capacity_limit"]) == {"vessels / weather"}


def test_places_are_those_of_the_coordinates_and_unknown_ones_have_no_line() -> None:
    model = on_first_day()
    places = located(model)
    first = model["coordinates"].iloc[0]
    assert places.at[first["node"], "lon_deg"] == first["lon_deg"]
    assert list(places.index) == list(model["nodes"].index)
    start, end = (str(node) for node in places.index[:2])
    assert str(line_wkt(places, start, end)).startswith("LINESTRING (")
    places.loc[end, "lat_deg"] = np.nan
    assert line_wkt(places, start, end) is None
