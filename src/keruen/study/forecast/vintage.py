"""A study as a planner knew it on a day: totals of demand whose count was not known yet."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

import pandas as pd

from keruen.errors import Problem, Severity
from keruen.model import Model, read_study
from keruen.study.pipeline import Request, prepare

_SAME: Final = (
    "subject_table",
    "subject_row",
    "quantity",
    "unit",
    "definition_en",
    "loaded",
    "cut",
)
"""What two counts share that count the same thing."""
_FILE: Final = "control_totals.csv"


def planned(request: Request) -> tuple[Model, tuple[Problem, ...]]:
    """A study as a planner knew it: totals rest on what had been counted by then.

    A total whose observation was not known yet takes the latest known one of the same definition,
    as it is: what had been counted last stands for the base year. Where there is none, the total
    falls out.

    Parameters
    ----------
    request : Request
        The study, with the day.

    Returns
    -------
    Model
        Under the scenario, before any day.
    tuple of Problem
        Warnings of the check, and which totals are older or fall out.
    """
    model, problems = prepare(request)
    totals = model["control_totals"]
    named = totals["observation"].fillna("").astype(str)
    lost = (named != "") & ~named.isin(model["observations"].index.astype(str))
    if not lost.any():
        return model, problems
    older = earlier_counts(request, model, named[lost])
    gone = sorted(str(row) for row in totals.index[lost] if str(row) not in older)
    kept = totals[~totals.index.astype(str).isin(gone)].copy()
    for row, count in older.items():
        kept.loc[row, "observation"] = count
    terms = model["control_total_terms"]
    tables = {
        **model.tables,
        "control_totals": kept,
        "control_total_terms": terms[~terms["control_total"].astype(str).isin(gone)],
    }
    told = [
        Problem(Severity.WARNING, code, _FILE, None, "observation", said)
        for code, names in (("totals_of_before", sorted(older)), ("totals_not_known", gone))
        if names and (said := {"count": len(names), "names": ", ".join(names)})
    ]
    return replace(model, tables=MappingProxyType(tables)), (*problems, *told)


def earlier_counts(request: Request, known: Model, lost: pd.Series) -> dict[str, str]:
    """By total the latest known observation of what its own counts; none where there is none.

    Parameters
    ----------
    request : Request
        The study.
    known : Model
        The study as it was known.
    lost : Series
        Observations that were not known, by total.
    """
    whole = read_study(request.path).model
    if whole is None:
        return {}
    every, found = whole["observations"], {}
    counts = known["observations"]
    columns = [name for name in _SAME if name in counts.columns]
    for total, observation in lost.items():
        if observation not in every.index:
            continue
        wanted = every.loc[observation, columns].fillna("").astype(str)
        same = counts[columns].fillna("").astype(str).eq(wanted).all(axis=1)
        if same.any():
            latest = counts[same].sort_values("to_date", kind="stable").index[-1]
            found[str(total)] = str(latest)
    return found
