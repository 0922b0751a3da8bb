from __future__ import annotations

import io

import pytest

from keruen.cli.screen import Said, Screen
from keruen.errors import Problem, Severity
from keruen.i18n import translator


def screen(language: str = "en") -> tuple[Screen, io.StringIO]:
    stream = io.StringIO()
    return Screen(translator(language), stream), stream


def missing(row: int, file: str = "nodes.csv", severity: Severity = Severity.ERROR) -> Problem:
    return Problem(severity, "missing_value", file, row, "kind")


def test_problems_are_grouped_and_errors_come_first() -> None:
    out, stream = screen()
    out.problems(
        [
            missing(9, severity=Severity.WARNING),
            missing(3),
            missing(2, "a.csv"),
            missing(2),
        ]
    )
    assert stream.getvalue() == (
        "3 errors\n"
        "  a.csv\n"
        "    row 2, kind: The cell is empty, but a value is needed.\n"
        "      Write the value.\n"
        "  nodes.csv\n"
        "    row 2, kind: The cell is empty, but a value is needed.\n"
        "      Write the value.\n"
        "    row 3, kind: The cell is empty, but a value is needed.\n"
        "1 warning\n"
        "  nodes.csv\n"
        "    row 9, kind: The cell is empty, but a value is needed.\n"
        "      Write the value.\n"
    )


def test_a_long_list_is_cut_and_counted() -> None:
    out, stream = screen("kk")
    out.problems([missing(row) for row in range(2, 62)], most=10)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "60 қате"
    assert lines[-1] == "  … және тағы 50"
    assert sum("kind" in line for line in lines) == 10


def test_long_sentences_are_wrapped_below_themselves() -> None:
    out, stream = screen()
    word = "word" * 8 + " "
    out.problems([Problem(Severity.ERROR, "not_a_number", "a.csv", 2, "b", {"value": word * 6})])
    lines = stream.getvalue().splitlines()
    assert len(lines) > 4
    assert all(line.startswith("    ") for line in lines[2:])
    assert all(line == line.rstrip() for line in lines)


def test_names_and_cells_cannot_command_the_terminal() -> None:
    hostile = "\x1b[31m[red]\u202e\n"
    out, stream = screen()
    out.problems([Problem(Severity.ERROR, "missing_value", hostile, 2, hostile)])
    out.table([hostile, "n"], [(hostile, "1")])
    text = stream.getvalue()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("\\x1b[31m[red]\\u202e\\x0a") == 4


def test_numbers_of_a_table_are_set_right() -> None:
    out, stream = screen()
    out.table(["Name", "Cells"], [("a", "1"), ("bbbbbb", "1,000")])
    rows = [line.rstrip() for line in stream.getvalue().splitlines() if line.strip()]
    assert rows[2].endswith("      1")
    assert rows[3].endswith("1,000")
    assert len(rows[2]) == len(rows[3])


def test_a_failure_without_a_place_is_one_sentence() -> None:
    out, stream = screen()
    out.failure([Problem(Severity.ERROR, "year_and_date")])
    assert stream.getvalue() == (
        "error: --year and --date name two different moments.\n  Give one of them.\n"
    )


def test_a_cell_may_have_lines_and_text_columns_may_be_many() -> None:
    out, stream = screen()
    out.table(["A", "B", "N"], [(("one", Said("two", "dim")), "b", "7")], align="<=")
    lines = [line.rstrip() for line in stream.getvalue().splitlines() if line.strip()]
    assert [line.split() for line in lines[2:]] == [["one", "b", "7"], ["two"]]


def test_entries_hang_below_their_first_line_and_paths_are_never_wrapped() -> None:
    out, stream = screen()
    out.entry("word " * 40, "Lead:")
    first, *rest = stream.getvalue().splitlines()
    assert first.startswith("  Lead: word")
    assert rest
    assert all(line.startswith("    word") for line in rest)
    out, stream = screen()
    out.unbroken("/" + "folder/" * 40)
    assert stream.getvalue() == "/" + "folder/" * 40 + "\n"


def test_headings_entries_and_paths_are_made_safe() -> None:
    hostile = "\x1b[2J[red]\u202e"
    out, stream = screen()
    out.heading(hostile, hostile)
    out.entry(hostile, hostile)
    out.unbroken(hostile)
    assert "\x1b" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()
    assert stream.getvalue().count("[red]") == 5


def test_the_first_column_never_vanishes_however_long_the_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out, stream = screen()
    out.table(["Measure", "2024", "2040"], [("Kuryk rail ferry", "7" * 52, "8" * 52)])
    text = stream.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    for word in ("Measure", "Kuryk", "ferry", "rail"):
        assert word in text
    assert text.count("7") == 52
    assert text.count("8") == 52


def test_heads_of_numbers_give_way_before_words_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    out, stream = screen()
    heads = ["Equipment", "Zone", "Turned away empty", "Cost, million USD"]
    out.table(heads, [["Containers", "Xinjiang, Urumqi", "4,500", "4.55"]], align="<<")
    told = stream.getvalue()
    assert max(map(len, told.splitlines())) <= 60
    for word in ("Containers", "Xinjiang,", "Urumqi", "4,500", "4.55", "million"):
        assert word in told
    assert "Turned away empty" not in told
    monkeypatch.setenv("COLUMNS", "100")
    out, stream = screen()
    out.table(heads, [["Containers", "Xinjiang, Urumqi", "4,500", "4.55"]], align="<<")
    assert "Turned away empty" in stream.getvalue()
