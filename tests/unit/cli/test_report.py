from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import line_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return line_run(tmp_path_factory.mktemp("world") / "run")


@pytest.fixture
def copied(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "copied"))


def test_a_report_is_written_again_in_another_language(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "kk.html"
    called = call(capsys, "report", str(copied), "--lang", "kk", "-o", str(target), "--json")
    assert called.envelope["result"] == {"path": str(target)}
    assert 'lang="kk"' in target.read_text(encoding="utf-8")
    (copied / "report.html").unlink()
    again = call(capsys, "report", str(copied))
    assert again.status == 0
    assert 'lang="en"' in (copied / "report.html").read_text(encoding="utf-8")
