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
