from __future__ import annotations

from pathlib import Path

import pytest

from keruen.cli.forecast import shown_years
from support.command_line import call
from support.worlds import template


@pytest.fixture(scope="module")
def corridor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template("corridor")(tmp_path_factory.mktemp("world") / "corridor")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "kk"])
def test_a_forecast_on_the_screen(
    corridor: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--draws", "2", "--every", "10", "--lang", language)
    called = call(capsys, "forecast", str(corridor), *asked)
    assert called.status == 0
    for piece in ("berth_boxes", "rail_west", "2024", "2035", "%"):
        assert piece in called.out


@pytest.mark.slow
def test_tables_go_beside_a_run_and_targets_tell_the_chances(
    corridor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    asked = ("forecast", str(corridor), "--draws", "2", "--every", "10", "-o", str(kept), "--json")
    first = call(capsys, *asked)
    assert first.status == 0
    assert first.envelope["result"]["path"] == str(kept)
    again = call(capsys, *asked)
    assert [one["code"] for one in again.envelope["problems"]] == ["target_not_empty"]
    judged = call(capsys, "targets", str(corridor), "--forecast", str(kept), "--json")
    assert judged.status == 0
    told = {one["id"]: one["probability"] for one in judged.envelope["result"]["targets"]}
    # No target of this study names what of the flows it counts.
    assert set(map(len, told.values())) == {0}
    astray = call(capsys, "targets", str(corridor), "--forecast", str(tmp_path), "--json")
    assert [one["code"] for one in astray.envelope["problems"]] == ["not_a_forecast"]


@pytest.mark.parametrize(
    ("option", "value"), [("--draws", "1"), ("--draws", "many"), ("--every", "0")]
)
def test_counts_out_of_bounds_are_refused(
    corridor: Path, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, "forecast", str(corridor), option, value, "--json")
    assert called.status == 2
    assert [one["code"] for one in called.envelope["problems"]] == ["bad_count"]


def test_a_screen_shows_five_years_at_most() -> None:
    assert shown_years(list(range(2024, 2041))) == [2024, 2032, 2040]
    assert shown_years([2030]) == [2030]
