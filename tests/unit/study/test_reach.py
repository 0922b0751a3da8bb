from __future__ import annotations

from pathlib import Path

import pytest

from keruen.model import Model, load_model
from keruen.study.reach import reach_problems
from support.tiny_study import tiny_model
from support.worlds import template


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(template("corridor")(tmp_path_factory.mktemp("study") / "corridor"))


def test_a_study_without_freight_has_nothing_to_reach(tmp_path: Path) -> None:
    assert reach_problems(tiny_model(tmp_path)) == []


def test_a_study_whose_demand_all_has_a_way(base: Model) -> None:
    assert reach_problems(base) == []


def test_demand_behind_a_line_that_is_gone_is_told_at_its_zone(base: Model) -> None:
    gone = base.patched({("vessel_lines", "ailaq_jaga_container", "in_service_to"): "2023-01-01"})
    (told,) = reach_problems(gone)
    assert (told.code, told.place, told.is_error) == ("demand_without_way", "zones.csv:2:id", False)
    assert told.params["amount"] == pytest.approx(34649, abs=1)
    assert told.params["year"] == "2024"


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        (("tariffs", "sea_any", "amount"), "tariffs.csv:8:amount"),
        (("route_aversions", "sea_feared", "cost_usd_per_unit"), None),
    ],
)
def test_what_flows_would_refuse_is_an_error(
    base: Model, cell: tuple[str, str, str], place: str | None
) -> None:
    (told,) = reach_problems(base.patched({cell: "-100000"}))
    assert (told.code, told.is_error) == ("cost_below_nought", True)
    assert told.place == (place or "route_aversions.csv:2:cost_usd_per_unit")
