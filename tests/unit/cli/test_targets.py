from __future__ import annotations

import math
from pathlib import Path

import pytest

from keruen.cli.screen import Screen
from keruen.cli.verdicts import names_at_the_end, show_details, verdicts
from keruen.i18n import translator
from keruen.study.pipeline import prepare
from keruen.study.store import read_run
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


@pytest.mark.parametrize(
    ("projects", "cost", "said", "alone"),
    [
        ("loops", 2.5e8, "loops; cost $250M", {"project": "loops", "cost_usd": 2.5e8}),
        ("loops bridge", 2.5e8, "loops; bridge; cost $250M", None),
        ("loops bridge", math.nan, "loops; bridge; cost not known", None),
    ],
)
def test_what_would_help_is_told_with_its_cost(
    run: Path,
    projects: str,
    cost: float,
    said: str,
    alone: dict[str, object] | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = read_run(run)
    base, _ = prepare(known.request)
    frame = known.tables["targets"].copy()
    own = frame["id"] == "too_much"
    frame.loc[own, "unblocked_by"] = projects
    frame.loc[own, "unblocking_cost_usd"] = cost
    t = translator("en")
    names = names_at_the_end(t, base)
    found = verdicts({**known.tables, "targets": frame}, names)
    told = next(target for target in found if target["id"] == "too_much")
    assert told["unblocked_by"] == alone
    show_details(Screen(t), found, names)
    assert said in capsys.readouterr().out
