"""The line a train runs on: gradients, curves and speed limits by kilometre.

A profile is a row of segments, each with one gradient, one curvature and one limit. Where nothing
is known but the ruling gradient, :func:`assumed_profile` lays a saw-tooth in its place and says so.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.errors import require_range
from keruen.rail.resistance import CURVE_CONSTANT_M

ASSUMED_WAVE_KM: Final = 25.0
"""One climb, level, fall and level where a ruling gradient stands in for a profile (assumption).

Stations and loops lie on the level or nearly so, on single lines some 20 to 30 km apart; a climb
ends before the next of them, and the longest there can be is one each way in between.
"""
STEEPEST_PERMILLE: Final = 100.0
"""Steeper gradients are taken for errors (assumption)."""
SAME_PLACE_KM: Final = 1e-6
"""Places nearer to each other than this are one place."""
_TINY: Final = 1e-9
_M_PER_KM: Final = 1000.0
_PERMILLE: Final = 1000.0


class TrackProfile(NamedTuple):
    """Segments of a line in the direction of running.

    Before its first kilometre the line is taken to go on as it begins: there stands the tail of a
    train whose head is at the start.

    Parameters
    ----------
    km : array, shape (segments + 1,)
        Where the segments begin and end, rising.
    gradient_permille : array, shape (segments,)
        Rising positive.
    curvature_per_km : array, shape (segments,)
        One over the radius in kilometres; zero where straight.
    limit_km_per_h : array, shape (segments,)
        Highest speed; infinite where only the train sets one.
    assumed : bool
        Whether gradients stand in for ones that are not known.
    """

    km: NDArray[np.float64]
    gradient_permille: NDArray[np.float64]
    curvature_per_km: NDArray[np.float64]
    limit_km_per_h: NDArray[np.float64]
    assumed: bool = False

    @property
    def length_km(self) -> float:
        """Length of the line."""
        return float(self.km[-1] - self.km[0])

    @property
    def climb_m(self) -> float:
        """Height of the end above the start, metres."""
        return float(np.dot(np.diff(self.km), self.gradient_permille))

    def reversed(self) -> TrackProfile:
        """The same line run from its end, kilometres counted from zero there.

        >>> track_profile([0.0, 1.0, 3.0], [5.0, 0.0]).reversed().gradient_permille.tolist()
        [0.0, -5.0]
        """
        return TrackProfile(
            (self.km[-1] - self.km)[::-1].copy(),
            0.0 - self.gradient_permille[::-1],
            self.curvature_per_km[::-1].copy(),
            self.limit_km_per_h[::-1].copy(),
            self.assumed,
        )


def track_profile(
    km: ArrayLike,
    gradient_permille: ArrayLike = 0.0,
    limit_km_per_h: ArrayLike = np.inf,
    radius_m: ArrayLike = np.inf,
    assumed: bool = False,
) -> TrackProfile:
    """A profile from segments; what is one number holds for all of them.

    Parameters
    ----------
    km : array, shape (segments + 1,)
        Where the segments begin and end, rising.
    gradient_permille : array, shape (segments,), or float
        Rising positive.
    limit_km_per_h : array, shape (segments,), or float
        Highest speed.
    radius_m : array, shape (segments,), or float
        Of curves; infinite where straight.
    assumed : bool
        Whether gradients stand in for ones that are not known.

    Returns
    -------
    TrackProfile
        Checked.

    Raises
    ------
    keruen.errors.RangeError
        If kilometres do not rise, a limit or a radius is not positive, a gradient is steeper than
        :data:`STEEPEST_PERMILLE`, or the numbers of values do not fit.

    Examples
    --------
    >>> track_profile([0.0, 2.0, 5.0], [6.0, -2.0], 80.0).climb_m
    6.0
    """
    bounds = np.atleast_1d(np.asarray(km, dtype=np.float64))
    segments = bounds.size - 1
    require_range("km", float(bounds.size), 2.0)
    for bound in (bounds[0], bounds[-1]):
        require_range("km", float(bound), -np.finfo(np.float64).max)
    require_range("km", float(np.diff(bounds).min()), _TINY)
    gradient = _per_segment("gradient_permille", gradient_permille, segments)
    limits = _per_segment("limit_km_per_h", limit_km_per_h, segments)
    radius = _per_segment("radius_m", radius_m, segments)
    require_range("gradient_permille", float(np.abs(gradient).max()), 0.0, STEEPEST_PERMILLE)
    for name, values in (("limit_km_per_h", limits), ("radius_m", radius)):
        least = float(values.min())
        require_range(name, 1.0 if least == np.inf else least, _TINY)
    return TrackProfile(bounds, gradient, _M_PER_KM / radius, limits, assumed)


def _per_segment(name: str, values: ArrayLike, segments: int) -> NDArray[np.float64]:
    given = np.asarray(values, dtype=np.float64)
    if given.ndim == 0:
        return np.full(segments, float(given))
    require_range(name, float(given.size), segments, segments)
    return given.copy()


class Bounded(NamedTuple):
    """Values between kilometres, for :func:`merged_profile`.

    Parameters
    ----------
    km : array, shape (segments + 1,)
        Where the values begin and end, rising.
    values : array, shape (segments,)
        What holds in between.
    """

    km: ArrayLike
    values: ArrayLike


def merged_profile(
    gradient_permille: Bounded, limit_km_per_h: Bounded, radius_m: Bounded | None = None
) -> TrackProfile:
    """A profile from gradients, limits and curves that change at different places.

    It reaches as far as the gradients; where limits or radii are not given there is none. Places
    that differ by no more than :data:`SAME_PLACE_KM`, as after rounding, are one.

    Parameters
    ----------
    gradient_permille, limit_km_per_h, radius_m : Bounded
        By kilometre.

    Returns
    -------
    TrackProfile
        With a segment for every stretch on which nothing changes.

    Raises
    ------
    keruen.errors.RangeError
        As in :func:`track_profile`.

    Examples
    --------
    >>> gradients = Bounded([0.0, 2.0, 5.0], [6.0, -2.0])
    >>> found = merged_profile(gradients, Bounded([0.0, 3.0], [60.0]))
    >>> found.km.tolist(), found.limit_km_per_h.tolist()
    ([0.0, 2.0, 3.0, 5.0], [60.0, 60.0, inf])
    """
    given = [gradient_permille, limit_km_per_h, *([] if radius_m is None else [radius_m])]
    checked = [track_profile(one.km, 0.0, one.values) for one in given[1:]]
    own = track_profile(gradient_permille.km, gradient_permille.values)
    bounds = np.unique(np.concatenate([own.km, *(one.km for one in checked)]))
    # Bounds that differ by rounding alone are one; both ends are those of the gradients.
    inner = bounds[(bounds > own.km[0] + SAME_PLACE_KM) & (bounds < own.km[-1] - SAME_PLACE_KM)]
    inner = inner[np.diff(inner, prepend=-np.inf) > SAME_PLACE_KM]
    bounds = np.concatenate([own.km[:1], inner, own.km[-1:]])
    middle = 0.5 * (bounds[1:] + bounds[:-1])
    steep = own.gradient_permille[np.searchsorted(own.km, middle) - 1]
    limit, *bends = (_value_at(one, middle) for one in checked)
    return track_profile(bounds, steep, limit, bends[0] if bends else np.inf)


def _value_at(profile: TrackProfile, km: NDArray[np.float64]) -> NDArray[np.float64]:
    values = np.concatenate([[np.inf], profile.limit_km_per_h, [np.inf]])
    return values[np.searchsorted(profile.km, km)]


def profile_from_elevation(
    km: ArrayLike,
    elevation_m: ArrayLike,
    limit_km_per_h: ArrayLike = np.inf,
    radius_m: ArrayLike = np.inf,
) -> TrackProfile:
    """A profile from heights at kilometres, straight lines in between.

    Parameters
    ----------
    km, elevation_m : array, shape (segments + 1,)
        Points of the line.
    limit_km_per_h, radius_m : array, shape (segments,), or float
        Between the points.

    Returns
    -------
    TrackProfile
        One segment between two points.

    Raises
    ------
    keruen.errors.RangeError
        As in :func:`track_profile`.

    Examples
    --------
    >>> profile_from_elevation([0.0, 2.0], [100.0, 112.0]).gradient_permille.tolist()
    [6.0]
    """
    bounds = np.asarray(km, dtype=np.float64)
    heights = np.asarray(elevation_m, dtype=np.float64)
    require_range("elevation_m", float(heights.size), bounds.size, bounds.size)
    require_range("km", float(bounds.size), 2.0)
    require_range("km", float(np.diff(bounds).min()), _TINY)
    return track_profile(bounds, np.diff(heights) / np.diff(bounds), limit_km_per_h, radius_m)


class AssumedGradients(NamedTuple):
    """What stands in for a profile that is not known.

    Parameters
    ----------
    ruling_permille : float
        The ruling gradient.
    share : float
        Share of the length that climbs or falls at the ruling gradient; the rest is level.
    climb_m : float
        Height of the end above the start.
    wave_km : float
        One climb, level, fall and level together; 10 to 40 km are as well to be argued for.
    """

    ruling_permille: float
    share: float
    climb_m: float = 0.0
    wave_km: float = ASSUMED_WAVE_KM


def assumed_profile(
    length_km: float, gradients: AssumedGradients, limit_km_per_h: float = np.inf
) -> TrackProfile:
    """A saw-tooth of the ruling gradient, up and down, marked as assumed.

    Each wave is level, up, level, down, level; ups and downs differ by the climb. Half of what is
    level lies between up and down and a quarter at either end, so that the line begins and ends on
    the level.

    Parameters
    ----------
    length_km : float
        Length of the line.
    gradients : AssumedGradients
        Ruling gradient, share, climb and wave.
    limit_km_per_h : float
        Highest speed.

    Returns
    -------
    TrackProfile
        With ``assumed`` set.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range, or the climb higher than share and gradient allow.

    Examples
    --------
    >>> found = assumed_profile(20.0, AssumedGradients(6.0, 0.5, climb_m=12.0))
    >>> round(found.climb_m, 6), float(found.gradient_permille.max()), found.assumed
    (12.0, 6.0, True)
    """
    require_range("length_km", length_km, _TINY)
    require_range("ruling_permille", gradients.ruling_permille, 0.0, STEEPEST_PERMILLE)
    require_range("share", gradients.share, 0.0, 1.0)
    require_range("wave_km", gradients.wave_km, _TINY)
    sloping_km = gradients.share * length_km
    most_m = gradients.ruling_permille * sloping_km
    require_range("climb_m", gradients.climb_m, -most_m, most_m)
    waves = max(1, round(length_km / gradients.wave_km))
    surplus_km = gradients.climb_m / gradients.ruling_permille if most_m > 0.0 else 0.0
    up_km, down_km = (0.5 * (sloping_km + sign * surplus_km) / waves for sign in (1.0, -1.0))
    level_km = (length_km - sloping_km) / waves
    pattern_km = [0.25 * level_km, up_km, 0.5 * level_km, down_km, 0.25 * level_km]
    steep = gradients.ruling_permille
    lengths = np.tile(pattern_km, waves)
    slopes = np.tile([0.0, steep, 0.0, -steep, 0.0], waves)
    kept = lengths > 1e-6
    bounds = np.append(0.0, np.cumsum(lengths[kept]))
    bounds[-1] = length_km
    return track_profile(bounds, slopes[kept], limit_km_per_h, assumed=True)


class TrainSteps(NamedTuple):
    """A profile as a train meets it, by steps of its head.

    Parameters
    ----------
    gradient_permille : array, shape (steps,)
        Mean over the step and over the train.
    curve_n_per_kn : array, shape (steps,)
        Specific resistance of curves, mean over the step and over the train.
    limit_km_per_h : array, shape (steps,)
        Least limit under any part of the train.
    """

    gradient_permille: NDArray[np.float64]
    curve_n_per_kn: NDArray[np.float64]
    limit_km_per_h: NDArray[np.float64]


def train_steps(profile: TrackProfile, head_km: NDArray[np.float64], length_m: float) -> TrainSteps:
    """Mean gradient and curve, and least limit, under a train of evenly spread mass.

    The curve counts ``700 / R`` by the share of the train that stands in it, which is the rule for
    a curve shorter than the train.

    Parameters
    ----------
    profile : TrackProfile
        The line.
    head_km : array, shape (steps + 1,)
        Places of the head, rising.
    length_m : float
        Length of the train.

    Returns
    -------
    TrainSteps
        By step.
    """
    train_km = max(length_m / _M_PER_KM, 1e-3)
    both = (profile.gradient_permille, profile.curvature_per_km)
    steep, bend = _means_under_train(profile.km, both, head_km, train_km)
    first = np.searchsorted(profile.km, head_km[:-1] - train_km + _TINY, side="right") - 1
    last = np.searchsorted(profile.km, head_km[1:] - _TINY, side="right") - 1
    segments = profile.km.size - 1
    least = _least_between(
        profile.limit_km_per_h,
        np.clip(first, 0, segments - 1),
        np.clip(last, 0, segments - 1),
    )
    return TrainSteps(steep, bend * CURVE_CONSTANT_M / _M_PER_KM, least)


def _means_under_train(
    km: NDArray[np.float64],
    rows: tuple[NDArray[np.float64], ...],
    head_km: NDArray[np.float64],
    train_km: float,
) -> list[NDArray[np.float64]]:
    """Means over each step and over the train, from the second integrals of the values."""
    begin = min(float(km[0]), float(head_km[0])) - train_km - 1.0
    bounds = np.concatenate([[begin], km[1:-1], [max(float(km[-1]), float(head_km[-1])) + 1.0]])
    lengths = np.diff(bounds)
    places = np.concatenate([head_km, head_km - train_km])
    segment = np.searchsorted(bounds[1:-1], places, side="right")
    beyond = places - bounds[segment]
    area = np.diff(head_km) * train_km
    means = []
    for values in rows:
        once = np.append(0.0, np.cumsum(values * lengths))
        twice = np.append(0.0, np.cumsum((once[:-1] + 0.5 * values * lengths) * lengths))
        inside = (once[segment] + 0.5 * values[segment] * beyond) * beyond
        second = twice[segment] + inside
        covered = np.diff(second[: head_km.size]) - np.diff(second[head_km.size :])
        means.append(covered / area)
    return means


def _least_between(
    values: NDArray[np.float64], first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Least of ``values[first..last]`` for each pair, from minima over powers of two."""
    width = last - first + 1
    level = np.floor(np.log2(width)).astype(np.int64)
    tables = [values]
    for power in range(int(level.max())):
        half = 1 << power
        before = tables[-1]
        tables.append(np.minimum(before[:-half], before[half:]))
    least = np.empty(first.size)
    for power, table in enumerate(tables):
        here = level == power
        least[here] = np.minimum(table[first[here]], table[last[here] - (1 << power) + 1])
    return least
