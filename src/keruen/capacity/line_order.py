"""The sections of a line in the order in which a train passes them."""

from __future__ import annotations

from typing import NamedTuple

from keruen.capacity.line import line_rows
from keruen.errors import FailedError, error
from keruen.model import Model


class Passed(NamedTuple):
    """A section as a train passes it.

    Parameters
    ----------
    section : str
        Row of ``sections``.
    backward : bool
        Whether it is passed from its end to its start.
    start, end : str
        Nodes in the order of passing.
    """

    section: str
    backward: bool
    start: str
    end: str

    def turned(self) -> Passed:
        """The same section passed the other way."""
        return Passed(self.section, not self.backward, self.end, self.start)


def passed_section(model: Model, section: str, *, backward: bool = False) -> Passed:
    """One section, from its start to its end unless told otherwise."""
    start, end = (model.text("sections", section, column) for column in ("from_node", "to_node"))
    found = Passed(section, False, start, end)
    return found.turned() if backward else found


def passed_line(model: Model, line: str, *, backward: bool = False) -> tuple[Passed, ...]:
    """Railway sections of a line in service, one after another.

    Forward is the way in which most of its sections run from start to end; of two ways alike, the
    one that begins at the node named first in the alphabet.

    Parameters
    ----------
    model : Model
        Of a day.
    line : str
        Row of ``lines``.
    backward : bool
        The other way.

    Returns
    -------
    tuple of Passed
        At least one.

    Raises
    ------
    OutOfServiceError
        ``line_without_sections``.
    FailedError
        ``line_not_in_a_row`` when they branch, run side by side, form a circle or leave a gap; the
        message names the node where they do.
    """
    sections = [passed_section(model, row) for row in line_rows(model, line)]
    beside: dict[str, list[Passed]] = {}
    for one in sections:
        beside.setdefault(one.start, []).append(one)
        beside.setdefault(one.end, []).append(one.turned())
    crowded = [node for node, around in sorted(beside.items()) if len(around) > 2]
    ends = sorted(node for node, around in beside.items() if len(around) == 1)
    if crowded or len(ends) != 2:
        at = (crowded or ends or sorted(beside))[0]
        raise FailedError([error("line_not_in_a_row", "sections.csv", line=line, node=at)])
    ways = [_from_end(beside, end) for end in ends]
    if len(ways[0]) != len(sections):  # circles beside the row
        left = {one.start for one in sections} - {one.start for one in ways[0]} - set(ends)
        at = min(left)
        raise FailedError([error("line_not_in_a_row", "sections.csv", line=line, node=at)])
    forward = min(ways, key=lambda way: sum(one.backward for one in way))
    return _turned(forward) if backward else forward


def _from_end(beside: dict[str, list[Passed]], end: str) -> tuple[Passed, ...]:
    """Walk from an end of a row to the other."""
    way = [beside[end][0]]
    while True:
        onward = [one for one in beside[way[-1].end] if one.section != way[-1].section]
        if not onward:
            return tuple(way)
        way.append(onward[0])


def _turned(way: tuple[Passed, ...]) -> tuple[Passed, ...]:
    return tuple(one.turned() for one in reversed(way))
