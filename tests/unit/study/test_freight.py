from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from keruen.errors import FailedError
from keruen.flows.freight.tables import LINK_COLUMNS
from keruen.model import Model, load_model
from keruen.study.freight import (
    flow_tables,
    flows_of_year,
    has_freight,
    unsettled_years,
    volumes_of,
)
from keruen.study.targets import NO_VOLUMES, Verdict, Volumes, days_of, judge_all
from support.forwarding import corridor
from support.tiny_study import Row, tiny_model, tiny_tables
from support.worlds import template

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The template of a corridor over two years."""
    folder = template("corridor")(tmp_path_factory.mktemp("study") / "corridor")
    settings = folder / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("last_year: 2035", "last_year: 2025"), encoding="utf-8")
    base = load_model(folder)
    # The template compares with 2023, before its first year.
    return base.patched(
        {("flow_measures", str(row), "year"): "2024" for row in base["flow_measures"].index}
    )


@pytest.fixture(scope="module")
def made(short: Model) -> tuple[Tables, list[float]]:
    """Its tables of flows, and the shares done that were told."""
    told: list[float] = []
    return flow_tables(short, days_of(short), (2025,), told.append), told


def test_a_study_without_demand_is_refused(tmp_path: Path) -> None:
    base = tiny_model(tmp_path)
    assert not has_freight(base)
    with pytest.raises(FailedError) as told:
        flows_of_year(base, days_of(base))
    assert [one.code for one in told.value.problems] == ["no_freight"]


def test_a_study_without_demand_has_empty_tables(tmp_path: Path) -> None:
    base = tiny_model(tmp_path)
    told: list[float] = []
    found = flow_tables(base, days_of(base), (), told.append)
    assert all(frame.empty for frame in found.values())
    assert list(found["flow_links"].columns) == ["year", *LINK_COLUMNS]
    assert told == []
    assert volumes_of(base, found) == NO_VOLUMES
    assert volumes_of(base, {}) == NO_VOLUMES


def test_flows_of_the_base_year_unless_another_is_asked() -> None:
    study = corridor()
    found = flows_of_year(study.base, study.days)
    assert found.year == 2024
    assert found.sums["gap"] <= 1e-6
    assert found.sums["demand_t_per_year"] == pytest.approx(
        found.sums["served_t_per_year"] + found.sums["refused_t_per_year"]
    )
    assert found.observed["id"].tolist() == ["berth_boxes_2024"]
    assert not found.problems


def test_every_year_has_its_rows(made: tuple[Tables, list[float]]) -> None:
    tables, told = made
    assert told == [0.5, 1.0]
    for name in ("flow_sums", "flow_links", "flow_volumes"):
        assert tables[name]["year"].unique().tolist() == [2024, 2025]
    for name in ("flow_routes", "flow_equipment"):
        assert tables[name]["year"].unique().tolist() == [2025]  # the year that was asked for
    assert tables["flow_sums"]["converged"].tolist() == [1.0, 1.0]
    wanted = tables["flow_sums"]["demand_t_per_year"].tolist()
    assert wanted[1] > wanted[0]  # trade grows by three per cent


def test_volumes_are_those_of_the_links(short: Model, made: tuple[Tables, list[float]]) -> None:
    """Boxes over the berth are counted at both moves; both terms make the share that of both."""
    tables, _ = made
    links = tables["flow_links"].set_index(["year", "element_row", "direction"])
    boxes = {key: float(one) for key, one in links["flow_teu_per_year"].items()}
    volumes = volumes_of(short, tables)
    for year in (2024, 2025):
        berth = boxes[year, "ailaq_container", "both"]
        assert volumes.value["berth_boxes", year] == pytest.approx(2.0 * berth)
        assert ("grain_west", year) not in volumes.value  # a term of another
        assert 0.0 < volumes.value["east_part", year] < 1.0
    assert volumes.seen["berth_boxes"] == "fitted"


def test_observations_stand_beside_their_year(made: tuple[Tables, list[float]]) -> None:
    observed = made[0]["flow_observed"]
    row = observed.set_index("id").loc["berth_boxes"]
    assert (row["year"], row["observed"]) == (2024, 62_000.0)
    volumes = made[0]["flow_volumes"].set_index(["measure", "year"])
    assert row["computed"] == volumes.loc[("berth_boxes", 2024), "value"]


def judged(tmp_path: Path, value: dict[int, float], **cells: object) -> Verdict:
    """A target of a hundredfold, judged by flows."""
    tables = tiny_tables()
    row: Row = {
        "id": "t",
        "kind": "target",
        "metric": "share",
        "subject_table": "lines",
        "subject_row": "main",
        "level": "available",
        "wanted": 100,
        "unit": "1",
        "by_year": 2026,
        "definition_en": "What is meant.",
        **cells,
    }
    tables["targets"] = [row]
    base = tiny_model(tmp_path, tables).patched({("targets", "t", "measure"): "m"})
    volumes = Volumes(
        {("m", year): one for year, one in value.items()},
        {"m": "touched"},
        {("m", 2026): ("sections/ab",)},
    )
    (verdict,) = judge_all(base, days_of(base), volumes=volumes)
    return verdict


def test_a_target_by_flows_is_met_from_its_first_year_on(tmp_path: Path) -> None:
    found = judged(tmp_path, {2024: 80.0, 2025: 100.0, 2026: 120.0})
    assert (found.verdict, found.reason, found.first_year) == ("met", "flows_touched", 2025)
    assert (found.computed, found.blocked_by) == (120.0, ())


def test_a_missed_target_names_what_is_scarce(tmp_path: Path) -> None:
    found = judged(tmp_path, {2024: 80.0, 2025: 90.0, 2026: 99.0})
    assert (found.verdict, found.first_year) == ("missed", None)
    assert found.blocked_by == ("sections/ab",)


@pytest.mark.parametrize(
    ("value", "verdict"), [(95.5, "met"), (104.5, "met"), (94.5, "missed"), (106.0, "missed")]
)
def test_a_fact_is_reproduced_within_a_twentieth_either_way(
    tmp_path: Path, value: float, verdict: str
) -> None:
    found = judged(tmp_path, {2026: value}, kind="fact")
    assert (found.verdict, found.first_year) == (verdict, None)


def test_a_year_without_flows_is_left_to_capacity(tmp_path: Path) -> None:
    found = judged(tmp_path, {2024: 80.0})
    assert (found.verdict, found.reason) == ("undetermined", "flows_needed")


def test_years_that_find_no_rest_are_told(made: tuple[Tables, list[float]]) -> None:
    sums = made[0]["flow_sums"]
    assert unsettled_years({}) == []
    assert unsettled_years({"flow_sums": sums}) == []
    loose = sums.assign(converged=[1.0, 0.0], gap=[1e-9, 0.25])
    (told,) = unsettled_years({"flow_sums": loose})
    assert (told.code, told.params["year"], told.params["gap"]) == (
        "flows_not_settled",
        "2025",
        0.25,
    )
