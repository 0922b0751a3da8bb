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


@pytest.mark.parametrize(("width", "language"), [(80, "kk"), (80, "en"), (120, "kk")])
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--all",),
        ("--corridor", "east_west", "--volume", "2e6"),
        ("--explain", "jaga_container"),
        ("--explain", "ailaq_jaga_container"),
    ],
)
def test_no_line_is_wider_than_the_terminal(
    width: int,
    language: str,
    arguments: tuple[str, ...],
    corridor: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    called = seen(capsys, corridor, *arguments, "--year", "2027", "--lang", language)
    assert max(map(len, called.out.splitlines())) <= width
    assert "\x1b" not in called.out


def test_the_overview_names_what_binds_each_corridor(
    corridor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = seen(capsys, corridor).out
    ladder = call(capsys, "capacity", str(corridor), "--json").envelope["result"]["ladders"][0]
    assert ladder["steps"][0]["element"] in out
    assert ladder["steps"][1]["element"] not in out
    assert "Elements by kind" in out


def test_a_ladder_lists_every_step_and_its_projects(
    corridor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = seen(capsys, corridor, "--corridor", "east_west").out
    result = call(capsys, "capacity", str(corridor), "--corridor", "east_west", "--json")
    (ladder,) = result.envelope["result"]["ladders"]
    volumes = [step["binds_at_t_per_year"] for step in ladder["steps"]]
    assert volumes == sorted(volumes)
    assert [step["rank"] for step in ladder["steps"]] == list(range(1, len(volumes) + 1))
    lifted = {project for step in ladder["steps"] for project in step["lifted_by"]}
    assert lifted
    for name in (*(step["element"] for step in ladder["steps"]), *lifted):
        assert name in out.replace("\n", "").replace(" ", "")


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
