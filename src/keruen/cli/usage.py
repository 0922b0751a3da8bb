"""Wrong usage told as problems: what typer raises becomes a code with parameters."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import typer

from keruen.errors import Problem, Severity, UsageError


def usage_problem(failure: typer.TyperException) -> Problem:
    """Tell what typer found wrong with the arguments.

    Its exceptions are told apart by the attributes they carry: the classes themselves are private.
    """
    option = getattr(failure, "option_name", None)
    if option is not None and hasattr(failure, "possibilities"):
        return _problem("unknown_option", option=option, better=_option_like(failure, option))
    if option is not None:
        needs = "does not take" not in failure.message
        return _problem("option_needs_value" if needs else "option_takes_no_value", option=option)
    parameter = getattr(failure, "param", None)
    if parameter is not None:
        name = parameter_name(parameter)
        if hasattr(failure, "param_type"):
            return _problem("missing_argument", name=name)
        return _problem("bad_value", name=name, reason=failure.message)
    return _problem("wrong_usage", reason=failure.format_message())


def parameter_name(parameter: object) -> str:
    """Name of an argument or option as a help page writes it."""
    metavar = getattr(parameter, "metavar", None)
    names: Sequence[str] = getattr(parameter, "opts", ())
    longest = max(names, key=len, default="")
    if longest.startswith("-"):
        return longest
    return metavar or longest.upper()


def wrong_usage(code: str, **params: object) -> UsageError:
    """Build the error of a wrong call."""
    return UsageError([_problem(code, **params)])


def chosen(option: str, text: str, allowed: Sequence[str]) -> str:
    """Take the value of an option that allows a few words only.

    Raises
    ------
    UsageError
        ``bad_choice``, with the nearest word.

    Examples
    --------
    >>> chosen("--level", "practical", ["available", "practical"])
    'practical'
    """
    if text not in allowed:
        raise wrong_usage(
            "bad_choice",
            option=option,
            value=text,
            allowed=", ".join(allowed),
            better=nearest(text, allowed),
        )
    return text


def nearest(text: str, known: Iterable[str]) -> str:
    """Nearest of the known words, empty when none is near.

    >>> nearest("kazakstan", ["kazakhstan", "turan"])
    'kazakhstan'
    """
    found = difflib.get_close_matches(text, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def _option_like(failure: typer.TyperException, option: str) -> str:
    context = getattr(failure, "ctx", None)
    if context is None:
        return ""
    known = [name for p in context.command.get_params(context) for name in p.opts]
    return nearest(option, (name for name in known if name.startswith("--")))


def _problem(code: str, **params: object) -> Problem:
    return Problem(Severity.ERROR, code, params=params)
