"""What a space-time diagram is told: places, trains, windows, tracks and words."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final

from keruen.report.charts.axes import Formatter

SAME_KM: Final = 1e-6
"""Kilometres that are one place."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the line; of places too close together the one of greater weight keeps its name.

    ``major`` places stand out; ``weight`` orders places among the major ones and among the others.
    """

    name: str
    km: float
    major: bool = False
    weight: int = 0


@dataclass(frozen=True, slots=True)
class TrainLine:
    """One train: its name, class, direction, and breakpoints over time and kilometre.

    ``cause`` has one entry fewer than ``time_min`` and ``km``: why the train stands in that
    stretch, ``Cause.NONE`` where it runs.
    """

    name: str
    kind: int
    odd: bool
    time_min: tuple[float, ...]
    km: tuple[float, ...]
    cause: tuple[int, ...]
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """A maintenance window: between which kilometres, from when to when, and its name."""

    from_km: float
    to_km: float
    start_min: float
    end_min: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Tracks:
    """Number of tracks between two kilometres, and how that is called."""

    from_km: float
    to_km: float
    tracks: int
    label: str


@dataclass(frozen=True, slots=True)
class MareyWords:
    """Words of the picture, in the reader's language.

    Parameters
    ----------
    trains, waits, marks : str
        Headings of the key.
    odd, even : str
        The two directions.
    classes : tuple of str
        Names of the classes, by the number a train carries.
    causes : dict of int and str
        Names of the causes of waits that may occur.
    meet, overtake, window : str
        Two trains meeting, one overtaking another, a maintenance window.
    empty : str
        Said where no train runs in the span that is shown.
    """

    trains: str
    waits: str
    marks: str
    odd: str
    even: str
    classes: tuple[str, ...]
    causes: dict[int, str]
    meet: str
    overtake: str
    window: str
    empty: str


@dataclass(frozen=True, slots=True)
class MareySpec:
    """What a space-time diagram shows.

    Parameters
    ----------
    title, description : str
        Read aloud by a screen reader.
    places : tuple of Place
        At least two at different kilometres, in any order.
    trains : tuple of TrainLine
        May reach beyond the span; what lies within is drawn.
    start_min, end_min : float
        Span shown.
    clock : callable
        Writes a time in minutes under the axis, such as "06:00".
    duration : callable
        Writes minutes of a wait, such as "12 min".
    words : MareyWords
        In the reader's language.
    km_unit, number : str and callable
        Unit and writing of kilometres.
    windows : tuple of Closure
        Hatched.
    tracks : tuple of Tracks
        Drawn as lines at the axis.
    meets, overtakes : tuple of (float, float)
        Minutes and kilometres of the marks; see :mod:`keruen.rail.dispatch.polylines`.
    """

    title: str
    description: str
    places: tuple[Place, ...]
    trains: tuple[TrainLine, ...]
    start_min: float
    end_min: float
    clock: Formatter
    duration: Formatter
    words: MareyWords
    km_unit: str
    number: Formatter
    windows: tuple[Closure, ...] = ()
    tracks: tuple[Tracks, ...] = ()
    meets: tuple[tuple[float, float], ...] = ()
    overtakes: tuple[tuple[float, float], ...] = ()


def check_spec(spec: MareySpec) -> None:
    """Refuse what cannot be drawn.

    Raises
    ------
    ValueError
        If the span is empty, a number is not finite, times of a train fall, its breakpoints and
        causes do not fit, it moves while it waits, or it has a class or cause without a name.
    """
    if not -math.inf < spec.start_min < spec.end_min < math.inf:
        raise ValueError("a diagram needs a finite span of time")
    numbers = [place.km for place in spec.places]
    for window in spec.windows:
        numbers += [window.from_km, window.to_km, window.start_min, window.end_min]
    for stretch in spec.tracks:
        numbers += [stretch.from_km, stretch.to_km]
    for point in (*spec.meets, *spec.overtakes):
        numbers += point
    if not all(map(math.isfinite, numbers)):
        raise ValueError("kilometres and times must be finite")
    for train in spec.trains:
        _check_train(train, spec.words)


def _check_train(train: TrainLine, words: MareyWords) -> None:
    if not len(train.time_min) == len(train.km) == len(train.cause) + 1:
        raise ValueError(f"train {train.name}: breakpoints and causes do not fit")
    if not all(map(math.isfinite, (*train.time_min, *train.km))):
        raise ValueError(f"train {train.name}: kilometres and times must be finite")
    if any(b < a for a, b in itertools.pairwise(train.time_min)):
        raise ValueError(f"train {train.name}: times fall")
    if not 0 <= train.kind < len(words.classes):
        raise ValueError(f"train {train.name}: its class has no name")
    for (a, b), cause in zip(itertools.pairwise(train.km), train.cause, strict=True):
        if cause and abs(b - a) > SAME_KM:
            raise ValueError(f"train {train.name}: moves while it waits")
        if cause and cause not in words.causes:
            raise ValueError(f"train {train.name}: cause {cause} has no name")
