from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from keruen.errors import RangeError
from keruen.rail.track_profile import (
    AssumedGradients,
    Bounded,
    assumed_profile,
    merged_profile,
    profile_from_elevation,
    track_profile,
    train_steps,
)


def test_a_train_feels_the_mean_gradient_under_it() -> None:
    profile = track_profile([0.0, 1.0, 2.0], [0.0, 10.0])
    found = train_steps(profile, np.array([0.9, 1.0, 1.25, 1.5, 1.6]), 500.0)
    # The head enters the climb at km 1; over a step of 250 m the mean grows by halves.
    assert found.gradient_permille == pytest.approx([0.0, 2.5, 7.5, 10.0])


def test_the_line_before_the_start_goes_on_as_it_begins() -> None:
    profile = track_profile([5.0, 6.0, 7.0], [4.0, -4.0])
    found = train_steps(profile, np.array([5.0, 5.5, 6.0]), 1000.0)
    assert found.gradient_permille == pytest.approx([4.0, 4.0])


def test_a_curve_shorter_than_the_train_counts_by_its_share() -> None:
    profile = track_profile([0.0, 2.0, 2.2, 4.0], 0.0, radius_m=[np.inf, 350.0, np.inf])
    found = train_steps(profile, np.array([2.5, 2.55]), 800.0)
    assert found.curve_n_per_kn == pytest.approx([700.0 / 350.0 * 200.0 / 800.0])


def test_a_limit_holds_until_the_tail_has_left_it() -> None:
    profile = track_profile([0.0, 1.0, 1.5, 3.0], 0.0, [80.0, 40.0, 60.0])
    head = np.arange(0.0, 3.01, 0.1)
    limits = train_steps(profile, head, 600.0).limit_km_per_h
    inside = (head[1:] > 1.0 + 1e-9) & (head[:-1] < 2.1 - 1e-9)
    assert np.all(limits[inside] == 40.0)
    assert np.all(limits[head[1:] <= 1.0 + 1e-9] == 80.0)
    assert np.all(limits[head[:-1] >= 2.1 - 1e-9] == 60.0)


def test_least_limit_against_a_plain_search() -> None:
    rng = np.random.default_rng(7)
    km = np.append(0.0, np.cumsum(rng.uniform(0.05, 0.9, 60)))
    profile = track_profile(km, 0.0, rng.integers(4, 9, 60) * 10.0)
    head = np.linspace(km[0], km[-1], 301)
    found = train_steps(profile, head, 900.0).limit_km_per_h
    for step in range(300):
        under = (km[1:] > head[step] - 0.9 + 1e-9) & (km[:-1] < head[step + 1] - 1e-9)
        assert found[step] == profile.limit_km_per_h[under].min()


def test_mean_gradient_against_a_fine_sum() -> None:
    rng = np.random.default_rng(3)
    km = np.append(0.0, np.cumsum(rng.uniform(0.2, 1.0, 20)))
    profile = track_profile(km, rng.uniform(-9.0, 9.0, 20))
    head = np.array([3.0, 3.05, 3.1])
    train_km = 0.85
    found = train_steps(profile, head, 850.0).gradient_permille
    for step in range(2):
        heads = np.linspace(head[step], head[step + 1], 401)
        spread = heads[:, None] - np.linspace(0.0, train_km, 801)[None, :]
        segment = np.clip(np.searchsorted(km, spread) - 1, 0, 19)
        assert found[step] == pytest.approx(profile.gradient_permille[segment].mean(), abs=0.02)


def test_reversing_twice_is_the_same_line() -> None:
    profile = track_profile([0.0, 1.0, 4.0], [3.0, -5.0], [60.0, 80.0], [500.0, np.inf])
    back = profile.reversed()
    assert back.climb_m == -profile.climb_m
    assert back.limit_km_per_h.tolist() == [80.0, 60.0]
    again = back.reversed()
    assert again.km.tolist() == profile.km.tolist()
    assert again.gradient_permille.tolist() == profile.gradient_permille.tolist()
    assert again.curvature_per_km.tolist() == profile.curvature_per_km.tolist()
    assert again.limit_km_per_h.tolist() == profile.limit_km_per_h.tolist()


def test_tables_that_change_at_different_places_are_merged() -> None:
    found = merged_profile(
        Bounded([10.0, 12.0, 15.0], [2.0, -1.0]),
        Bounded([8.0, 13.0, 20.0], [60.0, 80.0]),
        Bounded([11.0, 12.5], [400.0]),
    )
    assert found.km.tolist() == [10.0, 11.0, 12.0, 12.5, 13.0, 15.0]
    assert found.gradient_permille.tolist() == [2.0, 2.0, -1.0, -1.0, -1.0]
    assert found.limit_km_per_h.tolist() == [60.0, 60.0, 60.0, 60.0, 80.0]
    assert found.curvature_per_km.tolist() == [0.0, 2.5, 2.5, 0.0, 0.0]


def test_heights_make_gradients() -> None:
    found = profile_from_elevation([0.0, 2.0, 4.0], [500.0, 512.0, 508.0], 80.0)
    assert found.gradient_permille == pytest.approx([6.0, -2.0])
    assert found.climb_m == pytest.approx(8.0)
    assert not found.assumed


@pytest.mark.parametrize("climb_m", [0.0, 40.0, -40.0, 180.0])
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_the_saw_tooth_climbs_and_slopes_as_told(share: float, climb_m: float) -> None:
    found = assumed_profile(100.0, AssumedGradients(6.0, share, climb_m), 90.0)
    lengths = np.diff(found.km)
    sloping = lengths[found.gradient_permille != 0.0].sum()
    assert found.assumed
    assert found.length_km == 100.0
    assert sloping == pytest.approx(100.0 * share)
    assert found.climb_m == pytest.approx(climb_m, abs=1e-6)
    assert np.all(np.isin(found.gradient_permille, [-6.0, 0.0, 6.0]))
    assert np.all(found.limit_km_per_h == 90.0)


def test_a_level_line_may_be_assumed() -> None:
    found = assumed_profile(3.0, AssumedGradients(0.0, 0.5))
    assert found.climb_m == 0.0
    assert np.all(found.gradient_permille == 0.0)


def test_a_climb_beyond_the_ruling_gradient_is_refused() -> None:
    with pytest.raises(RangeError):
        assumed_profile(10.0, AssumedGradients(6.0, 0.5, climb_m=31.0))


BAD: list[dict[str, Any]] = [
    {"km": [0.0]},
    {"km": [0.0, 0.0]},
    {"km": [1.0, 0.0]},
    {"km": [0.0, np.inf]},
    {"km": [0.0, np.nan, 2.0]},
    {"km": [0.0, 1.0], "gradient_permille": [1.0, 2.0]},
    {"km": [0.0, 1.0], "gradient_permille": 101.0},
    {"km": [0.0, 1.0], "gradient_permille": np.nan},
    {"km": [0.0, 1.0], "limit_km_per_h": 0.0},
    {"km": [0.0, 1.0], "limit_km_per_h": -np.inf},
    {"km": [0.0, 1.0], "limit_km_per_h": np.nan},
    {"km": [0.0, 1.0], "radius_m": -300.0},
]


@pytest.mark.parametrize("given", BAD)
def test_impossible_lines_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(RangeError):
        track_profile(**given)


def test_heights_and_kilometres_must_fit() -> None:
    with pytest.raises(RangeError):
        profile_from_elevation([0.0, 1.0], [1.0])
    with pytest.raises(RangeError):
        profile_from_elevation([0.0, 0.0], [1.0, 2.0])


def test_bounds_that_differ_by_rounding_alone_are_one() -> None:
    third = 0.1 + 0.2
    gradients = Bounded([0.0, 0.3, 1.0, 2.0], [5.0, 0.0, -3.0])
    limits = Bounded([-4e-10, third, 1.0 - 8e-7, 2.0 + 1e-12], [60.0, 80.0, 70.0])
    found = merged_profile(gradients, limits)
    assert found.km == pytest.approx([0.0, 0.3, 1.0, 2.0], abs=1e-6)
    assert found.limit_km_per_h.tolist() == [60.0, 80.0, 70.0]
    assert found.gradient_permille.tolist() == [5.0, 0.0, -3.0]
