"""The ladder of imports holds, and a planted breach of each of its rules is caught."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

PURE_ROOMS = ("rail", "terminals", "appraisal", "events")
"""Rooms that are arithmetic and nothing else."""

LINT = (
    "import sys; from importlinter.cli import lint_imports; "
    "sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True))"
)


def contracts(repository: Path) -> dict[str, dict[str, Any]]:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    return {entry["id"]: entry for entry in settings["tool"]["importlinter"]["contracts"]}


def rooms_of(layers: list[str]) -> list[str]:
    """Names of the rooms in a layered contract, top first, without the marks."""
    return [part.strip().strip("()") for layer in layers for part in layer.split("|")]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def model_house(repository: Path, tmp_path: Path) -> Path:
    """A package with every room of the ladder, each with one empty module, under our contracts."""
    package = tmp_path / "keruen"
    package.mkdir()
    (package / "__init__.py").touch()
    for room in rooms_of(contracts(repository)["ladder"]["layers"]):
        (package / room).mkdir()
        (package / room / "__init__.py").touch()
        (package / room / "inner.py").touch()
    shutil.copy(repository / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_package_keeps_every_contract(repository: Path, tmp_path: Path) -> None:
    # Beside a copy of the sources alone, so that nothing but them can make the ladder hold.
    shutil.copytree(
        repository / "src" / "keruen",
        tmp_path / "keruen",
        ignore=lambda _, names: [name for name in names if name == "__pycache__"],
    )
    shutil.copy(repository / "pyproject.toml", tmp_path)
    result = lint(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_house_that_keeps_the_ladder_passes(model_house: Path) -> None:
    (model_house / "keruen/capacity/inner.py").write_text("import keruen.model.inner\n")
    (model_house / "keruen/cli/inner.py").write_text("from keruen.i18n import inner\n")
    (model_house / "keruen/jit/inner.py").write_text("import numba\n")
    (model_house / "keruen/power/inner.py").write_text("import pypsa\n")
    result = lint(model_house)
    assert result.returncode == 0, result.stdout + result.stderr


LATE = "def late():\n    from keruen.study import inner\n    return inner\n"
TYPES_ONLY = (
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from keruen.capacity import inner\n"
)


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        ("model", "import keruen.capacity.inner\n", "Imports point down the ladder"),
        ("flows", LATE, "Imports point down the ladder"),
        ("network", TYPES_ONLY, "Imports point down the ladder"),
        ("report", "import keruen.web.inner\n", "Imports point down the ladder"),
        ("rail", "import keruen.schema.inner\n", "Imports point down the ladder"),
        ("study", "import keruen.i18n.inner\n", "Below the faces a message is data"),
        ("report", "import babel.numbers\n", "are made in keruen.i18n only"),
        ("terminals", "import csv\n", "know no table and no file"),
        ("schema", "import pandas\n", "reads its own declarations"),
        ("rail", "import numba\n", "numba stands in keruen.jit only"),
        ("study", "import pypsa\n", "pypsa stands in keruen.power only"),
        ("simulation", "import dask.array\n", "dask stands in keruen.study.ensemble only"),
    ],
)
def test_a_planted_breach_is_caught(model_house: Path, room: str, line: str, broken: str) -> None:
    (model_house / "keruen" / room / "inner.py").write_text(line, encoding="utf-8")
    result = lint(model_house)
    assert result.returncode == 1
    kept_or_broken = [text for text in result.stdout.splitlines() if text.endswith("BROKEN")]
    assert any(broken in text for text in kept_or_broken), result.stdout


def test_a_room_without_a_floor_is_caught(model_house: Path) -> None:
    (model_house / "keruen/attic").mkdir()
    (model_house / "keruen/attic/__init__.py").touch()
    result = lint(model_house)
    assert result.returncode == 1
    assert "attic" in result.stdout


def test_every_room_is_a_package_with_a_floor(repository: Path) -> None:
    ladder = contracts(repository)["ladder"]
    known = {*rooms_of(ladder["layers"]), *ladder["exhaustive_ignores"]}
    source = repository / "src" / "keruen"
    folders = {path.parent for path in source.rglob("*.py")}
    for folder in sorted(folders - {source}):
        assert (folder / "__init__.py").is_file(), f"{folder} has modules and no __init__.py"
        assert folder.relative_to(source).parts[0] in known


def test_the_pure_rooms_that_exist_stand_in_their_contract(repository: Path) -> None:
    source = repository / "src" / "keruen"
    existing = {f"keruen.{room}" for room in PURE_ROOMS if (source / room / "__init__.py").exists()}
    assert existing == set(contracts(repository)["pure"]["source_modules"])


def test_pure_rooms_open_no_file(repository: Path) -> None:
    opened = []
    for room in PURE_ROOMS:
        for path in (repository / "src" / "keruen" / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"open", "print"}:
                    opened.append(f"{path.name}:{node.lineno}")
    assert opened == []
