"""Trains a day that locomotives, crews or wagons can move, and the units that trains need.

A unit that leaves with a train is back for the next train in the same direction after its turn;
units under repair or at rest are the share that is not available.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from keruen.errors import require_range

_TINY: Final = 1e-12
_ROUNDING: Final = 1e-9


class Turn(NamedTuple):
    """How units are used.

    Parameters
    ----------
    availability_share : float
        Share of units fit for service.
    turn_days : float
        Days from one departure of a unit with a train to its next in the same direction.
    units_per_train : float
        Units one train takes.
    """

    availability_share: float
    turn_days: float
    units_per_train: float


def _check(turn: Turn) -> None:
    require_range("availability_share", turn.availability_share, 0.0, 1.0)
    require_range("turn_days", turn.turn_days, _TINY)
    require_range("units_per_train", turn.units_per_train, _TINY)


def fleet_trains_per_day(units: float, turn: Turn) -> float:
    """Trains a day in one direction that a fleet can move.

    Parameters
    ----------
    units : float
        Units assigned.
    turn : Turn
        Availability, turn and units per train.

    Returns
    -------
    float
        ``units * availability / (turn * units per train)``.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    40 locomotives, 80 % fit, two to a train, back after two days:

    >>> fleet_trains_per_day(40, Turn(0.8, 2.0, 2.0))
    8.0
    """
    require_range("units", units, 0.0)
    _check(turn)
    return units * turn.availability_share / (turn.turn_days * turn.units_per_train)


def units_needed(trains_per_day: float, turn: Turn) -> int | None:
    """Fewest units that move a number of trains a day in one direction.

    Parameters
    ----------
    trains_per_day : float
        Trains.
    turn : Turn
        Availability, turn and units per train.

    Returns
    -------
    int or None
        Units; None where none is ever fit and trains are wanted.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    >>> units_needed(8.1, Turn(0.8, 2.0, 2.0))
    41
    """
    require_range("trains_per_day", trains_per_day, 0.0)
    _check(turn)
    if trains_per_day == 0.0:
        return 0
    each = fleet_trains_per_day(1.0, turn)
    if each <= 0.0 or math.isinf(trains_per_day / each):
        return None
    needed = math.ceil(trains_per_day / each - _ROUNDING)
    return needed if needed * each >= trains_per_day * (1.0 - _ROUNDING) else needed + 1
