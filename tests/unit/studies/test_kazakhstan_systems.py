"""The systems of the reference study: what the statement names, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from keruen.model import Model, load_model, read_study
from keruen.schema import load_schema

STATEMENT = tuple(f"S{number:02d}" for number in range(1, 16))
LAST_DAY = pd.Timestamp(2024, 12, 31)
ENVELOPE = "china_renewables_agreement"
# An outcome of a later year would let a forecast be judged by what it was fitted to; what is told
# later about a capacity, a cost or a decision has no period.
NEVER = pd.Timestamp(2100, 1, 1)


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    """Folder of the study."""
    return repository / "src" / "keruen" / "studies" / "kazakhstan"


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    """The study as it stands on disk."""
    return load_model(folder)


def test_every_check_passes(folder: Path) -> None:
    assert [(p.file, p.row, p.column, p.code) for p in read_study(folder).problems] == []


@pytest.mark.parametrize("system", STATEMENT)
def test_every_system_of_the_statement_is_made_of_rows(model: Model, system: str) -> None:
    rows = model["system_rows"]
    own = rows[rows["system"] == system]
    assert system in model["systems"].index
    assert len(own) >= 3


@pytest.mark.parametrize(
    ("system", "table", "row"),
    [
        ("S01", "targets", "S01"),
        ("S02", "projects", "dostyk_moyynty_second_track"),
        ("S03", "observations", "titr_ministry_2024"),
        ("S04", "targets", "S04"),
        ("S05", "handling", "kuryk_ferry_berths"),
        ("S06", "terminals", "lianyungang_terminal"),
        ("S07", "terminals", "xian_terminal"),
        ("S08", "questions", "S08"),
        ("S09", "plants", "silleno_pe"),
        ("S10", "projects", "shymkent_12mt"),
        ("S11", "projects", ENVELOPE),
        ("S12", "plants", "aktau_ccgt_plant"),
        ("S13", "projects", "npp_2"),
        ("S14", "operators", "sany"),
        ("S15", "questions", "S15"),
    ],
)
def test_each_system_holds_the_row_that_is_its_heart(
    model: Model, system: str, table: str, row: str
) -> None:
    assert f"{system}/{table}/{row}" in model["system_rows"].index


@pytest.mark.parametrize(
    ("target", "metric", "wanted"),
    [
        ("S01", "share", 0.85),
        ("S02", "line_capacity_ratio", 5.0),
        ("S02_pairs", "line_capacity_pairs", 60.0),
        ("S02_before", "line_capacity_pairs", 12.0),
        ("S03", "volume_t", 4.5e6),
        ("S04", "corridor_capacity_t", 1e7),
    ],
)
def test_claims_and_targets_say_what_the_statement_says(
    model: Model, target: str, metric: str, wanted: float
) -> None:
    row = model["targets"].loc[target]
    assert (row["metric"], row["wanted"]) == (metric, wanted)


def test_every_target_is_defined_in_both_languages(model: Model) -> None:
    targets = model["targets"]
    assert (targets["definition_en"] != "").all()
    assert (targets["definition_kk"] != "").all()


def test_named_capacities_and_costs(model: Model) -> None:
    plants, projects = model["plants"], model["projects"]
    assert plants.at["silleno_pe", "capacity_value"] == 1.25e6
    assert projects.at["silleno_polyethylene", "cost_amount"] == 7.4e9
    assert plants.at["aktau_ccgt_plant", "capacity_value"] == 160
    assert projects.at["dostyk_moyynty_second_track", "cost_amount"] == 543e9


def test_an_envelope_has_parts_and_is_the_sum_of_their_power_not_of_their_costs(
    model: Model,
) -> None:
    projects, plants = model["projects"], model["plants"]
    parts = projects.index[projects["part_of"] == ENVELOPE]
    assert sorted(parts) == ["karaganda_wind", "pavlodar_wind", "turkestan_solar"]
    assert plants.loc[plants["project"].isin(parts), "capacity_value"].sum() == 1800
    assert not (plants["project"] == ENVELOPE).any()
    assert not (model["project_changes"]["project"] == ENVELOPE).any()
    assert projects.at[ENVELOPE, "part_of"] == ""
    assert projects.loc[parts, "cost_amount"].isna().any()


def test_mixes_add_to_one_and_join_and_leave_on_their_way(model: Model) -> None:
    mix, points = model["corridor_mix"], model["corridor_points"]
    totals = mix.groupby("corridor")["share"].sum()
    assert set(totals.index) == set(model["corridors"].index)
    assert totals.to_numpy() == pytest.approx(1.0, abs=1e-9)
    for row in mix.itertuples():
        on_the_way = set(points.loc[points["corridor"] == row.corridor, "node"])
        assert {row.join_node, row.leave_node} - {""} <= on_the_way


def test_no_pool_sails_more_than_it_has(model: Model) -> None:
    totals = model["vessel_allocations"].groupby("pool")["share"].sum()
    assert (totals <= 1 + 1e-9).all()


@pytest.mark.parametrize("year", [2025, 2028, 2031])
def test_no_pool_sails_more_than_it_has_when_projects_open(model: Model, year: int) -> None:
    candidates = model["projects"].index[model["projects"]["kind"] == "vessels"]
    opened = model.with_open(list(candidates)).at(date(year, 7, 1))
    totals = opened["vessel_allocations"].groupby("pool")["share"].sum()
    assert (totals <= 1 + 1e-9).all()


def test_every_project_says_what_it_costs_or_why_not(model: Model) -> None:
    projects = model["projects"]
    given = projects["cost_amount"].notna()
    assert (given ^ (projects["cost_reason"] != "")).all()
    for column in ("cost_currency", "cost_tax"):
        assert (projects.loc[given, column] != "").all()
    assert projects.loc[given, "cost_price_year"].notna().all()


def test_no_observation_is_an_outcome_of_a_later_year(model: Model) -> None:
    observations = model["observations"]
    for column in ("from_date", "to_date"):
        assert not (observations[column] > LAST_DAY).any()
    volumes = observations["quantity"].isin(["volume", "teu", "trains", "power"])
    undated = observations.loc[volumes & observations["to_date"].isna(), "subject_table"]
    assert not undated.isin(["corridors", "lines", "nodes", "handling", "border_crossings"]).any()


def test_observations_were_known_after_their_period_began(model: Model) -> None:
    observations = model["observations"]
    dated = observations[observations["from_date"].notna()]
    assert (dated["known_from"] >= dated["from_date"]).all()


def test_every_named_row_has_a_kazakh_name(model: Model) -> None:
    missing: dict[str, list[str]] = {}
    for name, table in load_schema().tables.items():
        if table.named:
            frame = model[name]
            empty = list(frame.index[frame["name_kk"].fillna("") == ""])
            if empty:
                missing[name] = empty
    assert missing == {}


def _sides(model: Model) -> Mapping[str, set[tuple[str, str]]]:
    sides: dict[str, set[tuple[str, str]]] = {}
    for key, row in model["border_crossings"].iterrows():
        pair = str(key).removesuffix(f"_{row['side']}").rsplit("_", 1)[0]
        sides.setdefault(pair, set()).add((row["direction"], row["side"]))
    return sides


def test_every_crossing_has_both_directions_and_both_sides(model: Model) -> None:
    wanted = {(d, s) for d in ("forward", "backward") for s in ("exit", "entry")}
    sides = _sides(model)
    assert len(sides) == 17
    assert all(found == wanted for found in sides.values())


@pytest.mark.parametrize(
    ("crossing", "day", "limit"),
    [
        ("alashankou_dostyk_west_exit", date(2025, 6, 30), 14),
        ("alashankou_dostyk_west_exit", date(2025, 7, 1), 28),
        ("khorgos_altynkol_west_exit", date(2025, 2, 28), 8),
        ("khorgos_altynkol_west_exit", date(2025, 3, 1), 15),
    ],
)
def test_hand_over_to_china_is_eastbound_and_follows_the_agreements(
    model: Model, crossing: str, day: date, limit: int
) -> None:
    row = model.at(day)["border_crossings"].loc[crossing]
    assert row["direction"] == "backward"
    assert row["limit_trains_per_day"] == limit


def test_gauge_is_changed_by_the_receiving_railway(model: Model) -> None:
    handling = model["handling"]
    directions = {
        "dostyk_gauge_tracks": "forward",
        "altynkol_gauge_tracks": "forward",
        "alashankou_gauge_tracks": "backward",
        "khorgos_cn_gauge_tracks": "backward",
    }
    assert {key: handling.at[key, "direction"] for key in directions} == directions


def test_the_second_track_opens_in_stages(model: Model) -> None:
    ends = model["sections"]
    line = list(ends.index[ends["line"] == "dostyk_moyynty"])
    doubled = {
        day: int((model.at(day)["sections"].loc[line, "tracks"] == 2).sum())
        for day in (date(2024, 12, 31), date(2025, 1, 29), date(2025, 7, 10), date(2025, 10, 1))
    }
    counts = list(doubled.values())
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert 0 < counts[1] < counts[2] < counts[3] == len(line)


def test_planned_rows_open_with_their_project(model: Model) -> None:
    ships = "feeders_kmtf_2027"
    assert model["vessel_pools"].at[ships, "in_service_from"] == NEVER
    assert ships not in model.at(date(2026, 12, 31))["vessel_pools"].index
    assert ships in model.at(date(2027, 7, 1))["vessel_pools"].index
    early = model.with_open(["kmtf_six_container_ships"]).at(date(2025, 1, 1))
    assert ships in early["vessel_pools"].index


def test_the_level_of_the_caspian_falls_or_stays(model: Model) -> None:
    levels = model["water_levels"].sort_values("date")["level_m"]
    assert (levels.diff().dropna() <= 0).all()
    assert model["water_levels"].at["caspian/2024-07-01", "level_m"] == -29.20


@pytest.mark.parametrize("scenario", ["low_water", "high_water", "northern_closed", "suez_return"])
def test_scenarios_change_what_they_say(model: Model, scenario: str) -> None:
    day = date(2031, 7, 1)
    base, other = model.at(day), model.under(scenario).at(day)
    if scenario.endswith("water"):
        cell = ("water_levels", "caspian/2030-07-01", "level_m")
        before, after = base.number(*cell), other.number(*cell)
        assert before is not None
        assert after is not None
        assert after < before if scenario == "low_water" else after > before
    elif scenario == "northern_closed":
        limits = other["border_crossings"]["limit_trains_per_day"]
        assert limits["brest_malaszewicze_east_exit"] == 0
    else:
        way = "sea_suez_shanghai_rotterdam"
        assert way not in base["sections"].index
        assert way in other["sections"].index
