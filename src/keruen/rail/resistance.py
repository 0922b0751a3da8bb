"""Resistance to the motion of vehicles: published formulae, side by side.

Every formula of running resistance is a quadratic of the speed once the vehicle is known. The
functions give its three coefficients, so that whoever adds vehicles up to a train, or compares two
schools, has numbers to add and to compare. Specific resistance is in newtons per kilonewton of
weight, as in the traction rules of the 1520 mm railways; a gradient of one permille weighs as much
as one newton per kilonewton.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

from keruen.errors import require_range

STANDARD_GRAVITY_M_PER_S2: Final = 9.80665

CURVE_CONSTANT_M: Final = 700.0
"""Specific resistance of a curve is this number over its radius in metres (assumption: textbooks
of the 1520 mm railways, from memory)."""

_SHORT_TON_T: Final = 0.90718474
_POUND_N: Final = 4.4482216152605
_MILE_KM: Final = 1.609344
_SQUARE_FOOT_M2: Final = 0.09290304
_POUND_PER_SHORT_TON: Final = _POUND_N / (_SHORT_TON_T * STANDARD_GRAVITY_M_PER_S2)
_TINY: Final = 1e-9


class SpecificResistance(NamedTuple):
    """Running resistance on level, straight track: ``constant + linear v + square v²``, N/kN.

    Parameters
    ----------
    constant : float
        N/kN.
    linear : float
        N/kN per km/h.
    square : float
        N/kN per (km/h)².
    """

    constant: float
    linear: float
    square: float

    def at(self, speed_km_per_h: float) -> float:
        """Specific resistance at a speed, N/kN.

        >>> round(SpecificResistance(0.7, 0.0, 0.0001).at(100.0), 3)
        1.7
        """
        return self.constant + self.linear * speed_km_per_h + self.square * speed_km_per_h**2


class WagonFormula(Protocol):
    """A published formula of the running resistance of wagons."""

    def __call__(self, axle_load_t: float, axles: int) -> SpecificResistance:
        """Coefficients for a wagon of this axle load and number of axles."""


def _require_wagon(axle_load_t: float, axles: int) -> None:
    require_range("axle_load_t", axle_load_t, _TINY)
    require_range("axles", axles, 1.0)


def cis_jointed(axle_load_t: float, axles: int) -> SpecificResistance:
    """Freight wagon on roller bearings, jointed track, by the traction rules of the 1520 mm lines.

    Four axles: ``0.7 + (3 + 0.1 v + 0.0025 v²) / q0``; eight axles:
    ``0.7 + (6 + 0.038 v + 0.0021 v²) / q0`` (as used in studopedia.info/6-63568 and
    ukrbukva.net, 54234). Wagons of another number of axles take the formula of four.

    Parameters
    ----------
    axle_load_t : float
        q0, tonnes an axle.
    axles : int
        Axles of the wagon.

    Returns
    -------
    SpecificResistance
        N/kN, the speed in km/h.

    Raises
    ------
    keruen.errors.RangeError
        If the axle load or the number of axles is not positive.

    Examples
    --------
    >>> round(cis_jointed(20.0, 4).at(60.0), 3)
    1.6
    """
    _require_wagon(axle_load_t, axles)
    if axles == 8:
        return SpecificResistance(
            0.7 + 6.0 / axle_load_t, 0.038 / axle_load_t, 0.0021 / axle_load_t
        )
    return SpecificResistance(0.7 + 3.0 / axle_load_t, 0.1 / axle_load_t, 0.0025 / axle_load_t)


def cis_welded(axle_load_t: float, axles: int) -> SpecificResistance:
    """The same on continuously welded track.

    Four axles: ``0.7 + (3 + 0.09 v + 0.002 v²) / q0`` (assumption: the traction rules, from
    memory). For eight axles no coefficients are known here and those of jointed track stand.

    Parameters, result and errors are those of :func:`cis_jointed`.

    Examples
    --------
    >>> round(cis_welded(20.0, 4).at(60.0), 3)
    1.48
    """
    _require_wagon(axle_load_t, axles)
    if axles == 8:
        return cis_jointed(axle_load_t, axles)
    return SpecificResistance(0.7 + 3.0 / axle_load_t, 0.09 / axle_load_t, 0.002 / axle_load_t)


def davis(axle_load_t: float, axles: int, frontal_area_m2: float = 8.2) -> SpecificResistance:
    """Freight wagon by the formula of Davis, in pounds a short ton and miles an hour.

    ``1.3 + 29 / w + 0.045 V + 0.0005 a V² / (w n)`` with w short tons an axle, n axles and a square
    feet of front (as quoted in physics.stackexchange.com/questions/387637; with 88 square feet it
    is the formula of the Car and Locomotive Cyclopedia of 1970, p. 842, as quoted in
    forum.trains.com/t/140048).

    Parameters
    ----------
    axle_load_t : float
        Tonnes an axle.
    axles : int
        Axles of the wagon.
    frontal_area_m2 : float
        88 square feet unless told.

    Returns
    -------
    SpecificResistance
        N/kN, the speed in km/h.

    Raises
    ------
    keruen.errors.RangeError
        If a number is not positive.

    Examples
    --------
    >>> round(davis(20.0, 4).at(60.0), 3)
    2.494
    """
    _require_wagon(axle_load_t, axles)
    require_range("frontal_area_m2", frontal_area_m2, _TINY)
    axle_tons = axle_load_t / _SHORT_TON_T
    area_sq_ft = frontal_area_m2 / _SQUARE_FOOT_M2
    drag = 0.0005 * area_sq_ft / (axle_tons * axles)
    return _from_pounds(1.3 + 29.0 / axle_tons, 0.045, drag)


def modified_davis(axle_load_t: float, axles: int, drag_k: float = 0.07) -> SpecificResistance:
    """Freight wagon by the modified formula of Davis, in pounds a short ton and miles an hour.

    ``0.6 + 20 / w + 0.01 V + K V² / (w n)``; K is 0.07 for conventional wagons, 0.0935 for
    containers, 0.16 for trailers on flat wagons (K: Trani, CEE 3604 Rail Transportation, Addendum,
    docslib.org/doc/3130965; the first three coefficients stand, in metric units, in the table
    "Summary Of Variable Parameters Used in Fcalc 2.0": 2.9420 N/t, 88.964 N an axle, 0.10968 N/t
    per m/s).

    Parameters
    ----------
    axle_load_t : float
        Tonnes an axle.
    axles : int
        Axles of the wagon.
    drag_k : float
        K, pounds per square mile an hour.

    Returns
    -------
    SpecificResistance
        N/kN, the speed in km/h.

    Raises
    ------
    keruen.errors.RangeError
        If the axle load or the number of axles is not positive, or K is negative.

    Examples
    --------
    >>> round(modified_davis(20.0, 4).at(60.0), 3)
    1.492
    """
    _require_wagon(axle_load_t, axles)
    require_range("drag_k", drag_k, 0.0)
    axle_tons = axle_load_t / _SHORT_TON_T
    return _from_pounds(0.6 + 20.0 / axle_tons, 0.01, drag_k / (axle_tons * axles))


def _from_pounds(constant: float, per_mph: float, per_mph2: float) -> SpecificResistance:
    return SpecificResistance(
        constant * _POUND_PER_SHORT_TON,
        per_mph * _POUND_PER_SHORT_TON / _MILE_KM,
        per_mph2 * _POUND_PER_SHORT_TON / _MILE_KM**2,
    )


WAGON_FORMULAE: Final[dict[str, WagonFormula]] = {
    "cis_jointed": cis_jointed,
    "cis_welded": cis_welded,
    "davis": davis,
    "modified_davis": modified_davis,
}

LOCOMOTIVE_POWERED: Final = SpecificResistance(1.9, 0.01, 0.0003)
"""Locomotive under power, traction rules of the 1520 mm lines (as used in ukrbukva.net, 59945)."""

LOCOMOTIVE_COASTING: Final = SpecificResistance(2.4, 0.011, 0.00035)
"""Locomotive without power (assumption: the traction rules, from memory)."""


def starting_resistance_n_per_kn(axle_load_t: float) -> float:
    """Specific resistance of a wagon on roller bearings when it starts: ``28 / (q0 + 7)``.

    As used in studopedia.info/6-39956.

    Parameters
    ----------
    axle_load_t : float
        q0, tonnes an axle.

    Returns
    -------
    float
        N/kN.

    Raises
    ------
    keruen.errors.RangeError
        If the axle load is not positive.

    Examples
    --------
    >>> starting_resistance_n_per_kn(21.0)
    1.0
    """
    require_range("axle_load_t", axle_load_t, _TINY)
    return 28.0 / (axle_load_t + 7.0)
