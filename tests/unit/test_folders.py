from __future__ import annotations

import re
from pathlib import Path

import pytest

from keruen.folders import is_taken, scratch_beside, user_cache, whole_folder


def test_the_folder_asked_for_goes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache() == tmp_path / "keruen"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_cache() == tmp_path / ".cache" / "keruen"


def test_without_a_home_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    assert user_cache() is None


@pytest.mark.parametrize(
    ("platform", "variable", "inside"),
    [("win32", "LOCALAPPDATA", "keruen"), ("darwin", "HOME", "Library/Caches/keruen")],
)
def test_other_systems_have_their_own_places(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str, inside: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert user_cache() == tmp_path / inside


def test_what_takes_a_place(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "full" / "inner").mkdir(parents=True)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    taken = {
        name for name in ("file", "empty", "full", "nowhere", "x") if is_taken(tmp_path / name)
    }
    assert taken == {"file", "full", "nowhere"}


def test_a_scratch_folder_is_gone_afterwards(tmp_path: Path) -> None:
    with scratch_beside(tmp_path / "deep" / "out.txt") as scratch:
        (scratch / "half").touch()
        assert scratch.parent == tmp_path / "deep"
    assert list((tmp_path / "deep").iterdir()) == []


def test_a_folder_has_the_rights_that_the_user_gives_new_ones(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with whole_folder(tmp_path / "made", lambda _: None) as folder:
        (folder / "x").touch()
        assert not (tmp_path / "made").exists()
    assert (tmp_path / "made" / "x").exists()
    assert (tmp_path / "made").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "plain"]


def test_a_place_is_looked_at_before_and_after(tmp_path: Path) -> None:
    asked: list[Path] = []
    with whole_folder(tmp_path / "made", asked.append):
        assert len(asked) == 1
    assert asked == [tmp_path / "made"] * 2


def test_a_circle_of_links_is_refused_by_the_system(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with (
        pytest.raises(OSError, match=re.escape(str(tmp_path))),
        whole_folder(tmp_path / "a" / "c", lambda _: None),
    ):
        pass
