from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import template


@pytest.mark.parametrize(
    ("language", "pieces"),
    [
        ("en", ("prior", "their corridor left out", "at rest", "berth_boxes_2024", "TEU/year")),
        ("kk", ("жорамал күйінде", "дәлізі алынып тасталғанда", "тыныштыққа", "berth_boxes_2024")),
    ],
)
def test_the_screen(
    language: str,
    pieces: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    study = template("corridor")(tmp_path / "corridor")
    called = call(capsys, "calibrate", str(study), "--lang", language)
    assert called.status == 0
    told = " ".join(called.out.split())
    for piece in pieces:
        assert piece in told
    assert max(map(len, called.out.splitlines())) <= 80
    assert "cli." not in called.out
