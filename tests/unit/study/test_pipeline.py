"""A run: its steps, its cache, and what the same request gives again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from keruen.errors import StudyError, UsageError
from keruen.study.cache import StepCache
from keruen.study.frames import KEYS
from keruen.study.pipeline import STEPS, Request, known_by, ladder_years, prepare, run_steps
from support.small_study import SETTINGS
from support.tiny_study import (
    Tables,
    change,
    inserts,
    project,
    row_of,
    tiny_model,
    tiny_tables,
    write_tiny,
)

SHORT = SETTINGS.replace("last_year: 2030", "last_year: 2026")


def eventful() -> Tables:
    """A corridor that opens in 2025, with projects, a target on a line and one on the corridor."""
    tables = tiny_tables()
    row_of(tables, "sections", "de")["in_service_from"] = "2025-03-01"
    tables["projects"] = [
        project("track", status="committed", open_date="2026-05-01"),
        project("berth"),
    ]
    second = {**row_of(tables, "handling", "berth_c"), "id": "berth_2"}
    tables["project_changes"] = [
        change("track", ("sections", "ab", "tracks"), 2),
        change("berth", ("handling", "berth_c", "servers"), 3),
        *inserts(
            "track",
            "handling",
            "berth_2",
            {**second, "source": "register", "confidence": "official"},
        ),
    ]
    target = {"kind": "target", "wanted": 50, "definition_en": "What is meant."}
    tables["targets"] = [
        {**target, "id": "line", "metric": "line_capacity_pairs", "unit": "pairs/day"}
        | {"subject_table": "lines", "subject_row": "main", "level": "maximal"},
        {**target, "id": "way", "metric": "corridor_capacity_t", "unit": "t/year"}
        | {"subject_table": "corridors", "subject_row": "way", "wanted": 1e6, "by_year": 2025},
    ]
    return tables


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    return Request(write_tiny(tmp_path / "study", eventful(), SHORT))


def test_a_run_gives_every_table_under_its_key(request_: Request) -> None:
    told: list[tuple[str, float]] = []
    outcome = run_steps(request_, progress=lambda step, share: told.append((step, share)))
    assert set(outcome.tables) == set(KEYS)
    for name, frame in outcome.tables.items():
        assert set(KEYS[name]) <= set(frame.columns), name
        assert not frame.duplicated(list(KEYS[name])).any(), name
    assert [step.name for step in outcome.steps] == ["check", *STEPS]
    assert not any(step.cached for step in outcome.steps)
    assert outcome.seed == 7
    for name in STEPS:
        shares = [share for step, share in told if step == name]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_years_before_a_corridor_opens_have_no_ladder(request_: Request) -> None:
    outcome = run_steps(request_)
    ladders = outcome.tables["ladders"]
    assert sorted(set(ladders["year"])) == [2025, 2026]
    capacities = outcome.tables["capacity"]
    early = capacities[(capacities["id"] == "ab") & (capacities["year"] == 2024)]
    assert early["t_per_year"].isna().all()
    first = ladders[(ladders["year"] == 2025) & (ladders["level"] == "available")].iloc[0]
    assert (first["element"], first["lifted_by"]) == ("berth_c", "berth")
    needs = outcome.tables["fleet_needs"]
    assert set(needs["element"]) == {"locos", "c_d"}


def test_targets_and_lines_are_told(request_: Request) -> None:
    outcome = run_steps(request_, ("lines", "targets"))
    flows = {
        f"flow_{one}" for one in ("sums", "links", "routes", "equipment", "volumes", "observed")
    }
    own = {"line_history", "line_factors", "targets", "target_turns"}
    assert set(outcome.tables) == own | flows
    targets = outcome.tables["targets"].set_index("id")
    assert targets.loc["line", "verdict"] == "met"
    assert targets.loc["line", "first_year"] == 2026
    assert targets.loc["way", "verdict"] == "missed"
    assert targets.loc["way", "unblocked_by"] == ""
    history = outcome.tables["line_history"]
    assert sorted(set(history["date"])) == ["2024-01-01", "2026-05-01"]
    factors = outcome.tables["line_factors"]
    assert set(factors["factor"]) == {"tracks", "windows"}
    for _, parts in factors.groupby("level"):
        whole = parts["after"].iloc[0] / parts["before"].iloc[0]
        assert parts["share_ratio"].prod() == pytest.approx(whole)


def test_the_same_request_gives_the_same_again_from_the_cache(
    request_: Request, tmp_path: Path
) -> None:
    cache = StepCache(tmp_path / "cache")
    first, second = (run_steps(request_, cache=cache) for _ in range(2))
    assert [step.cached for step in second.steps] == [False, *[True] * len(STEPS)]
    for name, frame in first.tables.items():
        pd.testing.assert_frame_equal(frame, second.tables[name])


def test_a_changed_input_seed_or_day_makes_steps_anew(request_: Request, tmp_path: Path) -> None:
    cache = StepCache(tmp_path / "cache")
    run_steps(request_, ("lines",), cache=cache)
    others = [
        Request(request_.path, seed=8),
        Request(request_.path, as_of=date(2024, 1, 1)),
    ]
    for other in others:
        assert not run_steps(other, ("lines",), cache=cache).steps[1].cached
    lines = request_.path / "lines.csv"
    lines.write_text(lines.read_text(encoding="utf-8").replace("coast", "shore", 1))
    sections = request_.path / "sections.csv"
    sections.write_text(sections.read_text(encoding="utf-8").replace("coast", "shore", 1))
    assert not run_steps(request_, ("lines",), cache=cache).steps[1].cached


def test_a_study_with_errors_is_not_run(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "ab")["length_km"] = -1
    with pytest.raises(StudyError, match="below_minimum"):
        run_steps(Request(write_tiny(tmp_path / "study", tables, SHORT)))


def test_an_unknown_scenario_is_refused(request_: Request) -> None:
    with pytest.raises(UsageError, match="unknown_scenario"):
        prepare(Request(request_.path, scenario="doom"))


def test_what_was_known_later_is_ignored(tmp_path: Path) -> None:
    tables = tiny_tables()
    seen = {"quantity": "trains", "definition_en": "Pairs.", "value": 12, "unit": "pairs/day"}
    tables["observations"] = [
        {**seen, "id": "early", "known_from": "2024-03-01"},
        {**seen, "id": "late", "known_from": "2024-03-02"},
    ]
    base = tiny_model(tmp_path, tables)
    assert list(known_by(base, date(2024, 3, 1))["observations"].index) == ["early"]
    assert known_by(base, None) is base


def test_lifting_projects_are_sought_at_the_ends_every_fifth_year_and_where_targets_are_due(
    tmp_path: Path,
) -> None:
    tables = eventful()
    tables["targets"][0]["by_year"] = 2028
    tables["targets"][1]["by_year"] = 2050
    assert ladder_years(tiny_model(tmp_path, tables)) == (2024, 2025, 2028, 2030)
