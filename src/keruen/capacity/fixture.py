"""What a corridor passes besides its sections: terminals, borders, sea lines, stations, fleets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from keruen.model import Model

SHARE_TOLERANCE: Final = 1e-6
_LIKE: Final = ("kind", "serves", "direction", "side")
"""Columns in which elements agree that do the same work, and so may stand in for each other."""


class Fixture(NamedTuple):
    """An element other than a section, at a position or between two.

    Parameters
    ----------
    table, row : str
        The element.
    share : float
        Share of the matching cargo that passes it.
    first, last : int or None
        Positions it lies at or between; None where it lies beside the corridor's line of points (a
        parallel port, say): then all matching cargo concerns it.
    serves : str
        Class of cargo it serves; ``train`` or ``any`` for all.
    direction : str
        Direction that loads it, that of the corridor; ``both`` where it has none.
    runs_back : bool
        Whether its own forward is the corridor's backward (a sea line told from the far end).
    length_m : float
        Trains longer than this run shortened here.
    in_service : bool
        False for what is listed and not in service on the day: then nothing passes.
    """

    table: str
    row: str
    share: float
    first: int | None
    last: int | None
    serves: str = "train"
    direction: str = "both"
    runs_back: bool = False
    length_m: float = float("inf")
    in_service: bool = True


class _Listed(NamedTuple):
    """A line of ``corridor_elements`` with what is known of its element, in service or not."""

    table: str
    row: str
    share: float
    ends: tuple[str, ...]
    like: tuple[str, ...]
    in_service: bool

    @property
    def place(self) -> tuple[object, ...]:
        """Elements with the same place do the same work there."""
        return (self.table, frozenset(self.ends), self.like)


def _text(model: Model, table: str, row: str, column: str) -> str:
    """A cell of a row in service or not."""
    if row in model[table].index:
        return model.text(table, row, column)
    return str(model.whole[table].at[row, column])


def _ends(model: Model, table: str, row: str) -> tuple[str, ...]:
    if table == "handling":
        return (_text(model, "terminals", _text(model, table, row, "terminal"), "node"),)
    columns = ("node",) if table == "station_tracks" else ("from_node", "to_node")
    return tuple(_text(model, table, row, column) for column in columns)


def _is_open(model: Model, table: str, row: str) -> bool:
    if row not in model[table].index:
        return False
    return table != "handling" or model.text(table, row, "terminal") in model["terminals"].index


def _listed(model: Model, corridor: str) -> list[_Listed]:
    """Elements listed, in order; those that a change took out of the tables are no more."""
    lines = model["corridor_elements"]
    lines = lines[lines["corridor"] == corridor].sort_values("sequence")
    columns = (lines[name].tolist() for name in ("table", "row", "share"))
    found = []
    for table, row, share in zip(*columns, strict=True):
        if row not in model.whole[table].index:
            continue
        if table == "handling":
            terminal = _text(model, table, row, "terminal")
            if terminal not in model.whole["terminals"].index:
                continue
        declared = model.whole[table].columns
        like = tuple(_text(model, table, row, name) for name in _LIKE if name in declared)
        ends = _ends(model, table, row)
        found.append(_Listed(table, row, float(share), ends, like, _is_open(model, table, row)))
    return found


def _carrying(listed: Sequence[_Listed]) -> list[_Listed]:
    """Give the share of what is closed to what stands beside it and does the same work.

    Elements at one place, of one kind, for one class and direction are parallel when their shares
    add to one at most; what remains open takes over the whole. Where nothing remains, the closed
    ones stay in the list: nothing passes there.
    """
    places: dict[tuple[object, ...], list[_Listed]] = {}
    for line in listed:
        places.setdefault(line.place, []).append(line)
    found = []
    for line in listed:
        beside = places[line.place]
        whole = sum(other.share for other in beside)
        left = sum(other.share for other in beside if other.in_service)
        parallel = whole <= 1.0 + SHARE_TOLERANCE
        if line.in_service:
            grown = line.share * whole / left if parallel and left > 0 else line.share
            found.append(line._replace(share=grown))
        elif line.share > 0 and not (parallel and left > 0):
            found.append(line)
    return found


def _fixture(model: Model, line: _Listed, places: Mapping[str, int]) -> Fixture | None:
    positions = [places.get(node) for node in line.ends]
    known = [position for position in positions if position is not None]
    complete = len(known) == len(positions)
    if line.table == "station_tracks" and not complete:
        return None
    columns = model.whole[line.table].columns
    fixture = Fixture(
        line.table,
        line.row,
        line.share,
        min(known) if complete else None,
        max(known) if complete else None,
        in_service=line.in_service,
    )
    if "serves" in columns:
        fixture = fixture._replace(serves=_text(model, line.table, line.row, "serves"))
    if "direction" in columns:
        fixture = fixture._replace(direction=_text(model, line.table, line.row, "direction"))
    if "useful_length_m" in columns:
        fixture = fixture._replace(
            length_m=float(_text(model, line.table, line.row, "useful_length_m"))
        )
    if line.table == "vessel_lines" and complete:
        fixture = fixture._replace(runs_back=known[0] > known[-1])
    return fixture


def fixtures_of(model: Model, corridor: str, places: Mapping[str, int]) -> tuple[Fixture, ...]:
    """Elements that a corridor lists, then its fleets.

    Parameters
    ----------
    model : Model
        Of a day.
    corridor : str
        Row of ``corridors``.
    places : mapping of str to int
        Position of each node on the way.

    Returns
    -------
    tuple of Fixture
        Station tracks that the way of the day does not touch are left out. A border's ``forward``
        and a terminal's are the corridor's; a sea line's is its own.
    """
    lines = _carrying(_listed(model, corridor))
    found = [fixture for line in lines if (fixture := _fixture(model, line, places)) is not None]
    fleets = sorted(model.rows("fleets", corridor=corridor))
    return (*found, *(Fixture("fleets", row, 1.0, None, None) for row in fleets))
