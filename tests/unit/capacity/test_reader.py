from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.reader import ElementReader
from keruen.errors import FailedError
from support.tiny_study import row_of, tiny_day, tiny_model, tiny_tables


@pytest.fixture
def reader(tmp_path: Path) -> ElementReader:
    tables = tiny_tables()
    row_of(tables, "sections", "ab")["freight_pairs_per_day"] = 7
    return ElementReader(tiny_day(tmp_path, tables).model, "sections", "ab")


def test_own_cells_come_before_those_of_the_class(reader: ElementReader) -> None:
    assert reader.number("freight_pairs_per_day") == 7
    assert reader.number("passenger_pairs_per_day") == 2
    names = [entry.name for entry in reader.inputs]
    assert names == ["freight_pairs_per_day", "traffic_classes.passenger_pairs_per_day"]
    assert reader.inputs[1].cell == ("traffic_classes", "quiet", "passenger_pairs_per_day")


def test_what_is_absent_is_none_and_not_remembered(reader: ElementReader) -> None:
    assert reader.optional("running_time_forward_min") is None
    assert reader.word("traction") == "diesel"
    assert [entry.name for entry in reader.inputs] == ["traction"]


def test_a_number_that_must_be_there_is_asked_for_by_its_cell(reader: ElementReader) -> None:
    with pytest.raises(FailedError) as failure:
        reader.number("running_time_forward_min")
    problem = failure.value.problems[0]
    assert (problem.code, problem.file) == ("number_needed", "sections.csv")
    assert problem.params == {"row": "ab", "column": "running_time_forward_min"}


def test_what_is_read_twice_is_remembered_once(reader: ElementReader) -> None:
    reader.number("length_km")
    reader.note("gap_km", 20.0, "km")
    reader.number("length_km")
    reader.note("gap_km", 21.0, "km")
    assert [(entry.name, entry.value) for entry in reader.inputs] == [
        ("length_km", 40.0),
        ("gap_km", 21.0),
    ]


def test_a_base_model_has_no_day(tmp_path: Path, reader: ElementReader) -> None:
    assert reader.day() == date(2024, 7, 1)
    with pytest.raises(FailedError, match="day_needed"):
        ElementReader(tiny_model(tmp_path), "sections", "ab").day()
