"""``keruen flows --tntp``: the equilibrium of a test network of the field."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from keruen.cli.answer import Answer
from keruen.cli.screen import Screen
from keruen.cli.usage import wrong_usage
from keruen.errors import Problem, Severity
from keruen.i18n.amounts import FIGURES, figures, scientific

if TYPE_CHECKING:
    import numpy as np

    from keruen.exchange.tntp import TntpProblem, Weights
    from keruen.flows import Assignment
    from keruen.i18n import Translator

GAP: Final = 1e-6
"""Relative gap where none is asked for."""

ITERATIONS: Final = 2000
LINKS_SHOWN: Final = 10
SMALLEST: Final = 1e-9
LARGEST: Final = 1e15
"""Weights beyond this mean nothing; numbers beyond these are shown by powers of ten."""


def parse_gap(text: str) -> float:
    """Read ``--gap``: a number above nought and below one.

    >>> parse_gap("1e-6")
    1e-06
    """
    value = _number(text)
    if not 0.0 < value < 1.0:
        raise wrong_usage("bad_gap", value=text)
    return value


def parse_toll_weight(text: str) -> float:
    """Read ``--toll-weight``."""
    return _weight("--toll-weight", text)


def parse_distance_weight(text: str) -> float:
    """Read ``--distance-weight``."""
    return _weight("--distance-weight", text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _weight(option: str, text: str) -> float:
    value = _number(text)
    if not 0.0 <= value <= LARGEST:
        raise wrong_usage("bad_weight", option=option, value=text)
    return value


def only_with_tntp(**given: object) -> None:
    """Refuse options of this computation where no network is given."""
    for name, value in given.items():
        if value is not None:
            raise wrong_usage("needs_option", option=f"--{name.replace('_', '-')}", other="--tntp")


def only_without_tntp(**given: object) -> None:
    """Refuse what belongs to a study where a network is given."""
    for name, value in given.items():
        if value not in (None, False):
            told = "STUDY" if name == "study" else f"--{name}"
            raise wrong_usage("not_with_option", option=told, other="--tntp")


def tntp_body(files: tuple[Path, Path], gap: float, weights: Weights) -> Answer:
    """Read the files and find the equilibrium; see :func:`keruen.exchange.tntp.read_tntp`."""
    from keruen.exchange.tntp import read_tntp
    from keruen.flows import Settings, assign

    problem = read_tntp(files[0], files[1], weights)
    before = time.process_time()
    settings = Settings(gap=gap, iterations=ITERATIONS)
    found = assign(problem.network, problem.users, problem.demand, settings)
    cpu_s = time.process_time() - before
    told = [*problem.warnings, *(_in_file(one, problem, files[1].name) for one in found.problems)]
    if not found.converged:
        params = {"gap": found.relative_gap, "wanted": gap, "rounds": found.iterations}
        told.append(Problem(Severity.ERROR, "gap_not_reached", params=params))
    return Answer(answer(problem, found, cpu_s), told, view=(problem, found))


def _in_file(told: Problem, problem: TntpProblem, file: str) -> Problem:
    """Name a pair as the file does, by its line and by its nodes counted from 1."""
    params, number = dict(told.params), told.params.get("number")
    if isinstance(kind := params.get("code_told"), str):
        params["code_told"] = f"tntp{kind.removeprefix('flow')}"
        return Problem(told.severity, told.code, file, params=params)
    if not isinstance(number, int):
        return told
    demand, row = problem.demand, int(problem.trip_rows[number])
    origin, destination = demand.origin[number] + 1, demand.destination[number] + 1
    params = {
        "origin": int(origin),
        "destination": int(destination),
        "trips": float(demand.amount[number]),
    }
    code = f"tntp{told.code.removeprefix('flow')}"
    return Problem(told.severity, code, file, row, "destination", params)


def link_costs(problem: TntpProblem, found: Assignment) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Generalised cost of every link at its flow, shape (links,)."""
    users = problem.users
    import numpy as np

    return np.asarray(users.value[0] * found.delay + users.fixed[0])


def answer(problem: TntpProblem, found: Assignment, cpu_s: float) -> dict[str, object]:
    """Shape the result of the JSON contract: units are those of the files."""
    left, listed = left_out(problem, found), problem.file_links
    import numpy as np

    # Links that can carry nothing stand in the list too: without flow, at no cost that anyone pays.
    flow, cost = np.zeros(listed.row.size), np.full(listed.row.size, math.nan)
    flow[listed.open], cost[listed.open] = found.volume, link_costs(problem, found)
    rows = zip(
        (listed.tail + 1).tolist(),
        (listed.head + 1).tolist(),
        flow.tolist(),
        cost.tolist(),
        strict=True,
    )
    return {
        "objective": found.objective if math.isfinite(found.objective) else None,
        "gap": found.relative_gap,
        "iterations": found.iterations,
        "cpu_s": cpu_s,
        "trips": float(problem.demand.amount.sum()),
        "trips_left_out": left,
        "links": [
            {"from": tail, "to": head, "flow": flow, "cost": cost if math.isfinite(cost) else None}
            for tail, head, flow, cost in rows
        ],
    }


def left_out(problem: TntpProblem, found: Assignment) -> float:
    """Trips that no link carries: to where they begin, and to where no route leads."""
    return float(problem.demand.amount[found.amount <= 0.0].sum())


def _figures(t: Translator, value: float, most: int = FIGURES) -> str:
    """Write a number as tables do, and one of many digits by powers of ten."""
    if math.isfinite(value) and value != 0.0 and not SMALLEST <= abs(value) < LARGEST:
        return scientific(t, value, FIGURES)
    return figures(t, value, most)


def show_tntp(screen: Screen, given: Answer) -> None:
    """Print the figures of the equilibrium, and its most loaded links."""
    problem, found = given.view
    t, result = screen.t, given.result
    screen.heading(t("cli.flows.equilibrium"))
    entries = [("trips", t.number(float(found.amount.sum()), 0))]
    if (left := left_out(problem, found)) > 0.0:
        entries.append(("trips_left_out", _figures(t, left)))
    for code, value in (
        *entries,
        ("objective", _figures(t, found.objective, 12)),
        ("gap", scientific(t, found.relative_gap)),
        ("rounds", t.number(found.iterations)),
        ("cpu", figures(t, result["cpu_s"] if result else None)),
    ):
        screen.entry(f"{t(f'cli.flows.{code}')}: {value}", indent=0)
    links = problem.network.links
    capacity = links.rows[:, 1]
    import numpy as np

    use = np.where(capacity > 0.0, found.volume / np.where(capacity > 0.0, capacity, 1.0), 0.0)
    most = np.argsort(-use, kind="stable")[:LINKS_SHOWN]
    costs = link_costs(problem, found)
    rows = [
        [
            str(links.tail[at] + 1),
            str(links.head[at] + 1),
            _figures(t, float(found.volume[at]), 6),
            t.percent(float(use[at])) if use[at] < LARGEST else f"{100.0 * use[at]:.0e} %",
            _figures(t, float(costs[at])),
        ]
        for at in most
    ]
    screen.heading(t("cli.flows.fullest"))
    heads = ("from", "to", "flow", "use", "cost")
    screen.table([t(f"cli.flows.{head}") for head in heads], rows, align="<<>>>")
