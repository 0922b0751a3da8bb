from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import line, line_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return line_run(tmp_path_factory.mktemp("world") / "run")


def test_a_run_compared_with_itself_and_with_another(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(capsys, "compare", str(run), str(run)).out == "Nothing differs.\n"
    study = line(tmp_path / "line")
    sections = study / "sections.csv"
    text = sections.read_text(encoding="utf-8").replace(",24,25,", ",22,23,")
    sections.write_text(text, encoding="utf-8")
    assert call(capsys, "run", str(study), "-o", str(tmp_path / "other")).status == 0
    called = call(capsys, "compare", str(run), str(tmp_path / "other"), "--json")
    assert (called.status, called.envelope["status"]) == (1, "findings")
    cells = called.envelope["result"]["tables"]["targets"]["changed"]
    computed = {
        cell["row"]: (cell["a"], cell["b"]) for cell in cells if cell["column"] == "computed"
    }
    assert computed["enough"] == pytest.approx((1440 / 55, 1440 / 51))
    out = call(capsys, "compare", str(run), str(tmp_path / "other")).out
    assert "targets" in out
    assert "cells changed" in out
    short, long = (
        call(capsys, "compare", str(run), str(tmp_path / "other"), *extra).out
        for extra in ((), ("--all",))
    )
    assert "more" in short
    assert len(long) > len(short)
