"""Measures on a line: each changes what it says and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.line import capacity_of_line, read_line
from keruen.capacity.line_run import line_run
from keruen.errors import OutOfServiceError
from keruen.model import Model
from keruen.rail.line_capacity import Level
from keruen.study.what_ifs import AS_IT_STANDS, DECIDED, LONGER, MEASURES, what_ifs
from support.tiny_study import assumed, hauled_tables, row_of, tiny_model

DAY = date(2024, 1, 1)


def models(tmp_path: Path) -> dict[str, Model]:
    tables = hauled_tables()
    row_of(tables, "sections", "ab")["crossing_gap_km"] = 20
    tables["provenance"] = [assumed(("sections", "ab", "crossing_gap_km"), 12, 25)]
    model = tiny_model(tmp_path, tables).at(DAY)
    return {one.name: one.model for one in what_ifs(model, model, "main")}


def pairs(model: Model, level: Level = Level.MAXIMAL) -> float:
    (found,) = (
        one for one in capacity_of_line("main", read_line(model, "main")) if one.level is level
    )
    return found.capacity.gross_trains_per_day


def test_the_line_as_it_stands_comes_first_and_what_is_decided_last(tmp_path: Path) -> None:
    names = list(models(tmp_path))
    assert names[0] == AS_IT_STANDS
    assert names[-1] == DECIDED
    # No railway of the study has wires, so that none are usual.
    assert set(names[1:-1]) == set(MEASURES) - {"electrified"}


@pytest.mark.parametrize(
    ("measure", "table", "row", "column", "wanted"),
    [
        ("second_track", "sections", "ab", "tracks", 2),
        ("loops", "sections", "ab", "crossing_gap_km", 10),
        ("unlisted_loops", "sections", "ab", "crossing_gap_km", 12),
        ("longer_trains", "train_types", "ordinary", "length_m", 800 * LONGER),
        ("longer_trains", "train_types", "ordinary", "gross_t", 3000 * LONGER),
        ("longer_trains", "station_tracks", "b_tracks", "useful_length_m", 1000),
        ("more_passengers", "sections", "ab", "passenger_pairs_per_day", 4),
    ],
)
def test_a_measure_changes_the_number_it_is_about(
    tmp_path: Path, measure: str, table: str, row: str, column: str, wanted: float
) -> None:
    assert models(tmp_path)[measure].number(table, row, column) == wanted


def test_a_measure_changes_no_section_of_another_line(tmp_path: Path) -> None:
    found = models(tmp_path)
    untouched = found[AS_IT_STANDS]["sections"].loc["de"].to_dict()
    for name, model in found.items():
        own = model["sections"].loc["de"].to_dict()
        assert {key: repr(value) for key, value in own.items()} == {
            key: repr(value) for key, value in untouched.items()
        }, name


def test_signals_are_those_of_what_is_decided_or_usual_nearby(tmp_path: Path) -> None:
    found = models(tmp_path)
    assert found["automatic_block"].text("sections", "ab", "signalling") == "auto"
    assert found["automatic_block"].number("sections", "ab", "tracks") == 1
    both = found["second_track_and_block"]
    assert both.number("sections", "ab", "tracks") == 2
    assert both.text("sections", "ab", "signalling") == "auto"


def test_wires_bring_the_locomotives_that_the_study_states_for_them(tmp_path: Path) -> None:
    tables = hauled_tables()
    row_of(tables, "sections", "bc")["traction"] = "25kv_ac"
    model = tiny_model(tmp_path, tables).at(DAY)
    found = {one.name: one.model for one in what_ifs(model, model, "main")}
    before = line_run(model, "lines/main")
    wired = line_run(found["electrified"], "lines/main")
    assert {leg.locomotive for leg in before.legs} == {"diesel_one", "wire_one"}
    assert {leg.locomotive for leg in wired.legs} == {"wire_one"}
    assert wired.fuel_l is None


def test_capacity_rises_with_tracks_block_and_loops(tmp_path: Path) -> None:
    found = models(tmp_path)
    before = pairs(found[AS_IT_STANDS])
    for measure in ("second_track", "loops", "unlisted_loops", "second_track_and_block"):
        assert pairs(found[measure]) > before, measure
    assert pairs(found["second_track_and_block"]) > pairs(found["second_track"])


def test_what_would_change_nothing_is_left_out(tmp_path: Path) -> None:
    model = tiny_model(tmp_path, hauled_tables()).at(DAY)
    built = model.patched(
        {("sections", "ab", "tracks"): "2", ("sections", "ab", "signalling"): "auto"}
    )
    names = {one.name for one in what_ifs(built, built, "main")}
    gone = {"second_track", "automatic_block", "second_track_and_block", "loops", "unlisted_loops"}
    assert not names & gone


def test_a_typed_running_time_shrinks_with_its_stretch(tmp_path: Path) -> None:
    tables = hauled_tables()
    row_of(tables, "sections", "ab").update(crossing_gap_km=20, running_time_forward_min=24)
    model = tiny_model(tmp_path, tables).at(DAY)
    found = {one.name: one.model for one in what_ifs(model, model, "main")}
    assert found["loops"].number("sections", "ab", "running_time_forward_min") == 12


def test_a_line_without_sections_cannot_be_measured(tmp_path: Path) -> None:
    tables = hauled_tables()
    tables["lines"].append({"id": "paper", "mode": "rail"})
    model = tiny_model(tmp_path, tables).at(DAY)
    with pytest.raises(OutOfServiceError):
        what_ifs(model, model, "paper")
