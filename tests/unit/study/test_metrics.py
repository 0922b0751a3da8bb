"""What a target is compared with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.errors import FailedError
from keruen.study.metrics import METRICS, Measured, measure, read_target
from keruen.study.targets import days_of
from support.tiny_study import Row, Tables, change, project, row_of, tiny_model, tiny_tables

DAY = date(2024, 12, 31)


def target(metric: str, subject: tuple[str, str], **cells: object) -> Row:
    """A row of ``targets``."""
    units = {
        "line_capacity_pairs": "pairs/day",
        "line_capacity_ratio": "ratio",
        "element_capacity_trains": "trains/day",
    }
    table, row = subject
    return {
        "id": "t",
        "kind": "target",
        "metric": metric,
        "subject_table": table,
        "subject_row": row,
        "wanted": 1,
        "unit": units.get(metric, "TEU/year" if metric.endswith("teu") else "t/year"),
        "definition_en": "What is meant.",
        **cells,
    }


def measured(tmp_path: Path, row: Row, tables: Tables | None = None) -> Measured | None:
    tables = tables or tiny_tables()
    tables["targets"] = [row]
    base = tiny_model(tmp_path, tables)
    return measure(days_of(base), DAY, read_target(base, "t"))


def test_a_line_is_measured_before_background_trains(tmp_path: Path) -> None:
    found = measured(tmp_path, target("line_capacity_pairs", ("lines", "main")))
    assert found is not None
    assert found.value == pytest.approx(1380 * 0.9 / 46)  # available when no level is told
    assert found.binding == "sections/ab"
    assert ("line_classes", "plain", "crossing_gap_km") in {i.cell for i in found.inputs}
    row = target("line_capacity_pairs", ("lines", "main"), level="maximal")
    maximal = measured(tmp_path / "maximal", row)
    assert maximal is not None
    assert maximal.value == pytest.approx(1440 / 46)


def test_a_ratio_compares_two_days(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["projects"] = [project("second", status="committed", open_date="2024-09-01")]
    tables["project_changes"] = [
        change("second", ("sections", "ab", "tracks"), 2),
        change("second", ("sections", "ab", "signalling"), "auto"),
    ]
    row = target("line_capacity_ratio", ("lines", "main"), base_date="2024-08-31", level="maximal")
    found = measured(tmp_path, row, tables)
    assert found is not None
    assert found.value == pytest.approx(144 / (1440 / 46))
    assert len(found.inputs) > 20  # of both days


def test_a_corridor_in_tonnes_and_boxes(tmp_path: Path) -> None:
    tonnes = measured(tmp_path / "t", target("corridor_capacity_t", ("corridors", "way")))
    boxes = measured(tmp_path / "teu", target("corridor_capacity_teu", ("corridors", "way")))
    assert tonnes is not None
    assert boxes is not None
    assert tonnes.value == pytest.approx(175.2 * 200 / (0.105 * 1.1))
    assert boxes.value == pytest.approx(tonnes.value * 0.105)
    assert tonnes.binding == "handling/berth_c"
    assert [step.rank for step in tonnes.blockers] == list(range(1, 9))
    cells = {entry.cell for entry in tonnes.inputs}
    assert ("corridors", "way", "unevenness_ratio") in cells
    assert ("loadings", "box/forward", "net_t_per_teu") in cells


@pytest.mark.parametrize(
    ("metric", "subject", "value"),
    [
        ("element_capacity_t", ("handling", "berth_c"), 175.2 * 2000),
        ("element_capacity_teu", ("handling", "berth_c"), 175.2 * 200),
        ("element_capacity_teu", ("vessel_lines", "c_d"), 219 * 0.9 * 200 * 0.5),  # the lesser way
        ("element_capacity_trains", ("sections", "ab"), 1380 * 0.9 / 46),
        (
            "element_capacity_t",
            ("sections", "ab"),
            (1380 * 0.9 / 46 - 5.4) / (0.0008 * 1.1 / 365),
        ),
    ],
)
def test_single_elements(
    tmp_path: Path, metric: str, subject: tuple[str, str], value: float
) -> None:
    found = measured(tmp_path, target(metric, subject))
    assert found is not None
    assert found.value == pytest.approx(value)
    assert found.binding == "/".join(subject)
    assert found.blockers == ()


@pytest.mark.parametrize(
    ("metric", "subject"),
    [
        ("volume_t", ("corridors", "way")),  # needs flows
        ("element_capacity_trains", ("handling", "berth_c")),  # has no trains
        ("element_capacity_t", ("border_crossings", "a_entry")),  # has no tonnes
    ],
)
def test_what_capacity_does_not_decide_is_nothing(
    tmp_path: Path, metric: str, subject: tuple[str, str]
) -> None:
    assert measured(tmp_path, target(metric, subject)) is None


def test_a_subject_out_of_service_is_nothing(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "de")["in_service_from"] = "2030-01-01"
    subjects = {
        "line_capacity_pairs": ("lines", "coast"),
        "corridor_capacity_t": ("corridors", "way"),
        "element_capacity_trains": ("sections", "de"),
    }
    for metric, subject in subjects.items():
        assert measured(tmp_path / metric, target(metric, subject), tables) is None


def test_a_fault_of_the_study_is_not_taken_for_a_closure(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["nodes"].append({"id": "isle", "kind": "port", "country": "KZ"})
    tables["corridor_mix"][0]["join_node"] = "isle"
    with pytest.raises(FailedError, match="node_not_on_corridor"):
        measured(tmp_path, target("corridor_capacity_t", ("corridors", "way")), tables)


def test_every_metric_of_capacity_has_a_function() -> None:
    assert {name for name in METRICS if name.startswith(("line", "corridor", "element"))} == set(
        METRICS
    )
