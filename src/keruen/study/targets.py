"""Verdicts: is a claim true, is a target met, since when, and what stands in the way.

A year's verdict is that of its last day: what opens in a year counts for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from keruen.capacity.ladder import candidates_for, pending_projects
from keruen.capacity.registry import Capacities
from keruen.model import Model
from keruen.model.cells import as_date
from keruen.model.provenance import CellKey
from keruen.study.metrics import METRICS, Days, Measured, Target, measure, read_target
from keruen.study.money import project_cost_usd
from keruen.study.sensitivity import Turn, days_judged, fitted_cells, sensitivity
from keruen.study.variants import Variants

TOLERANCE: Final = 1e-9
FACT: Final = "fact"
REPRODUCED: Final = 0.05
"""A fact that flows give holds when they come so near, as a share: statements are rounded."""
IN_LADDERS_ALONE: Final = frozenset({"fleets", "station_tracks"})
"""Tables whose elements bind in ladders of corridors and not in flows."""
_MOST_PACKAGE: Final = 12


class Unblocking(NamedTuple):
    """Projects that make a target hold, with their cost in dollars of the price base.

    ``cost_usd`` is None when the cost of any of them is not known.
    """

    projects: tuple[str, ...]
    cost_usd: float | None


class Verdict(NamedTuple):
    """What a target comes to.

    Parameters
    ----------
    target : Target
        The target.
    verdict : str
        met, missed or undetermined.
    reason : str
        Code of why: ``computed``, ``flows_needed``, ``out_of_service``; ``flows_free``,
        ``flows_touched`` and ``flows_fitted`` where flows say the value, by what their fit saw of
        it.
    computed : float or None
        Value on the last day of the year it is judged in.
    year : int
        That year.
    first_year : int or None
        First year whose last day meets it.
    binding : str
        Element that decides, ``table/row``.
    blocked_by : tuple of str
        Elements in the way, nearest first.
    unblocked_by : Unblocking or None
        Cheapest listed way to make it hold by itself or in a package.
    observed : float or None
        Value of the observation it is read against.
    range : tuple of float or None
        Least and largest value when all assumed cells that matter go to their ends together.
    turns : tuple of Turn
        Assumed cells that turn the verdict alone.
    is_stated : bool
        Whether the value stands in the study as agreed or stated: the verdict is no finding.
    fitted : tuple of CellKey
        Cells that were chosen so that the target is reached: the verdict is no finding either.
    surpassed_by : str
        Observation of the subject that is above what was computed for its year: the study is too
        tight there. Empty when there is none.
    """

    target: Target
    verdict: str
    reason: str
    computed: float | None
    year: int
    first_year: int | None
    binding: str
    blocked_by: tuple[str, ...]
    unblocked_by: Unblocking | None
    observed: float | None
    range: tuple[float, float] | None
    turns: tuple[Turn, ...]
    is_stated: bool = False
    fitted: tuple[CellKey, ...] = ()
    surpassed_by: str = ""


class Volumes(NamedTuple):
    """What flows say of targets.

    Parameters
    ----------
    value : mapping
        By measure and year.
    seen : mapping
        By measure what the fit saw of it: ``free``, ``touched`` or ``fitted``.
    scarce : mapping
        By measure and year the elements with a price that its cargo pays, ``table/row``, that
        which asks most of it first.
    """

    value: Mapping[tuple[str, int], float]
    seen: Mapping[str, str]
    scarce: Mapping[tuple[str, int], tuple[str, ...]]


NO_VOLUMES: Final = Volumes({}, {}, {})


def last_day(year: int) -> date:
    """31 December of a year."""
    return date(year, 12, 31)


def holds(target: Target, value: float) -> bool:
    """Whether a value meets what is wanted; all metrics of capacity want at least it."""
    return value >= target.wanted * (1 - TOLERANCE)


def year_of_fact(model: Model, target: str) -> int | None:
    """Year that a fact is of; None of what is wanted from a year on."""
    if model.text("targets", target, "kind") != FACT:
        return None
    year = model.number("targets", target, "by_year")
    return None if year is None else int(year)


def is_reproduced(kind: str) -> bool:
    """Whether flows have to come out as it was told, above it no less than below: of a fact."""
    return kind == FACT


def is_met(kind: str, wanted: float, value: float) -> bool:
    """Whether flows give what is wanted; a fact has to come out as it was told.

    >>> is_met("target", 10.0, 12.0), is_met("fact", 10.0, 12.0), is_met("fact", 10.0, 9.6)
    (True, False, True)
    """
    if is_reproduced(kind):
        return abs(value / wanted - 1.0) <= REPRODUCED
    return value >= wanted * (1 - TOLERANCE)


def days_of(base: Model) -> Days:
    """Capacities by day of a study, each day compiled once, and only where it is not as before."""
    known: dict[date, Capacities] = {}

    def day_of(day: date) -> Capacities:
        if day not in known:
            model = base.at(day)
            last = next(reversed(known.values()), None)
            known[day] = Capacities(model) if last is None else last.revised(model)
        return known[day]

    return day_of


def _blockers(target: Target, found: Measured) -> tuple[str, ...]:
    if holds(target, found.value):
        return ()
    if not found.blockers:
        return (found.binding,) if found.binding else ()
    teu = target.metric.endswith("teu")
    return tuple(
        f"{step.kind}/{step.element}"
        for step in found.blockers
        if (step.binds_at_teu if teu else step.binds_at_t) < target.wanted
    )


def _cost(base: Model, projects: Iterable[str]) -> float | None:
    """Cost of projects together; what is part of an envelope among them is in its cost already."""
    chosen = set(projects)
    costs = [
        project_cost_usd(base, project)
        for project in sorted(chosen)
        if not chosen & _envelopes(base, project)
    ]
    known = [cost for cost in costs if cost is not None]
    return math.fsum(known) if len(known) == len(costs) else None


def _envelopes(base: Model, project: str) -> set[str]:
    """Projects that a project is part of, upwards."""
    above: set[str] = set()
    while (project := base.text("projects", project, "part_of")) and project not in above:
        above.add(project)
    return above


def _relevant(day_model: Model, found: Measured) -> tuple[str, ...]:
    """Pending projects that touch what decides."""
    if found.blockers:
        return candidates_for(day_model, found.blockers[:_MOST_PACKAGE])
    rows = {(i.cell[0], i.cell[1]) for i in found.inputs if i.cell is not None}
    pending = pending_projects(day_model)
    changes = day_model["project_changes"]
    columns = (changes[name] for name in ("project", "table", "row"))
    return tuple(
        sorted(
            {
                str(project)
                for project, table, row in zip(*columns, strict=True)
                if project in pending and (table, row) in rows
            }
        )
    )


class _Search:
    """Looks for projects that make one target hold on one day."""

    def __init__(self, variants: Variants, day: date, target: Target) -> None:
        self._variants = variants
        self._day = day
        self._target = target

    def value_with(self, projects: frozenset[str]) -> Measured | None:
        """The metric with projects open; None when they cannot be, or it cannot be taken then."""
        days = self._variants.days_with(self._day, projects)
        return None if days is None else measure(days, self._day, self._target)

    def enough(self, projects: frozenset[str]) -> bool:
        """Whether the target holds with these projects open."""
        found = self.value_with(projects)
        return found is not None and holds(self._target, found.value)

    def all_relevant(self, found: Measured) -> frozenset[str]:
        """Projects that touch what decides, what decides once they are open, and so on."""
        chosen: frozenset[str] = frozenset()
        current: Measured | None = found
        while current is not None and not holds(self._target, current.value):
            known = self._variants.on(self._day, chosen)
            fresh = set() if known is None else set(_relevant(known.model, current)) - chosen
            if not fresh:
                break
            chosen |= fresh
            current = self.value_with(chosen)
        return chosen


def unblock(variants: Variants, day: date, target: Target, found: Measured) -> Unblocking | None:
    """Cheapest single project that makes a target hold, else a package of which none can be spared.

    The package begins with every project that touches what decides, then leaves out one after the
    other, the dearest first and those of unknown cost before them, as long as the target holds. It
    is cheap, not surely the cheapest: other packages are not compared.

    Parameters
    ----------
    variants : Variants
        What-if capacities of the study.
    day : date
        Day judged.
    target : Target
        A target that does not hold.
    found : Measured
        Its value that day.

    Returns
    -------
    Unblocking or None
        None when no listed project, alone or with others, makes it hold. Of single projects those
        without a known cost come last.
    """
    base, search = variants.base, _Search(variants, day, target)
    cost = {
        project: _or_infinite(project_cost_usd(base, project)) for project in base["projects"].index
    }
    alone = [
        project
        for project in _relevant(variants.days(day).model, found)
        if search.enough(frozenset({project}))
    ]
    if alone:
        best = min(alone, key=lambda project: (cost[project], project))
        return Unblocking((best,), _cost(base, (best,)))
    package = search.all_relevant(found)
    if not search.enough(package):
        return None
    for project in sorted(package, key=lambda project: (-cost[project], project)):
        if search.enough(package - {project}):
            package -= {project}
    projects = tuple(sorted(package))
    return Unblocking(projects, _cost(base, projects))


def _or_infinite(cost: float | None) -> float:
    return float("inf") if cost is None else cost


def _judged_year(model: Model, target: Target) -> int:
    settings = model.settings
    if target.by_year is None:
        return settings.last_year
    return min(max(target.by_year, settings.first_year), settings.last_year)


def _observed(model: Model, target: Target) -> float | None:
    """Value of the target's observation; None when there is none, or none known by then."""
    if target.observation not in model["observations"].index:
        return None
    return model.number("observations", target.observation, "value")


_COUNTED: Final = frozenset({"volume", "teu"})


def _surpassed(model: Model, days: Days, target: Target) -> str:
    """The largest volume observed that is above the capacity computed for its year.

    Only whole years from the base year on count: before, the tables stand for something else.
    """
    observations, found = model["observations"], ""
    most = 0.0
    for row in model.rows("observations", subject_table=target.table, subject_row=target.row):
        if model.text("observations", row, "quantity") not in _COUNTED:
            continue
        ended = as_date(observations.at[row, "to_date"])
        value = model.number("observations", row, "value") or 0.0
        if model.text("observations", row, "unit") != target.unit or ended is None:
            continue
        if ended.year not in model.settings.years or value <= most:
            continue
        known = measure(days, last_day(ended.year), target)
        if known is not None and known.value < value:
            found, most = row, value
    return found


def _first_year(model: Model, days: Days, target: Target) -> int | None:
    for year in model.settings.years:
        found = measure(days, last_day(year), target)
        if found is not None and holds(target, found.value):
            return year
    return None


def _by_flows(base: Model, empty: Verdict, volumes: Volumes) -> Verdict:
    """Judge a target by the flows of its year."""
    target = empty.target
    value = volumes.value[target.measure, empty.year]

    years = [
        year
        for year in base.settings.years
        if (target.measure, year) in volumes.value
        and is_met(target.kind, target.wanted, volumes.value[target.measure, year])
    ]
    met = is_met(target.kind, target.wanted, value)
    seen = volumes.seen.get(target.measure, "free")
    return empty._replace(
        verdict="met" if met else "missed",
        reason=f"flows_{seen}",
        computed=value,
        first_year=None if target.kind == FACT or not years else years[0],
        blocked_by=() if met else volumes.scarce.get((target.measure, empty.year), ()),
    )


def judge(variants: Variants, row: str, volumes: Volumes = NO_VOLUMES) -> Verdict:
    """Judge one target.

    Parameters
    ----------
    variants : Variants
        What-if capacities of the study; shared between targets so that each is worked out once.
    row : str
        Row of ``targets``.
    volumes : Volumes
        What flows say, where they were found.

    Returns
    -------
    Verdict
        Undetermined for what neither capacity nor flows decide.
    """
    base, days = variants.base, variants.days
    target = read_target(base, row)
    year = _judged_year(base, target)
    observed = _observed(base, target)
    empty = Verdict(target, "undetermined", "", None, year, None, "", (), None, observed, None, ())
    if (target.measure, year) in volumes.value:
        return _by_flows(base, empty, volumes)
    if target.metric not in METRICS:
        return empty._replace(reason="flows_needed")
    found = measure(days, last_day(year), target)
    if found is None:
        return empty._replace(reason="out_of_service")
    met = holds(target, found.value)
    spread = sensitivity(days, last_day(year), target, found)
    return empty._replace(
        verdict="met" if met else "missed",
        reason="computed",
        computed=found.value,
        first_year=_first_year(base, days, target),
        binding=found.binding,
        blocked_by=_blockers(target, found),
        unblocked_by=None if met else unblock(variants, last_day(year), target, found),
        range=spread.range,
        is_stated=found.is_stated,
        fitted=fitted_cells(
            [days(one).model for one in days_judged(last_day(year), target)], found, target
        ),
        surpassed_by=_surpassed(base, days, target),
        turns=tuple(
            turn
            for turn in spread.turns
            if any(
                value is not None and holds(target, value) != met
                for value in (turn.value_at_low, turn.value_at_high)
            )
        ),
    )


def judge_all(
    base: Model,
    days: Days,
    tell: Callable[[float], None] | None = None,
    volumes: Volumes = NO_VOLUMES,
) -> tuple[Verdict, ...]:
    """Judge every target of a study, in the order of its table; ``tell`` hears the share done."""
    rows = [str(row) for row in base["targets"].index]
    verdicts = []
    variants = Variants(base, days)
    for done, row in enumerate(rows):
        verdicts.append(judge(variants, row, volumes))
        if tell is not None:
            tell((done + 1) / len(rows))
    return tuple(verdicts)
