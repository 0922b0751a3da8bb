from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import template


@pytest.mark.parametrize(
    ("language", "element", "lever", "pieces"),
    [
        ("en", "ailaq_container", "subsidy", ("The east", "port_cranes", "Elasticity")),
        ("kk", "ailaq_port", "guaranteed-sailing", ("Айлақ порты", "Астық", "икемділігі")),
        (
            "kk",
            "ailaq_jaga_container",
            "guaranteed-sailing",
            ("Кеме рейсін күту  Айлақ — Жаға, контейнер",),
        ),
        ("en", "qaqpa_ailaq_road", "border-hours", ("No freight passes it", "100%")),
    ],
)
def test_the_screen(
    language: str,
    element: str,
    lever: str,
    pieces: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    study = template("corridor")(tmp_path / "corridor")
    called = call(
        capsys, "why", str(study), element, "--year", "2026", "--lever", lever, "--lang", language
    )
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 80
    for piece in pieces:
        assert piece in called.out
    assert "cli." not in called.out
