from __future__ import annotations

from pathlib import Path

import pytest

from keruen.errors import FailedError, KeruenError, UsageError
from keruen.exchange.placing import place_file, place_folder


def fill_folder(folder: Path) -> None:
    (folder / "b.csv").write_text("b")
    (folder / "a.csv").write_text("a")


def fill_file(file: Path) -> None:
    file.write_text("new")


def code_of(raised: pytest.ExceptionInfo[KeruenError]) -> str:
    return raised.value.problems[0].code


def test_a_folder_appears_with_its_files(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    assert place_folder(target, fill_folder) == (target / "a.csv", target / "b.csv")
    assert sorted(path.name for path in target.iterdir()) == ["a.csv", "b.csv"]
    assert [path.name for path in target.parent.iterdir()] == ["out"]


def test_an_empty_folder_and_an_empty_file_are_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    place_folder(tmp_path / "out", fill_folder)
    (tmp_path / "out.txt").touch()
    assert place_file(tmp_path / "out.txt", fill_file) == (tmp_path / "out.txt",)
    assert (tmp_path / "out.txt").read_text() == "new"


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("mine")
    (tmp_path / "file.txt").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = sorted(tmp_path.rglob("*"))
    for name in ("folder", "file.txt", "link"):
        with pytest.raises(UsageError) as raised:
            place_folder(tmp_path / name, fill_folder)
        is_file = name == "file.txt"
        assert code_of(raised) == ("target_is_file" if is_file else "target_not_empty")
        with pytest.raises(UsageError) as raised:
            place_file(tmp_path / name, fill_file)
        assert code_of(raised) == "target_exists"
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file.txt").read_text() == "mine"


@pytest.mark.parametrize("place", [place_file, place_folder])
@pytest.mark.parametrize(
    "failure",
    [OSError(28, "No space left on device"), UnicodeEncodeError("utf-8", "\ud800", 0, 1, "why")],
)
def test_nothing_appears_when_writing_fails(
    tmp_path: Path, place: type, failure: Exception
) -> None:
    def break_down(path: Path) -> None:
        (path / "half.csv" if path.is_dir() else path).write_text("half")
        raise failure

    with pytest.raises(FailedError) as raised:
        place(tmp_path / "out", break_down)
    assert code_of(raised) == "cannot_write"
    assert raised.value.problems[0].params["reason"] in {"No space left on device", "why"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", [place_file, place_folder])
def test_a_parent_that_is_a_file_is_told(tmp_path: Path, place: type) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FailedError) as raised:
        place(tmp_path / "file" / "out", fill_file)
    assert code_of(raised) == "cannot_write"


def test_any_other_failure_leaves_nothing_either(tmp_path: Path) -> None:
    def break_down(folder: Path) -> None:
        fill_folder(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place_folder(tmp_path / "out", break_down)
    assert list(tmp_path.iterdir()) == []
