r"""Parameters from observations and what was held of them before: the mode of the posterior.

With observations :math:`y` whose errors have standard deviations :math:`s`, computed values
:math:`f(z)` and parameters :math:`z` in units of their priors, the mode is where

.. math:: \sum ((y - f(z)) / (c s))^2 + \sum z^2

is least. It is looked for by Gauss-Newton steps, damped where a step does not help (Levenberg and
Marquardt), with Jacobians by finite differences. The factor :math:`c \geq 1` widens the stated
errors in common until they are as large as what is left over: a model whose misfit is greater than
the errors stated learns less from each observation. Around the mode the posterior is taken for
normal (Laplace), with the covariance of the last linearisation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

STEP: Final = 0.25
"""Step of the finite differences, in standard deviations of the prior."""
AT_REST: Final = 0.02
"""Step at which the search ends, in standard deviations of the prior."""
MOST_STEPS: Final = 12
MOST_DAMPINGS: Final = 3
FIRST_DAMPING: Final = 1e-3


class Posterior(NamedTuple):
    """What observations leave of the priors.

    Parameters
    ----------
    z : array, shape (parameters,)
        Mode, in standard deviations of the prior from its mean.
    covariance : array, shape (parameters, parameters)
        Covariance around the mode; the prior's is the identity.
    computed : array, shape (all measures,)
        What the function gives at the mode.
    jacobian : array, shape (all measures, parameters)
        Its derivatives there.
    widened : float
        Factor by which the stated errors were widened.
    steps, evaluations : int
        Steps taken and calls of the function.
    at_rest : bool
        Whether the next step would be as short as asked; where it is not, no step was found that
        helps, as happens at a kink, or there were too many.
    """

    z: FloatArray
    covariance: FloatArray
    computed: FloatArray
    jacobian: FloatArray
    widened: float
    steps: int
    evaluations: int
    at_rest: bool


class Evidence(NamedTuple):
    """What is fitted.

    Parameters
    ----------
    observed, error : array, shape (all measures,)
        Values and standard deviations of their errors; looked at only where ``used``.
    used : array of bool, shape (all measures,)
        Which of the measures that the function gives are fitted.
    """

    observed: FloatArray
    error: FloatArray
    used: BoolArray

    def without(self, left_out: BoolArray) -> Evidence:
        """The same with some measures not used."""
        return self._replace(used=self.used & ~left_out)

    def widening(self, computed: FloatArray) -> float:
        """Factor that makes the stated errors as large as what is left over, at least 1."""
        if not self.used.any():
            return 1.0
        misfit = ((self.observed - computed) / self.error)[self.used]
        return max(1.0, float(np.sqrt(np.mean(misfit**2))))


def _normal(
    evidence: Evidence, computed: FloatArray, jacobian: FloatArray, z: FloatArray, widened: float
) -> tuple[FloatArray, FloatArray]:
    """Curvature of what is minimised by the data alone, and its descent, priors included."""
    own = evidence.used
    weight = 1.0 / (evidence.error[own] * widened) ** 2
    sides = jacobian[own]
    curvature = sides.T @ (weight[:, None] * sides)
    descent = sides.T @ (weight * (evidence.observed - computed)[own]) - z
    return curvature, descent


def _cost(evidence: Evidence, computed: FloatArray, z: FloatArray, widened: float) -> float:
    misfit = ((evidence.observed - computed) / (evidence.error * widened))[evidence.used]
    return float((misfit**2).sum() + (z**2).sum())


def posterior(
    function: Callable[[FloatArray], FloatArray],
    evidence: Evidence,
    start: FloatArray,
    tell: Callable[[int], None] = lambda _: None,
    most_steps: int = MOST_STEPS,
) -> Posterior:
    """Find the mode of the posterior and the covariance around it.

    Parameters
    ----------
    function : callable
        Computed values of all measures at parameters, the latter in standard deviations of their
        priors from their means.
    evidence : Evidence
        What is fitted.
    start : array, shape (parameters,)
        Where to begin.
    tell : callable
        Told the number of calls of the function made.
    most_steps : int
        Steps after which the search ends, at rest or not.

    Returns
    -------
    Posterior

    Examples
    --------
    One measure that is the parameter itself, as precise as the prior: half way.

    >>> one = np.ones(1)
    >>> found = posterior(lambda z: z.copy(), Evidence(one, one, one > 0), np.zeros(1))
    >>> found.z.round(2).tolist(), found.covariance.round(2).tolist()
    ([0.5], [[0.5]])
    """
    calls = 0

    def at(z: FloatArray) -> FloatArray:
        nonlocal calls
        calls += 1
        found = function(z)
        tell(calls)
        return found

    z, computed = start.astype(np.float64), at(start)
    damping, at_rest, steps = FIRST_DAMPING, False, 0
    while True:
        jacobian = np.stack(
            [(at(z + STEP * unit) - computed) / STEP for unit in np.eye(z.size)], axis=-1
        )
        widened = evidence.widening(computed)
        curvature, descent = _normal(evidence, computed, jacobian, z, widened)
        before = _cost(evidence, computed, z, widened)
        plain = np.linalg.solve(curvature + np.eye(z.size), descent)
        at_rest = bool(np.abs(plain).max(initial=0.0) < AT_REST)
        moved = False
        for _ in range(0 if at_rest or steps >= most_steps else MOST_DAMPINGS):
            damped = curvature + np.eye(z.size) + damping * np.diag(np.diag(curvature) + 1.0)
            step = np.linalg.solve(damped, descent)
            trial = at(z + step)
            if _cost(evidence, trial, z + step, widened) < before:
                z, computed, moved = z + step, trial, True
                damping = max(damping / 10.0, 1e-9)
                break
            damping = max(damping * 10.0, 0.1)
        if not moved:
            break
        steps += 1
    covariance: FloatArray = np.linalg.inv(curvature + np.eye(z.size)).astype(np.float64)
    return Posterior(z, covariance, computed, jacobian, widened, steps, calls, at_rest)


def left_out(found: Posterior, evidence: Evidence, out: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Parameters and computed values had some measures not been seen.

    One Gauss-Newton step from the mode with the Jacobian there, and the computed values on the
    line of that Jacobian: exact for a linear function with the same widening of errors.

    Parameters
    ----------
    found : Posterior
        With all evidence.
    evidence : Evidence
        All of it.
    out : array of bool, shape (all measures,)
        What is left out.

    Returns
    -------
    z : array, shape (parameters,)
    computed : array, shape (all measures,)

    Examples
    --------
    >>> one = np.ones(2)
    >>> evidence = Evidence(one, one, one > 0)
    >>> found = posterior(lambda z: np.repeat(z, 2), evidence, np.zeros(1))
    >>> z, computed = left_out(found, evidence, np.array([True, False]))
    >>> found.z.round(2).tolist(), z.round(2).tolist(), computed.round(2).tolist()
    ([0.67], [0.5], [0.5, 0.5])
    """
    rest = evidence.without(out)
    curvature, descent = _normal(rest, found.computed, found.jacobian, found.z, found.widened)
    step = np.linalg.solve(curvature + np.eye(found.z.size), descent)
    return found.z + step, found.computed + found.jacobian @ step


def condition_number(found: Posterior, evidence: Evidence) -> float:
    """Condition number of what the data alone say of the parameters, by their weighted Jacobian.

    Infinite where they say nothing of some combination of them.
    """
    own = evidence.used
    sides = found.jacobian[own] / (evidence.error[own] * found.widened)[:, None]
    if not sides.size:
        return float("inf")
    values = np.linalg.svd(sides, compute_uv=False)
    small = values.min() <= values.max() * np.finfo(np.float64).eps * max(sides.shape)
    if sides.shape[0] < sides.shape[1] or small:
        return float("inf")
    return float(values.max() / values.min())


def information_bits(covariance: FloatArray) -> float:
    """Information gained over the prior, bits: half the binary logarithm of the volumes' ratio.

    >>> information_bits(np.diag([0.25, 1.0]))
    1.0
    """
    return float(-0.5 * np.linalg.slogdet(covariance)[1] / np.log(2.0))
