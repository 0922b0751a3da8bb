"""A problem told in a language: the rule it breaks and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from keruen.errors import Problem, Severity
from keruen.i18n.safe import shown
from keruen.i18n.translator import Translator, unit_code

_NO_BREAK_SPACE: Final = "\u00a0"


@dataclass(frozen=True, slots=True)
class Told:
    """A problem with its sentences.

    Parameters
    ----------
    severity : Severity
        Error or warning.
    code : str
        Code of the rule.
    file, row, column : str or None, int or None, str or None
        Where it is, as they stand in the problem: not yet made safe to show.
    rule, mend : str
        Sentences; foreign strings in them are safe to show.
    """

    severity: Severity
    code: str
    file: str | None
    row: int | None
    column: str | None
    rule: str
    mend: str


def told(problem: Problem, t: Translator) -> Told:
    """Tell a problem in the language of ``t``.

    A message may use the parameters of the problem, and its ``file``, ``row`` and ``column``. Where
    the problem carries a non-empty ``better`` and the catalogue holds ``problem.<code>.suggest``,
    that stands in place of the mend. A parameter ``unit`` is written with the space before it, and
    as nothing for a pure number.
    """
    parameters = _parameters(problem, t)
    base = f"problem.{problem.code}"
    hinted = bool(parameters.get("better")) and t.has(f"{base}.suggest")
    return Told(
        severity=problem.severity,
        code=problem.code,
        file=problem.file,
        row=problem.row,
        column=problem.column,
        rule=_said(t, f"{base}.rule", parameters),
        mend=_said(t, f"{base}.suggest" if hinted else f"{base}.mend", parameters),
    )


def _said(t: Translator, code: str, parameters: Mapping[str, object]) -> str:
    """Say a message; the space that a unit brings takes the place of one before it."""
    return t(code, **parameters).replace(f" {_NO_BREAK_SPACE}", _NO_BREAK_SPACE)


def _parameters(problem: Problem, t: Translator) -> Mapping[str, object]:
    place = {"file": problem.file, "row": problem.row, "column": problem.column}
    parameters = {name: _safe(value) for name, value in {**place, **problem.params}.items()}
    unit = problem.params.get("unit")
    if isinstance(unit, str) and t.has(f"unit.name.{unit_code(unit)}"):
        parameters["unit"] = "" if unit == "1" else f"{_NO_BREAK_SPACE}{t.unit_name(unit)}"
    return parameters


def _safe(value: object) -> object:
    if isinstance(value, str):
        return shown(value)
    # As a cell of a file has it: no grouped digits, a decimal point in every language.
    if isinstance(value, float):
        return f"{value:.12g}".replace("inf", "∞")
    if isinstance(value, list | tuple):
        return [_safe(item) for item in value]
    return value
