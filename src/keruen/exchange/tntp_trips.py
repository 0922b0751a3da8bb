"""Trip tables in the TNTP format: items by origin, pairs that stand twice, and their sums."""

from __future__ import annotations

import math
import re
from array import array
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import StudyError
from keruen.exchange.tntp_text import (
    MOST,
    Findings,
    Text,
    amount,
    factor_tag,
    is_number,
    node,
    read_text,
    taken,
    tell_unknown,
    whole_tag,
)
from keruen.flows.demand import Demand, demand_of
from keruen.model.findings import cut

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ZONES: Final = "NUMBER OF ZONES"
TOTAL: Final = "TOTAL OD FLOW"
FACTORS: Final = ("TOLL FACTOR", "DISTANCE FACTOR")
MULTIPLIER: Final = "DEMAND MULTIPLIER"
"""Of the readers of the field; it is no part of the README."""

_TAGS: Final = frozenset({ZONES, TOTAL, MULTIPLIER, *FACTORS})
_TOTAL_WITHIN: Final = 1e-3
_TELLS_WITHIN: Final = 0.1
"""A total decides how doubled pairs are meant when it is this much nearer to one reading."""

_PAIR: Final = r"[0-9]{1,9}\s*:\s*\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"  # to : flow
_PLAIN: Final = re.compile(rf"(?>\s*{_PAIR}\s*(?:;|\Z))*\s*")
_PAIRS: Final = re.compile(rf"(?>{_PAIR}(?:\s+|\Z)){{2,}}")


class Table(NamedTuple):
    """A trip table as read.

    Parameters
    ----------
    demand : Demand
        Trips above nought, in the order of the file.
    rows : array of int, shape (pairs,)
        Line of each pair.
    factors : tuple of (float or None, int)
        Factors of :data:`FACTORS` that the table states, with their lines.
    findings : Findings
        What is odd.
    """

    demand: Demand
    rows: IntArray
    factors: tuple[tuple[float | None, int], ...]
    findings: Findings


class Items(NamedTuple):
    """Line, origin, destination and flow of every item, noughts among them; zones from 1."""

    row: array[int]
    origin: array[int]
    destination: array[int]
    flow: array[float]


class _Reader:
    """Reads items line by line, those of the usual form at once."""

    def __init__(self, limit: int | None, findings: Findings) -> None:
        self.items = Items(array("q"), array("q"), array("q"), array("d"))
        self._limit = limit
        self._findings = findings
        self._origin: int | None = None

    def line(self, row: int, whole: str) -> None:
        """Read a line."""
        line = whole
        if line[:6].lower() == "origin":
            words = line[6:].split(None, 1)
            line = words[1] if len(words) > 1 else ""
            if words:
                self._origin = node(words[0], self._limit, (row, "origin"), self._findings) + 1
            else:
                self._findings.tell("tntp_origin_form", row, value=cut(whole))
                self._origin = 0
        if not line:
            return
        if self._origin is None:
            self._findings.tell("tntp_no_origin", row, value=cut(line))
        elif not (self._origin and self._at_once(row, line)):
            self._one_by_one(row, line)

    def _at_once(self, row: int, line: str) -> bool:
        """Take all items of a line, if every one is as it should be."""
        if not _PLAIN.fullmatch(line):
            return False
        words = line.replace(":", " ").replace(";", " ").split()
        to, flows = list(map(int, words[::2])), list(map(float, words[1::2]))
        if not to:
            return True
        least, most = min(to), max(to)
        if least < 1 or (self._limit is not None and most > self._limit) or max(flows) > MOST:
            return False
        self.items.row.extend([row] * len(to))
        self.items.origin.extend([self._origin or 0] * len(to))
        self.items.destination.extend(to)
        self.items.flow.extend(flows)
        return True

    def _one_by_one(self, row: int, line: str) -> None:
        """Take the items of a line that can be read, and tell what is wrong with the others."""
        for piece in line.split(";"):
            item = piece.strip()
            if not item:
                continue
            if _PAIRS.fullmatch(item):
                self._findings.warn("tntp_no_semicolon", row, value=cut(item))
                words = item.replace(":", " ").split()
                for name, told in zip(words[::2], words[1::2], strict=True):
                    self._item(row, name, told)
                continue
            # The README writes a comma where the files have a colon.
            name, sign, told = item.partition(":" if ":" in item else ",")
            if sign:
                self._item(row, name.strip(), told.strip())
            else:
                self._findings.tell("tntp_trip_form", row, value=cut(item))

    def _item(self, row: int, name: str, told: str) -> None:
        """Take one item."""
        to = node(name, self._limit, (row, "destination"), self._findings) + 1
        flow = amount(told, (row, "flow"), self._findings)
        if self._origin and to > 0 and flow >= 0.0:
            self.items.row.append(row)
            self.items.origin.append(self._origin)
            self.items.destination.append(to)
            self.items.flow.append(flow)


class Pairs(NamedTuple):
    """Pairs with zones counted from 1, each once; all of shape (pairs,)."""

    row: IntArray
    origin: IntArray
    destination: IntArray
    flow: FloatArray


def settled(items: Items, total: float | None, findings: Findings) -> Pairs:
    """Pairs of a table, each once.

    The format does not say what a pair means that stands twice: readers of the field keep the last,
    and others could add up. The total that a file states tells which is meant, where the two differ
    and it agrees with one of them; where they do not differ nothing is to be told apart. Otherwise
    every repetition is an error.

    Parameters
    ----------
    items : Items
        All items.
    total : float or None
        Total that the file states.
    findings : Findings
        Told each repetition.
    """
    pairs = Pairs(
        np.array(items.row, dtype=np.int64),
        np.array(items.origin, dtype=np.int64),
        np.array(items.destination, dtype=np.int64),
        np.array(items.flow, dtype=np.float64),
    )
    by = np.lexsort((pairs.destination, pairs.origin))
    ends = np.ones(by.size, dtype=np.bool_)
    ends[:-1] = (np.diff(pairs.origin[by]) != 0) | (np.diff(pairs.destination[by]) != 0)
    if ends.all():
        return pairs
    last = by[ends]
    first = np.concatenate([[0], np.flatnonzero(ends)[:-1] + 1])
    sums = np.add.reduceat(pairs.flow[by], first)
    code, summed = _reading(math.fsum(sums), math.fsum(pairs.flow[last]), total)
    tell = findings.tell if code == "tntp_doubled_trip" else findings.warn
    again = np.ones(by.size, dtype=np.bool_)
    again[first] = False
    for at in np.sort(by[again]).tolist():
        pair = {"origin": items.origin[at], "destination": items.destination[at]}
        tell(code, items.row[at], "destination", **pair)
    flow = pairs.flow.copy()
    if summed:
        flow[last] = sums
    kept = np.sort(last)
    return Pairs(pairs.row[kept], pairs.origin[kept], pairs.destination[kept], flow[kept])


def _reading(added: float, kept: float, total: float | None) -> tuple[str, bool]:
    """What is told of pairs that stand twice, and whether they are added up.

    >>> _reading(12.0, 9.0, 12.0), _reading(12.0, 9.0, 9.0)
    (('tntp_trips_added', True), ('tntp_trips_last', False))
    >>> _reading(12.0, 9.0, 11.0), _reading(9.0, 9.0, None)
    (('tntp_doubled_trip', True), ('tntp_trips_added', True))
    """
    apart = abs(added - kept)
    if apart == 0.0:
        return "tntp_trips_added", True
    if total is not None and abs(total - added) <= _TELLS_WITHIN * apart:
        return "tntp_trips_added", True
    if total is not None and abs(total - kept) <= _TELLS_WITHIN * apart:
        return "tntp_trips_last", False
    return "tntp_doubled_trip", True


def _total(text: Text) -> float | None:
    """The total that a file states; None where it states none that is a number."""
    stated = text.tags.get(TOTAL, ("", 0))[0]
    return float(stated) if is_number(stated) else None


def _check_sum(text: Text, pairs: Pairs, items: Items, whole: bool) -> None:
    """Tell a sum that cannot be computed with, and one that is not as stated."""
    findings, stated = text.findings, _total(text)
    total = math.fsum(pairs.flow)
    if total > MOST:
        passed = items.row[int(np.argmax(np.cumsum(items.flow) > MOST))]
        findings.tell("tntp_sum_large", passed, "flow", value=total, limit=MOST)
    elif whole and stated is not None and abs(stated - total) > _TOTAL_WITHIN * max(total, 1.0):
        findings.warn("tntp_total_differs", text.tags[TOTAL][1], stated=stated, found=total)


def _multiplied(text: Text, flow: FloatArray) -> FloatArray:
    """Flows times the multiplier, which the total of a file does not know."""
    factor = factor_tag(text, MULTIPLIER)
    if factor is None:
        return flow
    found: FloatArray = flow * factor
    if math.fsum(found) > MOST:
        row = text.tags[MULTIPLIER][1]
        text.findings.tell("tntp_sum_large", row, value=math.fsum(found), limit=MOST)
    return found


def read_table(path: Path, zones: int | None, nodes: int | None = None) -> Table:
    """Read a trip table.

    Parameters
    ----------
    path : Path
        ``NAME_trips.tntp``.
    zones, nodes : int or None
        Numbers of zones and nodes of the network, if they are to be held against.

    Raises
    ------
    FailedError
        When the file cannot be read.
    StudyError
        With every malformed line.
    """
    text = read_text(path, "_trips.tntp")
    findings, tags = text.findings, text.tags
    own = whole_tag(text, ZONES)
    if own is None and (other := zones or nodes) is not None:
        own = taken(text, ZONES, other)
    elif own is not None and zones is not None and own != zones:
        findings.tell("tntp_zones_differ", tags[ZONES][1], found=own, wanted=zones)
    limits = [one for one in (own, nodes) if one is not None]
    reader = _Reader(min(limits, default=None), findings)
    for row, line in text.body:
        reader.line(row, line)
    whole = findings.errors == 0
    # Of a table that is not read whole the sum tells nothing.
    pairs = settled(reader.items, _total(text) if whole else None, findings)
    _check_sum(text, pairs, reader.items, whole)
    flow = _multiplied(text, pairs.flow)
    tell_unknown(text, _TAGS)
    factors = tuple((factor_tag(text, name), tags.get(name, ("", 0))[1]) for name in FACTORS)
    if findings.errors:
        raise StudyError(findings.problems())
    some = flow > 0.0
    demand = demand_of(pairs.origin[some] - 1, pairs.destination[some] - 1, flow[some])
    return Table(demand, pairs.row[some], factors, findings)
