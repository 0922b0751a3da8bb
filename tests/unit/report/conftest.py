"""Runs that the tests of the page read: made once, from the templates that ship."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from keruen.report.page import Matter, read_matter
from keruen.study.pipeline import Request, run_steps
from keruen.study.store import Run, write_run
from support.study_folder import StudyFolder


def run_of(study: Path, target: Path) -> Run:
    """Run a study into a folder."""
    return write_run(run_steps(Request(study)), target, "keruen run")


@pytest.fixture(scope="session")
def corridor_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The corridor template to 2028: targets, a line with a claimed ratio, projects, maps."""
    folder = tmp_path_factory.mktemp("corridor")
    study = StudyFolder(folder / "study", "corridor")
    study.replace("study.yaml", "last_year: 2035", "last_year: 2028")
    return run_of(study.path, folder / "run")


@pytest.fixture(scope="session")
def corridor(corridor_run: Run) -> Matter:
    """The same, read."""
    return read_matter(corridor_run)


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """A run of a small template by its name."""
    made: dict[str, Run] = {}

    def make(template: str) -> Run:
        if template not in made:
            folder = tmp_path_factory.mktemp(template)
            made[template] = run_of(StudyFolder(folder / "study", template).path, folder / "run")
        return made[template]

    return make
