"""Reading a study survives anything that can lie in a folder, and tells where it lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keruen.errors import FailedError, Severity, StudyError
from keruen.model import input_hashes, load_model, read_study
from keruen.schema import load_schema
from support.study_folder import StudyFolder
from support.template_draft import TEMPLATES, adding, dropping, setting


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    return StudyFolder(tmp_path / "study")


def test_templates_are_clean_and_counted() -> None:
    reading = read_study(TEMPLATES / "corridor")
    assert reading.problems == ()
    assert reading.errors == ()
    assert reading.counts["nodes"] == 10
    assert set(reading.counts) == set(load_schema().tables)
    assert reading.sources["assumed"] > 900
    assert reading.model is not None
    assert reading.model.settings.name == "corridor"
    assert reading.model.path == TEMPLATES / "corridor"


def test_a_model_is_only_had_of_a_study_without_errors(study: StudyFolder) -> None:
    assert load_model(study.path).settings.name == "study"
    study.edit("sections", setting("sections", "east_middle", length_km="-1"))
    with pytest.raises(StudyError) as failure:
        load_model(study.path)
    assert [p.code for p in failure.value.problems] == ["below_minimum"]


def test_warnings_do_not_stand_in_the_way(study: StudyFolder) -> None:
    study.file("operators.csv").write_text("id\n", encoding="utf-8")
    reading = study.read()
    assert [(p.code, p.severity) for p in reading.problems if p.code == "no_rows"] == [
        ("no_rows", Severity.WARNING)
    ]
    assert {p.code for p in reading.errors} == {"missing_column"}


@pytest.mark.parametrize("name", ["", "nothing"])
def test_a_folder_that_is_no_study(tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FailedError) as failure:
        read_study(tmp_path / name if name else tmp_path)
    assert failure.value.problems[0].code == ("no_such_folder" if name else "not_a_study")


def test_paths_that_are_no_folders(tmp_path: Path, study: StudyFolder) -> None:
    for path in (study.file("nodes.csv"), tmp_path / "a\x00b", tmp_path / ("x" * 5000)):
        with pytest.raises(FailedError) as failure:
            read_study(path)
        assert failure.value.problems[0].code in {"no_such_folder", "unreadable"}


def test_the_settings_may_be_missing_and_the_tables_are_checked_all_the_same(
    study: StudyFolder,
) -> None:
    study.file("study.yaml").unlink()
    study.edit("sections", setting("sections", "east_middle", tracks="x"))
    assert study.told() == [
        ("missing_file", "study.yaml"),
        ("not_a_number", "sections.csv:2:tracks"),
        ("rail_needs", "sections.csv:2:tracks"),
    ]


def test_a_table_that_is_missing_is_told_where_it_is_needed(study: StudyFolder) -> None:
    study.file("signalling.csv").unlink()
    study.edit("provenance", lambda rows: rows.clear())
    told = study.problems("missing_table")
    assert [(p.place, p.params["first"], p.params["count"]) for p in told] == [
        ("signalling.csv", "sections.csv:2:signalling", 2)
    ]


def test_a_table_that_cannot_be_read_is_no_cascade(study: StudyFolder) -> None:
    for content in ('id\n"a', "id\n" + "x" * 300_000, ""):
        study.file("nodes.csv").write_text(content, encoding="utf-8")
        told = [problem for problem in read_study(study.path).problems if problem.is_error]
        assert len(told) == 2
        assert {problem.file for problem in told} == {"nodes.csv"}
        assert told[1].code == "table_not_read"
        assert told[1].params["first"] == "sections.csv:2:from_node"


@pytest.mark.parametrize("how", ["missing", "broken"])
@pytest.mark.parametrize("table", ["nodes", "sections", "provenance"])
def test_no_table_that_is_lost_drowns_its_own_problem(table: str, how: str, tmp_path: Path) -> None:
    study = StudyFolder(tmp_path / "study", "corridor")
    file = study.file(f"{table}.csv")
    if how == "missing":
        file.unlink()
    else:
        file.write_text(file.read_text(encoding="utf-8") + '"', encoding="utf-8")
    problems = read_study(study.path).problems
    assert any(problem.file == file.name and problem.is_error for problem in problems)
    assert len(problems) <= 5


def test_a_study_of_settings_alone_is_one(tmp_path: Path) -> None:
    text = (TEMPLATES / "smallest" / "study.yaml").read_text(encoding="utf-8")
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    reading = read_study(tmp_path)
    assert reading.problems == ()
    assert reading.counts == {}
    assert reading.model is not None


@pytest.mark.parametrize(
    ("name", "better"),
    [("node.csv", "nodes.csv"), ("Nodes.CSV", "nodes.csv"), ("zzzzzz.csv", "")],
)
def test_files_that_would_be_ignored_are_told(study: StudyFolder, name: str, better: str) -> None:
    study.file(name).write_text("id\n", encoding="utf-8")
    (problem,) = study.problems("unknown_file")
    assert (problem.file, problem.params["better"]) == (name, better)


def test_other_files_are_nobodys_business(study: StudyFolder) -> None:
    study.file("README.md").write_text("x", encoding="utf-8")
    study.file("maps").mkdir()
    assert study.told() == []


def test_a_name_that_is_no_text_can_be_told(study: StudyFolder) -> None:
    try:
        Path(os.fsdecode(os.fsencode(study.path) + b"/\xff\xfe.csv")).write_bytes(b"id\n")
    except OSError:
        pytest.skip("this file system has names in UTF-8 only")
    (problem,) = study.problems("unknown_file")
    assert problem.place.encode("utf-8")


def test_hostile_names_of_files_are_cut_and_counted(study: StudyFolder) -> None:
    for i in range(60):
        study.file(f"{i:02d}" + "x" * 200 + "\x1b[2J.csv").write_text("id\n", encoding="utf-8")
    told = study.problems("unknown_file")
    assert len(told) == 50
    assert all(len(str(p.file)) <= 120 for p in told)


def test_a_folder_called_like_a_table(study: StudyFolder) -> None:
    study.file("nodes.csv").unlink()
    study.file("nodes.csv").mkdir()
    told = study.told()
    assert told[0] == ("not_a_file", "nodes.csv")
    # A table that could not be read is no table left out.
    assert "missing_table" not in {code for code, _ in told}


def test_a_link_out_of_the_folder_is_not_followed(study: StudyFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    study.file("nodes.csv").rename(outside)
    study.file("nodes.csv").symlink_to(outside)
    assert study.told()[0] == ("outside_folder", "nodes.csv")


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda text: text.encode("cp1251", errors="replace"), "not_utf8"),
        (lambda text: text.encode("utf-16"), "not_utf8"),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "byte_order_mark"),
        (lambda text: text.replace(",", ";").encode(), "wrong_separator"),
        (lambda text: text.replace(",", "\t").encode(), "wrong_separator"),
        (lambda text: b"", "empty_file"),
        (lambda text: b"\x00" * 1000, "binary_content"),
        (lambda text: text.encode() + b'"', "broken_quoting"),
        (lambda text: text.encode()[:-40], "ragged_row"),
        (lambda text: text.splitlines()[0].encode(), "no_rows"),
        (lambda text: text.replace("assumed,\n", "assumed,,,\n").encode(), "surplus_separators"),
        (lambda text: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not_utf8"),
        (lambda text: text.replace("id,", "id,id,", 1).encode(), "duplicate_column"),
    ],
)
def test_what_editors_and_spreadsheets_do_to_a_table(
    study: StudyFolder, edit: object, code: str
) -> None:
    raw = edit(study.text("nodes.csv"))  # type: ignore[operator]
    study.file("nodes.csv").write_bytes(raw)
    told = study.problems(code)
    assert told
    assert {p.file for p in told} == {"nodes.csv"}


def test_line_ends_and_quotes_of_a_spreadsheet_are_fine(study: StudyFolder) -> None:
    quoted = study.text("nodes.csv").replace("East,", '"East,\nor ""sunrise""",')
    study.file("nodes.csv").write_bytes(quoted.replace("\n", "\r\n").encode())
    reading = study.read()
    assert reading.problems == ()
    assert reading.model is not None
    assert reading.model.text("nodes", "east", "name_en") == 'East,\r\nor "sunrise"'


def test_every_problem_is_told_at_once(study: StudyFolder) -> None:
    study.edit("nodes", adding({"id": "../x", "kind": "statoin", "country": "kz", "name_en": "X"}))
    study.edit("sections", setting("sections", "east_middle", length_km="12,5", to_node="midle"))
    study.edit("lines", dropping("lines", "line"))
    codes = {code for code, _ in study.told()}
    assert codes >= {
        "bad_id",
        "not_allowed",
        "bad_country",
        "missing_value",
        "decimal_comma",
        "dangling_reference",
    }


HOSTILE = [
    "../../etc/passwd",
    "-rf",
    "CON",
    "x" * 10_000,
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s%n{0}{value}",
    "\x1b]0;title\x07",
    "a\u202eb",
    "'; DROP TABLE nodes; --",
    "💥\ufffd",
    "${HOME}",
    "\\\\server\\share",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_told_or_kept_as_they_are(study: StudyFolder, text: str) -> None:
    study.edit("nodes", setting("nodes", "east", name_en=text, note=text))
    study.edit("sources", setting("sources", "own_estimate", title=text, address=text))
    reading = study.read()
    for problem in reading.problems:
        assert problem.code in {"control_character", "text_too_long"}
        assert all(len(str(value)) <= 80 for value in problem.params.values())
    if reading.model is not None:
        assert reading.model["nodes"].at["east", "name_en"] == text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_hostile_text_becomes_an_identifier(study: StudyFolder, text: str) -> None:
    study.edit("nodes", setting("nodes", "east", id=text))
    reading = study.read()
    assert reading.model is None
    told = {p.code for p in reading.problems if p.place == "nodes.csv:2:id"}
    assert told & {"bad_id", "reserved_id"}
    assert all(len(str(value)) < 500 for p in reading.problems for value in p.params.values())


def test_references_to_odd_texts_are_told_short(study: StudyFolder) -> None:
    study.edit("sections", setting("sections", "east_middle", from_node="y" * 3000))
    (problem,) = study.problems("dangling_reference")
    assert len(str(problem.params["value"])) == 80


def test_hashes_are_of_what_the_schema_knows(study: StudyFolder) -> None:
    study.file("notes.txt").write_text("x", encoding="utf-8")
    hashes = input_hashes(study.path)
    assert "study.yaml" in hashes
    assert {"notes.txt", "datapackage.json"}.isdisjoint(hashes)
    assert list(hashes) == sorted(hashes)
    before = hashes["nodes.csv"]
    study.replace("nodes.csv", "East", "Easter")
    after = input_hashes(study.path)
    assert after["nodes.csv"] != before
    assert {n: h for n, h in after.items() if n != "nodes.csv"} == {
        n: h for n, h in hashes.items() if n != "nodes.csv"
    }
    study.file("lines.csv").unlink()
    study.file("lines.csv").mkdir()
    with pytest.raises(FailedError):
        input_hashes(study.path)
