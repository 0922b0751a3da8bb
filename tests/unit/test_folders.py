from __future__ import annotations

from pathlib import Path

import pytest

from keruen.folders import user_cache


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
