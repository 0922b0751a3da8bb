from __future__ import annotations

from pathlib import Path

from keruen.errors import taken_problem


def test_an_empty_file_is_told_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert taken_problem(tmp_path / "empty").code == "target_is_file"
    assert taken_problem(tmp_path / "full").code == "target_not_empty"
