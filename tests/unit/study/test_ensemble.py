"""Work for many draws gives the same answers on any number of processors."""

from __future__ import annotations

import math
import os

import pytest

from keruen.errors import FailedError, RangeError, error
from keruen.study.ensemble import map_draws, map_prepared


def odd_fails(number: int) -> int:
    if number % 2:
        raise FailedError([error("odd", value=number % 3)])
    return number * 10


def test_answers_come_in_the_order_of_items_and_progress_reaches_one() -> None:
    told: list[float] = []
    assert map_draws(math.isqrt, [9, 4, 1], 1, told.append) == (3, 2, 1)
    assert told == pytest.approx([1 / 3, 2 / 3, 1])
    assert map_draws(math.isqrt, [], 4) == ()


def test_processes_give_what_one_process_gives() -> None:
    items = list(range(20))
    assert map_draws(math.isqrt, items, 2) == map_draws(math.isqrt, items, 1)


def test_problems_of_all_items_are_told_once() -> None:
    with pytest.raises(FailedError) as failed:
        map_draws(odd_fails, [0, 1, 3, 7, 5], 1)
    assert [one.params["value"] for one in failed.value.problems] == [1, 0, 2]


def test_a_bug_is_no_problem_of_the_user() -> None:
    with pytest.raises(ValueError, match="nonnegative"):
        map_draws(math.isqrt, [-1], 1)


@pytest.mark.slow
def test_a_worker_that_dies_is_told() -> None:
    with pytest.raises(FailedError) as failed:
        map_draws(os._exit, [3, 3], 2)
    (problem,) = failed.value.problems
    assert (problem.code, problem.params["count"]) == ("worker_died", 2)


def test_no_workers_are_refused() -> None:
    with pytest.raises(RangeError):
        map_draws(math.isqrt, [1], 0)


def three() -> int:
    return 3


def unready() -> int:
    raise FailedError([error("unready")])


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_made_ready_serves_all_items(workers: int) -> None:
    assert map_prepared(three, pow, [2, 1], workers) == (9, 3)


@pytest.mark.parametrize("workers", [1, 2])
def test_problems_of_making_ready_are_told_once(workers: int) -> None:
    with pytest.raises(FailedError) as failed:
        map_prepared(unready, pow, [2, 1], workers)
    assert [one.code for one in failed.value.problems] == ["unready"]
