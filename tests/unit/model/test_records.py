from __future__ import annotations

from pathlib import Path

from keruen.model.records import cell_error, record_number
from support.tiny_study import tiny_model, tiny_tables


def test_a_row_is_found_where_it_stands(tmp_path: Path) -> None:
    model = tiny_model(tmp_path, tiny_tables())
    keys = [str(key) for key in model["sections"].index]
    assert [record_number(model, "sections", key) for key in keys] == [
        number + 2 for number in range(len(keys))
    ]


def test_a_row_of_no_file_has_no_record(tmp_path: Path) -> None:
    model = tiny_model(tmp_path, tiny_tables())
    assert record_number(model, "sections", "nowhere") is None
    assert record_number(model, "track_profiles", "ab/0") is None


def test_an_error_of_a_cell_stands_at_its_record(tmp_path: Path) -> None:
    model = tiny_model(tmp_path, tiny_tables())
    last = str(model["sections"].index[-1])
    told = cell_error(model, "sections", last, "length_km", "number_needed", why=1)
    assert told.place == f"sections.csv:{len(model['sections']) + 1}:length_km"
    assert (told.is_error, told.params) == (True, {"row": last, "why": 1})
