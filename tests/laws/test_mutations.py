"""A study broken at random is told or read: located problems, never another failure."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest

from keruen.errors import FailedError, KeruenError, Problem
from keruen.i18n import Translator, told, translator
from keruen.model import Model, Reading, read_study
from keruen.model import study as study_module
from keruen.model.settings import FILE
from keruen.schema import Table, load_schema
from support.mutations import MUTATIONS, Files, mutate

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "keruen"
LONGEST = 500
PER_TEST = 50


@cache
def files_of(study: str) -> Files:
    names = [FILE, *(table.file for table in load_schema().tables.values())]
    return {
        name: (PACKAGE / study / name).read_bytes()
        for name in names
        if (PACKAGE / study / name).exists()
    }


@cache
def translators() -> tuple[Translator, ...]:
    return translator("en"), translator("kk")


def written(folder: Path, files: Files) -> Path:
    folder.mkdir()
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    return folder


def assert_told(problem: Problem, path: Path) -> None:
    """A problem is located, can be printed in both languages and be sent as JSON."""
    assert problem.file is not None, problem
    assert "/" not in problem.file
    assert problem.row is None or problem.row >= 1
    assert problem.column != ""
    assert json.dumps(dict(problem.params), allow_nan=False)
    assert all(len(str(value)) <= LONGEST for value in problem.params.values()), problem
    assert problem.place.encode("utf-8")
    assert str(path) not in str(problem.params)
    for t in translators():
        sentences = told(problem, t)
        assert sentences.rule
        assert sentences.mend


def assert_usable(model: Model) -> None:
    """A model that passed can be looked at on any day and under any scenario."""
    for scenario in (None, *model["scenarios"].index):
        for year in (model.settings.first_year, model.settings.last_year):
            try:
                day = model.under(scenario).in_year(year)
            except FailedError as failure:
                assert failure.problems
                continue
            assert day.on is not None


def run(study: str, seed: int, folder: Path) -> tuple[str, list[str]]:
    """Break a study with one seed and read it: how it ended, and the codes told."""
    random = Random(seed)
    files = dict(files_of(study))
    done = mutate(random, files)
    path = written(folder, files)
    try:
        reading: Reading = read_study(path)
    except KeruenError as failure:
        assert [problem.code for problem in failure.problems] == ["not_a_study"], done
        return "refused", ["not_a_study"]
    for problem in reading.problems:
        assert_told(problem, path)
    if reading.model is None:
        assert reading.errors, done
        return "told", [problem.code for problem in reading.problems]
    assert_usable(reading.model)
    return "read", []


def run_all(study: str, seeds: range, tmp_path: Path) -> Counter[str]:
    ends: Counter[str] = Counter()
    for seed in seeds:
        end, codes = run(study, seed, tmp_path / str(seed))
        ends[end] += 1
        ends.update(set(codes))
    return ends


@pytest.mark.parametrize("template", ["smallest", "berth"])
def test_templates_broken_at_random(template: str, tmp_path: Path) -> None:
    ends = run_all(f"templates/{template}", range(25), tmp_path)
    assert ends["told"] > 10


@pytest.fixture
def _untouched_tables_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read tables that no mutation touched once for all, which halves the time."""
    read = study_module._read_table
    known: dict[str, object] = {}

    def remembering(folder: Path, table: Table) -> object:
        path = folder / table.file
        own = files_of("studies/kazakhstan").get(table.file)
        if not path.is_file() or path.read_bytes() != own:
            return read(folder, table)
        if table.name not in known:
            known[table.name] = read(folder, table)
        reading, problems = known[table.name]  # type: ignore[misc]
        return reading, list(problems)  # type: ignore[has-type]

    monkeypatch.setattr(study_module, "_read_table", remembering)


@pytest.mark.slow
@pytest.mark.usefixtures("_untouched_tables_read_once")
@pytest.mark.parametrize("part", range(10))
def test_the_reference_study_broken_at_random(part: int, tmp_path: Path) -> None:
    seeds = range(part * PER_TEST, (part + 1) * PER_TEST)
    ends = run_all("studies/kazakhstan", seeds, tmp_path)
    assert ends["told"] > PER_TEST / 2


def test_the_same_seed_breaks_in_the_same_way() -> None:
    one, other = dict(files_of("templates/smallest")), dict(files_of("templates/smallest"))
    assert mutate(Random(11), one) == mutate(Random(11), other)
    assert one == other
    assert one != files_of("templates/smallest")


@pytest.mark.parametrize("number", range(len(MUTATIONS)), ids=lambda n: MUTATIONS[n].__name__)
def test_every_mutation_does_something(number: int) -> None:
    found = [dict(files_of("templates/smallest")) for _ in range(12)]
    for seed, files in enumerate(found):
        assert MUTATIONS[number](Random(seed), files)
    assert any(files != files_of("templates/smallest") for files in found)
