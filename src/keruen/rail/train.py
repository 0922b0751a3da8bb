"""A train: locomotives and wagons, and the numbers the running-time kernel needs of them."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import require_range
from keruen.rail.energy import Supply
from keruen.rail.resistance import (
    LOCOMOTIVE_COASTING,
    LOCOMOTIVE_POWERED,
    STANDARD_GRAVITY_M_PER_S2,
    SpecificResistance,
)
from keruen.rail.running_kernel import TrainForces
from keruen.rail.traction import TractionLimits
from keruen.units import KM_PER_H_PER_M_PER_S

WAGON_ROTATING_SHARE: Final = 0.04
"""Rotating masses of a loaded wagon, share of its mass (assumption)."""

LOCOMOTIVE_ROTATING_SHARE: Final = 0.15
"""Rotating masses of a locomotive, share of its mass (assumption)."""

SERVICE_DECELERATION_M_PER_S2: Final = 0.2
"""What the service brake of a freight train does on the level, resistance apart (assumption)."""

_TINY: Final = 1e-9


class ElectricBrake(NamedTuple):
    """Braking with the motors: the least of an effort and a power at the rim.

    Parameters
    ----------
    effort_kn : float
        Largest braking effort of one locomotive; zero without such a brake.
    power_kw : float
        Largest braking power at the rim.
    """

    effort_kn: float = 0.0
    power_kw: float = 0.0


class Locomotive(NamedTuple):
    """One locomotive, or one that acts as one.

    Parameters
    ----------
    name : str
        Type, for messages.
    mass_t, length_m : float
        In working order; over couplers.
    traction : TractionLimits
        Effort, power and adhesion.
    supply : Supply
        Where the energy comes from and what is lost.
    max_speed_km_per_h : float
        Of the construction.
    brake : ElectricBrake
        Of the motors.
    powered, coasting : SpecificResistance
        With and without power.
    rotating_share : float
        Rotating masses as a share of the mass.
    """

    name: str
    mass_t: float
    length_m: float
    traction: TractionLimits
    supply: Supply
    max_speed_km_per_h: float
    brake: ElectricBrake = ElectricBrake()
    powered: SpecificResistance = LOCOMOTIVE_POWERED
    coasting: SpecificResistance = LOCOMOTIVE_COASTING
    rotating_share: float = LOCOMOTIVE_ROTATING_SHARE


class Wagon(NamedTuple):
    """One wagon with its load.

    Parameters
    ----------
    gross_t, length_m : float
        Tare and load; over couplers.
    resistance : SpecificResistance
        By one of the formulae of :mod:`keruen.rail.resistance`.
    starting_n_per_kn : float
        Specific resistance when starting
        (:func:`keruen.rail.resistance.starting_resistance_n_per_kn`).
    rotating_share : float
        Rotating masses as a share of the gross mass.
    """

    gross_t: float
    length_m: float
    resistance: SpecificResistance
    starting_n_per_kn: float = 0.0
    rotating_share: float = WAGON_ROTATING_SHARE


class Train(NamedTuple):
    """Locomotives at the head and wagons behind them, each with its number.

    Parameters
    ----------
    locomotives : tuple of (Locomotive, int)
        At least one.
    wagons : tuple of (Wagon, float)
        May be none; the number need not be whole, so that a mass can be met exactly.
    max_speed_km_per_h : float
        Of the class of train, on any line.
    service_deceleration_m_per_s2 : float
        Of the brakes on the level, resistance apart.
    """

    locomotives: tuple[tuple[Locomotive, int], ...]
    wagons: tuple[tuple[Wagon, float], ...] = ()
    max_speed_km_per_h: float = 80.0
    service_deceleration_m_per_s2: float = SERVICE_DECELERATION_M_PER_S2

    @property
    def trailing_t(self) -> float:
        """Gross mass of the wagons, tonnes."""
        return math.fsum(wagon.gross_t * number for wagon, number in self.wagons)

    @property
    def mass_t(self) -> float:
        """Mass of locomotives and wagons, tonnes."""
        own = math.fsum(one.mass_t * number for one, number in self.locomotives)
        return self.trailing_t + own

    @property
    def length_m(self) -> float:
        """Length of locomotives and wagons, metres."""
        own = math.fsum(one.length_m * number for one, number in self.locomotives)
        return own + math.fsum(wagon.length_m * number for wagon, number in self.wagons)

    @property
    def power_kw(self) -> float:
        """Power of all locomotives at the rim, kilowatts."""
        return math.fsum(one.traction.power_kw * number for one, number in self.locomotives)

    @property
    def top_speed_km_per_h(self) -> float:
        """Least of the speeds of the class and of the locomotives."""
        return min(
            [self.max_speed_km_per_h, *(one.max_speed_km_per_h for one, _ in self.locomotives)]
        )


def wagons_of_mass(wagon: Wagon, trailing_t: float) -> tuple[tuple[Wagon, float], ...]:
    """Wagons of one kind that make up a gross mass, their number not rounded.

    Parameters
    ----------
    wagon : Wagon
        The kind.
    trailing_t : float
        Gross mass of all, tonnes.

    Returns
    -------
    tuple of (Wagon, float)
        For :class:`Train`.

    Raises
    ------
    keruen.errors.RangeError
        If a mass is negative or the wagon has none.

    Examples
    --------
    >>> wagons_of_mass(Wagon(90.0, 14.0, SpecificResistance(1.0, 0.0, 0.0)), 4500.0)[0][1]
    50.0
    """
    require_range("gross_t", wagon.gross_t, _TINY)
    require_range("trailing_t", trailing_t, 0.0)
    return ((wagon, trailing_t / wagon.gross_t),)


def train_forces(train: Train) -> TrainForces:
    """Sum a train up for the kernel, in newtons, kilograms and metres a second.

    Parameters
    ----------
    train : Train
        At least one locomotive.

    Returns
    -------
    TrainForces
        Flat arrays.

    Raises
    ------
    keruen.errors.RangeError
        If there is no locomotive, or a mass, length, number, speed or deceleration is not positive,
        or an effort, power or resistance is negative.
    """
    _check(train)
    powered = np.zeros(3)
    coasting = np.zeros(3)
    inertia_kg = starting_n = 0.0
    for one, count in train.locomotives:
        mass_kg = one.mass_t * 1000.0 * count
        powered += _force_terms(one.powered, mass_kg)
        coasting += _force_terms(one.coasting, mass_kg)
        starting_n += one.powered.constant * mass_kg * STANDARD_GRAVITY_M_PER_S2 / 1000.0
        inertia_kg += mass_kg * (1.0 + one.rotating_share)
    for wagon, number in train.wagons:
        mass_kg = wagon.gross_t * 1000.0 * number
        terms = _force_terms(wagon.resistance, mass_kg)
        powered += terms
        coasting += terms
        specific = max(wagon.starting_n_per_kn, wagon.resistance.constant)
        starting_n += specific * mass_kg * STANDARD_GRAVITY_M_PER_S2 / 1000.0
        inertia_kg += mass_kg * (1.0 + wagon.rotating_share)
    return TrainForces(
        np.array([_limits(one, count) for one, count in train.locomotives]),
        powered,
        coasting,
        starting_n,
        train.mass_t * 1000.0 * STANDARD_GRAVITY_M_PER_S2,
        inertia_kg,
        train.service_deceleration_m_per_s2 * inertia_kg,
    )


def _force_terms(specific: SpecificResistance, mass_kg: float) -> NDArray[np.float64]:
    newtons_per_n_per_kn = mass_kg * STANDARD_GRAVITY_M_PER_S2 / 1000.0
    per_speed = KM_PER_H_PER_M_PER_S ** np.arange(3)
    return np.array(specific, dtype=np.float64) * newtons_per_n_per_kn * per_speed


def _limits(one: Locomotive, count: int) -> list[float]:
    traction = one.traction
    return [
        traction.starting_effort_kn * 1000.0 * count,
        traction.power_kw * 1000.0 * count,
        traction.adhesive_mass_t * 1000.0 * STANDARD_GRAVITY_M_PER_S2 * count,
        traction.adhesion.constant,
        traction.adhesion.numerator,
        traction.adhesion.offset,
        traction.adhesion.slope * KM_PER_H_PER_M_PER_S,
    ]


def _check(train: Train) -> None:
    require_range("locomotives", len(train.locomotives), 1.0)
    require_range("max_speed_km_per_h", train.max_speed_km_per_h, _TINY)
    require_range("service_deceleration_m_per_s2", train.service_deceleration_m_per_s2, _TINY)
    for one, count in train.locomotives:
        require_range("locomotives", count, 1.0)
        require_range("mass_t", one.mass_t, _TINY)
        require_range("length_m", one.length_m, 0.0)
        require_range("max_speed_km_per_h", one.max_speed_km_per_h, _TINY)
        require_range("rotating_share", one.rotating_share, 0.0)
        require_range("starting_effort_kn", one.traction.starting_effort_kn, _TINY)
        require_range("power_kw", one.traction.power_kw, _TINY)
        require_range("adhesive_mass_t", one.traction.adhesive_mass_t, _TINY)
        require_range("adhesion", one.traction.adhesion.at(0.0), _TINY)
        require_range("adhesion_constant", one.traction.adhesion.constant, 0.0)
        require_range("adhesion_offset", one.traction.adhesion.offset, _TINY)
        require_range("adhesion_slope", one.traction.adhesion.slope, 0.0)
        require_range("adhesion_numerator", one.traction.adhesion.numerator, 0.0)
        require_range("electric_brake_kn", one.brake.effort_kn, 0.0)
        require_range("electric_brake_kw", one.brake.power_kw, 0.0)
        _check_resistance(one.powered)
        _check_resistance(one.coasting)
    for wagon, number in train.wagons:
        require_range("wagons", number, 0.0)
        require_range("gross_t", wagon.gross_t, _TINY)
        require_range("length_m", wagon.length_m, 0.0)
        require_range("rotating_share", wagon.rotating_share, 0.0)
        require_range("starting_n_per_kn", wagon.starting_n_per_kn, 0.0)
        _check_resistance(wagon.resistance)


def _check_resistance(specific: SpecificResistance) -> None:
    for name, value in specific._asdict().items():
        require_range(f"resistance_{name}", value, 0.0)
