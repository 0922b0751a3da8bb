"""Named parameters put into a message: no format mini-language, no attribute or item access."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_FIELD: Final = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}|[{}]")


class MissingParameter(LookupError):
    """A message names a parameter that the caller did not give."""


def parameters(template: str) -> frozenset[str]:
    """Names of the parameters of a message.

    Raises
    ------
    ValueError
        When a brace stands alone or a field is more than a name.

    Examples
    --------
    >>> sorted(parameters("{value} is below {minimum}"))
    ['minimum', 'value']
    """
    names = set()
    for found in _FIELD.finditer(template):
        if found.group(1) is not None:
            names.add(found.group(1))
        elif len(found.group()) == 1:
            raise ValueError(f"a lone brace in the message {template!r}")
    return frozenset(names)


def filled(template: str, values: Mapping[str, str]) -> str:
    """Put values into a message; braces inside a value stay as they are.

    Raises
    ------
    MissingParameter
        When the message names a parameter that ``values`` lacks.

    Examples
    --------
    >>> filled("{name} costs {{5}}", {"name": "{value.__class__}"})
    '{value.__class__} costs {5}'
    """

    def replacement(found: re.Match[str]) -> str:
        name = found.group(1)
        if name is None:
            return found.group()[:1]
        try:
            return values[name]
        except KeyError:
            raise MissingParameter(f"{name!r} is missing for the message {template!r}") from None

    return _FIELD.sub(replacement, template)
