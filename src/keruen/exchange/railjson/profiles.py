"""The profile of a section: its speed, traction, heights, curves and local limits."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from keruen.exchange.railjson.bands import Band, along, covered, value_at
from keruen.exchange.railjson.conditions import TRACTIONS, UNKNOWN_WIRE, Conditions
from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.ways import Piece
from keruen.schema import load_schema

DIESEL: Final = "diesel"
_WHOLE_M: Final = 1.0
"""A stretch is covered when no more than this is not."""
_KM_DIGITS: Final = 6
_HEIGHT_DIGITS: Final = 6


class Row(NamedTuple):
    """A row of ``track_profiles``; None is an empty cell."""

    km: float
    elevation_m: float
    limit_km_per_h: float | None
    radius_m: float | None


class Profile(NamedTuple):
    """What is known of a track between two places.

    Parameters
    ----------
    length_m : float
        Its length.
    permitted_km_per_h : float or None
        The highest limit on it; None where it has none or not everywhere.
    traction : str
        Word of the table.
    rows : tuple of Row
        Empty when the track says nothing of heights, curves and differing limits.
    """

    length_m: float
    permitted_km_per_h: float | None
    traction: str
    rows: tuple[Row, ...]


class _Noting:
    """Notes about one section."""

    def __init__(self, section: str, notes: list[Note]) -> None:
        self._section = section
        self._notes = notes

    def __call__(self, field: str, why: Why, value: str = "") -> None:
        self._notes.append(Note("sections", self._section, field, why, value))


def profile_of(
    section: str, pieces: tuple[Piece, ...], conditions: Conditions, notes: list[Note]
) -> Profile:
    """What holds along a track from one place to another.

    Heights are relative: the start is at nought, and gradients are summed from there.

    Parameters
    ----------
    section : str
        Id that notes carry.
    pieces : tuple of Piece
        The track, walked from start to end.
    conditions : Conditions
        By track.
    notes : list of Note
        What is assumed, left out or coarser is added to it.
    """
    note = _Noting(section, notes)
    length = sum(piece.length for piece in pieces)
    limits = _within("limit_km_per_h", along(pieces, conditions.speeds, 1.0), note)
    radii = _within("radius_m", along(pieces, conditions.radii, 1.0), note)
    gradients = along(pieces, conditions.gradients, -1.0)
    whole = covered(limits) >= length - _WHOLE_M
    permitted = max(band.value for band in limits) if limits and whole else None
    if limits and not whole:
        note("permitted_speed_km_per_h", Why.SIMPLIFIED, "partly")
    local = [band for band in limits if band.value != permitted]
    rows: tuple[Row, ...] = ()
    if gradients or radii or local:
        rows = _rows(length, gradients, local, radii)
        if covered(gradients) < length - _WHOLE_M:
            note("elevation_m", Why.ASSUMED, "0 ‰")
    low, high = _bounds("elevation_m")
    if not all(low <= row.elevation_m <= high for row in rows):
        note("elevation_m", Why.OUT_OF_RANGE)
        rows = ()
    traction = _traction(length, along(pieces, conditions.wires, 1.0), note)
    return Profile(length, permitted, traction, rows)


def _bounds(column: str) -> tuple[float, float]:
    declared = load_schema()["track_profiles"].columns[column]
    low, high = declared.minimum, declared.maximum
    return -math.inf if low is None else low, math.inf if high is None else high


def _within(column: str, bands: list[Band], note: _Noting) -> list[Band]:
    low, high = _bounds(column)
    kept = [band for band in bands if low <= band.value <= high]
    for band in bands:
        if not low <= band.value <= high:
            note(column, Why.OUT_OF_RANGE, f"{band.value:.6g}")
    return kept


def _rows(
    length: float, gradients: list[Band], limits: list[Band], radii: list[Band]
) -> tuple[Row, ...]:
    edges = {0.0, length}
    for bands in (gradients, limits, radii):
        edges |= {edge for band in bands for edge in (band.begin, band.end)}
    rows: dict[float, Row] = {}
    height = before = 0.0
    for edge in sorted(edges):
        height += (value_at(gradients, before) or 0.0) / 1000.0 * (edge - before)
        before = edge
        row = Row(
            round(edge / 1000.0, _KM_DIGITS),
            round(height, _HEIGHT_DIGITS),
            value_at(limits, edge),
            value_at(radii, edge),
        )
        rows[row.km] = row
    return tuple(rows.values())


def _traction(length: float, wires: list[Band], note: _Noting) -> str:
    by_wire: dict[float, float] = {}
    for band in wires:
        by_wire[band.value] = by_wire.get(band.value, 0.0) + band.end - band.begin
    for value, metres in by_wire.items():
        if metres >= length - _WHOLE_M and value != UNKNOWN_WIRE:
            return TRACTIONS[int(value)]
    if by_wire:
        note("traction", Why.SIMPLIFIED, DIESEL)
    else:
        note("traction", Why.ASSUMED, DIESEL)
    return DIESEL
