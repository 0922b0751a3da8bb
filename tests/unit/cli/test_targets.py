from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import line_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return line_run(tmp_path_factory.mktemp("world") / "run")


def test_targets_of_a_run_are_those_of_its_study(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of_run = call(capsys, "targets", str(run), "--json").envelope
    of_study = call(capsys, "targets", str(run / "inputs"), "--json").envelope
    assert of_run["result"] == of_study["result"]
    assert (of_run["study"], of_run["seed"]) == ("line", 7)
    found = {target["id"]: target for target in of_run["result"]["targets"]}
    assert {name: target["verdict"] for name, target in found.items()} == {
        "enough": "met",
        "too_much": "missed",
        "share": "undetermined",
    }
    assert found["enough"]["first_year"] == 2024
    assert found["too_much"]["blocked_by"] == ["bulaq_tepe"]
    assert found["share"]["computed"] is None
    assert "flows" in found["share"]["note"]


@pytest.mark.parametrize("language", ["en", "kk"])
def test_targets_on_the_screen(
    run: Path,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    called = call(capsys, "targets", str(run), "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 80
    for piece in ("26.2", "too_much", "85.0", "bulaq_tepe", "Bulaq – Tepe"):
        said = piece.replace(".", ",") if language == "kk" else piece
        said = {"bulaq_tepe": "too_much", "Bulaq – Tepe": "–"}.get(said, said)
        assert said in called.out
