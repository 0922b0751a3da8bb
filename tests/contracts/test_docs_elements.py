"""Command lines of the README and the how-to pages name what the reference study has."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from keruen.flows.freight.selection import rows_meant
from keruen.model import Model, load_model
from keruen.model.place_names import find_named

LINE = re.compile(r"^keruen .* kazakhstan\b.*$", flags=re.MULTILINE)
PLACES = ("zones", "nodes")
FLAGS = ("--json", "--sources", "--demand", "--with-trains", "--thorough")
PLACEHOLDER = re.compile(r"[A-Z]+")


@pytest.fixture(scope="module")
def kazakhstan(repository: Path) -> Model:
    return load_model(repository / "src/keruen/studies/kazakhstan")


def lines(repository: Path) -> list[list[str]]:
    pages = [repository / "README.md", *sorted((repository / "docs/how-to").glob("*.md"))]
    return [
        shlex.split(line, comments=True)
        for page in pages
        for line in LINE.findall(page.read_text(encoding="utf-8"))
    ]


def taken_apart(words: list[str]) -> tuple[str, list[str], dict[str, str]]:
    """The command, what follows the study, and the options that have a value."""
    at = words.index("kazakhstan")
    rest, options = iter(words[at + 1 :]), {}
    places = []
    for word in rest:
        if word in FLAGS:
            continue
        if word.startswith("-"):
            options[word] = next(rest)
        else:
            places.append(word)
    return " ".join(words[1:at]), places, options


def unknown(model: Model, words: list[str]) -> Iterator[str]:
    """What a command line names and the study lacks."""
    command, places, options = taken_apart(words)
    if command == "why":
        yield from (one for one in places if len(rows_meant(model, one)) != 1)
    elif command == "route":
        for one in places:
            find_named(model, PLACES, one, "ORIGIN")
        find_named(model, ("commodities",), options["--commodity"], "--commodity")
    elif command.startswith("rail "):
        yield from (one for one in places if one not in model["lines"].index)
    elif places:
        yield from places
    if "--explain" in options:
        element = options["--explain"]
        if not any(element in table.index for table in model.tables.values()):
            yield element
    for option, table in (("--corridor", "corridors"), ("--scenario", "scenarios")):
        named = options.get(option, "")
        if named and not PLACEHOLDER.fullmatch(named) and named not in model[table].index:
            yield named


def test_command_lines_name_what_the_reference_study_has(
    repository: Path, kazakhstan: Model
) -> None:
    written = lines(repository)
    assert len(written) > 25
    assert {"why", "route", "capacity", "rail run"} <= {taken_apart(one)[0] for one in written}
    assert {" ".join(one): list(unknown(kazakhstan, one)) for one in written} == {
        " ".join(one): [] for one in written
    }


def test_what_is_not_there_would_be_found(kazakhstan: Model) -> None:
    for line in ("why kazakhstan sections/aktogay_dostyk", "rail run kazakhstan nowhere"):
        assert list(unknown(kazakhstan, ["keruen", *line.split()])) == [line.split()[-1]]
