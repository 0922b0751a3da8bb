"""Vessel pools: payload under a falling sea, round trips, yearly capacity, and the fleet needed.

A pool of like vessels is shared by lines. On a line a vessel sails, works in port, sails back and
works in port; weather makes it wait before a closed port and stretches the work. What the line
carries in a year is round trips times payload, each direction for itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from keruen.errors import require_range
from keruen.terminals.depth import missing_draught_dm
from keruen.terminals.interruptions import Spells, check_spells
from keruen.units import HOURS_PER_YEAR

_TINY: Final = 1e-12
_ROUNDING: Final = 1e-9


class Vessel(NamedTuple):
    """One vessel of a pool.

    Parameters
    ----------
    capacity_t : float
        Payload at design draught, tonnes.
    capacity_teu : float
        Containers, TEU; 0 where none are carried.
    design_draught_m : float
        Draught at full payload, metres.
    tonnes_per_dm : float
        Payload lost for each decimetre of missing draught, tonnes.
    """

    capacity_t: float
    capacity_teu: float
    design_draught_m: float
    tonnes_per_dm: float


class PortCall(NamedTuple):
    """One end of a line.

    Parameters
    ----------
    port_time_h : float
        Time in port in fair weather, hours.
    weather : Spells
        Closures of the port.
    """

    port_time_h: float
    weather: Spells = Spells(0.0, 0.0)


class RoundTrip(NamedTuple):
    """Hours of a round trip by what they are spent on.

    Parameters
    ----------
    sailing_h : float
        Both ways.
    port_h : float
        Work at both ends, standstills in bad weather included.
    weather_wait_h : float
        Waiting before closed ports, both ends.
    """

    sailing_h: float
    port_h: float
    weather_wait_h: float

    @property
    def cycle_h(self) -> float:
        """All of it, hours; infinite where a port is never open."""
        return self.sailing_h + self.port_h + self.weather_wait_h


class LineLoad(NamedTuple):
    """What one vessel carries each way on a line.

    Parameters
    ----------
    payload : float
        Tonnes or TEU a vessel can load.
    forward_share, backward_share : float
        Share of it used in each direction.
    """

    payload: float
    forward_share: float = 1.0
    backward_share: float = 1.0


class PoolCapacity(NamedTuple):
    """Yearly capacity of a pool on one line, in the unit of the payload.

    Parameters
    ----------
    round_trips_per_year : float
        Of all vessels given to the line together.
    forward_per_year, backward_per_year : float
        Tonnes or TEU in each direction.
    """

    round_trips_per_year: float
    forward_per_year: float
    backward_per_year: float


def payload_t(vessel: Vessel, available_draught_m: float) -> float:
    """Payload at the draught that the shallowest place on the way allows.

    Parameters
    ----------
    vessel : Vessel
        Capacity, design draught and tonnes per decimetre.
    available_draught_m : float
        Least draught allowed on the way (:func:`keruen.terminals.depth.available_draught_m`).

    Returns
    -------
    float
        ``capacity - tonnes_per_dm * missing decimetres``, between 0 and the capacity.

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative.

    Examples
    --------
    A tanker of 12,000 t at 6 m, 230 t a decimetre, before a channel that allows 5.1 m:

    >>> round(payload_t(Vessel(12_000.0, 0.0, 6.0, 230.0), 5.1))
    9930
    """
    require_range("capacity_t", vessel.capacity_t, 0.0)
    require_range("tonnes_per_dm", vessel.tonnes_per_dm, 0.0)
    missing = missing_draught_dm(vessel.design_draught_m, available_draught_m)
    if available_draught_m == 0.0 and vessel.design_draught_m > 0.0:
        return 0.0
    return max(0.0, vessel.capacity_t - vessel.tonnes_per_dm * missing)


def payload_teu(vessel: Vessel, payload_in_t: float, t_per_teu: float) -> float:
    """Containers that the slots and the payload in tonnes allow.

    Parameters
    ----------
    vessel : Vessel
        Its slots.
    payload_in_t : float
        Payload now, tonnes (:func:`payload_t`).
    t_per_teu : float
        Mean gross weight of a TEU carried, tonnes.

    Returns
    -------
    float
        TEU, the lesser of the two.

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative or the weight not positive.

    Examples
    --------
    >>> payload_teu(Vessel(4_000.0, 225.0, 4.5, 50.0), 2_500.0, 14.0) < 225.0
    True
    """
    require_range("capacity_teu", vessel.capacity_teu, 0.0)
    require_range("payload_in_t", payload_in_t, 0.0)
    require_range("t_per_teu", t_per_teu, _TINY)
    return min(vessel.capacity_teu, payload_in_t / t_per_teu)


def round_trip(sailing_h: float, start: PortCall, end: PortCall) -> RoundTrip:
    """Hours of a round trip on a line.

    At each end a vessel finds the port closed with the share of closed time and then waits for the
    rest of the spell, on average ``m (1 + s) / 2``; its work takes ``port time / (1 - share)``.
    Waiting for a berth is not in here: it is the berths' (:mod:`keruen.terminals.queueing`).

    Parameters
    ----------
    sailing_h : float
        Sailing time one way, hours.
    start, end : PortCall
        The two ends.

    Returns
    -------
    RoundTrip
        Sailing, port work and weather.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    >>> trip = round_trip(20.0, PortCall(18.0, Spells(0.1, 30.0)), PortCall(20.0))
    >>> trip.port_h, trip.weather_wait_h, trip.cycle_h
    (40.0, 3.0, 83.0)
    """
    require_range("sailing_h", sailing_h, 0.0)
    port_h = weather_h = 0.0
    for call in (start, end):
        require_range("port_time_h", call.port_time_h, 0.0)
        check_spells(call.weather)
        share, spell_h, scv = call.weather
        weather_h += share * spell_h * (1.0 + scv) / 2.0
        port_h += math.inf if share >= 1.0 else call.port_time_h / (1.0 - share)
    return RoundTrip(2.0 * sailing_h, port_h, weather_h)


def round_trips_per_year(trip: RoundTrip, availability_share: float) -> float:
    """Round trips one vessel makes in a year.

    Parameters
    ----------
    trip : RoundTrip
        Hours of one.
    availability_share : float
        Share of the year the vessel is fit to sail.

    Returns
    -------
    float
        ``8760 * availability / cycle``.

    Raises
    ------
    keruen.errors.RangeError
        If the share is outside 0..1 or the cycle takes no time.

    Examples
    --------
    >>> round_trips_per_year(RoundTrip(40.0, 40.0, 7.6), 0.9)
    90.0
    """
    require_range("availability_share", availability_share, 0.0, 1.0)
    if math.isinf(trip.cycle_h):
        return 0.0
    require_range("cycle_h", trip.cycle_h, _TINY)
    return HOURS_PER_YEAR * availability_share / trip.cycle_h


def check_pool_shares(shares: Sequence[float]) -> None:
    """Refuse lines that together take more than the whole pool.

    Raises
    ------
    keruen.errors.RangeError
        If a share is negative or their sum above 1.

    Examples
    --------
    >>> check_pool_shares([0.6, 0.4])
    """
    for share in shares:
        require_range("pool_share", share, 0.0, 1.0)
    require_range("pool_share_sum", math.fsum(shares), 0.0, 1.0 + _ROUNDING)


def pool_capacity(
    vessels: float, pool_share: float, trips_per_vessel_year: float, load: LineLoad
) -> PoolCapacity:
    """Yearly capacity of the vessels that a pool gives to a line.

    Parameters
    ----------
    vessels : float
        Vessels in the pool.
    pool_share : float
        Share of the pool's time that the line gets.
    trips_per_vessel_year : float
        Round trips of one vessel that sails the line all year (:func:`round_trips_per_year`).
    load : LineLoad
        Payload and the shares used each way.

    Returns
    -------
    PoolCapacity
        In tonnes or TEU, as the payload is.

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative or a share above 1.

    Examples
    --------
    >>> pool_capacity(4, 0.5, 90.0, LineLoad(200.0, 1.0, 0.6))
    PoolCapacity(round_trips_per_year=180.0, forward_per_year=36000.0, backward_per_year=21600.0)
    """
    require_range("vessels", vessels, 0.0)
    require_range("pool_share", pool_share, 0.0, 1.0)
    require_range("trips_per_vessel_year", trips_per_vessel_year, 0.0)
    require_range("payload", load.payload, 0.0)
    require_range("forward_share", load.forward_share, 0.0, 1.0)
    require_range("backward_share", load.backward_share, 0.0, 1.0)
    trips = vessels * pool_share * trips_per_vessel_year
    forward = trips * load.payload * load.forward_share
    return PoolCapacity(trips, forward, trips * load.payload * load.backward_share)


def fleet_needed(
    forward_per_year: float, backward_per_year: float, trips_per_vessel_year: float, load: LineLoad
) -> int | None:
    """Fewest vessels, on this line alone, that carry a volume each way in a year.

    Parameters
    ----------
    forward_per_year, backward_per_year : float
        Volumes, in the unit of the payload.
    trips_per_vessel_year : float
        Round trips of one vessel in a year.
    load : LineLoad
        Payload and the shares used each way.

    Returns
    -------
    int or None
        Vessels; None where no number of them could (nothing can be loaded, or no trip made).

    Raises
    ------
    keruen.errors.RangeError
        If a number is negative or a share above 1.

    Examples
    --------
    >>> fleet_needed(100_000.0, 30_000.0, 90.0, LineLoad(200.0, 1.0, 0.6))
    6
    """
    require_range("forward_per_year", forward_per_year, 0.0)
    require_range("backward_per_year", backward_per_year, 0.0)
    one = pool_capacity(1.0, 1.0, trips_per_vessel_year, load)
    needed = 0
    for volume, each in (
        (forward_per_year, one.forward_per_year),
        (backward_per_year, one.backward_per_year),
    ):
        if volume == 0.0:
            continue
        if each <= 0.0 or math.isinf(volume / each):
            return None
        needed = max(needed, math.ceil(volume / each - _ROUNDING))
        if needed * each < volume * (1.0 - _ROUNDING):
            needed += 1
    return needed
