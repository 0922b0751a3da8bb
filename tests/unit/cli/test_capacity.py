from __future__ import annotations

from pathlib import Path

import pytest

from keruen.cli.options import LEVELS
from keruen.rail.line_capacity import Level
from support.command_line import Called, call
from support.worlds import line, template


@pytest.fixture(scope="module")
def corridor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template("corridor")(tmp_path_factory.mktemp("world") / "corridor")


def seen(capsys: pytest.CaptureFixture[str], study: Path, *arguments: str) -> Called:
    called = call(capsys, "capacity", str(study), *arguments)
    assert (called.status, called.err) == (0, "")
    return called


def test_the_levels_of_the_option_are_those_of_capacity() -> None:
    assert tuple(level.value for level in Level) == LEVELS


def test_the_fleet_of_a_volume_grows_with_it(
    corridor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def needs(volume: str) -> dict[str, int]:
        called = call(
            capsys, "capacity", str(corridor), "--corridor", "east_west", "--volume", volume,
            "--json",
        )  # fmt: skip
        result = called.envelope["result"]
        assert result["volume_t_per_year"] == float(volume)
        return {need["element"]: need["units_needed"] for need in result["needs"]}

    small, large = needs("1e6"), needs("3e6")
    assert small.keys() == large.keys() != set()
    assert all(small[name] <= large[name] for name in small)
    assert sum(large.values()) > sum(small.values())
    out = seen(capsys, corridor, "--corridor", "east_west", "--volume", "3e6").out
    assert "Fleet that 3,000,000" in out


def test_explaining_gives_one_element_and_no_ladder(
    corridor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--explain", "jaga_container", "--level", "practical", "--json")
    result = call(capsys, "capacity", str(corridor), *arguments).envelope["result"]
    assert {element["id"] for element in result["elements"]} == {"jaga_container"}
    assert {element["level"] for element in result["elements"]} == {"practical"}
    assert result["ladders"] == []
    assert all(element["inputs"] for element in result["elements"])


def test_a_day_decides_what_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = line(tmp_path / "line")
    sections = study / "sections.csv"
    text = sections.read_text(encoding="utf-8")
    closed = text.replace("20,20,,,own", "20,20,2026-09-30,,own")
    assert closed != text
    sections.write_text(closed, encoding="utf-8")
    command = ("capacity", str(study), "--explain", "tepe_dala", "--json")
    assert call(capsys, *command, "--date", "2026-09-30").status == 0
    before = call(capsys, *command, "--date", "2026-09-29")
    assert (before.status, before.codes) == (3, ["element_not_in_service"])
    assert before.envelope["date"] == "2026-09-29"
    assert call(capsys, *command, "--year", "2026").codes == ["element_not_in_service"]
    assert call(capsys, *command, "--year", "2027").envelope["year"] == 2027


def test_without_a_day_the_base_date_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = line(tmp_path / "line")
    assert call(capsys, "capacity", str(study), "--json").envelope["date"] == "2024-12-31"
    assert "December 31, 2024" in seen(capsys, study).out
