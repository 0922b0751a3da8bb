from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.line_order import check_connected, passed_line, passed_section
from keruen.errors import FailedError
from keruen.model import Model
from support.tiny_study import BASE_DAY, Tables, row_of, tiny_model, tiny_tables

CORRIDOR = ("corridors", "corridor_points", "corridor_elements", "corridor_mix", "fleets")


def without_corridor() -> Tables:
    return {name: rows for name, rows in tiny_tables().items() if name not in CORRIDOR}


def day_model(folder: Path, tables: Tables) -> Model:
    return tiny_model(folder, tables).at(date.fromisoformat(BASE_DAY))


def test_sections_follow_one_another_whatever_their_ids(tmp_path: Path) -> None:
    tables = without_corridor()
    row_of(tables, "sections", "de").update(line="main", from_node="e", to_node="c")
    model = day_model(tmp_path, tables)
    way = passed_line(model, "main")
    assert [(one.section, one.backward) for one in way] == [
        ("ab", False),
        ("bc", False),
        ("de", True),
    ]
    assert [one.start for one in way] == ["a", "b", "c"]
    back = passed_line(model, "main", backward=True)
    assert [(one.section, one.backward) for one in back] == [
        ("de", False),
        ("bc", True),
        ("ab", True),
    ]
    assert back[0] == passed_section(model, "de")


@pytest.mark.parametrize(
    ("ends", "node"),
    [
        (("b", "e"), "b"),  # a branch
        (("a", "b"), "b"),  # side by side
        (("c", "a"), "a"),  # a circle
    ],
)
def test_what_is_not_a_row_is_refused(tmp_path: Path, ends: tuple[str, str], node: str) -> None:
    tables = without_corridor()
    start, end = ends
    row_of(tables, "sections", "de").update(line="main", from_node=start, to_node=end)
    with pytest.raises(FailedError) as raised:
        passed_line(day_model(tmp_path, tables), "main")
    (problem,) = raised.value.problems
    assert problem.code == "line_not_in_a_row"
    assert problem.params["node"] == node


def test_a_line_in_pieces_names_their_ends(tmp_path: Path) -> None:
    tables = without_corridor()
    row_of(tables, "sections", "de")["line"] = "main"
    with pytest.raises(FailedError) as raised:
        passed_line(day_model(tmp_path, tables), "main")
    (problem,) = raised.value.problems
    assert problem.code == "line_in_pieces"
    assert problem.params["pieces"] == "a–c, d–e"
    assert (problem.file, problem.column) == ("sections.csv", "line")
    with pytest.raises(FailedError, match="line_in_pieces"):
        check_connected(day_model(tmp_path / "again", tables), "main")
