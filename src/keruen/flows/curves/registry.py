"""Curves by the integer that links carry: a kind is a file, an integer and a line in two kernels.

Each kind gives the time at a load with its first and second derivative (gradient projection scales
its steps with the first; the system optimum needs the second) and the integral (the objective).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.flows.curves.bpr import bpr_integral, bpr_terms
from keruen.flows.curves.queue import queue_integral, queue_terms
from keruen.jit import part

FloatArray = NDArray[np.float64]

BPR: Final = 0
QUEUE: Final = 1

KINDS: Final[Mapping[str, int]] = MappingProxyType({"bpr": BPR, "queue": QUEUE})
"""Integer of each kind by its name."""


@part
def delay_terms(kind: int, row: FloatArray, load: float) -> tuple[float, float, float]:
    """Time on a link at a load, and its first and second derivative.

    Parameters
    ----------
    kind : int
        Of :data:`KINDS`.
    row : array, shape (4,)
        Parameters of the link, as the file of its kind says.
    load : float
        Load in the unit of the link's capacity.

    Examples
    --------
    >>> delay_terms(QUEUE, np.array([2.0, 8.0, 3.0, 0.9]), 4.0)[0]
    5.0
    """
    if kind == QUEUE:
        return queue_terms(row, load)
    return bpr_terms(row, load)


@part
def delay_integral(kind: int, row: FloatArray, load: float) -> float:
    """Integral of the time on a link from nought to a load; see :func:`delay_terms`."""
    if kind == QUEUE:
        return queue_integral(row, load)
    return bpr_integral(row, load)
