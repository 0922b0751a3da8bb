"""Do the same work for many draws, on several processors, in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final, NamedTuple, TypeVar

from keruen.errors import FailedError, KeruenError, Problem, error, require_range

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Ready = TypeVar("Ready")


class _Told(NamedTuple):
    """What a worker hands back: an answer, or the problems for which there is none."""

    answer: object
    problems: tuple[Problem, ...] | None


@dataclass(frozen=True, slots=True)
class _Work:
    """A function whose problems come back as data: an error need not survive the way home."""

    function: Callable[..., object]
    prepare: Callable[[], object] | None = None

    def made_ready(self) -> _Told:
        """What it is called with besides items."""
        return _Told(None, None) if self.prepare is None else _told(self.prepare)

    def done(self, ready: _Told, item: object) -> _Told:
        """Its answer to an item."""
        if ready.problems is not None:
            return ready
        given = (item,) if self.prepare is None else (ready.answer, item)
        return _told(self.function, *given)


def _told(function: Callable[..., object], *given: object) -> _Told:
    try:
        return _Told(function(*given), None)
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
    return _mapped(_Work(function), items, workers, tell)


def map_prepared(
    prepare: Callable[[], Ready],
    function: Callable[[Ready, Item], Answer],
    items: Sequence[Item],
    workers: int,
    tell: Callable[[float], None] = lambda _: None,
) -> tuple[Answer, ...]:
    """Answers for items from what every worker makes ready once.

    Parameters
    ----------
    prepare : callable
        A picklable object; called once by each worker before its first item.
    function : callable
        A function of a module; called with what was made ready, and an item.
    items, workers, tell
        As of :func:`map_draws`.

    Returns
    -------
    tuple
        One answer for each item.

    Raises
    ------
    FailedError
        As :func:`map_draws`, for making ready as well.

    Examples
    --------
    >>> map_prepared(int, max, [1, -5], workers=1)
    (1, 0)
    """
    return _mapped(_Work(function, prepare), items, workers, tell)


def _mapped(
    work: _Work, items: Sequence[Any], workers: int, tell: Callable[[float], None]
) -> tuple[Any, ...]:
    require_range("workers", workers, 1)
    told: list[_Told] = []
    try:
        for found in _done(work, items, min(workers, len(items))):
            told.append(found)
            tell(len(told) / len(items))
    except BrokenProcessPool as broken:
        raise FailedError([error("worker_died", done=len(told), count=len(items))]) from broken
    problems = {repr(one): one for found in told for one in found.problems or ()}
    if problems:
        raise FailedError(list(problems.values()))
    return tuple(found.answer for found in told)


def _done(work: _Work, items: Sequence[object], workers: int) -> Iterator[_Told]:
    if workers <= 1:
        ready = work.made_ready()
        yield from (work.done(ready, item) for item in items)
        return
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(work,)
    )
    with _one_thread_each(), pool:
        yield from pool.map(_go_on, items)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers begun meanwhile do their linear algebra on one thread: they are as many as may be."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class _Desk(NamedTuple):
    """What a worker process works with."""

    work: _Work
    ready: _Told


_DESK: list[_Desk] = []
"""Empty, but in a worker process, which does one work from its start to its end."""


def _begin(work: _Work) -> None:
    _DESK[:] = [_Desk(work, work.made_ready())]


def _go_on(item: object) -> _Told:
    desk = _DESK[0]
    return desk.work.done(desk.ready, item)
