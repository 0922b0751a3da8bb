"""Headway of trains that follow each other on one track.

Automatic block: several trains are in the section at once, a few block sections apart.
Semi-automatic block: the next train enters when the one before has left the whole section.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.errors import require_range

BLOCKS_APART: Final = 3
"""Block sections between following trains under green signals with three-aspect signalling."""

_MINUTES_PER_M_AT_1_KM_PER_H: Final = 0.06


def automatic_block_headway_min(
    block_lengths_m: ArrayLike, train_length_m: float, speed_km_per_h: float, sighting_min: float
) -> float:
    """Headway under automatic block: the longest of all runs of three block sections.

    ``J = 0.06 * (three blocks + train length) / speed + sighting``, the following train always
    running on green. The form stands in smekni.com/a/219519-3 with blocks of 2500, 2100 and
    1960 m, an 850 m train and 70 km/h; those lengths make 7410 m and 6.35 min, where the source
    prints 5875 m and 5 min.

    Parameters
    ----------
    block_lengths_m : array, shape (blocks,)
        Block sections in order of running, metres, at least one; of a section with fewer than
        three all are counted.
    train_length_m : float
        Length of the train, metres.
    speed_km_per_h : float
        Running speed.
    sighting_min : float
        Time to see the signal change, minutes.

    Returns
    -------
    float
        J, minutes.

    Raises
    ------
    keruen.errors.RangeError
        If a length or the time is negative, the speed is not positive, or no block is given.

    Examples
    --------
    >>> round(automatic_block_headway_min([2500.0, 2100.0, 1960.0], 850.0, 70.0, 0.0), 2)
    6.35
    """
    blocks: NDArray[np.float64] = np.asarray(block_lengths_m, dtype=np.float64)
    require_range("blocks", float(blocks.size), 1.0)
    for block in blocks.flat:
        require_range("block_lengths_m", float(block), 0.0)
    require_range("train_length_m", train_length_m, 0.0)
    require_range("speed_km_per_h", speed_km_per_h, np.finfo(np.float64).tiny)
    require_range("sighting_min", sighting_min, 0.0)
    window = np.ones(min(BLOCKS_APART, blocks.size))
    apart_m = float(np.convolve(blocks, window, mode="valid").max()) + train_length_m
    return _MINUTES_PER_M_AT_1_KM_PER_H * apart_m / speed_km_per_h + sighting_min


def semi_automatic_headway_min(running_min: float, interval_min: float) -> float:
    """Headway under semi-automatic block: the running time of the section and an interval.

    Parameters
    ----------
    running_min : float
        Running time between the two block posts, minutes.
    interval_min : float
        From the arrival of one train to the departure of the next in the same direction, minutes.

    Returns
    -------
    float
        Minutes.

    Raises
    ------
    keruen.errors.RangeError
        If a time is negative.

    Examples
    --------
    >>> semi_automatic_headway_min(16.0, 4.0)
    20.0
    """
    require_range("running_min", running_min, 0.0)
    require_range("interval_min", interval_min, 0.0)
    return running_min + interval_min
