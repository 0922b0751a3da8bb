from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.line_run import LineRun, line_run
from keruen.errors import FailedError, UsageError
from support.tiny_study import BASE_DAY, Tables, hauled_tables, row_of, tiny_model


def run(
    folder: Path,
    tables: Tables | None = None,
    name: str = "main",
    train_type: str | None = None,
    backward: bool = False,
) -> LineRun:
    model = tiny_model(folder, tables or hauled_tables()).at(date.fromisoformat(BASE_DAY))
    return line_run(model, name, train_type, backward=backward)


def codes(error: FailedError | UsageError) -> list[str]:
    return [problem.code for problem in error.problems]


def test_one_train_runs_through_without_stopping(tmp_path: Path) -> None:
    whole = run(tmp_path)
    (leg,) = whole.legs
    assert [one.passed.section for one in leg.stretches] == ["ab", "bc"]
    assert [(one.from_km, one.to_km) for one in leg.stretches] == [(0.0, 40.0), (40.0, 70.0)]
    apart = run(tmp_path, name="ab").forced_min + run(tmp_path, name="bc").forced_min
    assert apart - 6.0 < whole.forced_min < apart
    assert whole.time_min == pytest.approx(1.1 * whole.forced_min, rel=1e-9)
    assert leg.run.running_min == pytest.approx(whole.time_min, rel=2e-5)
    assert whole.wire_kwh is None
    assert whole.fuel_l is not None
    assert whole.assumes_profile


def test_locomotives_change_where_the_traction_does(tmp_path: Path) -> None:
    tables = hauled_tables()
    row_of(tables, "sections", "bc")["traction"] = "25kv_ac"
    found = run(tmp_path, tables)
    assert [leg.locomotive for leg in found.legs] == ["diesel_one", "wire_one"]
    assert [leg.run.speed_km_per_h[-1] for leg in found.legs] == [0.0, 0.0]
    assert found.legs[1].stretches[0].from_km == 40.0
    assert found.gross_t_km(is_diesel=True) == pytest.approx(3000 * 40)
    assert found.gross_t_km() == pytest.approx(3000 * 70)
    assert found.wire_kwh is not None
    assert found.substation_kwh is not None
    assert found.substation_kwh > found.wire_kwh
    kilometres = found.kilometres()
    assert kilometres[1].from_km[0] == 40.0


def test_allowances_of_sections_hold_by_their_share_of_the_way(tmp_path: Path) -> None:
    tables = hauled_tables()
    row_of(tables, "sections", "ab")["running_allowance_share"] = 0.0
    found = run(tmp_path, tables)
    second = found.forced_min * 3 / 7
    assert found.time_min == pytest.approx(found.forced_min + 0.1 * second, rel=0.01)


def test_a_lighter_train_takes_less_in_all_and_more_a_tonne(tmp_path: Path) -> None:
    ordinary, light = run(tmp_path, name="ab"), run(tmp_path, name="ab", train_type="boxes")
    assert light.legs[0].train_type == "boxes"
    assert light.wheel_kwh < ordinary.wheel_kwh
    assert light.wheel_kwh / light.gross_t_km() > ordinary.wheel_kwh / ordinary.gross_t_km()


def test_a_profile_is_run_the_way_that_is_asked(tmp_path: Path) -> None:
    tables = hauled_tables()
    tables["track_profiles"] = [
        {"section": "ab", "km": km, "elevation_m": 100 + 5 * km} for km in (0, 20, 40)
    ]
    up, down = run(tmp_path, tables, "ab"), run(tmp_path, tables, "ab", backward=True)
    assert not up.assumes_profile
    climb_kwh = (3000 + 138) * 9.80665 * 200 / 3600
    assert up.wheel_kwh - down.wheel_kwh > 0.9 * climb_kwh
    assert up.time_min > down.time_min
    (leg,) = down.legs
    assert leg.stretches[0].passed.start == "b"


def test_help_is_put_before_the_train_where_one_locomotive_stalls(tmp_path: Path) -> None:
    tables = hauled_tables()
    row_of(tables, "sections", "bc").update(ruling_gradient_permille=22, gradient_share=1)
    (leg,) = run(tmp_path, tables).legs
    assert leg.hauled.units > leg.stated_units == 1
    assert [one.units_needed for one in leg.stretches] == [1, leg.hauled.units]


def test_a_train_that_cannot_run_is_told_with_its_section(tmp_path: Path) -> None:
    tables = hauled_tables()
    row_of(tables, "sections", "bc").update(ruling_gradient_permille=30, gradient_share=1)
    row_of(tables, "train_types", "ordinary")["gross_t"] = 9000
    with pytest.raises(FailedError) as raised:
        run(tmp_path, tables)
    (problem,) = raised.value.problems
    assert (problem.code, problem.params["section"]) == ("ruling_not_started", "bc")
    assert (problem.file, problem.row) == ("sections.csv", 3)
    del row_of(tables, "sections", "bc")["ruling_gradient_permille"]
    row_of(tables, "line_classes", "plain")["ruling_gradient_permille"] = 30
    with pytest.raises(FailedError) as raised:
        run(tmp_path, tables)
    assert (raised.value.problems[0].file, raised.value.problems[0].row) == ("line_classes.csv", 2)


def test_a_train_that_a_profile_stops_is_told_in_the_row_of_the_profile(tmp_path: Path) -> None:
    tables = hauled_tables()
    tables["track_profiles"] = [
        {"section": "ab", "km": km, "elevation_m": height}
        for km, height in ((0, 600), (15, 600), (20, 225), (40, 225))
    ]
    with pytest.raises(FailedError) as raised:
        run(tmp_path, tables)
    (problem,) = raised.value.problems
    assert (problem.code, problem.file) == ("profile_not_braked", "track_profiles.csv")
    assert problem.row == 3


def test_a_limit_of_the_profile_above_the_permitted_speed_does_not_hold(tmp_path: Path) -> None:
    tables = hauled_tables()
    tables["track_profiles"] = [
        {"section": "ab", "km": km, "elevation_m": 100, "limit_km_per_h": 150} for km in (0, 40)
    ]
    high = run(tmp_path, tables, "ab").forced_min
    for row in tables["track_profiles"]:
        del row["limit_km_per_h"]
    assert run(tmp_path, tables, "ab").forced_min == high


def test_container_trains_keep_their_own_limit(tmp_path: Path) -> None:
    tables = hauled_tables()
    row_of(tables, "train_types", "boxes").update(speed="container", gross_t=1000)
    row_of(tables, "locomotives", "diesel_one")["max_speed_km_per_h"] = 120
    before = run(tmp_path, tables, "ab", "boxes").forced_min
    row_of(tables, "line_classes", "plain")["container_permitted_speed_km_per_h"] = 100
    boxes, ordinary = run(tmp_path, tables, "ab", "boxes"), run(tmp_path, tables, "ab")
    assert boxes.forced_min < before
    assert boxes.legs[0].run.speed_km_per_h.max() > 85.0
    assert ordinary.legs[0].run.speed_km_per_h.max() <= 80.0 + 1e-9
    row_of(tables, "sections", "ab")["container_permitted_speed_km_per_h"] = 60
    slow = run(tmp_path, tables, "ab", "boxes")
    assert slow.legs[0].run.speed_km_per_h.max() <= 60.0 + 1e-9


def test_a_train_of_another_gauge_is_refused(tmp_path: Path) -> None:
    tables = hauled_tables()
    own = row_of(tables, "haulings", tables["haulings"][0]["id"])
    tables["haulings"].append({**own, "id": "narrow", "gauge_mm": 1435, "train_type": "boxes"})
    with pytest.raises(FailedError) as raised:
        run(tmp_path, tables, "ab", "boxes")
    (problem,) = raised.value.problems
    assert (problem.code, problem.params["gauge"]) == ("train_type_of_other_gauge", 1520)


def test_what_cannot_be_run_is_refused(tmp_path: Path) -> None:
    tables = hauled_tables()
    sea = {"id": "cd", "mode": "sea", "from_node": "c", "to_node": "d", "length_km": 400}
    tables["sections"].append(sea)
    row_of(tables, "sections", "bc")["traction"] = "3kv_dc"
    del row_of(tables, "line_classes", "plain")["running_allowance_share"]
    for name, code in (
        ("bc", "section_without_hauling"),
        ("ab", "section_without_track"),
        ("cd", "section_not_of_rail"),
    ):
        with pytest.raises(FailedError) as raised:
            run(tmp_path, tables, name)
        assert codes(raised.value) == [code]
    with pytest.raises(UsageError) as refused:
        run(tmp_path, tables, "lines/ab")
    assert codes(refused.value) == ["unknown_section_or_line"]
    with pytest.raises(UsageError) as refused:
        run(tmp_path, tables, "ab", train_type="box")
    assert codes(refused.value) == ["unknown_train_type"]


def test_an_id_of_both_tables_means_the_section(tmp_path: Path) -> None:
    tables = hauled_tables()
    for row in tables["sections"]:
        row["line"] = "ab" if row["line"] == "main" else row["line"]
    tables["lines"].append({"id": "ab", "mode": "rail"})
    assert run(tmp_path, tables, "ab").table == "sections"
    assert run(tmp_path, tables, "lines/ab").length_km == 70.0
