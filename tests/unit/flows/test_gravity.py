from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.gravity import exponential_deterrence, gravity, returning_empties


def test_the_prior_is_masses_by_deterrence_and_nothing_within_a_zone() -> None:
    deterrence = np.array([[9.0, 0.5], [0.25, 9.0]])
    prior = gravity(np.array([2.0, 4.0]), np.array([3.0, 5.0]), deterrence)
    assert prior.tolist() == [[0.0, 5.0], [3.0, 0.0]]


def test_deterrence_falls_by_e_over_its_distance_and_not_at_all_without_one() -> None:
    distances = np.array([0.0, 500.0, np.inf])
    assert exponential_deterrence(distances, 500.0) == pytest.approx([1.0, np.exp(-1.0), 0.0])
    assert exponential_deterrence(distances, None).tolist() == [1.0, 1.0, 0.0]


def test_boxes_that_leave_loaded_elsewhere_do_not_come_back() -> None:
    # A sends 100 to B, B sends 60 on to C, C sends 20 back to A.
    loaded = np.array([[0.0, 100.0, 0.0], [0.0, 0.0, 60.0], [20.0, 0.0, 0.0]])
    empties = returning_empties(loaded, np.array([1.0, 1.0, 1.0]))
    # B keeps 40 of A's, C 40 of B's; both go back where they came from.
    assert empties.tolist() == [[0.0, 0.0, 0.0], [40.0, 0.0, 0.0], [0.0, 40.0, 0.0]]


def test_a_surplus_goes_back_in_proportion_to_what_came_in_excess() -> None:
    # From A 30 more than back, from B 60 more; to D 50, so 40 are left, of which a half returns.
    loaded = np.zeros((4, 4))
    loaded[0, 2], loaded[1, 2], loaded[2, 0], loaded[2, 3] = 40.0, 60.0, 10.0, 50.0
    empties = returning_empties(loaded, np.array([0.0, 0.0, 0.5, 0.0]))
    assert empties[2].tolist() == pytest.approx([20.0 * 30 / 90, 20.0 * 60 / 90, 0.0, 0.0])
    assert empties[[0, 1, 3]].sum() == 0.0


def test_balance_leaves_nothing_to_return() -> None:
    assert returning_empties(np.array([[0.0, 5.0], [5.0, 0.0]]), np.ones(2)).sum() == 0.0
