"""What drives volumes: rank correlations, and shares of groups of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from keruen.study.forecast.drivers import Group, rank_correlations


def test_rank_correlations_know_no_scale() -> None:
    drawn = np.arange(5.0)
    columns = [np.exp(drawn), -drawn, np.ones(5), np.array([0.0, 1.0, 4.0, 2.0, 3.0])]
    assert rank_correlations(columns, drawn).tolist() == pytest.approx([1.0, -1.0, 0.0, 0.7])


@pytest.mark.parametrize("numbers", [4, 150])
def test_shares_of_groups_are_those_of_what_they_add_up_to(numbers: int) -> None:
    random = np.random.default_rng(3)
    draws = 300
    moving, idle = (random.normal(size=(draws, numbers)) for _ in range(2))
    other = random.normal(size=(draws, 2))
    # Half of the variance is that of the group, spread over all of its numbers.
    drawn = moving.sum(axis=1) / np.sqrt(numbers) + other.sum(axis=1) / np.sqrt(2.0)
    chance = Group(idle).by_chance(drawn)
    assert Group(moving).share(drawn) == pytest.approx(0.5, abs=3.0 * chance + 0.1)
    assert Group(other).share(drawn) == pytest.approx(0.5, abs=0.1)
    assert Group(idle).share(drawn) == pytest.approx(0.0, abs=3.0 * chance)
    assert 0.0 < chance < 0.15


def test_few_numbers_explain_all_of_what_they_make() -> None:
    own = np.random.default_rng(1).normal(size=(60, 1))
    assert Group(own).share(np.exp(own[:, 0])) == pytest.approx(1.0)
