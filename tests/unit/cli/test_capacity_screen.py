from __future__ import annotations

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
