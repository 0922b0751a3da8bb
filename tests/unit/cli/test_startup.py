"""``--help`` is quick because of what it does not import."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "babel",
    "jinja2",
    "matplotlib",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "rich",
    "scipy",
    "yaml",
}

PROBE = """\
import sys
from keruen.cli.main import run
status = run(sys.argv[1:])
rooms = {name.partition(".")[0] for name in sys.modules}
kept = {name for name in sys.modules if name.startswith("keruen.")}
print(status, *sorted(rooms), *sorted(kept), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--lang", "kk", "--help"],
        ["check", "--help"],
        ["rail", "capacity", "--help"],
        ["run", "--help"],
    ],
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, timeout=60, check=True
    )
    status, *modules = done.stderr.decode("utf-8").split()
    assert status == "0"
    assert not HEAVY & set(modules)
    # typer reads the values of options with pydantic; a page of help alone has none to read.
    assert "pydantic" not in modules or arguments[0] not in {"--help", "--lang"}
    rooms = {name.split(".")[1] for name in modules if name.startswith("keruen.")}
    assert rooms <= {"cli", "errors", "i18n"}
