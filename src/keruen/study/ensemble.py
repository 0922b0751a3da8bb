"""Do the same work for many draws, on several processors, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, NamedTuple, TypeVar

from keruen.errors import FailedError, KeruenError, Problem, error, require_range

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class _Told(NamedTuple):
    """What a worker hands back: an answer, or the problems for which there is none."""

    answer: object
    problems: tuple[Problem, ...] | None


@dataclass(frozen=True, slots=True)
class _Telling:
    """A function whose problems come back as data: an error need not survive the way home."""

    function: Callable[..., object]

    def __call__(self, item: object) -> _Told:
        try:
            return _Told(self.function(item), None)
        except KeruenError as failed:
            return _Told(None, failed.problems)


def map_draws(
    function: Callable[[Item], Answer],
    items: Sequence[Item],
    workers: int,
    tell: Callable[[float], None] = lambda _: None,
) -> tuple[Answer, ...]:
    """Answers for items, in the order of the items, whichever worker is done first.

    Workers are started afresh and share no state with this process, so that a number of them
    changes nothing but the time. One worker, or one item, is done in this process.

    Parameters
    ----------
    function : callable
        A function of a module, or a picklable object that is called; not one made on the spot.
    items : sequence
        What it is called with.
    workers : int
        Processes, at least 1.
    tell : callable
        Told the share done after each item.

    Returns
    -------
    tuple
        One answer for each item.

    Raises
    ------
    FailedError
        With every problem of every item, each once, when the function failed for any; or when a
        worker died, say for want of memory.

    Examples
    --------
    >>> map_draws(abs, [-2, 1], workers=1)
    (2, 1)
    """
    require_range("workers", workers, 1)
    told: list[_Told] = []
    work = _Telling(function)
    try:
        for found in _done(work, items, min(workers, len(items))):
            told.append(found)
            tell(len(told) / len(items))
    except BrokenProcessPool as broken:
        raise FailedError([error("worker_died", done=len(told), count=len(items))]) from broken
    problems = {repr(one): one for found in told for one in found.problems or ()}
    if problems:
        raise FailedError(list(problems.values()))
    return tuple(found.answer for found in told)  # type: ignore[misc]


def _done(work: Callable[[Any], _Told], items: Sequence[object], workers: int) -> Iterator[_Told]:
    if workers <= 1:
        yield from map(work, items)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, items)
