"""Small rooms: lines a file, lines a function, arguments a function, each with its exemptions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

FILE_LINES = 600
FUNCTION_LINES = 60
ARGUMENTS = 7

FILE_EXEMPTIONS: dict[str, str] = {}
"""``path: reason`` of files that may be longer."""

FUNCTION_EXEMPTIONS: dict[str, tuple[int, str]] = {}
"""``path::function: (lines, reason)`` of functions that may be longer."""

ARGUMENT_EXEMPTIONS: dict[str, tuple[int, str]] = {}
"""``path::function: (arguments, reason)`` of functions that may take more."""

COMMAND_MARKS = frozenset({"command", "callback"})
"""Decorators of Typer: a command's arguments are its options, and it is not called from code."""


class Function(NamedTuple):
    """What is measured of one function."""

    name: str
    lines: int
    arguments: int
    is_command: bool


def measure(source: str) -> Iterator[Function]:
    """Measure every function of a module, nested ones and methods too.

    Lines are those from ``def`` to the end without the docstring: what explains is not counted
    against what it explains. ``self`` and ``cls`` are no arguments.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = node.body[0]
        docstring = 0
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            docstring = (first.end_lineno or first.lineno) - first.lineno + 1
        names = [
            argument.arg
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        ]
        marks = {
            called.attr
            for mark in node.decorator_list
            if isinstance(
                called := mark.func if isinstance(mark, ast.Call) else mark, ast.Attribute
            )
        }
        yield Function(
            name=node.name,
            lines=(node.end_lineno or node.lineno) - node.lineno + 1 - docstring,
            arguments=len([name for name in names if name not in {"self", "cls"}]),
            is_command=bool(marks & COMMAND_MARKS),
        )


def breaches(source: str, path: str) -> list[str]:
    """Say what of a module is over its budget."""
    found = []
    lines = len(source.splitlines())
    if lines > FILE_LINES and path not in FILE_EXEMPTIONS:
        found.append(f"{path}: {lines} lines, {FILE_LINES} allowed")
    for function in measure(source):
        key = f"{path}::{function.name}"
        allowed, _ = FUNCTION_EXEMPTIONS.get(key, (FUNCTION_LINES, ""))
        if function.lines > allowed:
            found.append(f"{key}: {function.lines} lines, {allowed} allowed")
        allowed, _ = ARGUMENT_EXEMPTIONS.get(key, (ARGUMENTS, ""))
        if function.arguments > allowed and not function.is_command:
            found.append(f"{key}: {function.arguments} arguments, {allowed} allowed")
    return found


def modules(repository: Path) -> list[Path]:
    return [
        path
        for folder in ("src", "tests", "tools", "bench", "examples")
        for path in sorted((repository / folder).rglob("*.py"))
    ]


def test_every_module_is_within_its_budget(repository: Path) -> None:
    paths = modules(repository)
    assert len(paths) > 10  # the walk did find the package
    found = []
    for path in paths:
        name = path.relative_to(repository).as_posix()
        found += breaches(path.read_text(encoding="utf-8"), name)
    assert found == []


def test_every_exemption_is_needed_and_has_a_reason(repository: Path) -> None:
    for name, reason in FILE_EXEMPTIONS.items():
        lines = len((repository / name).read_text(encoding="utf-8").splitlines())
        assert lines > FILE_LINES, f"{name} is no longer over budget: take it off the list"
        assert reason
    for exemptions, budget, measured in (
        (FUNCTION_EXEMPTIONS, FUNCTION_LINES, "lines"),
        (ARGUMENT_EXEMPTIONS, ARGUMENTS, "arguments"),
    ):
        for key, (_, reason) in exemptions.items():
            path, name = key.split("::")
            source = (repository / path).read_text(encoding="utf-8")
            largest = max(
                int(getattr(function, measured))
                for function in measure(source)
                if function.name == name
            )
            assert largest > budget, f"{key} is no longer over budget: take it off the list"
            assert reason


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("x = 1\n" * 601, "601 lines"),
        ("def long():\n" + "    x = 1\n" * 60, "61 lines"),
        ("class A:\n    def long(self):\n" + "        x = 1\n" * 60, "61 lines"),
        ("async def wide(a, b, c, d, *, e, f, g, h): ...\n", "8 arguments"),
        ("@cache\ndef wide(a, b, c, d, e, f, g, h): ...\n", "8 arguments"),
    ],
)
def test_what_is_too_large_is_found(source: str, complaint: str) -> None:
    assert [line for line in breaches(source, "planted.py") if complaint in line]


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\n" * 600,
        "def long():\n" + '    """Explain.\n' + "\n" * 50 + '    """\n' + "    x = 1\n" * 59,
        "class A:\n    def seven(self, a, b, c, d, e, f, g): ...\n",
        "@app.command()\ndef run(a, b, c, d, e, f, g, h): ...\n",
    ],
)
def test_what_is_small_enough_passes(source: str) -> None:
    assert breaches(source, "planted.py") == []
