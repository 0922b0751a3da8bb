"""A model on a day: scenario, draw and projects in their order, with owners that follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import pandas as pd
import pytest

from keruen.errors import FailedError, UsageError
from keruen.model import Model, load_model
from keruen.model.provenance import DEFAULT_OWNER, Owner
from support.template_draft import TEMPLATES

BEFORE, AFTER = date(2027, 6, 30), date(2027, 7, 1)
TRACKS = ("sections", "tepe_dala", "tracks")
DEPTH = ("terminals", "ailaq_port", "channel_depth_m")


@cache
def base() -> Model:
    return load_model(TEMPLATES / "corridor")


def test_committed_projects_open_on_their_day() -> None:
    assert base()["sections"].at["tepe_dala", "tracks"] == 1
    assert base().at(BEFORE).number(*TRACKS) == 1
    opened = base().at(AFTER)
    assert opened.number(*TRACKS) == 2
    assert opened.text("sections", "tepe_dala", "signalling") == "auto"
    assert opened.on == AFTER
    assert "orta_dala_bypass" not in opened["sections"].index
    assert "orta_dala_bypass" in base().in_year(2029)["sections"].index


def test_candidates_open_only_when_they_are_taken() -> None:
    day = date(2030, 1, 1)
    service = ("handling", "ailaq_container", "service_h")
    assert base().at(day).number(*service) == 20.0
    assert base().having(["port_cranes"]).at(day).number(*service) == 14.0
    assert base().having(["port_cranes"]).at(BEFORE).number(*service) == 20.0
    both = base().having(["port_cranes"]).having(["dredging"]).at(day)
    assert both.projects == {"port_cranes", "dredging"}
    assert both.number(*DEPTH) == 7.5
    removed = base().having(["fewer_crossings"]).at(day)
    assert "tau_exit" not in removed["border_crossings"].index
    assert removed.rows("corridor_elements", row="tau_exit") == []


def test_a_change_with_a_day_of_its_own_waits_for_it() -> None:
    taken = base().having(["dredging"])
    assert taken.at(date(2026, 10, 31)).number(*DEPTH) == 6.5
    assert taken.at(date(2026, 11, 1)).number(*DEPTH) == 7.5


def test_projects_can_be_opened_before_their_time() -> None:
    early = base().with_open(["second_track", "port_cranes"]).at(date(2024, 12, 31))
    assert early.number(*TRACKS) == 2
    assert early.number("handling", "ailaq_container", "service_h") == 14.0


def test_scenarios_are_dated_overlays() -> None:
    low = base().under("low_water")
    assert low.at(date(2026, 12, 31)).number(*DEPTH) == 6.5
    assert low.at(date(2027, 1, 1)).number(*DEPTH) == pytest.approx(5.9)
    assert "inner_sea/2030-01-01" in low.at(date(2024, 12, 31))["water_levels"].index
    assert base().under(None).scenario is None
    ended = base().under("no_support").in_year(2026)["tariffs"]
    assert ended.at["support", "to_date"] == pd.Timestamp(2025, 12, 31)


def test_scenario_then_draw_then_projects() -> None:
    taken = base().under("low_water").having(["dredging"]).with_cells({DEPTH: "7"})
    # The draw lies over the scenario, and the project adds its metre to what was drawn.
    assert taken.in_year(2028).number(*DEPTH) == 8.0
    drawn = ("scenario_changes", "low_water_channel", "value")
    assert base().under("low_water").with_cells({drawn: "-1"}).in_year(2028).number(
        *DEPTH
    ) == pytest.approx(5.5)
    assert base().with_cells({drawn: "-1"}).in_year(2028).number(*DEPTH) == 6.5


def test_a_draw_may_set_what_projects_do_and_when() -> None:
    drawn = base().with_cells({("project_changes", "second_track_tracks", "value"): "3"})
    assert drawn.at(AFTER).number(*TRACKS) == 3
    late = base().with_cells({("projects", "second_track", "open_date"): "2031-01-01"})
    assert late.at(AFTER).number(*TRACKS) == 1
    assert late.in_year(2031).number(*TRACKS) == 2


def test_draws_add_up_and_the_later_wins() -> None:
    once = base().with_cells({DEPTH: "5"})
    again = once.with_cells({DEPTH: "4", TRACKS: "4"})
    assert again.in_year(2025).number(*DEPTH) == 4.0
    assert again.in_year(2025).number(*TRACKS) == 4
    assert once.in_year(2025).number(*DEPTH) == 5.0


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        (("terminals", "nowhere", "channel_depth_m"), "5", "no_such_row"),
        (("terminal", "ailaq_port", "channel_depth_m"), "5", "no_such_row"),
        (("terminals", "ailaq_port", "depth"), "5", "unknown_column_name"),
        (DEPTH, "deep", "not_a_number"),
        (DEPTH, "400", "above_maximum"),
    ],
)
def test_a_draw_that_does_not_fit_raises(cell: tuple[str, str, str], text: str, code: str) -> None:
    with pytest.raises(FailedError) as failure:
        base().with_cells({cell: text}).in_year(2025)
    assert failure.value.problems[0].code == code


def test_patches_lie_on_top_of_everything() -> None:
    model = base().at(AFTER).patched({TRACKS: "4"})
    assert (model.number(*TRACKS), model.on) == (4, AFTER)


def test_unknown_scenarios_and_projects_get_a_suggestion() -> None:
    with pytest.raises(UsageError) as failure:
        base().under("low_watr")
    assert failure.value.problems[0].code == "unknown_scenario"
    assert failure.value.problems[0].params["better"] == "low_water"
    for taking in (base().having, base().with_open):
        with pytest.raises(UsageError) as failure:
            taking(["port_crane"])
        assert failure.value.problems[0].code == "unknown_project"
        assert failure.value.problems[0].params["better"] == "port_cranes"


def test_a_model_of_a_day_is_final() -> None:
    model = base().at(BEFORE)
    asked: tuple[Callable[[], Model], ...] = (
        lambda: model.at(AFTER),
        lambda: model.in_year(2030),
        lambda: model.under("low_water"),
        lambda: model.having(["dredging"]),
        lambda: model.with_cells({TRACKS: "2"}),
    )
    for ask in asked:
        with pytest.raises(ValueError, match="one day"):
            ask()


def test_what_is_out_of_service_is_not_there() -> None:
    cells = {
        ("sections", "orta_kent", "in_service_from"): "2026-01-01",
        ("sections", "orta_kent", "in_service_to"): "2026-12-31",
    }
    model = base().with_cells(cells)
    there = {
        day: "orta_kent" in model.at(day)["sections"].index
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    }
    assert list(there.values()) == [False, True, True, False]


def test_the_base_is_not_touched() -> None:
    before = {name: frame.copy() for name, frame in base().tables.items()}
    base().under("low_water").having(["port_cranes"]).with_cells({DEPTH: "5"}).in_year(2030)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(base()[name], frame)


def test_owners_of_cells() -> None:
    length = base().owner("sections", "bulaq_orta", "length_km")
    assert length == Owner("own_estimate", "assumed", "30.6", "", "41.4", "triangular")
    assert base().owner("sources", "own_estimate", "title") is None
    assert base().owner(*TRACKS) == Owner("own_estimate", "assumed", "1", "", "1", "triangular")
    assert base().owner("nodes", "tau", "name_en") == Owner(
        "own_estimate", "assumed", "", "", "", "triangular"
    )
    assert base().owner("nodes", "nowhere", "name_en") is None
    assert base().owner("corridor_points", "east_west/10", "node") is None


def test_owners_of_rows_are_those_of_the_model_asked() -> None:
    whole = base().at(AFTER)
    before = whole.owner("nodes", "tau", "name_en")
    patched = whole.patched({("nodes", "tau", "confidence"): "published"})
    after = patched.owner("nodes", "tau", "name_en")
    assert before is not None and before.confidence != "published"
    assert after == before._replace(confidence="published")
    assert whole.owner("nodes", "tau", "name_en") == before
    # A row out of service has no owner that day, whoever was asked for it before.
    assert base().in_year(2029).owner("sections", "orta_dala_bypass", "mode") is not None
    assert whole.owner("sections", "orta_dala_bypass", "mode") is None


def test_owners_follow_changes() -> None:
    opened = base().at(AFTER)
    changed = opened.owner(*TRACKS)
    assert changed is not None
    assert changed == base().owner("project_changes", "second_track_tracks", "value")
    faster = opened.owner("sections", "tepe_dala", "running_time_forward_min")
    assert faster is not None
    assert (faster.low, faster.high) == ("0.765", "1.03")
    inserted = base().in_year(2029).owner("sections", "orta_dala_bypass", "length_km")
    assert inserted == base().owner("project_changes", "bypass_length_km", "value")


def test_nobody_vouches_for_a_default() -> None:
    assert ("fleets", "crews", "traction") not in base().defaulted
    model = load_model(TEMPLATES / "berth")
    assert model.owner("handling", "container_berths", "hours_per_day") != DEFAULT_OWNER
    assert base().owner("handling", "orta_loading", "hours_per_day") == DEFAULT_OWNER
    assert base().number("handling", "orta_loading", "hours_per_day") == 24.0


def test_reading_cells() -> None:
    model = base()
    assert model.text("sections", "tepe_dala", "line") == "main"
    assert model.text("sections", "tepe_dala", "in_service_to") == ""
    assert model.text("sections", "qaqpa_ailaq_road", "tracks") == ""
    assert model.number("sections", "qaqpa_ailaq_road", "tracks") is None
    assert model.rows("sections", line="main", signalling="auto") == ["dala_ailaq"]
    assert model.rows("sections", line="nowhere") == []


def same(one: Model, other: Model) -> bool:
    return (
        one.origins == other.origins
        and one.tables.keys() == other.tables.keys()
        and all(frame.equals(other.tables[name]) for name, frame in one.tables.items())
        and all(frame.equals(other.whole[name]) for name, frame in one.whole.items())
        and all(
            frame.dtypes.equals(other.tables[name].dtypes) for name, frame in one.tables.items()
        )
    )


@pytest.mark.parametrize("day", [date(2024, 7, 1), date(2030, 7, 1)])
def test_a_day_beside_another_is_the_same_day(day: date) -> None:
    known = base().at(day)
    shared = 0
    for project in base()["projects"].index:
        opened = base().with_open([str(project)])
        beside = opened.at(day, known)
        assert same(beside, opened.at(day)), project
        assert beside.opened == frozenset({project})
        assert beside.on == day
        shared += sum(frame is known.tables[name] for name, frame in beside.tables.items())
    assert shared > len(known.tables)


def test_a_day_beside_what_differs_is_worked_out_whole() -> None:
    day, other = date(2030, 7, 1), date(2031, 7, 1)
    project = str(base()["projects"].index[0])
    opened = base().with_open([project])
    cell = ("sections", str(base()["sections"].index[0]), "tracks")
    drawn = base().with_cells({cell: "3"})
    for beside in (
        base().at(other),
        drawn.at(day),
        opened.at(day),
        base().having([project]).at(day),
    ):
        assert same(opened.at(day, beside), opened.at(day))
    assert same(base().at(day, opened.at(day)), base().at(day))
    assert same(
        drawn.with_open([project]).at(day, drawn.at(day)), drawn.with_open([project]).at(day)
    )
