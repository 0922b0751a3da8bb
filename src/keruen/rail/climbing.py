"""What a train can climb without momentum: starting on a gradient, and keeping a speed on it.

The ruling gradient of a line is the one that a train of the full mass climbs at an even speed, and
on which it can start again after a stop; a shorter and steeper one may be taken with momentum.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.errors import require_range
from keruen.rail.running_kernel import TrainForces, effort_n
from keruen.rail.train import Train, train_forces
from keruen.units import KM_PER_H_PER_M_PER_S

_HALVINGS: Final = 60


class ClimbMargins(NamedTuple):
    """Effort to spare on a gradient, kN; not there where it is negative.

    Parameters
    ----------
    start_kn : float
        Effort at rest less starting resistance and gradient.
    hold_kn : float
        Effort at the least speed less running resistance and gradient.
    """

    start_kn: float
    hold_kn: float


def climb_margins(train: Train, permille: float, speed_km_per_h: float) -> ClimbMargins:
    """Effort to spare when starting on a gradient, and at a speed on it.

    As effort falls and resistance rises with speed, a train with effort to spare at a speed has a
    balancing speed at least as high.

    Parameters
    ----------
    train : Train
        Locomotives and wagons, all of them on the gradient.
    permille : float
        Gradient and curve, rising positive.
    speed_km_per_h : float
        The least speed at which it is to be climbed.

    Returns
    -------
    ClimbMargins
        Kilonewtons.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    >>> from keruen.rail.rolling_stock import GONDOLA_LOADED, VL80S
    >>> from keruen.rail.train import wagons_of_mass
    >>> train = Train(((VL80S, 1),), wagons_of_mass(GONDOLA_LOADED, 4000.0))
    >>> easy, steep = (climb_margins(train, slope, 20.0) for slope in (9.0, 15.0))
    >>> easy.start_kn > 0.0, easy.hold_kn > 0.0, steep.start_kn < 0.0
    (True, True, True)
    """
    require_range("permille", permille, -1000.0, 1000.0)
    require_range("speed_km_per_h", speed_km_per_h, 0.0)
    forces = train_forces(train)
    hold_n = _surplus_n(forces, speed_km_per_h) - _slope_n(forces, permille)
    return ClimbMargins(start_margin_kn(forces, permille), hold_n / 1e3)


def start_margin_kn(forces: TrainForces, permille: float) -> float:
    """Effort at rest less starting resistance and gradient; no start where it is not positive.

    Parameters
    ----------
    forces : TrainForces
        The train, summed up; all of it on the gradient.
    permille : float
        Gradient and curve, rising positive.

    Returns
    -------
    float
        Kilonewtons.
    """
    hindrance_n = forces.starting_n + _slope_n(forces, permille)
    return (float(effort_n(forces.limits, 0.0)) - hindrance_n) / 1e3


def _slope_n(forces: TrainForces, permille: float) -> float:
    return forces.weight_n * permille / 1e3


def _surplus_n(forces: TrainForces, speed_km_per_h: float) -> float:
    """Effort beyond running resistance on the level at a speed."""
    speed = speed_km_per_h / KM_PER_H_PER_M_PER_S
    constant, linear, square = forces.powered.tolist()
    resistance: float = constant + linear * speed + square * speed * speed
    return float(effort_n(forces.limits, speed)) - resistance


def balancing_speed_km_per_h(train: Train, permille: float) -> float:
    """The even speed at which a train climbs a gradient of any length.

    Parameters
    ----------
    train : Train
        Locomotives and wagons.
    permille : float
        Gradient and curve, rising positive.

    Returns
    -------
    float
        At most the top speed of the train; nought where it comes to a stand.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    >>> from keruen.rail.rolling_stock import GONDOLA_LOADED, VL80S
    >>> from keruen.rail.train import wagons_of_mass
    >>> train = Train(((VL80S, 1),), wagons_of_mass(GONDOLA_LOADED, 4000.0))
    >>> 50.0 < balancing_speed_km_per_h(train, 9.0) < 60.0
    True
    >>> balancing_speed_km_per_h(train, 40.0)
    0.0
    """
    require_range("permille", permille, -1000.0, 1000.0)
    forces = train_forces(train)
    slope_n = _slope_n(forces, permille)
    low, high = 0.0, train.top_speed_km_per_h
    if _surplus_n(forces, high) >= slope_n:
        return high
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _surplus_n(forces, middle) >= slope_n else (low, middle)
    return low if low > 1e-6 else 0.0
