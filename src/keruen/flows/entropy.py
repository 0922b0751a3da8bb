"""Matrices nearest to a prior that meet totals of any of their cells: numbers only."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

FloatArray = NDArray[np.float64]

GAP: Final = 1e-10
"""Relative error of the conditions of the optimum at which a fit has converged."""
MAX_STEPS: Final = 300
_LONGEST_STEP: Final = 2.0
_LEAST_RISE: Final = 1e-4
_SHORTEST: Final = 2.0**-30


class Totals(NamedTuple):
    """Totals that a matrix should meet; the totals are rows, the cells of the matrix columns.

    Parameters
    ----------
    factors : ndarray, shape (totals, cells)
        Units of the total for one unit of the cell; not negative.
    wanted : ndarray, shape (totals,)
        What the sum of the cells by their factors should be; above nought.
    tolerances : ndarray, shape (totals,)
        Relative standard deviation to which each is held; nought: met exactly.
    """

    factors: FloatArray
    wanted: FloatArray
    tolerances: FloatArray


class Fit(NamedTuple):
    """A matrix fitted to totals.

    Parameters
    ----------
    cells : ndarray, shape (cells,)
        The matrix.
    multipliers : ndarray, shape (totals,)
        Multiplier of each total: positive where it lifts cells above the prior.
    computed : ndarray, shape (totals,)
        What each total comes to.
    gap : float
        Greatest relative error of the conditions of the optimum.
    steps : int
        Newton steps taken.
    converged : bool
        Whether the gap fell to the one asked for; where totals met exactly contradict each other
        it never does.
    """

    cells: FloatArray
    multipliers: FloatArray
    computed: FloatArray
    gap: float
    steps: int
    converged: bool


class _Problem(NamedTuple):
    """The same in relative units.

    ``shares`` holds factors over what is wanted, cells as rows; ``lifts``, totals as rows, those by
    the scale of each cell: the log of a cell for one multiplier. Both are sparse, because a total
    counts few cells.
    """

    prior: FloatArray
    scales: FloatArray
    shares: csr_array
    lifts: csr_array
    yields: FloatArray

    def cells(self, multipliers: FloatArray) -> FloatArray:
        filled: FloatArray = self.prior * np.exp(self.lifts.T @ multipliers)
        return filled

    def value(self, multipliers: FloatArray) -> float:
        """Dual objective; concave, its gradient the error of each total."""
        with np.errstate(over="ignore"):
            drawn = float((self.cells(multipliers) / self.scales).sum())
        return float(multipliers.sum() - drawn - 0.5 * (self.yields * multipliers**2).sum())

    def errors(self, cells: FloatArray, multipliers: FloatArray) -> FloatArray:
        """By how much each total is missed, beside what its tolerance yields."""
        missed: FloatArray = 1.0 - self.shares.T @ cells - self.yields * multipliers
        return missed


def fit_to_totals(
    prior: FloatArray,
    scales: FloatArray,
    totals: Totals,
    *,
    start: FloatArray | None = None,
    gap: float = GAP,
) -> Fit:
    r"""Fit a matrix to totals, staying as near to a prior as they allow.

    Minimises, over cells :math:`x \ge 0`,

    .. math::

        \sum_k \frac{1}{P_k}\Bigl(x_k \ln\frac{x_k}{p_k} - x_k + p_k\Bigr)
        + \frac12 \sum_r \Bigl(\frac{\sum_k a_{rk} x_k - b_r}{s_r b_r}\Bigr)^2

    with the prior :math:`p`, the scale :math:`P` of each cell, factors :math:`a`, totals wanted
    :math:`b` and their relative standard deviations :math:`s`; a total with :math:`s_r = 0` is a
    constraint instead. The answer is a product of one factor for each total,

    .. math::

        x_k = p_k \exp\Bigl(P_k \sum_r \lambda_r a_{rk} / b_r\Bigr), \qquad
        \frac{\sum_k a_{rk} x_k}{b_r} = 1 - s_r^2 \lambda_r,

    and with rows and columns as the totals, met exactly, it is the one that iterative proportional
    fitting reaches. Newton's method on the concave dual finds the multipliers instead of one total
    after another, because totals here overlap in any way and are met to differing degrees.

    Parameters
    ----------
    prior : ndarray, shape (cells,)
        Prior; above nought.
    scales : ndarray, shape (cells,)
        How loosely the prior holds: a cell, or a sum of cells, of this size is taken to be known
        from it with a relative standard deviation of 1, one of a hundredth of it with 10. Above
        nought. Where all totals are met exactly a common factor of it changes nothing.
    totals : Totals
        What is to be met.
    start : ndarray, shape (totals,), optional
        Multipliers to begin with, those of a like fit; the answer is the same to the gap.
    gap : float
        Relative error at which to stop.

    Returns
    -------
    Fit

    Examples
    --------
    Two origins, two destinations, all four margins exact:

    >>> prior = np.array([1.0, 2.0, 3.0, 4.0])
    >>> margins = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]], dtype=float)
    >>> wanted = np.array([4.0, 6.0, 5.0, 5.0])
    >>> fit = fit_to_totals(prior, np.full(4, 10.0), Totals(margins, wanted, np.zeros(4)))
    >>> fit.cells.round(4).tolist(), fit.converged
    ([1.7577, 2.2423, 3.2423, 2.7577], True)
    """
    shares = totals.factors / totals.wanted[:, None]
    lifts = csr_array(shares * scales)
    problem = _Problem(prior, scales, csr_array(shares.T), lifts, totals.tolerances**2)
    multipliers = np.zeros(len(totals.wanted)) if start is None else start
    steps = 0
    while True:
        cells = problem.cells(multipliers)
        errors = problem.errors(cells, multipliers)
        worst = float(np.abs(errors).max(initial=0.0))
        if worst <= gap or steps >= MAX_STEPS:
            break
        advanced = _step(problem, multipliers, cells, errors)
        if advanced is None:
            break
        multipliers = advanced
        steps += 1
    computed = totals.wanted * (problem.shares.T @ cells)
    return Fit(cells, multipliers, computed, worst, steps, worst <= gap)


def _step(
    problem: _Problem, multipliers: FloatArray, cells: FloatArray, errors: FloatArray
) -> FloatArray | None:
    """One Newton step, shortened until the dual rises; None when nothing rises any more."""
    weighted = problem.shares * cells[:, None]
    curvature = (problem.lifts @ weighted).toarray() + np.diag(problem.yields)
    # In units of its own curvature each total counts alike, however small. Totals that say the same
    # twice leave a direction without curvature: the least step will do.
    units = 1.0 / np.sqrt(np.maximum(np.diag(curvature), np.finfo(np.float64).tiny))
    even = curvature * units[:, None] * units
    direction = units * np.linalg.lstsq(even, units * errors, rcond=1e-13)[0]
    slope = float(errors @ direction)
    if not slope > 0.0:
        return None
    reach = float(np.abs(problem.lifts.T @ direction).max(initial=0.0))
    length = min(1.0, _LONGEST_STEP / reach) if reach > 0.0 else 1.0
    here = problem.value(multipliers)
    noise = 1e-14 * (1.0 + abs(here))
    shortest = length * _SHORTEST
    while length > shortest:
        there = multipliers + length * direction
        if problem.value(there) >= here + _LEAST_RISE * length * slope - noise:
            return np.asarray(there, dtype=np.float64)
        length /= 2.0
    return None
