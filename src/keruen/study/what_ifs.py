"""What single measures would make of a line: each laid alone over the study as it stands on a day.

A measure changes cells of the sections of the line, and of the rows that they take numbers from,
and nothing else; what would change nothing on a line is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from keruen.capacity.hauling import hauling_of
from keruen.capacity.line_order import line_rows
from keruen.capacity.reader import ElementReader
from keruen.model import Model
from keruen.model.provenance import CellKey

LONGER: Final = 1.25
"""What longer trains are multiplied by, loops with them where they would not fit."""
MORE_PASSENGERS: Final = 2.0
"""What passenger trains are multiplied by."""
AS_IT_STANDS: Final = "as_it_stands"
"""Name of the line without any measure."""
DECIDED: Final = "decided"
"""Name of the line with everything that is decided."""

Cells = dict[CellKey, str]


class WhatIf(NamedTuple):
    """A study on a day under one measure.

    Parameters
    ----------
    name : str
        Of the measure; :data:`AS_IT_STANDS` is none.
    model : Model
        Of the day.
    """

    name: str
    model: Model


class _Line(NamedTuple):
    """The railway sections of a line on a day, and the same line when all decided is built."""

    model: Model
    rows: tuple[str, ...]
    decided: Model


def what_ifs(model: Model, decided: Model, line: str) -> tuple[WhatIf, ...]:
    """Lay every measure alone over a line.

    Parameters
    ----------
    model : Model
        Of the day asked about.
    decided : Model
        Of the day on which all that is decided has opened; new signals are taken from it.
    line : str
        Row of ``lines``.

    Returns
    -------
    tuple of WhatIf
        First the line as it stands, last the line as decided; between them the measures that
        change something.

    Raises
    ------
    OutOfServiceError
        When the line has no railway section in service on the day asked about.
    """
    known = _Line(model, line_rows(model, line), decided)
    found = [WhatIf(AS_IT_STANDS, model)]
    for name, measure in MEASURES.items():
        cells = measure(known)
        if cells:
            found.append(WhatIf(name, model.patched(cells)))
    return (*found, WhatIf(DECIDED, decided))


def _second_track(line: _Line) -> Cells:
    """Two tracks on every section that has one; signals and speeds as they are."""
    tracks = {row: line.model.number("sections", row, "tracks") for row in line.rows}
    return {("sections", row, "tracks"): "2" for row, own in tracks.items() if own == 1}


def _automatic_block(line: _Line) -> Cells:
    """Automatic block where there is none: of what is decided, else what is usual nearby."""
    cells: Cells = {}
    for row in line.rows:
        if _is_automatic(line.model, line.model.text("sections", row, "signalling")):
            continue
        wanted = ""
        if row in line.decided["sections"].index:
            wanted = line.decided.text("sections", row, "signalling")
        if not _is_automatic(line.model, wanted):
            wanted = _usual(line.model, row, "signalling", _is_automatic)
        if wanted:
            cells["sections", row, "signalling"] = wanted
    return cells


def _second_track_and_block(line: _Line) -> Cells:
    tracks, block = _second_track(line), _automatic_block(line)
    return {**tracks, **block} if tracks and block else {}


def _electrified(line: _Line) -> Cells:
    """Wires where there are none, of the kind usual nearby, with the locomotives stated for it."""
    cells: Cells = {}
    for row in line.rows:
        if line.model.text("sections", row, "traction") != "diesel":
            continue
        wanted = _usual(line.model, row, "traction", lambda _, kind: kind not in ("", "diesel"))
        wired = line.model.patched({("sections", row, "traction"): wanted}) if wanted else None
        if wired is not None and hauling_of(wired, row) is not None:
            cells["sections", row, "traction"] = wanted
    return cells


def _loops(line: _Line) -> Cells:
    """A place to cross in the middle of the longest stretch of every section of single track."""
    return _stretches(line, lambda row, longest: longest / 2)


def _unlisted_loops(line: _Line) -> Cells:
    """Places to cross that no list shows: the longest stretches at the low of their range."""

    def low_of(row: str, longest: float) -> float:
        owner = line.model.owner("sections", row, "crossing_gap_km")
        return min(longest, float(owner.low)) if owner is not None and owner.low else longest

    return _stretches(line, low_of)


def _stretches(line: _Line, shorter: Callable[[str, float], float]) -> Cells:
    """Shorten the longest stretch of each section, and what is typed as its running time."""
    cells: Cells = {}
    for row in line.rows:
        reader = ElementReader(line.model, "sections", row)
        longest = reader.optional("crossing_gap_km")
        whole = reader.number("length_km")
        longest = whole if longest is None else min(longest, whole)
        wanted = shorter(row, longest)
        if line.model.number("sections", row, "tracks") != 1 or not wanted < longest:
            continue
        cells["sections", row, "crossing_gap_km"] = repr(wanted)
        for column in ("running_time_forward_min", "running_time_backward_min"):
            typed = line.model.number("sections", row, column)
            if typed is not None:
                cells["sections", row, column] = repr(typed * wanted / longest)
    return cells


def _longer_trains(line: _Line) -> Cells:
    """Ordinary trains longer and heavier by the same share, and loops that take them."""
    cells: Cells = {}
    longest = 0.0
    for row in line.rows:
        hauling = hauling_of(line.model, row)
        if hauling is None:
            continue
        train = line.model.text("haulings", hauling, "train_type")
        for column in ("length_m", "gross_t", "wagons"):
            own = line.model.number("train_types", train, column)
            if own is not None:
                whole = column == "wagons"
                value = round(own * LONGER) if whole else own * LONGER
                cells["train_types", train, column] = repr(value)
        length = line.model.number("train_types", train, "length_m")
        longest = max(longest, (length or 0.0) * LONGER)
    return {**cells, **_longer_loops(line, longest)} if cells else {}


def _longer_loops(line: _Line, train_m: float) -> Cells:
    cells: Cells = {}
    nodes = set()
    for row in line.rows:
        nodes |= {line.model.text("sections", row, column) for column in ("from_node", "to_node")}
        loop = ElementReader(line.model, "sections", row).optional("loop_length_m")
        if loop is not None and loop < train_m:
            cells["sections", row, "loop_length_m"] = repr(train_m)
    for row in map(str, line.model["station_tracks"].index):
        useful = line.model.number("station_tracks", row, "useful_length_m")
        here = line.model.text("station_tracks", row, "node") in nodes
        if here and useful is not None and useful < train_m:
            cells["station_tracks", row, "useful_length_m"] = repr(train_m)
    return cells


def _more_passengers(line: _Line) -> Cells:
    """Twice the passenger trains."""
    cells: Cells = {}
    for row in line.rows:
        reader = ElementReader(line.model, "sections", row)
        pairs = reader.optional("passenger_pairs_per_day")
        if pairs:
            cells["sections", row, "passenger_pairs_per_day"] = repr(pairs * MORE_PASSENGERS)
    return cells


MEASURES: Final[Mapping[str, Callable[[_Line], Cells]]] = {
    "second_track": _second_track,
    "automatic_block": _automatic_block,
    "second_track_and_block": _second_track_and_block,
    "electrified": _electrified,
    "loops": _loops,
    "unlisted_loops": _unlisted_loops,
    "longer_trains": _longer_trains,
    "more_passengers": _more_passengers,
}
"""Measures by name, in the order in which they are shown."""


def _is_automatic(model: Model, signalling: str) -> bool:
    known = signalling in model["signalling"].index
    return known and model.text("signalling", signalling, "block") == "auto"


def _usual(model: Model, row: str, column: str, fits: Callable[[Model, str], bool]) -> str:
    """What most kilometres of railway of the same gauge have, in the section's country first.

    Empty when nothing fits.
    """
    gauge = model.number("sections", row, "gauge_mm")
    country = _country(model, row)
    km: dict[tuple[bool, str], float] = {}
    for other in model.rows("sections", mode="rail"):
        value = model.text("sections", other, column)
        if fits(model, value) and model.number("sections", other, "gauge_mm") == gauge:
            near = _country(model, other) == country
            length = model.number("sections", other, "length_km") or 0.0
            km[near, value] = km.get((near, value), 0.0) + length
    return max(km, key=lambda key: (key[0], km[key], key[1]))[1] if km else ""


def _country(model: Model, row: str) -> str:
    return model.text("nodes", model.text("sections", row, "from_node"), "country")
