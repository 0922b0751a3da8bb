from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import typer

from keruen.cli.answer import Asked
from keruen.cli.glance import Glance, asked_at
from keruen.cli.main import build_app
from keruen.i18n import translator
from support.command_line import call
from support.worlds import line_run


@pytest.mark.parametrize(
    ("arguments", "glance"),
    [
        ([], Glance(False, "en")),
        (["check", "x", "--json"], Glance(True, "en")),
        (["--lang", "kk", "check"], Glance(False, "kk")),
        (["check", "--lang=kk", "--lang", "ru"], Glance(False, "ru")),
        (["check", "--", "--json", "--lang", "kk"], Glance(False, "en")),
        (["--lang"], Glance(False, "en")),
        (["--lang", "--json"], Glance(False, "--json")),
    ],
)
def test_the_language_and_json_are_seen_before_parsing(
    arguments: list[str], glance: Glance
) -> None:
    assert Glance.at(arguments) == glance


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", Asked("")),
        ("chek x --json", Asked("", json=True)),
        ("check", Asked("check")),
        ("--lang check rail capacity x steppe --jsn", Asked("rail capacity", study="x")),
        (
            "capacity --year=2030 x --date 2031-05-06 --scenario cape --levl x",
            Asked("capacity", False, "x", "cape", 2030, dt.date(2031, 5, 6)),
        ),
        ("capacity --year 20x --explain a x", Asked("capacity", study="x")),
        (
            "run --seed 7 --as-of 2024-01-01 -o out x y",
            Asked("run", study="x", seed=7, as_of=dt.date(2024, 1, 1)),
        ),
        ("run --seed", Asked("run")),
        ("check --sources -- --json", Asked("check", study="--json")),
        ("verify nowhere --jsn", Asked("verify")),
        ("schema --table", Asked("schema")),
        ("flows --tntp a b --gap x", Asked("flows")),
        ("flows --tntp=a b c --gap x", Asked("flows", study="c")),
    ],
)
def test_what_is_asked_is_known_as_far_as_it_can_be_read(line: str, asked: Asked) -> None:
    command = typer.main.get_command(build_app(translator("en")))
    assert asked_at(command, line.split()) == asked


def test_a_refused_line_says_which_study_its_run_is_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(line_run(tmp_path / "run"))
    for command in ("verify", "report", "targets", "export"):
        answer = call(capsys, command, run, "--jsn", "--json").envelope
        assert (answer["command"], answer["study"]) == (command, "line")
