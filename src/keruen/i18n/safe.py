"""Text from outside, made harmless before a person sees it."""

from __future__ import annotations

from typing import Final

SHOWN_LIMIT: Final = 200
"""Characters of one foreign string that are shown unless the caller asks for more."""

# str.isprintable refuses these, yet they are ordinary in prose: the no-break spaces that numbers
# are grouped with, the ideographic space, and the joiners that Persian and Indic names need.
_HARMLESS: Final = frozenset("\u00a0\u2007\u2009\u202f\u3000\u200c\u200d")


def shown(text: str, limit: int | None = SHOWN_LIMIT) -> str:
    r"""Make a string from a file, a path or the command line safe to show on one line.

    Control characters (terminal escapes among them), line breaks, bidirectional overrides,
    invisible format characters, private-use and unassigned code points and lone surrogates are
    replaced by their ``\x``, ``\u`` or ``\U`` escape. Markup of the medium (rich, HTML)
    is not text's business: print with markup off, render with escaping on.

    Parameters
    ----------
    text : str
        Anything.
    limit : int or None
        Longest result in characters of ``text``; what is cut off is replaced by an ellipsis.

    Examples
    --------
    >>> shown("Достық \x1b[31m\u202e")
    'Достық \\x1b[31m\\u202e'
    >>> shown("abcdef", limit=4)
    'abc…'
    """
    if limit is not None and len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character.isprintable() or character in _HARMLESS:
        return character
    number = ord(character)
    if number <= 0xFF:
        return f"\\x{number:02x}"
    if number <= 0xFFFF:
        return f"\\u{number:04x}"
    return f"\\U{number:08x}"
