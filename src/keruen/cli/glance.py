"""What a command line says before it is parsed, so that a refusal can answer to it too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from typer.core import TyperArgument, TyperGroup

from keruen.cli.answer import Asked
from keruen.cli.options import parse_as_of, parse_date, parse_seed, parse_year
from keruen.cli.studies import run_study, study_name
from keruen.errors import UsageError

DEFAULT_LANGUAGE: Final = "en"

_STUDIES: Final[Mapping[str, Callable[[str], str | None]]] = MappingProxyType(
    {"study": study_name, "folder": study_name, "run": run_study}
)
"""Arguments that tell the study, by name, and how."""
_OPTIONS: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "scenario": str,
        "year": parse_year,
        "date": parse_date,
        "as_of": parse_as_of,
        "seed": parse_seed,
    }
)
"""Options that an answer repeats, by name, and how they are read."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The two options that say how an answer is given."""

    json: bool
    language: str

    @classmethod
    def at(cls, arguments: Sequence[str]) -> Glance:
        """Look for ``--json`` and ``--lang`` among the arguments, up to a lone ``--``.

        >>> Glance.at(["check", "x", "--lang=kk", "--json"])
        Glance(json=True, language='kk')
        """
        json, language, takes = False, DEFAULT_LANGUAGE, False
        for argument in arguments:
            if argument == "--":
                break
            if takes:
                language, takes = argument, False
            elif argument == "--json":
                json = True
            elif argument == "--lang":
                takes = True
            elif argument.startswith("--lang="):
                language = argument.partition("=")[2]
        return cls(json, language)


def asked_at(command: object, arguments: Sequence[str]) -> Asked:
    """What a command line that was refused asks for, as far as it can be known.

    Parameters
    ----------
    command : command or group of typer
        The program.
    arguments : sequence of str
        The command line without the program's name.

    Returns
    -------
    Asked
        The words of the command that were recognised; study and common options where they were
        given and can be read.
    """
    words: list[str] = []
    given: list[str] = []
    options: dict[str, str] = {}
    waiting, wanted, plain = "", 0, False
    for argument in arguments:
        if wanted:
            options[waiting], wanted = argument, wanted - 1
        elif plain or not argument.startswith("-") or argument == "-":
            inner = command.commands.get(argument) if isinstance(command, TyperGroup) else None
            if inner is not None:
                words.append(argument)
                command = inner
            else:
                given.append(argument)
        elif argument == "--":
            plain = True
        else:
            option, equals, value = argument.partition("=")
            waiting, wanted = _taking_values(command, option)
            if wanted and equals:
                options[waiting], wanted = value, wanted - 1
    if isinstance(command, TyperGroup):
        return Asked(" ".join(words), Glance.at(arguments).json)
    return Asked(
        " ".join(words),
        Glance.at(arguments).json,
        _study(command, given),
        **{name: _read(name, text) for name, text in options.items() if name in _OPTIONS},
    )


def _taking_values(command: object, option: str) -> tuple[str, int]:
    """Name of an option of a command and how many values it takes: none for any other."""
    for parameter in getattr(command, "params", ()):
        if option in parameter.opts and not getattr(parameter, "is_flag", False):
            return str(parameter.name), int(parameter.nargs)
    return "", 0


def _study(command: object, given: Sequence[str]) -> str | None:
    names = [p.name for p in getattr(command, "params", ()) if isinstance(p, TyperArgument)]
    for name, text in zip(names, given, strict=False):
        if name in _STUDIES:
            return _STUDIES[name](text)
    return None


def _read(name: str, text: str) -> Any:
    try:
        return _OPTIONS[name](text)
    except UsageError:
        return None
