from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.command_line import Called, call
from support.worlds import template


@pytest.fixture(scope="module")
def corridor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template("corridor")(tmp_path_factory.mktemp("world") / "corridor")


def seen(capsys: pytest.CaptureFixture[str], study: Path, *arguments: str) -> Called:
    called = call(capsys, "capacity", str(study), *arguments)
    assert (called.status, called.err) == (0, "")
    return called


def test_a_sheet_shows_formula_inputs_ranges_and_sources(
    corridor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = seen(capsys, corridor, "--explain", "handling/jaga_container").out
    for piece in (
        "8760 * servers / service_h",
        "service_h",
        "acceptable_wait_share",
        "assumed",
        " … ",
        "Worked out on the way",
        "own_estimate: ",
    ):
        assert piece in out
    assert "Elements by kind" not in out


def test_what_all_levels_have_in_common_is_said_once(
    corridor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = seen(capsys, corridor, "--explain", "tau_qaqpa").out
    assert out.count("Direction:") == out.count("What limits it:") == 1
    assert out.count("each way") == 1
    out = seen(capsys, corridor, "--explain", "ailaq_jaga_container").out
    for direction in ("forward", "backward"):
        assert len(re.findall(rf"^ (?:maximal|available|practical) +{direction} ", out, re.M)) == 3


def test_a_wide_terminal_has_a_column_for_the_confidence(
    corridor: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for width, heads in (("80", "Source"), ("120", "Confidence   Source")):
        monkeypatch.setenv("COLUMNS", width)
        assert heads in seen(capsys, corridor, "--explain", "tau_qaqpa").out
    monkeypatch.setenv("COLUMNS", "80")
    assert "Confidence" not in seen(capsys, corridor, "--explain", "tau_qaqpa").out


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("all, trains/day", "left, trains/day", "before background trains", "(east_west)")),
        ("kk", ("барлығы", "қалғаны", "жергілікті пойыздар", "(east_west)")),
    ],
)
def test_a_sheet_says_what_background_trains_take_and_whose_cargo_makes_the_tonnes(
    corridor: Path, language: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    out = seen(capsys, corridor, "--explain", "tau_qaqpa", "--lang", language).out
    for word in words:
        assert word in " ".join(out.split())
