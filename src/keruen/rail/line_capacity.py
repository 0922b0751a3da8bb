"""Line capacity by the parallel timetable: trains a day from a period or a headway.

Every method is the same sentence: *usable minutes of the day, divided by the minutes one train (or
one pair) takes on the element that binds*. What differs is the minutes. Three levels say which day:

``maximal``    all 1440 minutes
``available``  less the technological window, times the reliability coefficient
``practical``  of the available day a reserve is kept free

``N = (1440 - window) * reliability / period`` stands in tlookup.ru/wocs-1044-1.html, eq. 14, the
removal of freight trains by others in its eq. 11. The reserve is one less the admissible filling:
required trains, removals included, divided by the filling (0.91 double track, 0.85 single) may not
exceed what is available (helpiks.su/2-134235.html). Results are real numbers;
:attr:`LineCapacity.floored` rounds them down.

Capacities are trains a day in one direction; on single track that equals pairs a day.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from keruen.errors import require_range
from keruen.units import MINUTES_PER_DAY

_TINY: Final = 1e-12
_ROUNDING: Final = 1e-9


class Level(StrEnum):
    """Which part of the day trains may use."""

    MAXIMAL = "maximal"
    AVAILABLE = "available"
    PRACTICAL = "practical"


class Method(StrEnum):
    """How the minutes of a train are found."""

    SINGLE_TRACK = "single_track"
    SINGLE_TRACK_PACKET = "single_track_packet"
    DOUBLE_TRACK = "double_track"
    SCOTT = "scott"


FORMULAS: Final = MappingProxyType(
    {
        Method.SINGLE_TRACK: "usable_min / period_min",
        Method.SINGLE_TRACK_PACKET: (
            "usable_min / (period_min - packet_share * (1 - 1 / packet_trains)"
            " * (period_min - headway_odd_min - headway_even_min))"
        ),
        Method.DOUBLE_TRACK: "usable_min / headway_min",
        Method.SCOTT: "1440 / (running_min + block_operation_min) * efficiency_share",
    }
)
"""Formula of each method in the names of its arguments; ``usable_min`` from :func:`usable_min`."""


class DayAllowances(NamedTuple):
    """What is taken off the day.

    Parameters
    ----------
    window_min : float
        Technological window for maintenance, minutes a day.
    reliability_share : float
        Reliability coefficient of the infrastructure, above 0 up to 1.
    reserve_share : float
        Share of the available day kept free at the practical level.
    """

    window_min: float = 0.0
    reliability_share: float = 1.0
    reserve_share: float = 0.0


WHOLE_DAY: Final = DayAllowances()
"""Nothing taken off."""


def whole_trains(trains_per_day: float) -> int:
    """Round trains down; a hair below a whole number is that number.

    >>> whole_trains(26.18), whole_trains(24.0 - 1e-12)
    (26, 24)
    """
    return math.floor(trains_per_day + _ROUNDING)


class LineCapacity(NamedTuple):
    """Capacity of a section with what led to it.

    Parameters
    ----------
    method : Method
        How the minutes of a train were found.
    level : Level
        Which part of the day.
    usable_min : float
        Minutes of the day that trains may use.
    period_min : float
        Minutes one train takes in its direction; on single track, one pair.
    gross_trains_per_day : float
        Trains a day in one direction, before others are let through.
    removed_trains_per_day : float
        Freight trains that other trains remove from the timetable.
    trains_per_day : float
        What is left, never below nought.
    """

    method: Method
    level: Level
    usable_min: float
    period_min: float
    gross_trains_per_day: float
    removed_trains_per_day: float
    trains_per_day: float

    @property
    def floored(self) -> int:
        """Whole trains left after others are let through."""
        return whole_trains(self.trains_per_day)


class Removal(NamedTuple):
    """Other trains of one kind that are let through first.

    Parameters
    ----------
    trains_per_day : float
        Trains a day in one direction; on single track, pairs.
    coefficient : float
        Freight trains that one of them removes from the timetable.
    """

    trains_per_day: float
    coefficient: float


def usable_min(level: Level, allowances: DayAllowances) -> float:
    """Minutes of the day that trains may use at a level.

    Parameters
    ----------
    level : Level
        Maximal, available or practical.
    allowances : DayAllowances
        Window, reliability and reserve.

    Returns
    -------
    float
        Minutes a day.

    Raises
    ------
    keruen.errors.RangeError
        If the window is longer than the day or a share outside 0..1.

    Examples
    --------
    >>> allowances = DayAllowances(120.0, 0.95, 0.2)
    >>> [round(usable_min(level, allowances), 1) for level in Level]
    [1440.0, 1254.0, 1003.2]
    """
    require_range("window_min", allowances.window_min, 0.0, MINUTES_PER_DAY)
    require_range("reliability_share", allowances.reliability_share, 0.0, 1.0)
    require_range("reserve_share", allowances.reserve_share, 0.0, 1.0)
    if level is Level.MAXIMAL:
        return MINUTES_PER_DAY
    available = (MINUTES_PER_DAY - allowances.window_min) * allowances.reliability_share
    if level is Level.AVAILABLE:
        return available
    return available * (1.0 - allowances.reserve_share)


def removed_trains(removals: Sequence[Removal]) -> float:
    """Freight trains a day that other trains take out of the parallel timetable.

    Parameters
    ----------
    removals : sequence of Removal
        Passenger, priority freight and other trains, each with its coefficient of removal.

    Returns
    -------
    float
        Sum of trains times coefficient (tlookup.ru/wocs-1044-1.html, eq. 11).

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative.

    Examples
    --------
    >>> others = [Removal(1.0, 1.2), Removal(1.0, 1.0), Removal(1.0, 1.2), Removal(1.0, 1.6)]
    >>> round(22.0 - removed_trains(others), 9)
    17.0
    """
    for removal in removals:
        require_range("trains_per_day", removal.trains_per_day, 0.0)
        require_range("removal_coefficient", removal.coefficient, 0.0)
    return math.fsum(removal.trains_per_day * removal.coefficient for removal in removals)


def _capacity(
    method: Method,
    level: Level,
    allowances: DayAllowances,
    period_min: float,
    removals: Sequence[Removal],
) -> LineCapacity:
    require_range("period_min", period_min, _TINY)
    minutes = usable_min(level, allowances)
    gross = minutes / period_min
    removed = removed_trains(removals)
    net = max(0.0, gross - removed)
    return LineCapacity(method, level, minutes, period_min, gross, removed, net)


def single_track(
    period_min: float,
    level: Level = Level.MAXIMAL,
    allowances: DayAllowances = WHOLE_DAY,
    removals: Sequence[Removal] = (),
) -> LineCapacity:
    """Pairs a day on single track, trains of the two directions taking the gap in turn.

    Parameters
    ----------
    period_min : float
        Period of the hardest gap, minutes a pair (:func:`keruen.rail.crossing.best_period_min`,
        :func:`keruen.rail.gaps.binding`).
    level : Level
        Which part of the day.
    allowances : DayAllowances
        Window, reliability and reserve; not used at the maximal level.
    removals : sequence of Removal
        Pairs of other trains let through first.

    Returns
    -------
    LineCapacity
        In pairs a day.

    Raises
    ------
    keruen.errors.RangeError
        If the period is not positive or an allowance out of range.

    Examples
    --------
    >>> single_track(55.0).floored
    26
    >>> round(single_track(34.0).trains_per_day, 2)
    42.35
    """
    return _capacity(Method.SINGLE_TRACK, level, allowances, period_min, removals)


class Packet(NamedTuple):
    """Trains of one direction that follow each other through the gap, under automatic block.

    Parameters
    ----------
    headway_odd_min, headway_even_min : float
        Headways J' and J'' inside the packet, minutes.
    share : float
        Share of all trains that run in packets: 0 none, 1 all ("packet timetable").
    trains : int
        Trains in a packet, two or more.
    """

    headway_odd_min: float
    headway_even_min: float
    share: float
    trains: int = 2


def packet_period_min(period_min: float, packet: Packet) -> float:
    """Minutes a pair takes on average in a packet or partly packet timetable.

    A packet of k trains each way takes ``T_per + (k - 1) (J' + J'')`` and passes k pairs; a pair
    outside packets takes T_per. Weighting by the share alpha of trains in packets,

        T = (1 - alpha) T_per + alpha (T_per + (k - 1) (J' + J'')) / k

    Parameters
    ----------
    period_min : float
        T_per of the gap without packets, minutes.
    packet : Packet
        Headways, share and size.

    Returns
    -------
    float
        Minutes a pair.

    Raises
    ------
    keruen.errors.RangeError
        If a time is not positive, the share is outside 0..1 or a packet has fewer than two trains.

    Examples
    --------
    >>> packet_period_min(60.0, Packet(10.0, 10.0, 1.0))
    40.0
    >>> packet_period_min(60.0, Packet(10.0, 10.0, 0.5))
    50.0
    """
    require_range("period_min", period_min, _TINY)
    require_range("headway_odd_min", packet.headway_odd_min, _TINY)
    require_range("headway_even_min", packet.headway_even_min, _TINY)
    require_range("packet_share", packet.share, 0.0, 1.0)
    require_range("packet_trains", packet.trains, 2.0)
    followers = (packet.trains - 1) * (packet.headway_odd_min + packet.headway_even_min)
    in_packet = (period_min + followers) / packet.trains
    return (1.0 - packet.share) * period_min + packet.share * in_packet


def single_track_packet(
    period_min: float,
    packet: Packet,
    level: Level = Level.MAXIMAL,
    allowances: DayAllowances = WHOLE_DAY,
    removals: Sequence[Removal] = (),
) -> LineCapacity:
    """Pairs a day on single track when some or all trains run in packets.

    Parameters
    ----------
    period_min : float
        T_per of the hardest gap without packets, minutes.
    packet : Packet
        Headways, share and size of packets; see :func:`packet_period_min`.
    level, allowances, removals
        As in :func:`single_track`.

    Returns
    -------
    LineCapacity
        In pairs a day. It falls below that of :func:`single_track` where the two headways together
        are longer than the period: there packets make no sense.

    Raises
    ------
    keruen.errors.RangeError
        As :func:`packet_period_min` and :func:`single_track`.

    Examples
    --------
    >>> single_track_packet(60.0, Packet(10.0, 10.0, 1.0)).trains_per_day
    36.0
    """
    period = packet_period_min(period_min, packet)
    return _capacity(Method.SINGLE_TRACK_PACKET, level, allowances, period, removals)


def double_track(
    headway_min: float,
    level: Level = Level.MAXIMAL,
    allowances: DayAllowances = WHOLE_DAY,
    removals: Sequence[Removal] = (),
) -> LineCapacity:
    """Trains a day in one direction on a track that serves that direction alone.

    Parameters
    ----------
    headway_min : float
        Headway J on the hardest section, minutes: of automatic block, or the whole running time
        and an interval under semi-automatic block (:mod:`keruen.rail.headway`).
    level, allowances, removals
        As in :func:`single_track`; removals in trains of this direction.

    Returns
    -------
    LineCapacity
        In trains a day, one direction.

    Raises
    ------
    keruen.errors.RangeError
        If the headway is not positive or an allowance out of range.

    Examples
    --------
    Automatic block (tlookup.ru/wocs-1044-1.html, eq. 13), then semi-automatic block, running time
    16 min and interval 4 min (helpiks.su/2-134235.html, which prints 63; capacity is rounded down):

    >>> double_track(9.0).floored
    160
    >>> semi = double_track(16.0 + 4.0, Level.AVAILABLE, DayAllowances(120.0, 0.95))
    >>> round(semi.trains_per_day, 2), semi.floored
    (62.7, 62)
    """
    return _capacity(Method.DOUBLE_TRACK, level, allowances, headway_min, removals)


def scott(running_min: float, block_operation_min: float, efficiency_share: float) -> LineCapacity:
    """Trains a day on a block section by Scott's formula, both directions together.

    ``C = 1440 / (T + t) * E`` (calculator.academy/line-capacity-calculator).

    Parameters
    ----------
    running_min : float
        Running time T of the slowest train over the critical block section, minutes.
    block_operation_min : float
        Time t to work the block, minutes.
    efficiency_share : float
        Efficiency factor E, customarily 0.7 to 0.8; it stands for window, reserve and failures
        together, hence the practical level.

    Returns
    -------
    LineCapacity
        In trains a day, both directions together.

    Raises
    ------
    keruen.errors.RangeError
        If a time is negative, both are nought, or the factor is outside 0..1.

    Examples
    --------
    >>> scott(20.0, 100.0, 0.75).trains_per_day
    9.0
    """
    require_range("running_min", running_min, 0.0)
    require_range("block_operation_min", block_operation_min, 0.0)
    allowances = DayAllowances(0.0, efficiency_share, 0.0)
    return _capacity(
        Method.SCOTT, Level.PRACTICAL, allowances, running_min + block_operation_min, ()
    )


def capacity_consumption_share(
    trains_per_day: float, period_min: float, removals: Sequence[Removal] = ()
) -> float:
    """Share of the whole day that a timetable takes on the section that binds.

    Parameters
    ----------
    trains_per_day : float
        Freight trains a day in one direction; on single track, pairs.
    period_min : float
        Minutes each takes.
    removals : sequence of Removal
        Other trains, counted as the freight trains they remove.

    Returns
    -------
    float
        Occupied minutes over 1440; above 1 the timetable does not fit.

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative or the period not positive.

    Examples
    --------
    >>> capacity_consumption_share(18.0, 40.0, [Removal(6.0, 1.5)])
    0.75
    """
    require_range("trains_per_day", trains_per_day, 0.0)
    require_range("period_min", period_min, _TINY)
    return (trains_per_day + removed_trains(removals)) * period_min / MINUTES_PER_DAY
