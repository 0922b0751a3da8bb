"""Verdicts: true since when, what stands in the way, and the cheapest way out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.study.pipeline import known_by
from keruen.study.targets import (
    Verdict,
    days_of,
    holds,
    judge_all,
    last_day,
    year_of_fact,
)
from support.tiny_study import (
    Row,
    Tables,
    assumed,
    change,
    project,
    row_of,
    tiny_model,
    tiny_tables,
)

BERTH_T = 175.2 * 200 / (0.105 * 1.1)  # what the berth lets the corridor carry, tonnes
BOATS_T = 219 * 0.9 * 200 / (0.08 * 1.1)


def target(**cells: object) -> Row:
    return {
        "id": "t",
        "kind": "target",
        "metric": "line_capacity_pairs",
        "subject_table": "lines",
        "subject_row": "main",
        "level": "maximal",
        "wanted": 100,
        "unit": "pairs/day",
        "definition_en": "What is meant.",
        **cells,
    }


def corridor(**cells: object) -> Row:
    row = target(metric="corridor_capacity_t", unit="t/year", level="available", by_year=2026)
    return {**row, "subject_table": "corridors", "subject_row": "way", **cells}


def judged(tmp_path: Path, tables: Tables, row: Row) -> Verdict:
    tables["targets"] = [row]
    base = tiny_model(tmp_path, tables)
    (verdict,) = judge_all(base, days_of(base))
    return verdict


def with_second_track(opening: str = "2027-12-31", **cells: object) -> Tables:
    """A project that gives section AB a second track under automatic block."""
    tables = tiny_tables()
    tables["projects"] = [
        project("second", **{"status": "committed", "open_date": opening, **cells})
    ]
    tables["project_changes"] = [
        change("second", ("sections", "ab", "tracks"), 2),
        change("second", ("sections", "ab", "signalling"), "auto"),
    ]
    return tables


def test_what_opens_on_the_last_day_of_a_year_counts_for_it(tmp_path: Path) -> None:
    found = judged(tmp_path, with_second_track(), target(by_year=2027))
    assert (found.verdict, found.reason) == ("met", "computed")
    assert found.computed == pytest.approx(144)
    assert (found.year, found.first_year) == (2027, 2027)
    assert found.blocked_by == ()
    assert found.unblocked_by is None
    later = judged(tmp_path, with_second_track("2028-01-01"), target(by_year=2027))
    assert (later.verdict, later.first_year) == ("missed", 2028)
    assert later.blocked_by == ("sections/ab",)


@pytest.mark.parametrize(("by_year", "judged_in"), [("", 2030), (2040, 2030), (2001, 2024)])
def test_years_outside_the_study_are_judged_at_its_ends(
    tmp_path: Path, by_year: object, judged_in: int
) -> None:
    found = judged(tmp_path, tiny_tables(), target(by_year=by_year))
    assert found.year == judged_in
    assert found.first_year is None


def test_a_year_is_judged_on_its_last_day() -> None:
    assert last_day(2030) == date(2030, 12, 31)


def test_exactly_what_is_wanted_is_met(tmp_path: Path) -> None:
    found = judged(tmp_path, tiny_tables(), target(wanted=1440 / 46))
    assert found.verdict == "met"
    assert holds(found.target, 1440 / 46 * (1 - 1e-12))
    assert not holds(found.target, 1440 / 46 * (1 - 1e-6))


def test_flows_are_not_decided_here(tmp_path: Path) -> None:
    found = judged(tmp_path, tiny_tables(), corridor(metric="volume_t", wanted=1e6))
    assert (found.verdict, found.reason, found.computed) == ("undetermined", "flows_needed", None)


def test_what_is_not_there_is_undetermined(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "de")["in_service_to"] = "2023-12-31"
    found = judged(tmp_path, tables, corridor(wanted=1))
    assert (found.verdict, found.reason) == ("undetermined", "out_of_service")


def test_the_observation_is_told_unless_it_was_not_known_yet(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["observations"] = [
        {"id": "o", "quantity": "trains", "definition_en": "Pairs.", "value": 12}
        | {"unit": "pairs/day", "known_from": "2024-03-01"}
    ]
    tables["targets"] = [target(observation="o")]
    base = tiny_model(tmp_path, tables)
    assert judge_all(base, days_of(base))[0].observed == 12
    early = known_by(base, date(2024, 1, 1))
    assert judge_all(early, days_of(early))[0].observed is None


def test_blockers_are_all_that_bind_below_what_is_wanted(tmp_path: Path) -> None:
    wanted = (BOATS_T + 1e6) / 2
    assert BERTH_T < BOATS_T < wanted
    found = judged(tmp_path, tiny_tables(), corridor(wanted=wanted))
    assert found.computed == pytest.approx(BERTH_T)
    assert found.binding == "handling/berth_c"
    assert found.blocked_by == ("handling/berth_c", "vessel_lines/c_d")
    assert found.unblocked_by is None  # no project is listed


def offers(**costs: float | str) -> Tables:
    """Projects for the berth and for the boats, and what they cost; empty: not known."""
    tables = tiny_tables()
    changes = {
        "berth": change("berth", ("handling", "berth_c", "servers"), 3),
        "berth_dear": change("berth_dear", ("handling", "berth_c", "servers"), 4),
        "berth_secret": change("berth_secret", ("handling", "berth_c", "servers"), 2),
        "berth_small": change("berth_small", ("handling", "berth_c", "service_h"), 9.9),
        "boats": change("boats", ("vessel_pools", "boats", "vessels"), 9),
        "boats_dear": change("boats_dear", ("vessel_pools", "boats", "vessels"), 10, "add"),
        "nothing": change("nothing", ("handling", "berth_c", "lot_t"), 5000),
    }
    tables["projects"] = []
    for name, cost in costs.items():
        unknown = {"cost_currency": "", "cost_price_year": "", "cost_reason": "secret"}
        tables["projects"].append(
            project(name, cost_amount=cost, **({} if cost != "" else unknown))
        )
    # Sets on one cell by several projects need a rank each.
    tables["project_changes"] = [
        {**changes[name], "priority": rank} for rank, name in enumerate(costs)
    ]
    return tables


def test_the_cheapest_single_project_is_named(tmp_path: Path) -> None:
    tables = offers(berth=5e6, berth_dear=9e6, berth_secret="", nothing=1.0)
    found = judged(tmp_path, tables, corridor(wanted=BOATS_T * 0.99))
    assert found.unblocked_by is not None
    assert found.unblocked_by.projects == ("berth",)
    assert found.unblocked_by.cost_usd == pytest.approx(5e6)


def test_a_project_of_unknown_cost_comes_last(tmp_path: Path) -> None:
    found = judged(tmp_path, offers(berth_secret=""), corridor(wanted=BOATS_T * 0.99))
    assert found.unblocked_by is not None
    assert found.unblocked_by == (("berth_secret",), None)


def test_a_package_of_which_none_can_be_spared(tmp_path: Path) -> None:
    tables = offers(berth=5e6, boats=4e6, boats_dear=7e6, berth_small=1e6, nothing=1.0)
    found = judged(tmp_path, tables, corridor(wanted=1e6))
    assert found.unblocked_by is not None
    assert found.unblocked_by.projects == ("berth", "boats")
    assert found.unblocked_by.cost_usd == pytest.approx(9e6)


def test_ties_do_not_hide_a_package(tmp_path: Path) -> None:
    # Two sections equally hard: neither project alone lifts the line at all.
    tables = tiny_tables()
    row_of(tables, "sections", "de")["line"] = "main"
    tables["projects"] = [project("ab"), project("de")]
    tables["project_changes"] = [
        change(row, ("sections", row, column), value)
        for row in ("ab", "de")
        for column, value in (("tracks", 2), ("signalling", "auto"))
    ]
    found = judged(tmp_path, tables, target(by_year=2026))
    assert found.unblocked_by is not None
    assert found.unblocked_by.projects == ("ab", "de")


def test_an_envelope_is_not_summed_with_its_parts(tmp_path: Path) -> None:
    tables = offers(berth=5e6, boats=4e6)
    tables["projects"][1]["part_of"] = "berth"
    found = judged(tmp_path, tables, corridor(wanted=1e6))
    assert found.unblocked_by is not None
    assert found.unblocked_by.projects == ("berth", "boats")
    assert found.unblocked_by.cost_usd == pytest.approx(5e6)


def test_nothing_listed_may_be_enough(tmp_path: Path) -> None:
    found = judged(tmp_path, offers(berth=5e6, boats=4e6), corridor(wanted=1e8))
    assert found.verdict == "missed"
    assert found.unblocked_by is None


def test_a_ratio_is_unblocked_after_its_base_date(tmp_path: Path) -> None:
    # A project open already on the day compared with would never raise the ratio.
    tables = with_second_track("2029-01-01", status="candidate")
    row = target(metric="line_capacity_ratio", unit="ratio", wanted=4)
    row |= {"base_date": "2024-06-30", "by_year": 2026}
    found = judged(tmp_path, tables, row)
    assert (found.computed, found.verdict) == (1.0, "missed")
    assert found.unblocked_by is not None
    assert found.unblocked_by.projects == ("second",)


def test_a_project_that_needs_another_first_is_no_way_out_alone(tmp_path: Path) -> None:
    tables = with_second_track("2029-01-01")
    rail = {**row_of(tables, "sections", "bc"), "id": "ac", "from_node": "a", "to_node": "c"}
    del rail["line"]
    owner = {"source": "register", "confidence": "official"}
    tables["project_changes"] += [
        change("second", ("sections", "ac", column), value, "insert")
        for column, value in {**rail, **owner}.items()
    ]
    tables["projects"].append(project("upon"))
    tables["project_changes"].append(change("upon", ("sections", "ac", "tracks"), 3))
    tables["project_changes"].append(change("upon", ("sections", "ab", "crossing_gap_km"), 1))
    found = judged(tmp_path, tables, target(by_year=2026))
    assert found.unblocked_by is not None
    assert found.unblocked_by.projects == ("second",)


def test_only_ranges_that_turn_the_verdict_are_told(tmp_path: Path) -> None:
    tables = tiny_tables()
    speed = ("line_classes", "plain", "freight_speed_km_per_h")
    start = ("signalling", "semi", "start_min")
    tables["provenance"] = [assumed(speed, 50, 75), assumed(start, 1.9, 2.1)]
    found = judged(tmp_path, tables, target(wanted=35))
    assert found.verdict == "missed"
    assert [turn.cell for turn in found.turns] == [speed]
    assert found.range is not None
    assert found.range[0] < 1440 / 54 < 35 < found.range[1]


def test_every_target_is_judged_and_told(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["targets"] = [target(), target(id="u", wanted=10)]
    base = tiny_model(tmp_path, tables)
    told: list[float] = []
    verdicts = judge_all(base, days_of(base), told.append)
    assert [(v.target.id, v.verdict) for v in verdicts] == [("t", "missed"), ("u", "met")]
    assert told == [0.5, 1.0]


def test_an_agreed_limit_is_told_as_stated_and_no_finding(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "border_crossings", "a_entry")["limit_trains_per_day"] = 7
    entry = target(metric="element_capacity_trains", unit="trains/day", wanted=7)
    entry |= {"subject_table": "border_crossings", "subject_row": "a_entry", "level": "available"}
    found = judged(tmp_path, tables, entry)
    assert (found.verdict, found.is_stated) == ("met", True)
    row_of(tables, "border_crossings", "a_entry")["limit_trains_per_day"] = ""
    assert not judged(tmp_path / "computed", tables, entry).is_stated


@pytest.mark.parametrize(
    ("fitted_to_table", "fitted_to"), [("targets", "t"), ("observations", "o")]
)
def test_a_number_chosen_to_reach_a_target_is_told(
    tmp_path: Path, fitted_to_table: str, fitted_to: str
) -> None:
    tables = with_second_track()
    tables["observations"] = [
        {"id": "o", "quantity": "trains", "definition_en": "Pairs.", "value": 12}
        | {"unit": "pairs/day", "known_from": "2024-03-01"}
    ]
    set_by = tables["project_changes"][0]["id"]
    fitted = {"fitted_to_table": fitted_to_table, "fitted_to": fitted_to}
    tables["provenance"] = [assumed(("project_changes", set_by, "value"), 1, 2) | fitted]
    row = target(by_year=2027, observation="o")
    assert judged(tmp_path, tables, row).fitted == (("project_changes", set_by, "value"),)
    before = judged(tmp_path / "before", tables, target(by_year=2026, observation="o"))
    assert before.fitted == ()
    tables["provenance"] = [assumed(("project_changes", set_by, "value"), 1, 2)]
    assert judged(tmp_path / "free", tables, row).fitted == ()


def recorded(year: int, value: float, quantity: str = "volume") -> Row:
    return {
        "id": f"seen_{year}",
        "subject_table": "corridors",
        "subject_row": "way",
        "quantity": quantity,
        "definition_en": "Tonnes counted.",
        "from_date": f"{year}-01-01",
        "to_date": f"{year}-12-31",
        "value": value,
        "unit": "t/year",
        "known_from": f"{year + 1}-03-01",
    }


@pytest.mark.parametrize(
    ("observation", "surpassed"),
    [
        (recorded(2024, 1.2 * BERTH_T), "seen_2024"),
        (recorded(2024, 0.8 * BERTH_T), ""),
        (recorded(2023, 1.2 * BERTH_T), ""),
        (recorded(2024, 1.2 * BERTH_T, "capacity"), ""),
    ],
)
def test_a_record_above_what_was_computed_for_its_year_is_named(
    tmp_path: Path, observation: Row, surpassed: str
) -> None:
    tables = tiny_tables()
    tables["observations"] = [observation]
    found = judged(tmp_path, tables, corridor(wanted=10 * BERTH_T))
    assert found.computed == pytest.approx(BERTH_T)
    assert found.surpassed_by == surpassed


def test_a_fact_is_of_one_year(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["targets"] = [corridor(kind="fact"), corridor(id="later")]
    model = tiny_model(tmp_path, tables)
    assert year_of_fact(model, "t") == 2026
    assert year_of_fact(model, "later") is None
