"""What a dispatcher is told: points, sections, paths and trains, in whole milliseconds and metres.

Points and sections are known by their place in the sequences given; a path is a way over them with
the running times of a class of trains, and many trains may share one.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.events.calendar import DAY_MS
from keruen.rail.dispatch import columns


class Cause(IntEnum):
    """Why a train stood."""

    NONE = columns.NO_WAIT
    OPPOSING = columns.OPPOSING
    FOLLOWING = columns.FOLLOWING
    NO_TRACK = columns.NO_TRACK
    SAFETY = columns.SAFETY
    WINDOW = columns.WINDOW
    DWELL = columns.DWELL
    PRIORITY = columns.PRIORITY
    DISTURBANCE = columns.DISTURBANCE
    CREW_CHANGE = columns.CREW_CHANGE
    LOCOMOTIVE_CHANGE = columns.LOCOMOTIVE_CHANGE


class Policy(IntEnum):
    """Who goes first where not all can."""

    FIRST_COME = columns.FIRST_COME
    PRIORITY = columns.BY_PRIORITY
    LOOK_AHEAD = columns.LOOK_AHEAD


class Guard(IntEnum):
    """What keeps trains from locking."""

    NONE = columns.UNGUARDED
    LINE = columns.BY_LINE
    ORDER = columns.BY_ORDER


class Spread(IntEnum):
    """Distribution of a disturbance."""

    NONE = columns.NO_SPREAD
    UNIFORM = columns.UNIFORM
    EXPONENTIAL = columns.EXPONENTIAL
    LOGNORMAL = columns.LOGNORMAL


class Point(NamedTuple):
    """Operational point.

    Parameters
    ----------
    track_lengths_m : tuple of float
        Useful lengths of its tracks, metres. Of more than
        :data:`keruen.rail.dispatch.columns.MAX_TRACKS` the longest are used.
    arrivals_apart : bool
        Whether its interlocking does not let trains arrive together from two sides: after one has
        arrived or passed, one that comes over another section of single track arrives or passes
        tau_np later at the earliest. Not kept where some train is too long to stand and leaps over
        the point.
    """

    track_lengths_m: tuple[float, ...]
    arrivals_apart: bool = False


class Window(NamedTuple):
    """Maintenance window that returns: its first beginning, its length, and after how long.

    In milliseconds; it may run over midnight.
    """

    start_ms: int
    length_ms: int
    period_ms: int = DAY_MS


class Section(NamedTuple):
    """Line between two neighbouring points.

    Parameters
    ----------
    start, end : int
        Points.
    tracks : int
        1: both directions share it. More: parted by direction but for those of ``either_way``, the
        greater half for trains from start to end, the rest for those back.
    headway_ms : int
        Between following trains: when entering and when passing the far end; with ``one_train``
        from the clearing of the one to the entry of the next.
    one_train : bool
        Semi-automatic block: one train at a time on each track.
    crossing_ms : int
        tau_s: from the clearing by a train to the start of an opposing one that stands.
    non_simultaneous_ms : int
        tau_np: from the clearing by a train to the passing of an opposing one. Where a point asks
        for it also from arrival to arrival.
    window_start_ms, window_ms : int
        Daily maintenance window after midnight, and its length; 0: none.
    windows : tuple of Window
        Further windows.
    either_way : int or None
        Tracks that trains of both directions use; None: the odd one of an odd number.
    """

    start: int
    end: int
    tracks: int = 1
    headway_ms: int = 0
    one_train: bool = False
    crossing_ms: int = 0
    non_simultaneous_ms: int = 0
    window_start_ms: int = 0
    window_ms: int = 0
    windows: tuple[Window, ...] = ()
    either_way: int | None = None

    @property
    def all_windows(self) -> tuple[Window, ...]:
        """All maintenance windows."""
        first = Window(self.window_start_ms, self.window_ms)
        return tuple(one for one in (first, *self.windows) if one.length_ms)

    @property
    def split(self) -> tuple[int, int, int]:
        """Tracks from start to end alone, for both directions, and back alone.

        >>> Section(0, 1, 1).split, Section(0, 1, 3).split, Section(0, 1, 4, either_way=1).split
        ((0, 1, 0), (1, 1, 1), (2, 1, 1))
        """
        shared = self.tracks % 2 if self.either_way is None else self.either_way
        alone = self.tracks - shared
        return alone - alone // 2, shared, alone // 2


class TrainPath(NamedTuple):
    """Way of a class of trains with its times.

    Parameters
    ----------
    points : tuple of int, length n + 1
        Points from origin to destination.
    sections : tuple of int, length n
        Sections between them.
    run_ms, start_ms, stop_ms : tuple of int, length n
        Running times without supplements; supplements for starting from a stand at the beginning
        of a section, and for stopping at its end.
    length_m : float
        Length of the train.
    dwell_ms : tuple of int, length n + 1, or empty
        Least stay at each point; where it is not 0 the train stops.
    dwell_cause : tuple of int, length n + 1, or empty
        What the stay is for, as the records tell it: ``Cause.DWELL``, ``CREW_CHANGE``,
        ``LOCOMOTIVE_CHANGE``.
    """

    points: tuple[int, ...]
    sections: tuple[int, ...]
    run_ms: tuple[int, ...]
    start_ms: tuple[int, ...]
    stop_ms: tuple[int, ...]
    length_m: float
    dwell_ms: tuple[int, ...] = ()
    dwell_cause: tuple[int, ...] = ()


class Network(NamedTuple):
    """Points and the sections between them."""

    points: Sequence[Point]
    sections: Sequence[Section]


class Trains(NamedTuple):
    """The trains of a timetable; arrays of one length.

    Parameters
    ----------
    path : array of int
        Place of its path among the paths.
    earliest_ms : array of int
        Earliest departure.
    weight : array of int
        Greater is more urgent; weighs its delay.
    feeds : array of int, or None
        Train that becomes ready when this one has entered (an endless supply), or -1.
    """

    path: NDArray[np.int64]
    earliest_ms: NDArray[np.int64]
    weight: NDArray[np.int64]
    feeds: NDArray[np.int64] | None = None


class Disturbance(NamedTuple):
    """A random amount: see :class:`keruen.rail.dispatch.columns.Chance` for the two numbers.

    Of a delay in ms, of a stretch in shares of the running time.
    """

    spread: Spread = Spread.NONE
    low: float = 0.0
    high: float = 0.0


class Setting(NamedTuple):
    """How a run decides and what disturbs it.

    Parameters
    ----------
    policy : Policy
        Who goes first.
    guard : Guard or None
        What keeps trains from locking; None: the rule of the line where its premise holds, else
        the certified order.
    seed, draw : int
        Key of the random streams.
    delay, stretch : Disturbance
        Entry delays, ms, and stretches of running times, shares.
    horizon_ms : int
        How far look-ahead looks.
    recording : bool
        Whether to keep records.
    """

    policy: Policy = Policy.FIRST_COME
    guard: Guard | None = None
    seed: int = 0
    draw: int = 0
    delay: Disturbance = Disturbance()
    stretch: Disturbance = Disturbance()
    horizon_ms: int = 7_200_000
    recording: bool = True
