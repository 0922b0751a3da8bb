"""The units that columns and results may carry, and the few conversions that are ours to make.

A unit is declared once, in the schema; names of results end in it (``length_km``,
``capacity_trains_per_day``).
"""

from __future__ import annotations

from typing import Final

MINUTES_PER_DAY: Final = 1440.0
HOURS_PER_DAY: Final = 24.0
DAYS_PER_YEAR: Final = 365.0
HOURS_PER_YEAR: Final = DAYS_PER_YEAR * HOURS_PER_DAY
DECIMETRES_PER_METRE: Final = 10.0
KM_PER_H_PER_M_PER_S: Final = 3.6

UNITS: Final = frozenset(
    {
        "1",
        "%",
        "permille",
        "km",
        "m",
        "mm",
        "dm",
        "deg",
        "min",
        "h",
        "day",
        "km/h",
        "km/day",
        "t",
        "t/TEU",
        "t/dm",
        "t/year",
        "Mt/year",
        "TEU",
        "TEU/year",
        "trains/day",
        "trains/year",
        "pairs/day",
        "trains",
        "moves/h",
        "USD",
        "USD/t",
        "USD/day",
        "g/t",
        "g/tkm",
        "MW",
        "kW",
        "kN",
        "kWh",
        "l",
        "l/h",
        "kWh/10000tkm",
        "l/10000tkm",
        "kg/10000tkm",
        "kV",
        "ratio",
    }
)
"""Every unit a schema column may declare; ``1`` is a pure number."""


def hours_from_minutes(minutes: float) -> float:
    """Convert minutes to hours.

    >>> hours_from_minutes(90.0)
    1.5
    """
    return minutes / 60.0


def running_time_min(length_km: float, speed_km_per_h: float) -> float:
    """Time to run a length at a constant speed, in minutes.

    >>> running_time_min(49.0, 55.0)
    53.45454545454545
    """
    return length_km / speed_km_per_h * 60.0
