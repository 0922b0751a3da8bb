"""Demand has places to begin and end, ways to go, and totals that do not contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.errors import Problem, Severity, error
from keruen.model.demand_pairs import (
    FloatArray,
    connected_parts,
    factors_over,
    possible_cells,
    stated,
)
from keruen.model.draft import Draft
from keruen.model.findings import Found, cap_rows

PER_YEAR: Final = "/year"
DEVIATIONS: Final = 2.0
"""Tolerances by which two totals may disagree before that is told."""
MAX_PAIRS: Final = 20_000_000
"""Pairs of zones of all commodities, times totals, that demand may be fitted over."""
_TABLES: Final = (
    "nodes",
    "sections",
    "vessel_lines",
    "zones",
    "zone_members",
    "zone_masses",
    "control_totals",
    "control_total_terms",
)


def zones_off_network(draft: Draft) -> list[Problem]:
    """A zone joins the network at a node that some section or vessel line touches."""
    touched: set[str] = set()
    for name in ("sections", "vessel_lines"):
        if not draft[name].has_keys:
            return []
        frame = draft.frame(name)
        touched |= {*frame["from_node"], *frame["to_node"]}
    reading = draft["zones"]
    nodes = reading.frame["node"]
    off = nodes.isin(draft.frame("nodes").index) & ~nodes.isin(list(touched))
    cells = nodes.to_numpy(dtype=object)
    found = np.flatnonzero(off)
    return reading.tell("zone_off_network", found, "node", lambda p: {"value": cells[p]})


def totals_stated_once(draft: Draft) -> list[Problem]:
    """A control total has a value and a unit, of its own or of its observation, and not both."""
    reading = draft["control_totals"]
    observed = reading.filled("observation")
    problems = []
    for column in ("value", "unit"):
        own = reading.filled(column)
        problems += reading.place("total_stated_twice", observed & own, column)
        problems += reading.place("total_not_stated", ~observed & ~own, column)
    units = _units(draft)
    shown = [units.get(key, "") for key in reading.frame["id"]]
    wrong = [place for place, unit in enumerate(shown) if unit and not unit.endswith(PER_YEAR)]
    return problems + reading.tell(
        "total_not_per_year", np.array(wrong, dtype=np.intp), "unit", lambda p: {"value": shown[p]}
    )


def terms_convert(draft: Draft) -> list[Problem]:
    """A term whose commodity is counted in another unit than the total says how it converts."""
    reading = draft["control_total_terms"]
    units, given = _units(draft), draft.unique("commodities")["unit"].to_dict()
    stating = reading.filled("factor")
    told = {
        place: (units[total], f"{given[commodity]}{PER_YEAR}")
        for place, (total, commodity) in enumerate(
            zip(reading.frame["control_total"], reading.frame["commodity"], strict=True)
        )
        if not stating[place] and units.get(total) and commodity in given
        if units[total] != f"{given[commodity]}{PER_YEAR}"
    }
    places = np.array(list(told), dtype=np.intp)
    return reading.tell(
        "factor_needed", places, "factor", lambda p: {"unit": told[p][0], "other": told[p][1]}
    )


def _units(draft: Draft) -> dict[str, str]:
    """Unit of each control total, its own or that of its observation."""
    totals, observations = draft.unique("control_totals"), draft.unique("observations")
    return {str(key): str(unit) for key, unit in stated(totals, observations)["unit"].items()}


def totals_have_pairs(draft: Draft) -> list[Problem]:
    """A control total covers pairs of different zones; demand of a zone to itself is none."""
    reading = draft["control_total_terms"]
    loops = dict(_terms_to_themselves(draft))
    places = np.array(list(loops), dtype=np.intp)
    problems = reading.tell(
        "demand_to_itself",
        places,
        "to_group",
        lambda p: {"total": loops[p][0], "zone": loops[p][1]},
    )
    tables = _tables(draft)
    totals = tables["control_totals"]
    size = _size(tables)
    if size > MAX_PAIRS:
        told = {"value": size, "limit": MAX_PAIRS}
        return [*problems, error("demand_too_large", "zone_masses.csv", **told)]
    if totals.empty or not draft["zones"].has_keys:
        return problems
    bare = np.flatnonzero(~(draft.once(_counted).factors > 0).any(axis=1))
    looped = {total for total, _ in loops.values()}
    ids = draft.frame("control_totals")["id"]
    wrong = ids.isin(totals.index[bare]) & ~ids.isin(list(looped))
    return problems + draft["control_totals"].place("total_without_pairs", wrong, "id")


class _Counted(NamedTuple):
    """Cells that can have demand, and units of each total for one unit of each."""

    cells: pd.DataFrame
    factors: FloatArray


def _counted(draft: Draft) -> _Counted:
    tables = _tables(draft)
    cells = possible_cells(tables["zones"], tables["zone_masses"])
    return _Counted(cells, factors_over(tables, tables["control_totals"], cells))


def _tables(draft: Draft) -> Mapping[str, pd.DataFrame]:
    return {name: draft.unique(name) for name in _TABLES}


def _size(tables: Mapping[str, pd.DataFrame]) -> int:
    """Cells that a fit could have to hold for all of its totals."""
    zones = tables["zone_masses"]["commodity"].value_counts().to_numpy(dtype=np.float64)
    return int((zones**2).sum() * max(1, len(tables["control_totals"])))


def _terms_to_themselves(draft: Draft) -> Iterator[tuple[int, tuple[str, str]]]:
    """Total and zone of the terms from a single zone to itself, by the position of the term."""
    frame = draft.frame("control_total_terms")
    zones = draft.frame("zone_members").groupby("zone_group")["zone"].agg(frozenset).to_dict()
    ends = zip(frame["control_total"], frame["from_group"], frame["to_group"], strict=True)
    for place, (total, origins, destinations) in enumerate(ends):
        here = zones.get(origins, frozenset())
        if len(here) == 1 and here == zones.get(destinations, frozenset()):
            yield place, (total, next(iter(here)))


def parts_within_wholes(draft: Draft) -> list[Problem]:
    """Of what one total counts a part, another one counts more.

    An error where both are to be met exactly, a warning where they have tolerances: the fit then
    shares out the difference and shows it.
    """
    tables = _tables(draft)
    totals = tables["control_totals"]
    if totals.empty or _size(tables) > MAX_PAIRS:
        return []
    factors = draft.once(_counted).factors
    values = stated(totals, draft.unique("observations"))["value"].to_numpy(dtype=np.float64)
    exact = (totals["tolerance_share"] == 0).to_numpy(dtype=bool)
    reading = draft["control_totals"]
    problems: list[Problem] = []
    for part, whole in _contradictions(totals, factors, values):
        severity = Severity.ERROR if exact[part] and exact[whole] else Severity.WARNING
        place = reading.positions([str(totals.index[part])])
        column = "observation" if reading.filled("observation")[place[0]] else "value"
        params = {
            "value": float(values[part]),
            "whole": str(totals.index[whole]),
            "most": float(values[whole]),
        }
        found: list[Found] = [(int(reading.rows[place[0]]), params)]
        problems += cap_rows("part_above_whole", reading.table.file, column, found, severity)
    return problems


def _contradictions(
    totals: pd.DataFrame, factors: FloatArray, values: FloatArray
) -> Iterator[tuple[int, int]]:
    """Parts that are above a whole by more than both tolerances, each with the first such whole."""
    spreads = totals["tolerance_share"].to_numpy(dtype=np.float64)
    least, most = values * (1 - DEVIATIONS * spreads), values * (1 + DEVIATIONS * spreads)
    loaded = totals["loaded"].to_numpy(dtype=object)
    years = totals["year"].to_numpy()
    for part in np.flatnonzero(factors.any(axis=1)):
        smaller = (most < least[part]) & (years == years[part])
        smaller &= (loaded == loaded[part]) | (loaded == "both")
        for whole in np.flatnonzero(smaller):
            if whole != part and (factors[part] <= factors[whole]).all():
                yield int(part), int(whole)
                break


def pairs_served(draft: Draft) -> list[Problem]:
    """Zones between which a total counts demand are joined by sections or vessel lines."""
    tables = _tables(draft)
    totals, zones = tables["control_totals"], tables["zones"]
    if totals.empty or not draft["sections"].has_keys or _size(tables) > MAX_PAIRS:
        return []
    cells, factors = draft.once(_counted)
    base = None if draft.settings is None else draft.settings.base_date
    parts = zones["node"].map(connected_parts(tables, base))
    covered = cells[factors.any(axis=0)]
    here, there = covered["origin"].map(parts), covered["destination"].map(parts)
    apart = covered[here.notna() & there.notna() & (here != there)]
    pairs = apart[["origin", "destination"]].drop_duplicates()
    reading = draft["zones"]
    rows = reading.rows[reading.positions(pairs["origin"])]
    found = (
        (int(row), {"origin": origin, "destination": destination})
        for row, origin, destination in zip(
            rows, pairs["origin"], pairs["destination"], strict=True
        )
    )
    file = reading.table.file
    return cap_rows("demand_unserved", file, "node", found, Severity.WARNING)
