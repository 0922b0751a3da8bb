"""The loops of the running-time calculation: braking backwards, traction forwards.

The state is the square of the speed: over a step of length ``h``,
``u1 = u0 + (2 h / inertia) * (force(u0) + force(u1)) / 2``, the trapezium rule. It is exact where
the force does not change, so standing starts need no special case, and its error falls with the
square of the step. Gradient and curve of a step are already means over the step and over the length
of the train; the climb of the train is therefore exact whatever the step.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.jit import kernel

FloatArray = NDArray[np.float64]

_NEAR: Final = 1e-12
_TRIES: Final = 5
_ROUNDS: Final = 60


class TrainForces(NamedTuple):
    """A train summed up, in newtons, kilograms and metres a second.

    Parameters
    ----------
    limits : array, shape (kinds of locomotive, 7)
        Starting effort N, power W, adhesive weight N, and the adhesion's constant, numerator,
        offset and slope (per m/s).
    powered, coasting : array, shape (3,)
        Running resistance ``a + b v + c v²`` with and without power.
    starting_n : float
        Resistance when starting on the level.
    weight_n : float
        Of the whole train.
    inertia_kg : float
        Mass with rotating masses.
    brake_n : float
        Force of the service brake.
    """

    limits: NDArray[np.float64]
    powered: NDArray[np.float64]
    coasting: NDArray[np.float64]
    starting_n: float
    weight_n: float
    inertia_kg: float
    brake_n: float


class StepTrack(NamedTuple):
    """The line as the train meets it, step by step.

    Parameters
    ----------
    step_m : array, shape (steps,)
        Lengths of the steps.
    slope : array, shape (steps,)
        Gradient and curve, newtons per newton, mean over step and train.
    """

    step_m: NDArray[np.float64]
    slope: NDArray[np.float64]


@kernel
def effort_n(limits: FloatArray, speed: float) -> float:
    """Effort of all locomotives at a speed, N: starting effort, adhesion or power."""
    total = 0.0
    for kind in range(limits.shape[0]):
        effort = limits[kind, 0]
        adhesion = limits[kind, 3] + limits[kind, 4] / (limits[kind, 5] + limits[kind, 6] * speed)
        effort = min(effort, limits[kind, 2] * adhesion)
        if effort * speed > limits[kind, 1]:
            effort = limits[kind, 1] / speed
        total += effort
    return total


@kernel
def _quadratic(terms: FloatArray, square: float) -> float:
    total: float = terms[0] + terms[1] * math.sqrt(square) + terms[2] * square
    return total


@kernel
def _level_surplus(train: TrainForces, square: float) -> float:
    """Effort beyond running resistance, N, gradient and curve apart."""
    return effort_n(train.limits, math.sqrt(square)) - _quadratic(train.powered, square)


@kernel
def brake_backward(track: StepTrack, train: TrainForces, ceiling: FloatArray) -> int:
    """Lower the ceiling so that every stop and every lower limit can be braked for.

    Parameters
    ----------
    track : StepTrack
        The line.
    train : TrainForces
        The train.
    ceiling : array, shape (steps + 1,)
        Squares of the highest speeds, (m/s)²; changed in place.

    Returns
    -------
    int
        -1, or the first step, from the end, on which the brakes do not hold the train.
    """
    for step in range(track.step_m.size - 1, -1, -1):
        after = ceiling[step + 1]
        scale = track.step_m[step] / train.inertia_kg
        held = train.brake_n + train.weight_n * track.slope[step]
        at_end = held + _quadratic(train.coasting, after)
        before = after + 2.0 * scale * at_end
        for _ in range(_ROUNDS):
            if before < 0.0:
                return step
            better = after + scale * (at_end + held + _quadratic(train.coasting, before))
            if abs(better - before) <= _NEAR * (1.0 + before):
                break
            before = better
        ceiling[step] = min(ceiling[step], before)
    return -1


@kernel
def _end_of_pull(
    train: TrainForces, scale: float, known: float, most: float, surplus: float
) -> tuple[float, float]:
    """Square of the speed after a step under full power, and the surplus there.

    The root of ``u - scale * surplus(u) = known``, at most so much; -1 if the train stalls. The
    left side grows with the speed, since effort falls and resistance rises: there is one root.
    Putting the surplus of the step before in finds it in two or three rounds where the train is
    heavy; where it is not found so, false position (Illinois) finds it in its bracket.
    """
    at_most = _level_surplus(train, most)
    over = most - known - scale * at_most
    if over <= 0.0:
        return most, at_most
    guess = known + scale * surplus
    for _ in range(_TRIES):
        if not 0.0 < guess <= most:
            break
        surplus = _level_surplus(train, guess)
        better = known + scale * surplus
        if abs(better - guess) <= _NEAR * (1.0 + guess):
            return guess, surplus
        guess = better
    low = 0.0
    high = most
    under = -known - scale * _level_surplus(train, low)
    if under >= 0.0:
        return -1.0, 0.0
    for _ in range(_ROUNDS):
        guess = (low * over - high * under) / (over - under)
        surplus = _level_surplus(train, guess)
        miss = guess - known - scale * surplus
        if abs(miss) <= _NEAR * (1.0 + guess):
            break
        if miss > 0.0:
            high = guess
            over = miss
            under *= 0.5
        else:
            low = guess
            under = miss
            over *= 0.5
    return guess, surplus


@kernel
def pull_forward(
    track: StepTrack, train: TrainForces, ceiling: FloatArray, squares: FloatArray
) -> tuple[int, int]:
    """Run under full power below the ceiling.

    Parameters
    ----------
    track : StepTrack
        The line.
    train : TrainForces
        The train.
    ceiling : array, shape (steps + 1,)
        Squares of the highest speeds, after :func:`brake_backward`.
    squares : array, shape (steps + 1,)
        Squares of the speeds, filled here; the first is given.

    Returns
    -------
    tuple of int
        0 and -1; 1 and the step on which the train cannot start; 2 and the step on which it stalls.
    """
    surplus = _level_surplus(train, squares[0])
    for step in range(track.step_m.size):
        before = squares[step]
        slope_n = train.weight_n * track.slope[step]
        if before == 0.0 and effort_n(train.limits, 0.0) <= train.starting_n + slope_n:
            return 1, step
        scale = track.step_m[step] / train.inertia_kg
        known = before + scale * (surplus - 2.0 * slope_n)
        after, surplus = _end_of_pull(train, scale, known, ceiling[step + 1], surplus)
        if after < 0.0:
            return 2, step
        squares[step + 1] = after
    return 0, -1


@kernel
def account(
    track: StepTrack,
    train: TrainForces,
    squares: FloatArray,
    seconds: FloatArray,
    efforts: FloatArray,
) -> None:
    """Time and effort at the wheel of every step, so that work and energy balance exactly.

    Parameters
    ----------
    track : StepTrack
        The line.
    train : TrainForces
        The train.
    squares : array, shape (steps + 1,)
        Squares of the speeds, (m/s)².
    seconds, efforts : array, shape (steps,)
        Filled here: running time, s; effort, N, positive pulling and negative braking.
    """
    for step in range(track.step_m.size):
        before = squares[step]
        after = squares[step + 1]
        length = track.step_m[step]
        seconds[step] = 2.0 * length / (math.sqrt(before) + math.sqrt(after))
        needed = train.inertia_kg * (after - before) / (2.0 * length)
        needed += train.weight_n * track.slope[step]
        powered = 0.5 * (_quadratic(train.powered, before) + _quadratic(train.powered, after))
        coasting = 0.5 * (_quadratic(train.coasting, before) + _quadratic(train.coasting, after))
        if needed + powered >= 0.0:
            efforts[step] = needed + powered
        else:
            efforts[step] = min(0.0, needed + coasting)
