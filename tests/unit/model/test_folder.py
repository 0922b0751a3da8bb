from __future__ import annotations

from pathlib import Path

import pytest

from keruen.errors import FailedError, UsageError
from keruen.model.folder import new_folder


def test_a_folder_appears_when_it_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b"
    with new_folder(path) as folder:
        (folder / "x").write_text("1", encoding="utf-8")
        assert not path.exists()
    assert (path / "x").read_text(encoding="utf-8") == "1"
    assert [entry.name for entry in path.parent.iterdir()] == ["b"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "b"
    path.mkdir()
    with new_folder(path) as folder:
        (folder / "x").touch()
    assert (path / "x").exists()


def test_nothing_is_left_when_filling_fails(tmp_path: Path) -> None:
    def fill() -> None:
        with new_folder(tmp_path / "b") as folder:
            (folder / "x").touch()
            raise KeyError("planted")

    with pytest.raises(KeyError, match="planted"):
        fill()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "full", "link"])
def test_a_path_that_is_taken(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "b"
    if kind == "file":
        path.touch()
    elif kind == "full":
        path.mkdir()
        (path / "x").touch()
    else:
        (tmp_path / "c").mkdir()
        path.symlink_to(tmp_path / "c")
    before = sorted(entry.name for entry in tmp_path.rglob("*"))
    with pytest.raises(UsageError) as failure, new_folder(path):
        pass
    expected = "folder_not_empty" if kind == "full" else "not_a_folder"
    assert failure.value.problems[0].code == expected
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == before


def test_somebody_else_was_quicker(tmp_path: Path) -> None:
    path = tmp_path / "b"
    with pytest.raises(UsageError), new_folder(path):
        path.mkdir()
        (path / "theirs").touch()
    assert [entry.name for entry in path.iterdir()] == ["theirs"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["b"]


def test_paths_that_the_system_refuses(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "b", tmp_path / "a\x00b", tmp_path / ("x" * 5000)):
        with pytest.raises(FailedError) as failure, new_folder(path):
            pass
        assert failure.value.problems[0].code == "system_refused"
