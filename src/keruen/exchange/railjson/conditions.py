"""Speeds, gradients, curves and wires of an infrastructure, by track."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from keruen.errors import StudyError
from keruen.exchange.railjson.bands import Band, Claim, settled
from keruen.exchange.railjson.findings import Findings
from keruen.exchange.railjson.notes import Note, Why
from keruen.exchange.railjson.parsing import Lists, Object
from keruen.exchange.railjson.shapes import BOTH
from keruen.rail.track_profile import STEEPEST_PERMILLE

KM_PER_H: Final = 3.6
"""Kilometres an hour in a metre a second."""
DIGITS: Final = 6
"""Decimal digits kept of what a change of unit gives: 16.666666666666668 m/s is 60 km/h."""
TRACTIONS: Final = ("25kv_ac", "15kv_ac", "3kv_dc")
"""Wires that the tables know; a band's value is the position here."""
VOLTAGES: Final = {"25kv_ac": "25000V", "15kv_ac": "15000V", "3kv_dc": "3000V"}
"""How railJSON calls them: volts with a V."""
UNKNOWN_WIRE: Final = -1.0
_VOLTS: Final = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*(k?)v?\s*(?:[ad]c)?\s*", re.I)
_BY_VOLTS: Final = {25000: "25kv_ac", 15000: "15kv_ac", 3000: "3kv_dc"}


class Conditions(NamedTuple):
    """What holds on each track: bands that do not overlap, by track.

    Parameters
    ----------
    speeds : dict of str to list of Band
        Speed limits, km/h; the lower where limits overlap or directions differ.
    gradients : dict of str to list of Band
        Permille, up is positive in the direction of the track.
    radii : dict of str to list of Band
        Radius of curves, m.
    wires : dict of str to list of Band
        Position in ``TRACTIONS``, or ``UNKNOWN_WIRE``.
    """

    speeds: dict[str, list[Band]]
    gradients: dict[str, list[Band]]
    radii: dict[str, list[Band]]
    wires: dict[str, list[Band]]


def traction_of(voltage: str) -> str:
    """Traction that a voltage stands for; empty when the tables know none.

    >>> traction_of("25000V"), traction_of("3 kV DC"), traction_of("1500V")
    ('25kv_ac', '3kv_dc', '')
    """
    match = _VOLTS.fullmatch(voltage)
    if not match:
        return ""
    return _BY_VOLTS.get(round(float(match[1]) * (1000.0 if match[2] else 1.0)), "")


def require_slopes(lists: Lists, findings: Findings) -> None:
    """Find slopes so steep that no railway could be computed on them.

    Parameters
    ----------
    lists : mapping of str to list of dict
        Objects of the right shape.
    findings : Findings
        Errors are added to it.

    Raises
    ------
    StudyError
        With every such slope.
    """
    for position, track in enumerate(lists["track_sections"]):
        for number, slope in enumerate(track["slopes"]):
            value = float(slope["gradient"])
            if abs(value) > STEEPEST_PERMILLE:
                place = ("track_sections", position, "slopes", number, "gradient")
                told = {"value": value, "limit": STEEPEST_PERMILLE}
                findings.error("railjson_slope_out_of_range", place, **told)
    if findings.has_errors:
        raise StudyError(findings.problems())


def conditions_of(lists: Lists, speed_tag: str | None) -> tuple[Conditions, list[Note]]:
    """Gather what holds on each track.

    Parameters
    ----------
    lists : mapping of str to list of dict
        Objects whose references fit.
    speed_tag : str or None
        Tag of trains whose limits are taken where a speed section has one for it.

    Returns
    -------
    Conditions
        By track.
    list of Note
        Limits of other tags and of routes, differences by direction, unknown wires, overlaps.
    """
    notes: list[Note] = []
    speeds = _speeds(lists["speed_sections"], speed_tag, notes)
    wires = _wires(lists["electrifications"], notes)
    gradients, radii = {}, {}
    for track in lists["track_sections"]:
        name = track["id"]
        gradients[name] = _latest(track, "slopes", notes)
        curves = [band._replace(value=abs(band.value)) for band in _latest(track, "curves", notes)]
        radii[name] = [band for band in curves if band.value > 0.0]
        for limit in track.get("loading_gauge_limits", ()):
            value = str(limit["category"])
            notes.append(
                Note("track_sections", name, "loading_gauge_limits", Why.NOT_CARRIED, value)
            )
    return Conditions(speeds, gradients, radii, wires), notes


def _latest(track: Object, name: str, notes: list[Note]) -> list[Band]:
    """Slopes or curves of a track; where they overlap, the one that is listed last."""
    value = "gradient" if name == "slopes" else "radius"
    spans = track[name]
    ends = sorted((span["begin"], span["end"]) for span in spans)
    if any(after[0] < before[1] for before, after in pairwise(ends)):
        notes.append(Note("track_sections", track["id"], name, Why.SIMPLIFIED, "overlap"))
    return settled(
        Claim(float(span["begin"]), float(span["end"]), -float(i), float(span[value]))
        for i, span in enumerate(spans)
    )


def _settled(claims: dict[str, list[Claim]]) -> dict[str, list[Band]]:
    return {track: settled(own) for track, own in claims.items()}


def _directions(kind: str, one: Object, notes: list[Note]) -> None:
    if any(span["applicable_directions"] != BOTH for span in one["track_ranges"]):
        notes.append(Note(kind, one["id"], "applicable_directions", Why.SIMPLIFIED, BOTH))


def _speeds(
    sections: Iterable[Object], tag: str | None, notes: list[Note]
) -> dict[str, list[Band]]:
    claims: dict[str, list[Claim]] = {}
    for one in sections:
        tagged = one.get("speed_limit_by_tag", {})
        for name in sorted(set(tagged) - {tag}):
            note = Note("speed_sections", one["id"], "speed_limit_by_tag", Why.NOT_CARRIED, name)
            notes.append(note)
        if "psl_sncf" in (one.get("extensions") or {}):
            notes.append(Note("speed_sections", one["id"], "extensions", Why.NOT_CARRIED))
        if one.get("on_routes"):
            notes.append(Note("speed_sections", one["id"], "on_routes", Why.NOT_CARRIED))
            continue
        limit = tagged.get(tag, one.get("speed_limit"))
        if limit is None:
            continue
        _directions("speed_sections", one, notes)
        value = round(limit * KM_PER_H, DIGITS)
        for span in one["track_ranges"]:
            claim = Claim(float(span["begin"]), float(span["end"]), value, value)
            claims.setdefault(span["track"], []).append(claim)
    return _settled(claims)


def _wires(electrifications: Iterable[Object], notes: list[Note]) -> dict[str, list[Band]]:
    claims: dict[str, list[Claim]] = {}
    for i, one in enumerate(electrifications):
        traction = traction_of(one["voltage"])
        value = float(TRACTIONS.index(traction)) if traction else UNKNOWN_WIRE
        if not traction:
            note = Note(
                "electrifications", one["id"], "voltage", Why.NOT_CARRIED, one["voltage"][:40]
            )
            notes.append(note)
        _directions("electrifications", one, notes)
        for span in one["track_ranges"]:
            claim = Claim(float(span["begin"]), float(span["end"]), -float(i), value)
            claims.setdefault(span["track"], []).append(claim)
    return _settled(claims)
