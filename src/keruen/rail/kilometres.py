"""A run gathered by kilometres of the line: what a table or a picture shows."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.rail.running import RunResult

_NEAR_KM: Final = 1e-6


class Kilometres(NamedTuple):
    """A run gathered by whole kilometres of the line; the last may be shorter.

    Parameters
    ----------
    from_km, to_km : array, shape (kilometres,)
        Where each begins and ends.
    mean_speed_km_per_h, running_min : array, shape (kilometres,)
        Without stops.
    wheel_kwh, wire_kwh, substation_kwh, fuel_l : array, shape (kilometres,)
        Net energy.
    """

    from_km: NDArray[np.float64]
    to_km: NDArray[np.float64]
    mean_speed_km_per_h: NDArray[np.float64]
    running_min: NDArray[np.float64]
    wheel_kwh: NDArray[np.float64]
    wire_kwh: NDArray[np.float64]
    substation_kwh: NDArray[np.float64]
    fuel_l: NDArray[np.float64]


def by_kilometre(run: RunResult) -> Kilometres:
    """Gather a run by kilometres of the line.

    A step that lies in two kilometres is shared by length.

    Parameters
    ----------
    run : RunResult
        Of :func:`run_train`.

    Returns
    -------
    Kilometres
        Sums equal those of the run.

    Examples
    --------
    >>> from keruen.rail.rolling_stock import TE33A
    >>> from keruen.rail.running import run_train
    >>> from keruen.rail.track_profile import track_profile
    >>> from keruen.rail.train import Train
    >>> run = run_train(Train(((TE33A, 1),)), track_profile([10.5, 12.25]))
    >>> by_kilometre(run).to_km.tolist()
    [11.0, 12.0, 12.25]
    """
    begin, end = float(run.km[0]), float(run.km[-1])
    inner = np.arange(np.floor(begin) + 1.0, end)
    bounds = np.concatenate([[begin], inner[inner < end - _NEAR_KM], [end]])

    def summed(steps: NDArray[np.float64]) -> NDArray[np.float64]:
        so_far = np.append(0.0, np.cumsum(steps))
        found: NDArray[np.float64] = np.diff(np.interp(bounds, run.km, so_far))
        return found

    minutes = summed(_running_minutes(run))
    return Kilometres(
        bounds[:-1],
        bounds[1:],
        np.diff(bounds) / (minutes / 60.0),
        minutes,
        summed(run.wheel_energy_kwh),
        summed(run.wire_kwh),
        summed(run.substation_kwh),
        summed(run.fuel_l),
    )


def _running_minutes(run: RunResult) -> NDArray[np.float64]:
    """Minutes in motion of every step, from speeds and places."""
    pace = run.speed_km_per_h[1:] + run.speed_km_per_h[:-1]
    minutes: NDArray[np.float64] = 120.0 * np.diff(run.km) / pace
    return minutes
