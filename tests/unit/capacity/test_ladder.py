"""What binds first, what next, at what volume, and which project lifts it."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.ladder import (
    Ladder,
    bound_of,
    candidates_for,
    corridor_ladder,
    counts_teu,
    lifting_projects,
    pending_projects,
)
from keruen.capacity.registry import Capacities
from keruen.errors import OutOfServiceError
from keruen.rail.line_capacity import Level
from support.tiny_study import (
    Tables,
    change,
    inserts,
    project,
    row_of,
    tiny_day,
    tiny_model,
    tiny_tables,
)

DAY = date(2024, 7, 1)
BERTH_TEU = 175.2 * 200
TEU_PER_T = 0.8 / 10 + 0.2 / 8


def volumes(ladder: Ladder) -> dict[str, float]:
    return {step.element: step.binds_at_t for step in ladder.steps}


def test_every_step_by_hand(tmp_path: Path) -> None:
    ladder = corridor_ladder(tiny_day(tmp_path), "way", Level.AVAILABLE)
    trains = 0.8 / 1000 * 1.1 / 365  # pairs a day for a tonne a year, forward being the heavier
    single = (1380 * 0.9 / 46 - 2 * 1.2 - 3) / trains
    expected = {
        "berth_c": BERTH_TEU / (TEU_PER_T * 1.1),  # boxes of both directions
        "c_d": 219 * 0.9 * 200 / (0.08 * 1.1),  # forward, the fuller way
        "locos": 8 / trains,
        "ab": single,
        "de": single,
        "b_tracks": 48 * 0.9 / trains,
        "bc": (1320 * 0.9 / 10 - 2 * 1.5 - 3) / trains,
    }
    found = volumes(ladder)
    border = found.pop("a_entry")
    assert found == pytest.approx(expected)
    assert found["locos"] < border < found["ab"]
    assert ladder.capacity_t == pytest.approx(expected["berth_c"])
    assert ladder.capacity_teu == pytest.approx(expected["berth_c"] * TEU_PER_T)
    assert [step.rank for step in ladder.steps] == list(range(1, 9))


def test_equal_steps_stand_by_kind_and_id(tmp_path: Path) -> None:
    order = [step.element for step in corridor_ladder(tiny_day(tmp_path), "way").steps]
    assert order.index("ab") + 1 == order.index("de")


def test_a_berth_for_other_cargo_is_no_step(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "handling", "berth_c")["serves"] = "dry_bulk"
    assert "berth_c" not in volumes(corridor_ladder(tiny_day(tmp_path, tables), "way"))


def test_boxes_count_in_teu_and_all_else_in_tonnes(tmp_path: Path) -> None:
    record = tiny_day(tmp_path).of("handling", "berth_c")[0]
    assert counts_teu(record, "container")
    assert not counts_teu(record, "any")
    assert bound_of(record, "any") == record.t_per_year
    assert bound_of(record._replace(t_per_year=None), "any") == record.teu_per_year
    assert bound_of(record._replace(t_per_year=None, teu_per_year=None), "any") is None
    assert bound_of(record._replace(trains_per_day=3.0), "container") == 3.0


def test_trains_of_one_class_load_the_tracks_that_serve_it(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "handling", "berth_c").update(native_unit="train", direction="forward")
    tables["commodities"].append({"id": "ore", "class": "dry_bulk", "unit": "t"})
    tables["train_types"].append(
        {"id": "heavy", "gross_t": 4000, "length_m": 800, "wagons": 50, "speed": "freight"}
    )
    tables["loadings"].append(
        {"commodity": "ore", "direction": "forward", "train_type": "heavy"}
        | {"net_t_per_train": 2000, "loaded_share": 1}
    )
    tables["corridor_mix"][0]["share"] = 0.5
    tables["corridor_mix"].append(
        {"corridor": "way", "commodity": "ore", "direction": "forward", "share": 0.3}
    )
    found = volumes(corridor_ladder(tiny_day(tmp_path, tables), "way", Level.MAXIMAL))
    assert found["berth_c"] == pytest.approx(876 / (0.5 / 1000 * 1.1))
    both = 0.5 / 1000 + 0.3 / 2000
    assert found["locos"] == pytest.approx(10 / (both * 1.1 / 365))


def test_what_is_passed_twice_is_asked_twice(tmp_path: Path) -> None:
    tables = tiny_tables()
    points = tables["corridor_points"]
    # From B, where the way begins, to A and back: the section bears every train twice.
    points[0].update(node="b")
    points.insert(1, {"corridor": "way", "sequence": 2, "node": "a", "mode": "rail"})
    for sequence, point in enumerate(points, start=1):
        point["sequence"] = sequence
    tables["corridor_elements"] = tables["corridor_elements"][1:]
    once = volumes(corridor_ladder(tiny_day(tmp_path / "once"), "way"))
    twice = volumes(corridor_ladder(tiny_day(tmp_path / "twice", tables), "way"))
    assert twice["ab"] == pytest.approx(once["ab"] / 2)
    assert twice["bc"] == pytest.approx(once["bc"])


def test_parallel_elements_share_the_cargo(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["corridor_elements"][2]["share"] = 0.25
    found = volumes(corridor_ladder(tiny_day(tmp_path, tables), "way"))
    assert found["berth_c"] == pytest.approx(4 * BERTH_TEU / (TEU_PER_T * 1.1))


def test_a_closed_element_binds_at_nought(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "border_crossings", "a_entry")["in_service_to"] = "2023-12-31"
    ladder = corridor_ladder(tiny_day(tmp_path, tables), "way")
    assert ladder.capacity_t == 0.0
    assert (ladder.steps[0].element, ladder.steps[0].limit) == ("a_entry", "not_in_service")


def test_a_corridor_that_nothing_bounds_is_infinite() -> None:
    assert math.isinf(Ladder("way", Level.AVAILABLE, ()).capacity_t)
    assert math.isinf(Ladder("way", Level.AVAILABLE, ()).capacity_teu)


def with_projects() -> Tables:
    tables = tiny_tables()
    tables["projects"] = [
        project("berth"),
        project("boats"),
        project("bulk"),
        project("done", status="committed", open_date="2023-01-01"),
        project("soon", status="committed", open_date="2025-01-01"),
        project("upon_soon"),
    ]
    berth = ("handling", "berth_c", "servers")
    tables["project_changes"] = [
        change("berth", berth, 2),
        change("boats", ("vessel_pools", "boats", "vessels"), 5, "add"),
        change("bulk", ("terminals", "port_d", "storage_t"), 9),
        change("done", ("fleets", "locos", "units"), 20),
        change("soon", ("sections", "ab", "tracks"), 2),
        change("upon_soon", ("handling", "berth_new", "servers"), 3),
        *inserts(
            "soon",
            "handling",
            "berth_new",
            {**row_of(tables, "handling", "berth_c"), "id": "berth_new"}
            | {"source": "register", "confidence": "official"},
        ),
    ]
    return tables


def test_what_is_pending_depends_on_dates_and_decisions(tmp_path: Path) -> None:
    base = tiny_model(tmp_path, with_projects())
    candidates = {"berth", "boats", "bulk", "upon_soon"}
    assert pending_projects(base.at(DAY)) == candidates | {"soon"}
    assert pending_projects(base.at(date(2025, 1, 1))) == candidates
    assert pending_projects(base.with_open(["soon", "boats"]).at(DAY)) == candidates - {"boats"}
    decided = base.having(["boats"])
    assert "boats" in pending_projects(decided.at(DAY))
    assert "boats" not in pending_projects(decided.at(date(2035, 1, 1)))


def test_projects_lift_the_steps_they_touch(tmp_path: Path) -> None:
    base = tiny_model(tmp_path, with_projects())
    known = Capacities(base.at(DAY))
    ladder = corridor_ladder(known, "way")
    found = candidates_for(known.model, ladder.steps)
    assert found == ("berth", "boats", "soon")
    lifted = lifting_projects(base, known.model, ladder)
    assert {key: projects for key, projects in lifted.items() if projects} == {
        "handling/berth_c": ("berth",),
        "vessel_lines/c_d": ("boats",),
        "sections/ab": ("soon",),
    }


def test_a_project_that_opens_what_was_closed_lifts_it(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "border_crossings", "a_entry")["in_service_from"] = "2030-01-01"
    tables["projects"] = [project("gate"), project("paint")]
    cell = ("border_crossings", "a_entry", "in_service_from")
    tables["project_changes"] = [
        change("gate", cell, "2024-01-01"),
        change("paint", ("border_crossings", "a_entry", "service_h"), 1),
    ]
    base = tiny_model(tmp_path, tables)
    known = Capacities(base.at(DAY))
    lifted = lifting_projects(base, known.model, corridor_ladder(known, "way"))
    assert lifted["border_crossings/a_entry"] == ("gate",)


def test_a_project_that_cuts_the_way_lifts_nothing(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["projects"] = [project("cut")]
    tables["project_changes"] = [change("cut", ("sections", "bc", "in_service_to"), "2024-01-01")]
    base = tiny_model(tmp_path, tables)
    known = Capacities(base.at(DAY))
    lifted = lifting_projects(base, known.model, corridor_ladder(known, "way"))
    assert set(lifted.values()) == {()}
    with pytest.raises(OutOfServiceError):
        corridor_ladder(Capacities(base.with_open(["cut"]).at(DAY)), "way")


def test_the_ladder_needs_a_day(tmp_path: Path) -> None:
    base = tiny_model(tmp_path)
    ladder = corridor_ladder(Capacities(base.at(DAY)), "way")
    with pytest.raises(ValueError, match="day"):
        lifting_projects(base, base, ladder)
    with pytest.raises(ValueError, match="day"):
        pending_projects(base)


def test_a_ladder_is_kept_as_long_as_all_it_was_made_from_is_the_same(tmp_path: Path) -> None:
    known = tiny_day(tmp_path)
    ladder = corridor_ladder(known, "way")
    assert corridor_ladder(known, "way") is ladder
    assert corridor_ladder(known, "way", Level.MAXIMAL) is not ladder
    beside = known.patched({})
    assert corridor_ladder(beside, "way") is ladder
    slower = known.patched({("handling", "berth_c", "servers"): "2"})
    other = corridor_ladder(slower, "way")
    assert other is not ladder
    assert volumes(other)["berth_c"] > 2 * volumes(ladder)["berth_c"]
    anew = Capacities(slower.model)
    assert volumes(corridor_ladder(anew, "way")) == volumes(other)
    assert corridor_ladder(known, "way") is ladder
