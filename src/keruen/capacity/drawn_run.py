"""The run of a train as a picture needs it: speed along the way, and energy by kilometre."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.line_order import Passed
from keruen.capacity.line_run import LineRun
from keruen.rail.kilometres import Kilometres


class DrawnLeg(NamedTuple):
    """A part of the way with one train.

    Parameters
    ----------
    node : str
        Where it begins.
    is_diesel : bool
        Whether it burns fuel.
    kilometres : Kilometres
        Energy by kilometre of the whole way.
    """

    node: str
    is_diesel: bool
    kilometres: Kilometres


class DrawnRun(NamedTuple):
    """A run over a section or a line.

    Parameters
    ----------
    table, row : str
        What was run over: a row of ``sections`` or of ``lines``.
    time_min : float
        Running time with the allowance.
    passed : tuple of Passed
        Sections in order.
    assumes_profile : bool
        Whether a ruling gradient stood in for a profile somewhere.
    km, speed_km_per_h : array, shape (points,)
        Speed along the way; where locomotives change the train stands.
    legs : tuple of DrawnLeg
        Parts of the way.
    """

    table: str
    row: str
    time_min: float
    passed: tuple[Passed, ...]
    assumes_profile: bool
    km: NDArray[np.float64]
    speed_km_per_h: NDArray[np.float64]
    legs: tuple[DrawnLeg, ...]


def drawn_run(found: LineRun) -> DrawnRun:
    """Take from a run what a picture needs.

    Parameters
    ----------
    found : LineRun
        Of :func:`keruen.capacity.line_run.line_run`.

    Returns
    -------
    DrawnRun
        Where one leg ends and the next begins the train stands once.
    """
    runs = [leg.run for leg in found.legs]
    stretches = [stretch for leg in found.legs for stretch in leg.stretches]
    return DrawnRun(
        found.table,
        found.row,
        found.time_min,
        tuple(stretch.passed for stretch in stretches),
        found.assumes_profile,
        np.concatenate([run.km[bool(place) :] for place, run in enumerate(runs)]),
        np.concatenate([run.speed_km_per_h[bool(place) :] for place, run in enumerate(runs)]),
        tuple(
            DrawnLeg(leg.stretches[0].passed.start, leg.hauled.is_diesel, kilometres)
            for leg, kilometres in zip(found.legs, found.kilometres(), strict=True)
        ),
    )
