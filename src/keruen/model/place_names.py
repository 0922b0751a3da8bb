"""Rows found by what people call them: ids, codes and names in any of the languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from keruen.errors import UsageError, error
from keruen.model.findings import MAX_SHOWN, closest
from keruen.model.model import Model

LANGUAGES: Final = ("en", "kk", "ru", "zh")
_CODES: Final = ("unlocode", "esr_code")
_PARTS: Final = re.compile(r"[,;:、/()]|：|\s+(?:and|және|и)\s+|及")
"""What parts a name that lists several places."""
_MOST_CHOICES: Final = 8


class Named(NamedTuple):
    """A row that was meant.

    Parameters
    ----------
    table, row : str
        The row.
    """

    table: str
    row: str


def plain_text(text: str) -> str:
    """A name without case, accents, apostrophes, punctuation and doubled spaces.

    >>> plain_text("Xi’an"), plain_text("  KÖLN – Niehl"), plain_text("Алёна")
    ('xian', 'koln niehl', 'алена')
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    bare = re.sub(r"['’ʼ`´ʻ]", "", bare)
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _tight(text: str) -> str:
    """A code without anything that is no letter or digit."""
    return plain_text(text).replace(" ", "")


def nearest_name(text: str, known: Iterable[str]) -> str:
    """The name nearest to a text, by its words before its letters; empty where none is near.

    Nearest are names of the same words in another order, then those that have all words of the
    text among theirs, then those of several words that all are in the text, then those with the
    same first word; the fewest words besides come first, then the most alike in letters. Only where
    no name is near by words is it one by letters.

    Parameters
    ----------
    text : str
        What was said, as :func:`plain_text` has it.
    known : iterable of str
        Names, likewise.

    Examples
    --------
    >>> known = ["атырау", "актау порт", "poti"]
    >>> (
    ...     nearest_name("актау", known),
    ...     nearest_name("порт актау", known),
    ...     nearest_name("potti", known),
    ... )
    ('актау порт', 'актау порт', 'poti')
    """
    said = text[:MAX_SHOWN].split()
    if not said:
        return ""
    names = list(known)
    near: list[tuple[int, int, float, str]] = []
    for name in names:
        words = name.split()
        if len(said) > 1 and sorted(said) == sorted(words):
            tier = 0
        elif set(said) <= set(words):
            tier = 1
        elif len(words) > 1 and set(words) <= set(said):
            tier = 2
        elif words[:1] == said[:1] and len(said[0]) > 1:
            tier = 3
        else:
            continue
        alike = SequenceMatcher(None, " ".join(said), name[:MAX_SHOWN]).ratio()
        near.append((tier, abs(len(words) - len(said)), -alike, name))
    return min(near)[-1] if near else closest(text, names)


def is_near(text: str, name: str) -> bool:
    """Whether all words of a text are in a name, or all of a name of several in the text.

    >>> is_near("aktau", "port of aktau"), is_near("port of aktau", "aktau port")
    (True, True)
    >>> is_near("aktau grain", "aktau port"), is_near("", "aktau")
    (False, False)
    """
    said, words = set(text.split()), set(name.split())
    return bool(said) and (said <= words or (len(words) > 1 and words <= said))


def names_of(model: Model, table: str, row: str) -> Iterator[str]:
    """Names of a row in the languages that it has one in."""
    for language in LANGUAGES:
        column = f"name_{language}"
        if column in model[table].columns:
            name = model.text(table, row, column)
            if name:
                yield name


def _tiers(model: Model, table: str, row: str) -> list[set[str]]:
    """What a row goes by, the surest first: its id, its codes, its names, parts of its names."""
    columns = model[table].columns
    codes = [model.text(table, row, one) for one in _CODES if one in columns]
    names = list(names_of(model, table, row))
    parts = [part for name in names for part in _PARTS.split(name) if table == "zones"]
    return [
        {plain_text(row)},
        {_tight(code) for code in codes if code},
        {plain_text(name) for name in names},
        {plain_text(part) for part in parts if part.strip()},
    ]


def _one_place(model: Model, found: list[Named]) -> list[Named]:
    """Those found, without nodes at which one of the zones found joins the network."""
    joined = {model.text("zones", one.row, "node") for one in found if one.table == "zones"}
    return [one for one in found if not (one.table == "nodes" and one.row in joined)]


def find_named(model: Model, tables: Sequence[str], text: str, argument: str) -> Named:
    """Find the row that a text means.

    Ids come before codes, codes before names, whole names before parts of the names of zones; of
    one kind the tables in their order.

    Parameters
    ----------
    model : Model
        The study.
    tables : sequence of str
        Where it may stand.
    text : str
        An id, a UN/LOCODE, an ESR code, or a name in English, Kazakh, Russian or Chinese; case,
        accents and punctuation do not matter.
    argument : str
        What it was given for, as messages call it.

    Returns
    -------
    Named

    Raises
    ------
    UsageError
        ``unknown_name`` with the nearest name, or ``ambiguous_name`` with the rows it may mean.
    """
    wanted, tight = plain_text(text), _tight(text)
    tiers: list[list[Named]] = [[], [], [], []]
    spoken: dict[str, str] = {}
    for table in tables:
        for row in map(str, model[table].index):
            own = _tiers(model, table, row)
            for tier, known in enumerate(own):
                if (tight if tier == 1 else wanted) in known:
                    tiers[tier].append(Named(table, row))
            spoken.update(dict.fromkeys((one for known in own for one in known), row))
            spoken.update({plain_text(name): name for name in names_of(model, table, row)})
    for tier, found in enumerate(tiers):
        # An id names one row of a table: where two tables have it the first one is meant.
        rows = found[:1] if tier == 0 else _one_place(model, found)
        if len(rows) == 1 and wanted:
            return rows[0]
        if rows and wanted:
            raise UsageError(
                [
                    error(
                        "ambiguous_name",
                        argument=argument,
                        value=text,
                        count=len(rows),
                        choices=", ".join(one.row for one in rows[:_MOST_CHOICES]),
                    )
                ]
            )
    near = nearest_name(wanted, spoken)
    problem = error("unknown_name", argument=argument, value=text, better=spoken.get(near, ""))
    raise UsageError([problem])
