"""Tractive effort of a locomotive, and what wheel and rail let through of it.

A locomotive pulls with the least of three: its starting effort, its power over the speed, and the
adhesion of its driven wheels.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.errors import require_range
from keruen.rail.resistance import STANDARD_GRAVITY_M_PER_S2
from keruen.units import KM_PER_H_PER_M_PER_S


class Adhesion(NamedTuple):
    """Coefficient of adhesion over the speed: ``constant + numerator / (offset + slope v)``.

    The form of the traction rules of the 1520 mm lines; with a numerator of zero it is a constant.

    Parameters
    ----------
    constant : float
        Coefficient reached at high speed.
    numerator, offset, slope : float
        Of the falling part; the speed v in km/h.
    """

    constant: float
    numerator: float = 0.0
    offset: float = 1.0
    slope: float = 0.0

    def at(self, speed_km_per_h: float) -> float:
        """Coefficient at a speed.

        >>> round(CIS_ELECTRIC_ADHESION.at(43.3), 3)
        0.258
        """
        return self.constant + self.numerator / (self.offset + self.slope * speed_km_per_h)


CIS_ELECTRIC_ADHESION: Final = Adhesion(0.25, 8.0, 100.0, 20.0)
"""``0.25 + 8 / (100 + 20 v)``, as used for an electric locomotive in transportzones.ru/zimads-27-1,
where it makes 0.330 at rest and 0.258 at 43.3 km/h."""


class TractionLimits(NamedTuple):
    """What bounds the effort of one locomotive.

    Parameters
    ----------
    starting_effort_kn : float
        Largest effort at the rim.
    power_kw : float
        Power at the rim.
    adhesive_mass_t : float
        Mass on driven axles.
    adhesion : Adhesion
        Coefficient of adhesion over the speed.
    """

    starting_effort_kn: float
    power_kw: float
    adhesive_mass_t: float
    adhesion: Adhesion


def tractive_effort_kn(speed_km_per_h: ArrayLike, limits: TractionLimits) -> NDArray[np.float64]:
    """Effort at the rim: least of starting effort, adhesion, and power over speed.

    Parameters
    ----------
    speed_km_per_h : array
        Speeds, not negative.
    limits : TractionLimits
        Of one locomotive.

    Returns
    -------
    array, the shape of the speeds
        kN.

    Raises
    ------
    keruen.errors.RangeError
        If a speed or a limit is negative.

    Examples
    --------
    >>> one = TractionLimits(500.0, 3600.0, 138.0, Adhesion(0.33))
    >>> tractive_effort_kn([0.0, 72.0], one).round(1).tolist()
    [446.6, 180.0]
    """
    speed = np.asarray(speed_km_per_h, dtype=np.float64)
    require_range("speed_km_per_h", float(speed.min(initial=0.0)), 0.0)
    require_range("starting_effort_kn", limits.starting_effort_kn, 0.0)
    require_range("power_kw", limits.power_kw, 0.0)
    require_range("adhesive_mass_t", limits.adhesive_mass_t, 0.0)
    psi = limits.adhesion
    coefficient = psi.constant + psi.numerator / (psi.offset + psi.slope * speed)
    by_adhesion = limits.adhesive_mass_t * STANDARD_GRAVITY_M_PER_S2 * coefficient
    with np.errstate(divide="ignore"):
        by_power = limits.power_kw * KM_PER_H_PER_M_PER_S / speed
    least: NDArray[np.float64] = np.minimum(
        np.minimum(limits.starting_effort_kn, by_adhesion), by_power
    )
    return least
