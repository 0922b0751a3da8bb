"""Queues with Erlang arrivals and Erlang service, solved without approximation.

Times between arrivals have j stages, service times k stages, each exponential; c equal servers,
first come first served: E_j/E_k/c. The state is the stage of the next arrival, how many customers
are in service at each stage, and how many wait. From c customers on, the transitions no longer
depend on how many wait, so that the stationary probabilities of the levels are geometric with a
matrix R in place of a ratio: pi_{n+1} = pi_n R. R comes from the matrix G of first passages one
level down by logarithmic reduction; the levels below c are eliminated from the bottom upwards.

The results reproduce the tables of port planning, Groenveld's for E2/E2/n and M/E2/n as kept in
the sources of OpenTISim (``occupancy_to_waitingfactor``), and the closed forms of M/M/c and M/G/1.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import require_range

FloatArray = NDArray[np.float64]

MAX_STATES: Final = 80
"""Largest number of states of a level that is solved: some milliseconds for one queue."""

_REDUCTIONS: Final = 64
_CONVERGED: Final = 1e-15


class ErlangQueue(NamedTuple):
    """A queue E_j/E_k/c.

    Parameters
    ----------
    servers : int
        Equal servers c.
    service_stages : int
        Stages k of the service time; its squared coefficient of variation is 1/k.
    arrival_stages : int
        Stages j of the time between arrivals.
    """

    servers: int
    service_stages: int
    arrival_stages: int


def level_states(queue: ErlangQueue) -> int:
    """Number of states with all servers busy and a given number waiting.

    >>> level_states(ErlangQueue(3, 4, 2))
    40
    """
    servers, stages = queue.servers, queue.service_stages
    return queue.arrival_stages * comb(servers + stages - 1, stages - 1)


class _Level(NamedTuple):
    """Rates out of the states of one level: one customer more, as many, one less."""

    up: FloatArray
    same: FloatArray
    down: FloatArray


def _placements(customers: int, stages: int) -> list[tuple[int, ...]]:
    """All ways in which customers in service stand in the stages."""
    if stages == 1:
        return [(customers,)]
    return [
        (here, *rest)
        for here in range(customers + 1)
        for rest in _placements(customers - here, stages - 1)
    ]


def _moved(placement: tuple[int, ...], source: int | None, target: int | None) -> tuple[int, ...]:
    """Placement after one customer left a stage, entered another, or both."""
    counts = list(placement)
    if source is not None:
        counts[source] -= 1
    if target is not None:
        counts[target] += 1
    return tuple(counts)


def _level(queue: ErlangQueue, in_service: int, waiting: bool, arrival_rate: float) -> _Level:
    """Rates of the level with so many in service; time is in units of the mean service time."""
    servers, stages, arrivals = queue
    full = in_service == servers
    here, above, below = (
        {placement: place for place, placement in enumerate(_placements(count, stages))}
        for count in (
            in_service,
            min(in_service + 1, servers),
            servers if waiting else max(in_service - 1, 0),
        )
    )
    up = np.zeros((len(here) * arrivals, len(above) * arrivals))
    same = np.zeros((len(here) * arrivals, len(here) * arrivals))
    down = np.zeros((len(here) * arrivals, len(below) * arrivals))
    for placement, place in here.items():
        for phase in range(arrivals):
            row = place * arrivals + phase
            if phase + 1 < arrivals:
                same[row, row + 1] += arrivals * arrival_rate
            else:
                entered = placement if full else _moved(placement, None, 0)
                up[row, above[entered] * arrivals] += arrivals * arrival_rate
            for stage, count in enumerate(placement):
                if not count:
                    continue
                rate = count * stages
                if stage + 1 < stages:
                    column = here[_moved(placement, stage, stage + 1)] * arrivals + phase
                    same[row, column] += rate
                else:
                    left = _moved(placement, stage, 0 if waiting else None)
                    down[row, below[left] * arrivals + phase] += rate
    out = up.sum(axis=1) + same.sum(axis=1) + down.sum(axis=1)
    same[np.diag_indices_from(same)] -= out
    return _Level(up, same, down)


def _rate_matrix(level: _Level) -> FloatArray:
    """R of the levels with customers waiting, by logarithmic reduction."""
    unit = np.eye(len(level.same))
    up = np.linalg.solve(-level.same, level.up)
    down = np.linalg.solve(-level.same, level.down)
    passage, carried = down.copy(), up.copy()
    for _ in range(_REDUCTIONS):
        between = unit - up @ down - down @ up
        up, down = np.linalg.solve(between, up @ up), np.linalg.solve(between, down @ down)
        passage += carried @ down
        carried = carried @ up
        if carried.max() < _CONVERGED:
            break
    left = -(level.same + level.up @ passage)
    return np.asarray(np.linalg.solve(left.T, level.up.T).T, dtype=np.float64)


def _closed(balance: FloatArray, up: FloatArray) -> FloatArray:
    """Set the diagonal from the other rates out: sums of positive numbers lose no digits."""
    np.fill_diagonal(balance, 0.0)
    np.fill_diagonal(balance, -(balance.sum(axis=1) + up.sum(axis=1)))
    return balance


def mean_wait_in_services(queue: ErlangQueue, utilisation: float) -> float:
    """Mean wait before service, in mean service times.

    Parameters
    ----------
    queue : ErlangQueue
        Servers and stages; :func:`level_states` at most :data:`MAX_STATES`.
    utilisation : float
        Share of the servers' time in service, above 0 and below 1.

    Returns
    -------
    float
        Mean wait over mean service time.

    Raises
    ------
    keruen.errors.RangeError
        If a count is not positive, the utilisation outside (0, 1), or there are too many states.

    Examples
    --------
    Groenveld's table V, E2/E2/n, utilisation 0.7 with one, two and three berths:

    >>> [round(mean_wait_in_services(ErlangQueue(n, 2, 2), 0.7), 4) for n in (1, 2, 3)]
    [1.0391, 0.4125, 0.2275]
    """
    for name, count in queue._asdict().items():
        require_range(name, count, 1.0)
    require_range("utilisation", utilisation, 1e-6, 1.0 - 1e-6)
    require_range("level_states", level_states(queue), 1.0, MAX_STATES)
    servers = queue.servers
    arrival_rate = utilisation * servers
    waiting = _level(queue, servers, True, arrival_rate)
    ratio = _rate_matrix(waiting)

    # Levels below c, eliminated upwards: weights[n] turns pi_{n+1} into pi_n.
    weights: list[FloatArray] = []
    folded = _level(queue, 0, False, arrival_rate)
    balance = folded.same
    for count in range(1, servers + 1):
        level = _level(queue, count, False, arrival_rate)
        weight = np.asarray(np.linalg.solve(-balance.T, level.down.T).T, dtype=np.float64)
        weights.append(weight)
        balance = _closed(level.same + weight @ folded.up, level.up)
        folded = level
    balance = balance + ratio @ waiting.down

    # Left null vector of the balance at level c, then normalisation over all levels.
    system = balance.T.copy()
    system[-1] = 1.0
    right = np.zeros(len(system))
    right[-1] = 1.0
    at_full = np.linalg.solve(system, right)
    tail = np.linalg.inv(np.eye(len(ratio)) - ratio)
    total = float((at_full @ tail).sum())
    below = at_full
    for weight in reversed(weights):
        below = below @ weight
        total += float(below.sum())
    waiting_customers = float((at_full @ ratio @ tail @ tail).sum()) / total
    return waiting_customers / arrival_rate


_NODES: Final = 22
_LOW, _HIGH = 0.04, 0.99


@lru_cache(maxsize=512)
def _ratio_nodes(queue: ErlangQueue) -> tuple[FloatArray, FloatArray]:
    """Chebyshev nodes of utilisation, and the wait over that of M/M/c at each."""
    place = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    nodes = _LOW + (_HIGH - _LOW) * (place + 1.0) / 2.0
    plain = ErlangQueue(queue.servers, 1, 1)
    ratios = [
        mean_wait_in_services(queue, float(node)) / mean_wait_in_services(plain, float(node))
        for node in nodes
    ]
    return nodes, np.array(ratios)


def wait_ratio(queue: ErlangQueue, utilisation: float) -> float:
    """Mean wait of E_j/E_k/c over that of M/M/c at the same utilisation, quickly.

    A polynomial through 22 exact solutions, kept for the next call; within 1e-4 of the exact ratio
    (tests/oracles/test_queueing.py). Below a utilisation of 0.04, where hardly anyone waits, the
    ratio at 0.04 stands; between 0.99 and 1 it goes straight to its limit (1/j + 1/k) / 2.

    Parameters, errors as in :func:`mean_wait_in_services`.

    >>> queue = ErlangQueue(2, 2, 2)
    >>> exact = mean_wait_in_services(queue, 0.6) / mean_wait_in_services(ErlangQueue(2, 1, 1), 0.6)
    >>> abs(wait_ratio(queue, 0.6) - exact) < 1e-6
    True
    """
    require_range("utilisation", utilisation, 0.0, 1.0)
    nodes, ratios = _ratio_nodes(queue)
    inside = min(max(utilisation, _LOW), _HIGH)
    apart = inside - nodes
    if np.any(apart == 0.0):
        value = float(ratios[np.flatnonzero(apart == 0.0)[0]])
    else:
        steps = np.arange(_NODES)
        weights = (-1.0) ** steps * np.sin(np.pi * (steps + 0.5) / _NODES) / apart
        value = float(weights @ ratios / weights.sum())
    limit = (1.0 / queue.arrival_stages + 1.0 / queue.service_stages) / 2.0
    if utilisation > _HIGH:
        value += (limit - value) * (utilisation - _HIGH) / (1.0 - _HIGH)
    return min(max(value, 0.0), 1.0)
