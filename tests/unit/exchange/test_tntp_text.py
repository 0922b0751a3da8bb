from __future__ import annotations

from pathlib import Path

import pytest

from keruen.errors import FailedError, Severity
from keruen.exchange.tntp_text import (
    Findings,
    amount,
    end_row,
    factor_tag,
    is_number,
    node,
    read_text,
    taken,
    tell_unknown,
    whole_tag,
)


def test_tags_and_lines_come_without_comments(tmp_path: Path) -> None:
    path = tmp_path / "a_net.tntp"
    path.write_text("~ x\n<A  b> 7 ~ y\n\n<END of METADATA>\n 1 2 ; ~ z\n~\n3 ;\n", "utf-8")
    text = read_text(path, "_net.tntp")
    assert text.tags == {"A B": ("7", 2), "END OF METADATA": ("", 4)}
    assert text.body == [(5, "1 2 ;"), (7, "3 ;")]
    assert whole_tag(text, "A B") == 7
    assert factor_tag(text, "A B") == 7.0
    assert factor_tag(text, "C") is None
    assert whole_tag(text, "C") is None
    assert taken(text, "A B", 9) == taken(text, "C", 9) == 9
    assert end_row(text) == 4
    tell_unknown(text, ("A B",))
    (told,) = text.findings.problems()
    assert text.findings.errors == 0
    assert (told.code, told.row) == ("tntp_missing_tag", 4)
    assert told.params == {"tag": "C", "value": 9}
    tell_unknown(text, ())
    assert text.findings.problems()[-1].params == {"tag": "A B"}


def test_the_heading_is_the_last_comment_before_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a_net.tntp"
    path.write_text("~ x\n<END of METADATA>\n~ y\n~\ta b ;\n1 2 ;\n~ z\n3 ;\n", "utf-8")
    assert read_text(path, "").heading == (4, "\ta b ;")
    path.write_text("~ x\n<END of METADATA>\n1 2 ;\n~ z\n", "utf-8")
    assert read_text(path, "").heading is None


def test_foreign_letters_may_stand_in_comments_only(tmp_path: Path) -> None:
    path = tmp_path / "a_net.tntp"
    path.write_bytes("<A> 1 ~ Stra\u00dfe\n<END OF METADATA>\n~ \u00fc\n1\n".encode("latin-1"))
    assert read_text(path, "").body == [(4, "1")]
    path.write_bytes("<A> 1\n<END OF METADATA>\n\u00fc\n".encode("latin-1"))
    with pytest.raises(FailedError) as caught:
        read_text(path, "")
    assert [one.code for one in caught.value.problems] == ["not_utf8"]


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "b.tntp").write_text("<END OF METADATA>\n1\n", encoding="utf-8")
    path = tmp_path / "near" / "a_net.tntp"
    path.parent.mkdir()
    path.symlink_to(tmp_path / "far" / "b.tntp")
    assert read_text(path, "").body == [(2, "1")]
    (tmp_path / "far" / "b.tntp").unlink()
    with pytest.raises(FailedError) as caught:
        read_text(path, "")
    assert [(one.code, one.file) for one in caught.value.problems] == [("unreadable", "a_net.tntp")]


def test_a_folder_without_such_files_is_a_folder_all_the_same(tmp_path: Path) -> None:
    with pytest.raises(FailedError) as caught:
        read_text(tmp_path, "_net.tntp")
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("tntp_folder", str(tmp_path))
    assert problem.params == {"ending": "_net.tntp", "better": ""}


@pytest.mark.parametrize("text", ["1", "-1.5", "+.5", "1.", "2E-3", "0" * 400 + "1"])
def test_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e999", "1_0", "1,5", "0x1", "\u0661", "1 2"])
def test_what_is_no_number(text: str) -> None:
    assert not is_number(text)


def test_nodes_and_amounts_are_told_where_they_stand() -> None:
    findings = Findings("a")
    assert (node("3", 3, (7, "x"), findings), amount("1e15", (7, "y"), findings)) == (2, 1e15)
    assert findings.problems() == []
    assert node("4", 3, (8, "x"), findings) == node("3.0", 3, (9, "x"), findings) == -1
    assert amount("1.1e15", (10, "y"), findings) == amount("-1", (11, "y"), findings) == -1.0
    assert amount("101", (12, "y"), findings, 100.0) == -1.0
    assert [(one.code, one.row, one.column) for one in findings.problems()] == [
        ("tntp_node_range", 8, "x"),
        ("tntp_not_number", 9, "x"),
        ("tntp_too_large", 10, "y"),
        ("tntp_below_zero", 11, "y"),
        ("tntp_too_large", 12, "y"),
    ]


def test_warnings_are_no_errors_and_counted_apart() -> None:
    findings = Findings("a")
    for row in range(250):
        findings.warn("tntp_no_capacity", row)
    findings.tell("tntp_no_tag", 1)
    told = findings.problems()
    assert findings.errors == 1
    assert len(told) == 202
    assert [one.severity for one in told[-2:]] == [Severity.ERROR, Severity.WARNING]
    assert told[-1].params == {"code_told": "tntp_no_capacity", "more": 50}
