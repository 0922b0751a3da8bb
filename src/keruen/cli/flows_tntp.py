"""``keruen flows --tntp``: the equilibrium of a test network of the field."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from keruen.cli.amounts import figures
from keruen.cli.answer import Answer
from keruen.cli.screen import Screen
from keruen.cli.usage import wrong_usage
from keruen.errors import Problem, Severity

if TYPE_CHECKING:
    import numpy as np

    from keruen.exchange.tntp import TntpProblem, Weights
    from keruen.flows import Assignment

GAP: Final = 1e-6
"""Relative gap where none is asked for."""

ITERATIONS: Final = 2000
LINKS_SHOWN: Final = 10


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
    if not 0.0 <= value < math.inf:
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
    """Name a pair as the file does, by its nodes counted from 1."""
    number = told.params.get("number")
    if not isinstance(number, int):
        return told
    demand = problem.demand
    origin, destination = demand.origin[number] + 1, demand.destination[number] + 1
    params = {"origin": int(origin), "destination": int(destination)}
    return Problem(told.severity, f"tntp{told.code.removeprefix('flow')}", file, params=params)


def link_costs(problem: TntpProblem, found: Assignment) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Generalised cost of every link at its flow, shape (links,)."""
    users = problem.users
    import numpy as np

    return np.asarray(users.value[0] * found.delay + users.fixed[0])


def answer(problem: TntpProblem, found: Assignment, cpu_s: float) -> dict[str, object]:
    """Shape the result of the JSON contract: units are those of the files."""
    links = problem.network.links
    rows = zip(
        (links.tail + 1).tolist(),
        (links.head + 1).tolist(),
        found.volume.tolist(),
        link_costs(problem, found).tolist(),
        strict=True,
    )
    return {
        "objective": found.objective if math.isfinite(found.objective) else None,
        "gap": found.relative_gap,
        "iterations": found.iterations,
        "cpu_s": cpu_s,
        "links": [
            {"from": tail, "to": head, "flow": flow, "cost": cost}
            for tail, head, flow, cost in rows
        ],
    }


def show_tntp(screen: Screen, given: Answer) -> None:
    """Print the figures of the equilibrium, and its most loaded links."""
    problem, found = given.view
    t, result = screen.t, given.result
    screen.heading(t("cli.flows.equilibrium"))
    trips = t.number(float(found.amount.sum()), 0)
    for code, value in (
        ("trips", trips),
        ("objective", figures(t, found.objective, 12)),
        ("gap", f"{found.relative_gap:.1e}"),
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
            figures(t, float(found.volume[at]), 6),
            t.percent(float(use[at])),
            figures(t, float(costs[at])),
        ]
        for at in most
    ]
    screen.heading(t("cli.flows.fullest"))
    heads = ("from", "to", "flow", "use", "cost")
    screen.table([t(f"cli.flows.{head}") for head in heads], rows, align="<<>>>")
