"""Places of a line and the gaps between them, and gaps that are one to trains too long to cross.

Places are the nodes of the line, and crossing places that its sections have between them: where
the longest stretch of a section without one is shorter than the section, that stretch is a gap and
the rest is cut into equal gaps no longer than it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from keruen.capacity.section import PLACE_TRACKS, SectionFacts
from keruen.model import Model
from keruen.rail.crossing import StationIntervals

_ROUNDING: Final = 1e-9


class StationLoop(NamedTuple):
    """Tracks of a node and the length of a train that they take.

    Parameters
    ----------
    tracks : int
        Tracks.
    useful_m : float
        Metres; infinite where the study does not tell.
    row : str
        Row of ``station_tracks``; empty where there is none.
    """

    tracks: int
    useful_m: float
    row: str = ""


class Run(NamedTuple):
    """A section as it is run over: its facts, its length and the nodes in the order of passing.

    ``is_break`` tells whether the gauge changes at its start.
    """

    section: str
    facts: SectionFacts
    length_km: float
    backward: bool
    start: str
    end: str
    is_break: bool = False


class JoinedGap(NamedTuple):
    """Gaps that are one to the ordinary train of the line.

    Parameters
    ----------
    sections : tuple of str
        Sections that it reaches into, in the order of passing; nodes lie between them.
    nodes : tuple of str
        Nodes in it, too short for the train.
    length_km : float
        Length of the whole.
    odd_min, even_min : float
        Running times in the order of passing and against it.
    intervals : StationIntervals
        Of each kind the longest.
    """

    sections: tuple[str, ...]
    nodes: tuple[str, ...]
    length_km: float
    odd_min: float
    even_min: float
    intervals: StationIntervals


def gap_lengths(facts: SectionFacts, length_km: float) -> list[float]:
    """Cut a section into its longest stretch and the rest in equal parts no longer than it.

    Parameters
    ----------
    facts : SectionFacts
        The section.
    length_km : float
        Its length.

    Returns
    -------
    list of float
        Kilometres.
    """
    longest = facts.between_places_km
    rest = length_km - longest
    if rest <= _ROUNDING * length_km:
        return [longest]
    parts = math.ceil(rest / longest - _ROUNDING)
    return [longest, *[rest / parts] * parts]


def gap_minutes(run: Run, length_km: float) -> tuple[float, float]:
    """Running times of the ordinary train over a part of a section, with the line and against it.

    They are in proportion to those over the longest gap.
    """
    part = length_km / run.facts.gap_km
    odd, even = run.facts.forward_min * part, run.facts.backward_min * part
    return (even, odd) if run.backward else (odd, even)


def station_loops(model: Model) -> dict[str, StationLoop]:
    """Tracks and useful length by node, of the group of tracks with most of them."""
    found: dict[str, StationLoop] = {}
    for row in map(str, model["station_tracks"].index):
        node = model.text("station_tracks", row, "node")
        tracks = model.number("station_tracks", row, "tracks")
        length = model.number("station_tracks", row, "useful_length_m")
        if tracks is not None:
            own = StationLoop(int(tracks), math.inf if length is None else length, row)
            found[node] = max(found.get(node, own), own)
    return found


def joined_gaps(runs: Sequence[Run], stations: Mapping[str, StationLoop]) -> tuple[JoinedGap, ...]:
    """Gaps of single track from each place that takes the longest train to the next.

    Parameters
    ----------
    runs : sequence of Run
        Sections of the line, one after another.
    stations : mapping of str to StationLoop
        Tracks by node, where the study tells them.

    Returns
    -------
    tuple of JoinedGap
        In the order of the line; of a section with places only the first and the last.
    """
    found = []
    train_m = max((run.facts.train_m for run in runs), default=0.0)
    joined: list[tuple[Run, float]] = []
    before: Run | None = None
    for run in runs:
        inner = run.facts.is_single and run.facts.loop_m >= train_m
        lengths = gap_lengths(run.facts, run.length_km)
        if before is not None and not _takes(before, run, stations, train_m):
            joined.append((run, lengths[0] if inner else run.length_km))
        else:
            found.append(joined)
            joined = [(run, lengths[0] if inner else run.length_km)]
        if inner and len(lengths) > 1:
            found.append(joined)
            joined = [(run, lengths[-1])]
        before = run
    found.append(joined)
    return tuple(_one(parts) for parts in found if parts and parts[0][0].facts.is_single)


def _takes(before: Run, after: Run, stations: Mapping[str, StationLoop], train_m: float) -> bool:
    """Whether trains can cross at the node between two sections."""
    if after.is_break or not (before.facts.is_single and after.facts.is_single):
        return True
    told = StationLoop(PLACE_TRACKS, min(before.facts.loop_m, after.facts.loop_m))
    own = stations.get(after.start, told)
    return own.tracks > 1 and own.useful_m >= train_m


def _one(parts: Sequence[tuple[Run, float]]) -> JoinedGap:
    minutes = [gap_minutes(run, length) for run, length in parts]
    columns = zip(*(run.facts.intervals for run, _ in parts), strict=True)
    return JoinedGap(
        tuple(run.section for run, _ in parts),
        tuple(run.start for run, _ in parts[1:]),
        sum(length for _, length in parts),
        sum(odd for odd, _ in minutes),
        sum(even for _, even in minutes),
        StationIntervals(*(max(float(value) for value in column) for column in columns)),
    )
