from __future__ import annotations

import sys
from pathlib import Path

import pytest

from keruen.cli import trace


def failure() -> Exception:
    try:
        raise ZeroDivisionError("деление \udc80")
    except ZeroDivisionError as error:
        return error


def test_the_trace_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "log_folders", lambda: iter([tmp_path / "new" / "folder"]))
    log = trace.write_trace(failure(), ("check", "x y"))
    assert log is not None
    text = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert "('check', 'x y')" in text
    assert log.stat().st_mode & 0o077 == 0 or sys.platform == "win32"


def test_the_next_folder_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    folders = [tmp_path / "file" / "below", tmp_path / "second"]
    monkeypatch.setattr(trace, "log_folders", lambda: iter(folders))
    log = trace.write_trace(failure(), ())
    assert log is not None
    assert log.parent == tmp_path / "second"
    monkeypatch.setattr(trace, "log_folders", lambda: iter(folders[:1]))
    assert trace.write_trace(failure(), ()) is None


def test_old_logs_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "log_folders", lambda: iter([tmp_path]))
    for number in range(trace.KEPT + 5):
        (tmp_path / f"keruen-20000101T000000Z-{number:03}.log").write_text("", encoding="utf-8")
    (tmp_path / "other.log").write_text("", encoding="utf-8")
    log = trace.write_trace(failure(), ())
    kept = sorted(tmp_path.glob("keruen-*.log"))
    assert len(kept) == trace.KEPT
    assert log in kept
    assert (tmp_path / "other.log").exists()


def test_logs_go_to_the_place_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    found = {}
    for platform in ("linux", "darwin", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        found[platform] = next(iter(trace.log_folders()))
    assert found["linux"] == Path("/state/keruen")
    assert found["darwin"].parts[-3:] == ("Library", "Logs", "keruen")
    assert found["win32"] == Path("/local/keruen/logs")
