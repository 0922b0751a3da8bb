"""Projects are no circles and say what they cost."""

from __future__ import annotations

from typing import Final

import numpy as np

from keruen.errors import Problem
from keruen.model.draft import Draft
from keruen.model.findings import cut

COST_TOLERANCE: Final = 0.01


def circular_envelopes(draft: Draft) -> list[Problem]:
    """``part_of`` leads upwards and ends."""
    reading = draft["projects"]
    above = dict(zip(reading.frame["id"], reading.frame["part_of"], strict=True))

    paths = [_upwards(str(start), above) for start in reading.frame["id"]]
    circles = [len(path) > 1 and path[-1] == path[0] for path in paths]
    return reading.tell(
        "circular",
        np.flatnonzero(circles),
        "part_of",
        lambda p: {"value": cut(" → ".join(paths[p]))},
    )


def _upwards(start: str, above: dict[str, str]) -> list[str]:
    """Envelopes from a project upwards, to the last or to the first that comes again."""
    path, seen = [start], {start}
    while (upper := above.get(path[-1], "")) != "":
        path.append(upper)
        if upper in seen:
            break
        seen.add(upper)
    return path


def costs_stated(draft: Draft) -> list[Problem]:
    """A project has a cost with its currency and price year, or a reason why not."""
    reading = draft["projects"]
    given = reading.filled("cost_amount")
    return [
        *reading.place("cost_or_reason", ~given & ~reading.filled("cost_reason"), "cost_amount"),
        *reading.place("cost_needs", given & ~reading.filled("cost_currency"), "cost_currency"),
        *reading.place("cost_needs", given & ~reading.filled("cost_price_year"), "cost_price_year"),
    ]


def costs_add_up(draft: Draft) -> list[Problem]:
    """Spending by year adds to the whole, where both are given."""
    reading = draft["project_costs"]
    spending = reading.frame.groupby("project")["amount"].sum()
    whole = draft.unique("projects")["cost_amount"].reindex(spending.index)
    gap = (spending - whole).abs() > COST_TOLERANCE * np.maximum(whole, 1.0)
    projects = reading.frame["project"].to_numpy(dtype=object)
    return reading.tell(
        "costs_do_not_add",
        reading.firsts("project", spending.index[gap]),
        "amount",
        lambda p: {
            "project": projects[p],
            "value": float(spending[projects[p]]),
            "whole": float(whole[projects[p]]),
        },
    )


def projects_open(draft: Draft) -> list[Problem]:
    """A committed project that changes something says when."""
    projects, changes = draft["projects"], draft["project_changes"]
    undated = set(projects.frame.loc[projects.frame["open_date"].isna(), "id"])
    silent = changes.frame["project"].isin(undated) & changes.frame["date"].isna()
    return changes.place("change_without_date", silent, "date")
