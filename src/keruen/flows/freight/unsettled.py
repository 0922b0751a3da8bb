"""Equilibria that did not come to what was asked: told, so that nobody takes them for an answer."""

from __future__ import annotations

from typing import Final

from keruen.errors import Problem, Severity
from keruen.flows.freight.solve import Flows

_FIGURES: Final = 3


def unsettled(year: int, gap: float, excess_share: float, wanted: float) -> Problem:
    """Tell that the flows of a year are not an equilibrium.

    Parameters
    ----------
    year : int
        Year.
    gap, excess_share : float
        Relative gap that was reached, and the largest share by which a load is above a capacity.
    wanted : float
        Relative gap that was asked for.

    Returns
    -------
    Problem
        An error, as of a test network: what is shown is not what was asked for.

    Examples
    --------
    >>> unsettled(2030, 0.5, 0.0, 1e-6).code
    'flows_not_settled'
    """
    reached, excess = (float(f"{one:.{_FIGURES}g}") for one in (gap, excess_share))
    params = {"year": str(year), "gap": reached, "excess": excess, "wanted": wanted}
    return Problem(Severity.ERROR, "flows_not_settled", params=params)


def settling_problems(flows: Flows, wanted: float) -> tuple[Problem, ...]:
    """Tell that an equilibrium did not come to the gap asked for; nothing where it did."""
    within = flows.within
    if within.converged:
        return ()
    year, gap = flows.freight.day.year, within.assignment.relative_gap
    return (unsettled(year, gap, within.excess_share, wanted),)
