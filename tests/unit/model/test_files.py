from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from keruen.errors import Severity
from keruen.model.files import decode, has_hidden_characters, read_bytes

NOBODY = 65534
"""Number of a user who owns nothing."""


def code_of_reading(folder: Path, name: str = "nodes.csv", limit: int = 1000) -> str:
    raw, problems = read_bytes(folder, name, limit)
    assert (raw is None) == bool(problems)
    assert all(problem.file == name for problem in problems)
    return problems[0].code if problems else ""


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    (tmp_path / "nodes.csv").write_bytes(b"x" * 1000)
    assert read_bytes(tmp_path, "nodes.csv", 1000) == (b"x" * 1000, [])
    assert code_of_reading(tmp_path, limit=999) == "too_large"


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    assert code_of_reading(tmp_path) == "unreadable"
    (tmp_path / "nodes.csv").mkdir()
    assert code_of_reading(tmp_path) == "not_a_file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "nodes.csv")
    assert code_of_reading(tmp_path) == "not_a_file"


def test_a_link_may_not_lead_out_of_the_study(tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (study / "nodes.csv").symlink_to(tmp_path / "secret")
    (study / "own.csv").write_text("y", encoding="utf-8")
    (study / "lines.csv").symlink_to("own.csv")
    (study / "lost.csv").symlink_to("nothing.csv")
    (study / "circle.csv").symlink_to("circle.csv")
    assert code_of_reading(study) == "outside_folder"
    assert read_bytes(study, "lines.csv") == (b"y", [])
    assert code_of_reading(study, "lost.csv") == "unreadable"
    assert code_of_reading(study, "circle.csv") == "unreadable"
    linked = tmp_path / "linked"
    linked.symlink_to(study)
    assert read_bytes(linked, "lines.csv") == (b"y", [])


@contextmanager
def one_who_is_forbidden_something() -> Iterator[None]:
    """Nothing is forbidden to the superuser, who is somebody else meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    try:
        os.seteuid(NOBODY)
    except OSError:
        pytest.skip("this superuser can be nobody else, and nothing is forbidden to it")
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="there files are forbidden otherwise")
def test_a_forbidden_file_is_told() -> None:
    # Not in tmp_path, whose folders are closed to others as a whole.
    with TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        (Path(place) / "nodes.csv").write_text("x", encoding="utf-8")
        (Path(place) / "nodes.csv").chmod(0)
        (Path(place) / "lines.csv").write_text("y", encoding="utf-8")
        with one_who_is_forbidden_something():
            assert read_bytes(Path(place), "lines.csv") == (b"y", [])
            assert code_of_reading(Path(place)) == "unreadable"


def test_a_refusal_of_the_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nodes.csv").write_text("x", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    _, problems = read_bytes(tmp_path, "nodes.csv")
    assert problems[0].params["reason"] == "Permission denied"


KAZAKH = "id,name\na,Достық бекеті\n"


@pytest.mark.parametrize(
    ("raw", "encoding", "text"),
    [
        (KAZAKH.encode("utf-16"), "UTF-16", KAZAKH),
        (b"\xfe\xff" + KAZAKH.encode("utf-16-be"), "UTF-16", KAZAKH),
        (KAZAKH.encode("utf-32"), "UTF-32", KAZAKH),
        ("id,name\na,Достык\n".encode("cp1251"), "Windows-1251", "id,name\na,Достык\n"),
        ("id,name\na,Zürich\n".encode("latin-1"), "?", "id,name\na,Z\ufffdrich\n"),
    ],
)
def test_other_encodings_are_told_and_read_as_well_as_can_be(
    raw: bytes, encoding: str, text: str
) -> None:
    found, problems = decode(raw, "nodes.csv")
    assert [(p.code, p.params["encoding"], p.severity) for p in problems] == [
        ("not_utf8", encoding, Severity.ERROR)
    ]
    assert found == text


def test_the_line_of_the_first_wrong_byte_is_told() -> None:
    _, problems = decode(b"id\nb\xff\n", "nodes.csv")
    assert problems[0].params["line"] == 2


def test_a_byte_order_mark_is_a_warning() -> None:
    text, problems = decode(b"\xef\xbb\xbfid\n", "nodes.csv")
    assert text == "id\n"
    assert [(p.code, p.severity) for p in problems] == [("byte_order_mark", Severity.WARNING)]


@pytest.mark.parametrize(
    "text", ["a\x00", "\x1b[2J", "a\u202eb", "\ufeffa", "a\u200bb", "\x85", "\ud800", "a\x7f"]
)
def test_hidden_characters_are_found(text: str) -> None:
    assert has_hidden_characters(text)


@pytest.mark.parametrize("text", ["", "Достық\nтаб\t", "中欧\r\n", "e\u0301", "a\u00a0b", "🚂"])
def test_letters_signs_and_line_ends_are_not_hidden(text: str) -> None:
    assert not has_hidden_characters(text)
