"""One description of a line for every method of line capacity.

A line is a row of places with gaps between neighbours. At a place trains can cross or overtake, if
a train finds a track there that is long enough; in a gap they cannot, unless the gap has tracks
enough of its own. Trains run *odd* from the first place to the last and *even* from the last to
the first.

A line of mixed traffic has several classes of trains. The number of one class is sought, the
others are background: so many trains a day, to be let through. Partly doubled lines and two-track
inserts are gaps of different numbers of tracks; a loop that is too short is a place whose useful
length is below that of the train, and the gaps on both its sides are then one to that train.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from keruen.errors import require_range
from keruen.rail.crossing import StationIntervals
from keruen.rail.line_capacity import DayAllowances
from keruen.units import MINUTES_PER_DAY

DOUBLE: Final = 2
"""From so many tracks on the two directions do not share a track."""

_TINY: Final = 1e-9


class Block(StrEnum):
    """How trains are kept apart that follow each other on one track."""

    AUTOMATIC = "automatic"
    SEMI_AUTOMATIC = "semi_automatic"


class Role(StrEnum):
    """What the number of trains of a class is to the capacity of a line."""

    SOUGHT = "sought"
    BACKGROUND = "background"


class Place(NamedTuple):
    """Where trains can stand, cross and overtake.

    Parameters
    ----------
    name : str
        Name, for results.
    tracks : int
        Tracks on which trains can stand or pass, those of the line run through included.
    useful_length_m : float
        Length of the longest train that finds room on the shorter of them, metres.
    """

    name: str
    tracks: int
    useful_length_m: float


class Gap(NamedTuple):
    """The line between two neighbouring places.

    Parameters
    ----------
    tracks : int
        Tracks: 1 for both directions together, from 2 on each direction has its own.
    block : Block
        Automatic or semi-automatic block.
    headway_min : float
        Automatic block: headway of following trains. Semi-automatic block: time between one
        train's leaving the gap and the next one's entering it, which comes on top of the running
        time. Minutes.
    intervals : StationIntervals
        Start, stop and station intervals at the ends of the gap, minutes; plain numbers.
    odd_min, even_min : tuple of float, length (classes,)
        Running times by train class without starts and stops, minutes.
    """

    tracks: int
    block: Block
    headway_min: float
    intervals: StationIntervals
    odd_min: tuple[float, ...]
    even_min: tuple[float, ...]

    def running_min(self, train_class: int, odd: bool) -> float:
        """Running time of a class in a direction, without start and stop, minutes."""
        return (self.odd_min if odd else self.even_min)[train_class]


class TrainClass(NamedTuple):
    """Trains alike in length and running times.

    Parameters
    ----------
    name : str
        Name, for results.
    length_m : float
        Length of the train, metres.
    odd_per_day, even_per_day : float
        Trains a day in each direction. Of the class sought they say how the directions compare
        (both nought: alike) and what a day's timetable consumes.
    role : Role
        Number sought, or background.
    priority_weight : float
        Weight of this train's delay against others'; used by dispatching only.
    removal_single, removal_double : float
        Trains of the class sought that one such train removes from the parallel timetable, on
        single track and on a track of its direction. Unused for the class sought.
    """

    name: str
    length_m: float
    odd_per_day: float = 0.0
    even_per_day: float = 0.0
    role: Role = Role.SOUGHT
    priority_weight: float = 1.0
    removal_single: float = 1.0
    removal_double: float = 1.0

    def per_day(self, odd: bool) -> float:
        """Trains a day in a direction."""
        return self.odd_per_day if odd else self.even_per_day


class LineAllowances(NamedTuple):
    """What is taken off the day, by the number of tracks of a gap.

    Parameters
    ----------
    window_single_min, window_double_min : float
        Maintenance window, minutes a day, on single track and from two tracks on.
    reliability_share : float
        Reliability coefficient of the infrastructure.
    reserve_single_share, reserve_double_share : float
        Share of the available day kept free at the practical level.
    """

    window_single_min: float = 0.0
    window_double_min: float = 0.0
    reliability_share: float = 1.0
    reserve_single_share: float = 0.0
    reserve_double_share: float = 0.0

    def of_gap(self, tracks: int) -> DayAllowances:
        """Allowances that hold on a gap of so many tracks."""
        single = tracks < DOUBLE
        return DayAllowances(
            self.window_single_min if single else self.window_double_min,
            self.reliability_share,
            self.reserve_single_share if single else self.reserve_double_share,
        )


class PacketRule(NamedTuple):
    """Trains that follow each other in packets on single track under automatic block.

    Parameters
    ----------
    share : float
        Share of trains that run in packets: 0 none, 1 all.
    trains : int
        Trains in a packet.
    """

    share: float = 0.0
    trains: int = 2

    def fit(self, tracks: int, *, automatic: bool) -> bool:
        """Whether trains run in packets: asked for, under automatic block, and with room for it.

        A packet needs as many tracks at both ends as it has trains, and one more for the opposing
        ones (assumption).

        Parameters
        ----------
        tracks : int
            Fewest tracks at an end of the single track.
        automatic : bool
            Whether all of it has automatic block.

        Examples
        --------
        >>> rule = PacketRule(0.5, 2)
        >>> rule.fit(3, automatic=True), rule.fit(2, automatic=True), rule.fit(3, automatic=False)
        (True, False, False)
        """
        return automatic and tracks > self.trains and self.share > 0.0


NOTHING_TAKEN: Final = LineAllowances()
"""The whole day, on every gap."""

NO_PACKETS: Final = PacketRule()
"""Every train of a direction meets one of the other before the next of its own."""


@dataclass(frozen=True, slots=True)
class LineDescription:
    """Places, gaps and trains of a line; checked when it is made.

    Parameters
    ----------
    places : tuple of Place
        In the order in which odd trains pass them, one more than gaps.
    gaps : tuple of Gap
        Gap ``g`` lies between places ``g`` and ``g + 1``.
    classes : tuple of TrainClass
        Exactly one of them with its number sought.
    allowances : LineAllowances
        Window, reliability, reserve.
    packets : PacketRule
        Packets on single track.

    Raises
    ------
    keruen.errors.RangeError
        If a number is outside the range in which it means something, places and gaps or classes
        and running times do not match in number, or not exactly one class is sought.

    Examples
    --------
    >>> freight = TrainClass("freight", 1000.0)
    >>> gap = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(2, 1, 1, 4), (24.0,), (25.0,))
    >>> ends = (Place("A", 3, 1050.0), Place("B", 2, 1050.0))
    >>> LineDescription(ends, (gap,), (freight,)).sought
    0
    """

    places: tuple[Place, ...]
    gaps: tuple[Gap, ...]
    classes: tuple[TrainClass, ...]
    allowances: LineAllowances = NOTHING_TAKEN
    packets: PacketRule = NO_PACKETS

    def __post_init__(self) -> None:
        require_range("gaps", len(self.gaps), 1.0)
        require_range("places", len(self.places), len(self.gaps) + 1.0, len(self.gaps) + 1.0)
        sought = sum(train.role is Role.SOUGHT for train in self.classes)
        require_range("sought_classes", sought, 1.0, 1.0)
        require_range("packet_share", self.packets.share, 0.0, 1.0)
        require_range("packet_trains", self.packets.trains, 2.0)
        for place in self.places:
            require_range("place_tracks", place.tracks, 1.0)
            require_range("useful_length_m", place.useful_length_m, 0.0)
        for train in self.classes:
            _check_class(train)
        for gap in self.gaps:
            _check_gap(gap, len(self.classes))
        _check_allowances(self.allowances)

    @property
    def sought(self) -> int:
        """Position of the class whose number is sought."""
        return next(i for i, train in enumerate(self.classes) if train.role is Role.SOUGHT)

    @property
    def background(self) -> tuple[int, ...]:
        """Positions of the other classes that have trains."""
        return tuple(
            position
            for position, train in enumerate(self.classes)
            if train.role is Role.BACKGROUND and train.odd_per_day + train.even_per_day > 0.0
        )

    def single_track_on_both_sides(self, place: int) -> bool:
        """Whether an inner place lies between two gaps of single track."""
        return max(self.gaps[place - 1].tracks, self.gaps[place].tracks) < DOUBLE

    def can_cross(self, place: int, odd_class: int, even_class: int) -> bool:
        """Whether an odd and an even train can cross at a place.

        One of the two must find room. At the end of a gap of two tracks it does whatever its
        length; the first and the last place are the ends of the line and take every train.
        """
        if place in (0, len(self.gaps)) or not self.single_track_on_both_sides(place):
            return True
        shorter = min(self.classes[odd_class].length_m, self.classes[even_class].length_m)
        return self.places[place].tracks >= DOUBLE and shorter <= self.places[place].useful_length_m

    def can_overtake(self, place: int, waiting_class: int) -> bool:
        """Whether a train of a class can stand at a place while one of its direction passes.

        Between two tracks of the line on either side that needs a third track at the place, on
        single track a second; the ends of the line take every train.
        """
        if place in (0, len(self.gaps)):
            return True
        of_line = min(DOUBLE, max(self.gaps[place - 1].tracks, self.gaps[place].tracks))
        fits = self.classes[waiting_class].length_m <= self.places[place].useful_length_m
        return fits and self.places[place].tracks > of_line


def _check_class(train: TrainClass) -> None:
    for name, value in train._asdict().items():
        if name not in ("name", "role"):
            require_range(name, value, 0.0)


def _check_gap(gap: Gap, classes: int) -> None:
    require_range("gap_tracks", gap.tracks, 1.0)
    require_range("headway_min", gap.headway_min, 0.0)
    if gap.block is Block.AUTOMATIC:
        require_range("headway_min", gap.headway_min, _TINY)
    for name, value in gap.intervals._asdict().items():
        require_range(name, float(value), 0.0)
    for name, times in (("odd_min", gap.odd_min), ("even_min", gap.even_min)):
        require_range(f"classes_in_{name}", len(times), classes, classes)
        for running in times:
            require_range(name, running, _TINY)


def _check_allowances(allowances: LineAllowances) -> None:
    for name in ("window_single_min", "window_double_min"):
        require_range(name, getattr(allowances, name), 0.0, MINUTES_PER_DAY)
    for name in ("reliability_share", "reserve_single_share", "reserve_double_share"):
        require_range(name, getattr(allowances, name), 0.0, 1.0)


def merged_running_min(line: LineDescription, first: int, last: int) -> tuple[float, float]:
    """Running times of the class sought over several gaps as one, odd and even.

    Parameters
    ----------
    line : LineDescription
        The line.
    first, last : int
        Gaps ``first`` up to, not including, ``last``.

    Returns
    -------
    tuple of float
        Minutes, odd and even.
    """
    gaps = line.gaps[first:last]
    odd = sum(gap.running_min(line.sought, True) for gap in gaps)
    even = sum(gap.running_min(line.sought, False) for gap in gaps)
    return odd, even


def hardest_intervals(gaps: tuple[Gap, ...]) -> StationIntervals:
    """Start, stop and station intervals of several gaps as one: of each kind the longest.

    >>> short = Gap(1, Block.AUTOMATIC, 8.0, StationIntervals(2, 1, 1, 4), (9.0,), (9.0,))
    >>> hardest_intervals((short, short._replace(intervals=StationIntervals(1, 1, 3, 4))))
    StationIntervals(start_min=2.0, stop_min=1.0, crossing_min=3.0, non_simultaneous_min=4.0)
    """
    columns = zip(*(gap.intervals for gap in gaps), strict=True)
    return StationIntervals(*(max(float(value) for value in column) for column in columns))
