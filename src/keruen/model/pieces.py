"""Pieces of a line that hang together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple


class Piece(NamedTuple):
    """Nodes that sections of a line join.

    Parameters
    ----------
    ends : tuple of str
        Those at which one section ends, in the order of their ids; none of a circle.
    nodes : frozenset of str
        All of them.
    """

    ends: tuple[str, ...]
    nodes: frozenset[str]

    @property
    def told(self) -> str:
        """Two of its ends, or of its nodes where it has none."""
        first, *others = (*self.ends, *sorted(self.nodes.difference(self.ends)))
        return "–".join((first, *others[:1]))


def pieces_of(sections: Iterable[tuple[str, str]]) -> tuple[Piece, ...]:
    """Find the pieces into which the sections of a line fall.

    Parameters
    ----------
    sections : iterable of (str, str)
        Nodes at the ends of each section.

    Returns
    -------
    tuple of Piece
        In the order of their first nodes.

    Examples
    --------
    >>> [piece.told for piece in pieces_of([("a", "b"), ("d", "e"), ("b", "c")])]
    ['a–c', 'd–e']
    """
    known = list(sections)
    beside: dict[str, set[str]] = {}
    for start, end in known:
        beside.setdefault(start, set()).add(end)
        beside.setdefault(end, set()).add(start)
    met = Counter(node for section in known for node in section)
    found: list[Piece] = []
    for node in sorted(beside):
        if any(node in piece.nodes for piece in found):
            continue
        reached, waiting = {node}, [node]
        while waiting:
            new = beside[waiting.pop()] - reached
            reached |= new
            waiting += new
        ends = tuple(one for one in sorted(reached) if met[one] == 1)
        found.append(Piece(ends, frozenset(reached)))
    return tuple(found)
