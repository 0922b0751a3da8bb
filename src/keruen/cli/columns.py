"""How wide the columns of a table are, so that no word is broken where that can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

LEAST: Final = 8
"""Characters that a column keeps, or its longest word where that is shorter."""


def text_widths(room: int, wished: Sequence[int], words: Sequence[int]) -> list[int] | None:
    """Widths of the columns of text that may be wrapped: the widest gives way first.

    Where words have no room, those of the column with the longest are broken, so that those of the
    others stay whole.

    Parameters
    ----------
    room : int
        Characters for all of them.
    wished : sequence of int
        Longest line of each.
    words : sequence of int
        Longest word of each.

    Returns
    -------
    list of int or None
        None where there is hardly any room.

    Examples
    --------
    >>> text_widths(30, [12, 20, 20], [12, 7, 8])
    [12, 9, 9]
    >>> text_widths(30, [12, 12], [12, 7])
    [12, 12]
    >>> text_widths(30, [16, 9, 30], [12, 8, 15])
    [12, 8, 10]
    >>> text_widths(12, [12, 20], [12, 9]) is None
    True
    """
    floor = list(words)
    for at in sorted(range(len(words)), key=lambda at: -words[at]):
        over = max(sum(floor) - room, 0)
        floor[at] = max(floor[at] - over, min(words[at], LEAST))
    if sum(floor) > room:
        return None
    widths = list(wished)
    while sum(widths) > room:
        loose = [at for at, least in enumerate(floor) if widths[at] > least]
        widths[max(loose, key=lambda at: widths[at])] -= 1
    return widths
