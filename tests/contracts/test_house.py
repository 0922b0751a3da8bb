"""The house: lock, make targets, licences, what may never stand in a file, mirrored tests."""

from __future__ import annotations

import ast
import fnmatch
import os
import re
import subprocess
import sys
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SKIPPED_FOLDERS = frozenset({".git", ".venv", "runs", "build", "dist", "node_modules"})

# The words are put together here, so that this file does not hold what it looks for.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("crates", "io"),
        ("deb", "debian", "org"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:work|tmp|root|home)/")

COVERED_ELSEWHERE = {
    "__init__.py": "gives names to others, which are tested where they are defined",
    "__main__.py": "calls the command line, which tests/golden and tests/unit/cli run",
    "events/calendar.py": "two lengths of time",
    "flows/rounds.py": "the rounds of the search, which test_equilibrium.py runs to its gap",
    "rail/dispatch/columns.py": "where things stand in the flat state: every run reads it",
    "rail/dispatch/grants.py": "part of the kernel, which test_moves.py and tests/oracles run",
    "rail/dispatch/image.py": "writes the flat state, which test_running.py and the laws run",
    "rail/dispatch/loop.py": "part of the kernel, which tests/oracles holds against SimPy",
    "rail/dispatch/look_ahead.py": "a policy, which the laws of the dispatcher run",
    "rail/dispatch/one_line.py": "the rule of lines, which the laws of the dispatcher run",
    "rail/dispatch/safety.py": "the order of the banker, which the laws of the dispatcher run",
    "rail/dispatch/sections.py": "part of the kernel, which tests/oracles holds against SimPy",
    "rail/dispatch/tracks.py": "part of the kernel, which tests/oracles holds against SimPy",
    "rail/dispatch/ways.py": "part of compiling, which test_compiling.py runs",
    "report/map_places.py": "symbols and labels of the map, which test_map.py draws and reads",
    "report/page/assembly.py": "puts the sections together, as test_page.py reads them",
    "report/page/assumptions.py": "a section of the page: test_page_sections.py reads it",
    "report/page/method.py": "a section of the page: test_page_sections.py reads it",
    "report/page/pictures.py": "a picture in two widths, as test_page_looks.py sees it",
}
"""``pattern: reason`` of modules that need no test file of their own."""


def texts(repository: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text file of the work tree, as somebody who clones it would have them."""
    for folder, folders, files in os.walk(repository):
        folders[:] = [
            name
            for name in folders
            if name not in SKIPPED_FOLDERS
            and not name.endswith(("_cache", ".egg-info"))
            and name not in {"__pycache__", ".hypothesis"}
        ]
        for name in files:
            path = Path(folder, name)
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def settings_of(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


def test_no_file_names_a_registry_or_a_path_of_one_machine(repository: Path) -> None:
    found = []
    count = 0
    for path, text in texts(repository):
        count += 1
        for number, line in enumerate(text.splitlines(), start=1):
            if MACHINE_PATH.search(line) or any(host in line for host in REGISTRY_HOSTS):
                found.append(f"{path.relative_to(repository)}:{number}: {line.strip()[:80]}")
    assert count > 50  # the walk did find the tree
    assert found == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        (f"cd {'/'}tmp/x", True),
        (f"open('{'/'}home/me/x')", True),
        ("https://example.org/home/page", False),
        ("frame/work/rest", False),
    ],
)
def test_the_pattern_of_machine_paths(line: str, caught: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is caught


def locked(repository: Path) -> dict[str, list[str]]:
    """Names in the lock with the logical lines that pin them."""
    text = (repository / "requirements.lock").read_text(encoding="utf-8")
    pins: dict[str, list[str]] = {}
    for line in text.replace("\\\n", " ").splitlines():
        assert "==" in line, f"not a pin: {line!r}"
        pins.setdefault(canonicalize_name(line.split("==")[0].strip()), []).append(line)
    return pins


def test_every_pin_of_the_lock_has_a_hash_and_no_index(repository: Path) -> None:
    for name, lines in locked(repository).items():
        for line in lines:
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), name
            assert "index-url" not in line
            assert "@" not in line


def wanted_by(repository: Path) -> list[Requirement]:
    """Every requirement stated in pyproject.toml, those of the build and of development too."""
    settings = settings_of(repository)
    project = settings["project"]
    stated = [
        *settings["build-system"]["requires"],
        *project["dependencies"],
        *(text for extra in project["optional-dependencies"].values() for text in extra),
        *settings["dependency-groups"]["dev"],
    ]
    requirements = [Requirement(text) for text in stated]
    return [requirement for requirement in requirements if requirement.name != "keruen"]


def test_the_lock_holds_what_the_project_asks_for(repository: Path) -> None:
    pins = locked(repository)
    for requirement in wanted_by(repository):
        lines = pins.get(canonicalize_name(requirement.name), [])
        versions = [re.split(r"[\s;]", line.split("==")[1])[0] for line in lines]
        assert versions, f"{requirement.name} is not in the lock: run make lock"
        for version in versions:
            assert requirement.specifier.contains(version, prereleases=True), (
                f"{requirement} is not met by {version}: run make lock"
            )


def test_there_is_one_lock_only(repository: Path) -> None:
    names = {path.name for path, _ in texts(repository)}
    assert names.isdisjoint({"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock"})


def imported_packages(repository: Path) -> set[str]:
    """First names of everything the package imports, wherever the import stands."""
    found = set()
    for path in (repository / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"keruen"}


def test_dependencies_are_what_the_package_imports(repository: Path) -> None:
    import_names = {"pyyaml": "yaml"}
    project = settings_of(repository)["project"]
    stated = [*project["dependencies"]]
    for extra, texts_of_extra in project["optional-dependencies"].items():
        stated += texts_of_extra if extra != "all" else []
    names = {canonicalize_name(Requirement(text).name) for text in stated}
    assert {import_names.get(name, name) for name in names} == imported_packages(repository)


def test_continuous_integration_is_make_test(repository: Path) -> None:
    script = repository / ".ci" / "run"
    commands = [
        line.strip()
        for line in script.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    assert commands[0] == "set -euo pipefail"
    assert commands[-1] == "exec make test"
    assert len(commands) == 3


def test_the_makefile_keeps_to_an_old_make(repository: Path) -> None:
    text = (repository / "Makefile").read_text(encoding="utf-8")
    for later in (r"!=", r"\.ONESHELL", r"\$\(file ", r"::=", r"\$\(intcmp", r"\$\(let "):
        assert not re.search(later, text), f"GNU make 3.81 does not know {later}"
    targets = set(re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE))
    assert targets >= {"run", "test", "test-fast", "fmt", "docs", "bench", "clean", "lock", "venv"}


def test_the_makefile_runs_every_check(repository: Path) -> None:
    planned = subprocess.run(
        ["make", "--dry-run", "static", "test"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MAKEFLAGS": ""},
    ).stdout
    for tool in ("ruff check .", "ruff format --check .", "mypy", "lint-imports", "pytest -n 2"):
        assert tool in planned


def test_warnings_are_errors() -> None:
    with pytest.raises(UserWarning, match="planted"):
        warnings.warn("planted", stacklevel=1)


def licence_annotations(repository: Path) -> list[dict[str, Any]]:
    text = (repository / "REUSE.toml").read_text(encoding="utf-8")
    stated: list[dict[str, Any]] = tomllib.loads(text)["annotations"]
    return stated


def test_every_licence_has_its_text_and_every_text_is_used(repository: Path) -> None:
    used = {entry["SPDX-License-Identifier"] for entry in licence_annotations(repository)}
    texts_there = {path.stem for path in (repository / "LICENSES").glob("*.txt")}
    assert used == texts_there
    for path in (repository / "LICENSES").glob("*.txt"):
        assert len(path.read_text(encoding="utf-8")) > 5000, f"{path.name} is not the whole text"
    stated = settings_of(repository)["project"]["license"]
    assert set(stated.split(" AND ")) == used


def test_every_licence_annotation_is_of_a_file_that_exists(repository: Path) -> None:
    names = [path.relative_to(repository).as_posix() for path, _ in texts(repository)]
    for entry in licence_annotations(repository):
        patterns = [entry["path"]] if isinstance(entry["path"], str) else entry["path"]
        for pattern in patterns:
            assert fnmatch.filter(names, pattern), f"REUSE.toml: nothing matches {pattern}"


def test_versions_agree(repository: Path) -> None:
    import keruen

    citation = (repository / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {keruen.__version__}\n" in citation
    changelog = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Unreleased" in changelog or f"## {keruen.__version__}" in changelog


def test_every_module_begins_alike(repository: Path) -> None:
    for path in sorted((repository / "src").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstring = ast.get_docstring(tree)
        assert docstring or path.name == "__main__.py", f"{path}: no docstring"
        code = tree.body[1:] if docstring else tree.body
        if code:
            assert ast.unparse(code[0]) == "from __future__ import annotations", path


def imported_by_tests(repository: Path) -> set[str]:
    """Dotted names that some test imports: modules, and names taken from them."""
    found = set()
    for path in (repository / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_module_has_its_tests(repository: Path) -> None:
    source = repository / "src" / "keruen"
    imported = imported_by_tests(repository)
    untested = []
    for path in sorted(source.rglob("*.py")):
        place = path.relative_to(source)
        mirror = repository / "tests" / "unit" / place.parent / f"test_{place.name}"
        dotted = ".".join(("keruen", *place.with_suffix("").parts))
        listed = any(
            fnmatch.fnmatch(name, pattern)
            for pattern in COVERED_ELSEWHERE
            for name in (place.as_posix(), place.name)
        )
        if not (mirror.is_file() or dotted in imported or listed):
            untested.append(place.as_posix())
    assert untested == []


def test_the_list_of_modules_covered_elsewhere_is_needed(repository: Path) -> None:
    names = [
        path.relative_to(repository / "src" / "keruen").as_posix()
        for path in (repository / "src").rglob("*.py")
    ]
    for pattern, reason in COVERED_ELSEWHERE.items():
        assert any(fnmatch.fnmatch(name, f"*{pattern}") for name in names), pattern
        assert reason


def test_the_command_line_starts_without_the_heavy_packages() -> None:
    script = (
        "import sys; import keruen.cli.main; "
        "heavy = {'numba', 'numpy', 'scipy', 'pandas', 'pyarrow', 'geopandas', 'jinja2',"
        " 'xlsxwriter'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
