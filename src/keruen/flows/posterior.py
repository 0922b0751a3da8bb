r"""Parameters from observations and what was held of them before: the mode of the posterior.

With observations :math:`y` whose errors have standard deviations :math:`s`, computed values
:math:`f(z)` and parameters :math:`z` in units of their priors, the mode is where

.. math:: \sum ((y - f(z)) / (c s))^2 + \sum z^2

is least. It is looked for by Gauss-Newton steps, damped by what part of the gain foreseen they have
(Levenberg and Marquardt), with Jacobians by finite differences. The factor :math:`c \geq 1` widens
the stated errors in common until they are as large as what is left over: a model whose misfit is
greater than the errors stated learns less from each observation. It belongs to what is sought: of
a posterior that is normalised it is the likeliest, and with it minus twice the logarithm of the
posterior is :math:`n (1 + \log (S / n)) + \sum z^2` of :math:`n` squares that sum up to
:math:`S > n`. A step counts as one only where this becomes less. Around the mode the posterior is
taken for normal (Laplace), with the covariance of the last linearisation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

STEP: Final = 0.1
"""Step of the finite differences, in standard deviations of the prior."""
POLL: Final = 0.1
"""How far is tried each way to prove rest, in standard deviations of the prior."""
LITTLE_GAIN: Final = 1e-3
"""What a step has to take off the objective, minus twice the logarithm of the posterior, for the
search to go on."""
MOST_STEPS: Final = 30
MOST_DAMPINGS: Final = 6
FEW_DAMPINGS: Final = 2
"""So many lengths of a step are tried where only one step is wanted."""
FIRST_DAMPING: Final = 1e-3
_LEAST_DAMPING: Final = 1e-9
_MORE: Final = 10.0
_GOOD: Final = 0.75
_POOR: Final = 0.1
_LEADING: Final = 2


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
        Whether no step was found that helps any more, and there were not too many.
    objective : float
        Minus twice the logarithm of the posterior there, but for a constant.
    path : tuple of float
        The same at the start and after every step.
    """

    z: FloatArray
    covariance: FloatArray
    computed: FloatArray
    jacobian: FloatArray
    widened: float
    steps: int
    evaluations: int
    at_rest: bool
    objective: float
    path: tuple[float, ...]


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


def widened_cost(evidence: Evidence, computed: FloatArray, z: FloatArray) -> float:
    """What the mode makes least: minus twice the logarithm of the posterior at the best widening.

    With ``S`` the sum of squares of misfits in errors stated and ``n`` of them it is ``S`` where
    that is at most ``n``, and else ``n (1 + log(S / n))``, which is what is left of it when the
    errors are widened to the misfit; and the squares of the parameters besides.
    """
    misfit = ((evidence.observed - computed) / evidence.error)[evidence.used]
    count, whole = misfit.size, float((misfit**2).sum())
    wide = count * (1.0 + np.log(whole / count)) if whole > count > 0 else whole
    return float(wide + (z**2).sum())


def _damping(before: float, ratio: float) -> float:
    """Damping of the next step, by what part of the gain foreseen this one had (Marquardt)."""
    if ratio > _GOOD:
        return max(before / _MORE, _LEAST_DAMPING)
    if ratio > _POOR:
        return before
    return max(before * _MORE, _MORE * FIRST_DAMPING)


Function = Callable[[FloatArray], FloatArray]


class Functions(NamedTuple):
    """What is computed, and the same for differences between neighbours.

    Parameters
    ----------
    exact : callable
        Computed values at parameters.
    nearby : callable
        The same but for what hardly changes near the point that the exact function was asked for
        last; of it only differences are taken.
    """

    exact: Function
    nearby: Function


class _Place(NamedTuple):
    """A point of the search: parameters, what is computed there, what it costs."""

    z: FloatArray
    computed: FloatArray
    cost: float


class _Search:
    """A search for the mode: where it is, how often it asked, how far it came."""

    def __init__(
        self,
        function: Function | Functions,
        evidence: Evidence,
        start: FloatArray,
        tell: Callable[[int], None],
    ) -> None:
        both = function if isinstance(function, Functions) else Functions(function, function)
        self.function, self.nearby = both
        self.evidence, self.tell = evidence, tell
        self.calls = 0
        self.damping = FIRST_DAMPING
        self.here = self.at(start.astype(np.float64))
        self.path = [self.here.cost]
        self.jacobian = np.zeros((self.here.computed.size, start.size))
        self.is_fresh = False

    def ask(self, function: Function, z: FloatArray) -> FloatArray:
        """Ask for what is computed at a point."""
        self.calls += 1
        computed = function(z)
        self.tell(self.calls)
        return computed

    def at(self, z: FloatArray) -> _Place:
        """Ask for a point."""
        computed = self.ask(self.function, z)
        return _Place(z, computed, widened_cost(self.evidence, computed, z))

    def go(self, place: _Place) -> None:
        """Go to a better point."""
        self.here = place
        self.path.append(place.cost)

    def differentiate(self) -> tuple[FloatArray, FloatArray]:
        """Find the Jacobian here; curvature of the data and descent with it."""
        z = self.here.z
        computed = self.ask(self.nearby, z)
        asked = [self.ask(self.nearby, z + STEP * unit) for unit in np.eye(z.size)]
        sides = [(one - computed) / STEP for one in asked]
        self.jacobian, self.is_fresh = np.stack(sides, axis=-1), True
        return self.normal()

    def normal(self) -> tuple[FloatArray, FloatArray]:
        """Curvature and descent by the Jacobian that is known."""
        z, computed, _ = self.here
        widened = self.evidence.widening(computed)
        return _normal(self.evidence, computed, self.jacobian, z, widened)

    def step(self, curvature: FloatArray, descent: FloatArray, tries: int) -> float:
        """Go a damped step that helps; how much it helped, nought where none was found."""
        unit = np.eye(descent.size)
        for _ in range(tries):
            damped = curvature + unit + self.damping * np.diag(np.diag(curvature) + 1.0)
            move = np.linalg.solve(damped, descent)
            foreseen = float(move @ (2.0 * descent - (curvature + unit) @ move))
            trial = self.at(self.here.z + move)
            gain = self.here.cost - trial.cost
            self.damping = _damping(self.damping, gain / foreseen if foreseen > 0.0 else 0.0)
            if gain > LITTLE_GAIN:
                # What the step itself says of the derivatives is taken over (Broyden).
                off = trial.computed - self.here.computed - self.jacobian @ move
                self.jacobian = self.jacobian + np.outer(off, move) / float(move @ move)
                self.is_fresh = False
            if gain > 0.0:
                self.go(trial)
                return gain
        return 0.0

    def poll(self, curvature: FloatArray) -> float:
        """Try every parameter, and the directions that the data know best, a little each way."""
        directions = [*np.eye(self.here.z.size), *np.linalg.eigh(curvature)[1].T[-_LEADING:]]
        gain = 0.0
        for direction in directions:
            for way in (1.0, -1.0):
                trial = self.at(self.here.z + way * POLL * direction)
                if self.here.cost - trial.cost > LITTLE_GAIN:
                    gain += self.here.cost - trial.cost
                    self.go(trial)
                    break
        return gain


def posterior(
    function: Function | Functions,
    evidence: Evidence,
    start: FloatArray,
    tell: Callable[[int], None] = lambda _: None,
    most_steps: int = MOST_STEPS,
    polled: bool = False,
) -> Posterior:
    """Find the mode of the posterior and the covariance around it.

    Parameters
    ----------
    function : callable or Functions
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
    polled : bool
        Whether rest is proved by trying a tenth of a prior's standard deviation each way along
        every parameter and along what the data know best: a kink lets no derivative be nought.

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
    search = _Search(function, evidence, start, tell)
    at_rest, steps = False, 0
    tries = MOST_DAMPINGS if most_steps > 1 else FEW_DAMPINGS
    curvature, descent = search.differentiate()
    while not at_rest and steps < most_steps:
        was_fresh, gain = search.is_fresh, search.step(curvature, descent, tries)
        steps += gain > 0.0
        if gain > LITTLE_GAIN:
            curvature, descent = search.normal()
        elif was_fresh and not (polled and search.poll(curvature) > LITTLE_GAIN):
            at_rest = True
        else:
            curvature, descent = search.differentiate()
            search.damping = FIRST_DAMPING
    z, computed, cost = search.here
    curvature, _ = search.normal()
    covariance: FloatArray = np.linalg.inv(curvature + np.eye(z.size)).astype(np.float64)
    widened = evidence.widening(computed)
    return Posterior(
        *(z, covariance, computed, search.jacobian, widened),
        *(steps, search.calls, at_rest, cost, tuple(search.path)),
    )


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
