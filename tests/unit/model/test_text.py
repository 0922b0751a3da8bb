from __future__ import annotations

import pytest

from keruen.errors import Severity
from keruen.model.text import TextTable, parse_csv


def read(text: str) -> tuple[TextTable, list[str]]:
    table, problems = parse_csv(text, "t.csv")
    assert table is not None
    return table, [problem.code for problem in problems]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(end: str) -> None:
    table, problems = read(end.join(["id,name", "a,x", "b,y", ""]))
    assert (table.header, table.columns, table.rows) == (
        ("id", "name"),
        (["a", "b"], ["x", "y"]),
        [2, 3],
    )
    assert problems == []


def test_quoted_separators_quotes_and_line_ends() -> None:
    table, problems = read('id,note\na,"x, ""y""\nz"\nb,c\n')
    assert table.columns == (["a", "b"], ['x, "y"\nz', "c"])
    assert table.rows == [2, 3]
    assert problems == []


def test_blank_lines_count_and_are_left_out() -> None:
    table, problems = read("id\n\na\n   \nb")
    assert (table.columns, table.rows, problems) == ((["a", "b"],), [3, 5], [])


@pytest.mark.parametrize(("separator", "name"), [(";", ";"), ("\t", "tab"), ("|", "|")])
def test_other_separators_are_told_and_read(separator: str, name: str) -> None:
    text = f"id{separator}km\na{separator}1,5\n"
    table, problems = parse_csv(text, "t.csv")
    assert table is not None
    assert table.columns == (["a"], ["1,5"])
    assert [(p.code, p.params["separator"]) for p in problems] == [("wrong_separator", name)]


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("", "empty_file", None),
        (" \n\n", "empty_file", None),
        ("\nid\na\n", "no_header", 1),
        (",,\na,b,c\n", "no_header", 1),
        ('id\n"a\nb\n', "broken_quoting", None),
        ('id\n"a"b\n', "broken_quoting", None),
    ],
)
def test_what_cannot_be_read_at_all(text: str, code: str, row: int | None) -> None:
    table, problems = parse_csv(text, "t.csv")
    assert table is None
    assert [(p.code, p.row, p.severity) for p in problems] == [(code, row, Severity.ERROR)]


def test_a_field_without_end_is_no_memory_hole() -> None:
    table, problems = parse_csv('id\n"' + "x" * 200_000, "t.csv")
    assert table is None
    assert [p.code for p in problems] == ["broken_quoting"]


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_cell_too_long_is_told_in_its_place(quote: str, end: str) -> None:
    long = quote + "x" * 300_000 + quote
    lines = ["id,name,note", '"a ""b""","two' + end + 'lines",c', "", f'd,"e,",{long}', "f,g,h"]
    table, problems = parse_csv(end.join(lines), "t.csv")
    assert table is None
    assert [(p.code, p.row, p.column, dict(p.params)) for p in problems] == [
        ("cell_too_long", 4, "note", {"maximum": 131_072})
    ]


def test_a_header_too_long_is_told_in_the_header() -> None:
    _, problems = parse_csv(f"id,{'x' * 300_000}{chr(10)}a,b{chr(10)}", "t.csv")
    assert [(p.code, p.row, p.column) for p in problems] == [("cell_too_long", 1, None)]


def test_ragged_rows_are_told_and_padded_or_cut() -> None:
    table, problems = parse_csv("id,b\na\nb,1,2\nc,3\n", "t.csv")
    assert table is not None
    assert table.columns == (["a", "b", "c"], ["", "1", "3"])
    assert [(p.code, p.row, dict(p.params)) for p in problems] == [
        ("ragged_row", 2, {"cells": 1, "columns": 2}),
        ("ragged_row", 3, {"cells": 3, "columns": 2}),
    ]


def test_commas_at_line_ends_are_harmless() -> None:
    table, problems = parse_csv("id,b\na,1,,\nb,2, ,\n", "t.csv")
    assert table is not None
    assert table.columns == (["a", "b"], ["1", "2"])
    assert [(p.code, p.row, p.severity) for p in problems] == [
        ("surplus_separators", 2, Severity.WARNING)
    ]


def test_zero_bytes_are_told_and_left_out() -> None:
    table, problems = read("id\na\x00b\n")
    assert (table.columns, problems) == ((["ab"],), ["binary_content"])


def test_very_many_ragged_rows_are_counted() -> None:
    _, problems = parse_csv("id,b\n" + "x\n" * 1000, "t.csv")
    assert len(problems) == 201
    assert (problems[-1].code, problems[-1].params["more"]) == ("and_more", 800)


def test_more_rows_than_are_read_at_once() -> None:
    table, problems = read("id,b\n" + "".join(f"r{i},same\n" for i in range(70_000)))
    assert problems == []
    assert table.columns[0][-1] == "r69999"
    assert (len(table.rows), table.rows[-1]) == (70_000, 70_001)
    assert table.columns[1][0] is table.columns[1][1]
