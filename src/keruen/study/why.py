"""Why an element matters: who uses it, what it is worth, what would be without it and with more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.capacity.ladder import pending_projects
from keruen.capacity.registry import KINDS, Capacities
from keruen.errors import FailedError
from keruen.flows.freight.cases import Alike, Case, Whole, closed, gain_usd, rent_usd, whole_of
from keruen.flows.freight.compile import compile_freight
from keruen.flows.freight.selection import (
    Subject,
    find_subject,
    standing_of,
    users_of,
)
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.standing import Standing
from keruen.flows.freight.tables import link_table
from keruen.flows.freight.years import FreightYears, mid_year
from keruen.model import Model
from keruen.study.levers import Ends, Response, planned, respond, setting_of
from keruen.study.money import project_cost_usd
from keruen.study.variants import Variants

FloatArray = NDArray[np.float64]

MOST_PROJECTS: Final = 8
"""Projects that are opened one by one, the first to open first."""
MOST_TAKERS: Final = 10
"""Elements that are told to take over, those that gain the most first."""
LEAST_TAKEN: Final = 0.001
"""Part of what passes an element below which another is not told to take over."""
DUST: Final = 1e-4
"""Part of what passes an element below which a fall is none: what the gap leaves open."""
LIFTS: Final = 1.001
"""A project lifts an element when its capacity in any direction grows at least so."""
RELATIONS: Final = ("lifts", "touches", "beside")
"""How a project has to do with an element, the nearest first."""
Tell = Callable[[float], None]


class Without(NamedTuple):
    """What would be if nobody could take an element.

    Parameters
    ----------
    users_t : float
        Net tonnes a year that pass it now.
    whole : Whole
        The whole study without it.
    gain_usd : float
        What shippers gain a year; below nought where they lose.
    rent_usd : float
        What they pay more for scarcity a year: somebody gets it, and the gain does not count it.
    takers : DataFrame
        Elements that carry more, and less of nothing: table, row, direction, tonnes and TEU a year
        more, price after.
    """

    users_t: float
    whole: Whole
    gain_usd: float
    rent_usd: float
    takers: pd.DataFrame


class Effect(NamedTuple):
    """What a project would change, opened alone.

    Parameters
    ----------
    project, relation : str
        The project, and ``lifts``, ``touches`` or ``beside``: whether it gives the element more
        capacity, changes it or what its capacity rests on, or brings something to its ends.
    open_date : str
        As the study has it; empty where it has none.
    cost_usd : float or None
        Its cost.
    standings : tuple of Standing
        The element with it; empty where it is taken away.
    flow_t, flow_teu : float
        Net tonnes and TEU a year through the element with it.
    whole : Whole
        The whole study with it.
    gain_usd : float
        What shippers gain a year.
    """

    project: str
    relation: str
    open_date: str
    cost_usd: float | None
    standings: tuple[Standing, ...]
    flow_t: float
    flow_teu: float
    whole: Whole
    gain_usd: float


class Why(NamedTuple):
    """Everything asked about an element.

    Parameters
    ----------
    subject : Subject
        The element.
    flows : Flows
        The equilibrium of the year, on the routes of all cases asked about.
    model : Model
        Of its day.
    standings : tuple of Standing
        The element by direction; empty of a place.
    users : DataFrame
        Who uses it (:func:`keruen.flows.freight.selection.users_of`).
    whole : Whole
        The whole study.
    without : Without or None
        What would be without it; None where nothing passes it.
    projects : tuple of Effect
        What projects would change.
    left_out : tuple of str
        Projects near it that were not opened: beyond :data:`MOST_PROJECTS`, or not able to be open
        alone.
    lever : Response or None
        Response to a lever, where one was asked for.
    """

    subject: Subject
    flows: Flows
    model: Model
    standings: tuple[Standing, ...]
    users: pd.DataFrame
    whole: Whole
    without: Without | None
    projects: tuple[Effect, ...]
    left_out: tuple[str, ...]
    lever: Response | None


def _nobody(share: float) -> None:
    del share


class Question(NamedTuple):
    """What is asked.

    Parameters
    ----------
    element : str
        ``table/row``, id or name.
    year : int
        Year.
    lever : str or None
        One of :data:`keruen.study.levers.LEVERS`.
    ends : Ends or None
        Relation of a subsidy; None takes the largest that uses the element.
    """

    element: str
    year: int
    lever: str | None = None
    ends: Ends | None = None


def why(
    years: FreightYears,
    days: Callable[[date], Capacities],
    question: Question,
    tell: Tell = _nobody,
) -> Why:
    """Answer why an element matters.

    Parameters
    ----------
    years : FreightYears
        Freight of the study.
    days : callable
        Its capacities by day.
    question : Question
        What is asked.
    tell : callable
        Told the share that is done.

    Returns
    -------
    Why

    Raises
    ------
    UsageError, FailedError
        As :func:`keruen.flows.freight.selection.find_subject` and
        :func:`keruen.study.levers.respond`.
    """
    year = question.year
    known = days(mid_year(year))
    freight = years.freight(year)
    subject = find_subject(freight, years.base, known.model, question.element)
    tell(0.0)
    found = years.flows(year)
    alike, shut = Alike(years, year), closed(freight, subject.links)
    setting = setting_of(years, year, known, subject, found)
    plan = None
    if question.lever is not None:
        plan = planned(setting, question.lever, question.ends)
    present = _Present(years, year, days, subject, found)
    chosen, left_out = _chosen(present)
    tell(0.3)
    cases = [shut, *(case for _, case in plan.cases)] if plan is not None else [shut]
    for done, case in enumerate(cases):
        alike.seek(case)
        tell(0.3 + 0.1 * (done + 1) / len(cases))
    able = _able(alike, chosen, tell)
    now = alike.present()
    present = present._replace(flows=now)
    effects = []
    for done, option in enumerate(able):
        tell(0.6 + 0.2 * done / len(able))
        effects.append(_effect(present, option, alike.solved(option.case)))
    tell(0.8)
    lever = None if plan is None else respond(setting, plan, alike)
    users = users_of(now, subject)
    failed = [one.project for one in chosen if not any(one is other for other in able)]
    return Why(
        subject,
        now,
        known.model,
        standing_of(now, subject),
        users,
        whole_of(now),
        _without(subject, now, alike.solved(shut)) if len(users) else None,
        tuple(effects),
        tuple(sorted([*left_out, *failed])),
        lever,
    )


def _without(subject: Subject, now: Flows, after: Flows) -> Without:
    keys = ["element_table", "element_row", "direction"]
    columns = ["flow_t_per_year", "flow_teu_per_year"]
    a, b = (link_table(one).set_index(keys) for one in (now, after))
    more = b[columns].sub(a[columns], fill_value=0.0)
    more["price_usd"] = b["price_usd"]
    users = users_of(now, subject)
    least = LEAST_TAKEN * users[columns].sum()
    rises, falls = more[columns] > least, more[columns] < -DUST * users[columns].sum()
    order = more[rises.any(axis=1) & ~falls.any(axis=1)].reset_index()
    # Elements in a row carry the same up to the gap: among them the id decides.
    order = order.sort_values(
        [*columns, *keys],
        ascending=[False, False, True, True, True],
        key=lambda cells: cells.round() if cells.name in columns else cells,
    )
    return Without(
        float(users["flow_t_per_year"].sum()),
        whole_of(after),
        gain_usd(now, after),
        rent_usd(after) - rent_usd(now),
        order.head(MOST_TAKERS).reset_index(drop=True),
    )


class _Present(NamedTuple):
    years: FreightYears
    year: int
    days: Callable[[date], Capacities]
    subject: Subject
    flows: Flows


class _Option(NamedTuple):
    """A project to open: how it has to do with the element, the day with it, and its case."""

    project: str
    relation: str
    other: Capacities
    case: Case


def _chosen(present: _Present) -> tuple[list[_Option], list[str]]:
    """Projects near an element to open, those first that lift it, then by opening; the others."""
    years, year, days, _, _ = present
    day = mid_year(year)
    known = days(day)
    variants, elements = Variants(years.base, days), _elements(present)
    near: list[tuple[tuple[int, str, str], str, Capacities]] = []
    left_out: list[str] = []
    for project, how in near_projects(present).items():
        other = variants.on(day, (project,))
        if other is None:
            left_out.append(project)
            continue
        relation = "lifts" if _lifted(known, other, elements) else how
        when = known.model.text("projects", project, "open_date")[:10]
        rank = RELATIONS.index(relation)
        near.append(((rank, when or "9999", project), relation, other))
    near.sort(key=lambda one: one[0])
    chosen = []
    for (_, _, project), relation, other in near[:MOST_PROJECTS]:
        try:
            case = Case(compile_freight(other.model, other))
        except FailedError:
            left_out.append(project)
            continue
        chosen.append(_Option(project, relation, other, case))
    return chosen, left_out + [one[0][2] for one in near[MOST_PROJECTS:]]


def _able(alike: Alike, chosen: list[_Option], tell: Tell) -> list[_Option]:
    """Look for the routes of every project; those that there is an equilibrium with."""
    able = []
    for done, option in enumerate(chosen):
        tell(0.4 + 0.2 * done / len(chosen))
        try:
            alike.seek(option.case)
        except FailedError:
            continue
        able.append(option)
    return able


def _effect(present: _Present, option: _Option, after: Flows) -> Effect:
    other, now = option.other, present.flows
    there = present.subject.within(option.case.freight, other.model)
    users = users_of(after, there)
    return Effect(
        option.project,
        option.relation,
        other.model.text("projects", option.project, "open_date")[:10],
        project_cost_usd(present.years.base, option.project),
        standing_of(after, there),
        float(users["flow_t_per_year"].sum()),
        float(users["flow_teu_per_year"].sum()),
        whole_of(after),
        gain_usd(now, after),
    )


def _elements(present: _Present) -> set[tuple[str, str]]:
    """Elements that a subject is made of."""
    drafts = present.flows.freight.drafts
    own = {(drafts[at].table, drafts[at].row) for at in present.subject.links.tolist()}
    return own | {(present.subject.table, present.subject.row)}


def near_projects(present: _Present) -> dict[str, str]:
    """Projects not open yet that have to do with an element, each with how.

    ``touches``: it changes the element, or a row that a capacity of it rests on. ``beside``: it
    inserts a row with an end at one of the ends of the element.
    """
    model = present.days(mid_year(present.year)).model
    known, own = present.days(mid_year(present.year)), _elements(present)
    rows = set(own)
    for table, row in own:
        if table in KINDS:
            inputs = (entry for record in known.of(table, row) for entry in record.inputs)
            rows |= {entry.cell[:2] for entry in inputs if entry.cell is not None}
    drafts = present.flows.freight.drafts
    ends = {end for at in present.subject.links.tolist() for end in drafts[at].ends}
    pending = pending_projects(model)
    changes = model["project_changes"]
    columns = (changes[name] for name in ("project", "op", "table", "row", "column", "value"))
    found: dict[str, str] = {}
    for project, op, table, row, column, value in zip(*columns, strict=True):
        name = str(project)
        if name not in pending:
            continue
        if (str(table), str(row)) in rows:
            found[name] = "touches"
        elif op == "insert" and column in _END_COLUMNS and str(value) in ends:
            found.setdefault(name, "beside")
    return dict(sorted(found.items()))


_END_COLUMNS: Final = ("from_node", "to_node", "node")


def _lifted(known: Capacities, other: Capacities, elements: set[tuple[str, str]]) -> bool:
    """Whether a project gives any of the elements more of its native capacity."""
    for table, row in elements:
        if table not in KINDS or row not in other.model[table].index:
            continue
        before = {(one.direction, one.level): one.native_per_year for one in known.of(table, row)}
        for one in other.of(table, row):
            had = before.get((one.direction, one.level))
            has = one.native_per_year
            if had is not None and has is not None and has > had and has >= had * LIFTS:
                return True
    return False
