"""A study as a planner knew it on a day: totals of demand whose count was not known yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import pandas as pd

from keruen.errors import Problem, Severity
from keruen.model import Model, read_study
from keruen.model.demand_pairs import factors_over, possible_cells, stated
from keruen.model.provenance import Owner
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
    as it is: what had been counted last stands for the base year, and typed totals that are parts
    of it keep their share of it. Where there is none, the total falls out.

    Parameters
    ----------
    request : Request
        The study, with the day.

    Returns
    -------
    Model
        Under the scenario, before any day.
    tuple of Problem
        Warnings of the check, and which totals are older, fall out, or have no day.
    """
    model, problems = prepare(request)
    if request.as_of is None:
        return model, problems
    totals = model["control_totals"]
    named = totals["observation"].fillna("").astype(str)
    lost = (named != "") & ~named.isin(model["observations"].index.astype(str))
    undated = sorted(map(str, totals.index[named == ""]))
    if not lost.any():
        return model, (*problems, *_told({"totals_without_day": undated}))
    whole = read_study(request.path).model
    older = {} if whole is None else earlier_counts(whole, model, named[lost])
    gone = sorted(str(row) for row in totals.index[lost] if str(row) not in older)
    kept = totals[~totals.index.astype(str).isin(gone)].copy()
    for row, count in older.items():
        kept.loc[row, "observation"] = count
    shares = {} if whole is None else shares_of_wholes(whole, model, kept, older)
    owners = dict(model.owners)
    for row, share in shares.items():
        kept.loc[row, "value"] = float(kept["value"][row]) * share
        cell = ("control_totals", row, "value")
        if cell in owners:
            owners[cell] = in_proportion(owners[cell], share)
    terms = model["control_total_terms"]
    tables = {
        **model.tables,
        "control_totals": kept,
        "control_total_terms": terms[~terms["control_total"].astype(str).isin(gone)],
    }
    told = _told(
        {
            "totals_of_before": sorted(older),
            "totals_not_known": gone,
            "totals_in_proportion": sorted(shares),
            "totals_without_day": undated,
        }
    )
    then = replace(model, tables=MappingProxyType(tables), owners=MappingProxyType(owners))
    return then, (*problems, *told)


def _told(by_code: Mapping[str, list[str]]) -> list[Problem]:
    """Warnings that name totals, where there are any."""
    return [
        Problem(Severity.WARNING, code, _FILE, None, "observation", said)
        for code, names in by_code.items()
        if names and (said := {"count": len(names), "names": ", ".join(names)})
    ]


def in_proportion(owner: Owner, share: float) -> Owner:
    """The range of a number of which only a share is left.

    >>> in_proportion(Owner("", "assumed", "8", "", "20", "triangular"), 0.5)[2:5]
    ('4', '', '10')
    """
    low, mode, high = (
        f"{float(text) * share:.12g}" if text else ""
        for text in (owner.low, owner.mode, owner.high)
    )
    return owner._replace(low=low, mode=mode, high=high)


def shares_of_wholes(
    whole: Model, known: Model, totals: pd.DataFrame, older: Mapping[str, str]
) -> dict[str, float]:
    """By typed total what is left of it where a total that it is part of takes an older count.

    A part was told beside the later count. Beside the earlier one it would be larger than the
    whole, so it keeps its share of it. Of several wholes that which counts the fewest pairs of
    zones says it.

    Parameters
    ----------
    whole, known : Model
        The study as it is, and as it was known.
    totals : DataFrame
        Control totals that remain.
    older : mapping of str to str
        By total the count that stands for its own.
    """
    boxed = _boxed(known)
    cells = possible_cells(known["zones"], known["zone_masses"], boxed)
    counted = factors_over(known.tables, totals, cells) > 0.0
    before = stated(totals, known["observations"])["value"]
    after = stated(whole["control_totals"], whole["observations"])["value"]
    place = {str(total): at for at, total in enumerate(totals.index)}
    typed = totals["observation"].fillna("").astype(str) == ""
    found: dict[str, float] = {}
    for total in map(str, totals.index[typed]):
        own = counted[place[total]]
        same_year = totals["year"] == totals["year"][total]
        wholes = [
            one
            for one in older
            if same_year[one] and own.any() and not (own & ~counted[place[one]]).any()
        ]
        if wholes:
            nearest = min(wholes, key=lambda one: (int(counted[place[one]].sum()), one))
            found[total] = float(before[nearest] / after[nearest])
    return found


def _boxed(model: Model) -> list[str]:
    classes = model["commodities"]["class"]
    return sorted(map(str, classes.index[classes == "container"]))


def earlier_counts(every: Model, known: Model, lost: pd.Series) -> dict[str, str]:
    """By total the latest known observation of what its own counts; none where there is none.

    Parameters
    ----------
    every : Model
        The study.
    known : Model
        The study as it was known.
    lost : Series
        Observations that were not known, by total.
    """
    seen, found = every["observations"], {}
    counts = known["observations"]
    columns = [name for name in _SAME if name in counts.columns]
    for total, observation in lost.items():
        if observation not in seen.index:
            continue
        wanted = seen.loc[observation, columns].fillna("").astype(str)
        same = counts[columns].fillna("").astype(str).eq(wanted).all(axis=1)
        if same.any():
            latest = counts[same].sort_values("to_date", kind="stable").index[-1]
            found[str(total)] = str(latest)
    return found
