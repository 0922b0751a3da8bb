"""Pairs of zones that can have demand, and what control totals add up over them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from keruen.model.model import in_service

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

CELL: Final = ("commodity", "origin", "destination")


def possible_cells(
    zones: pd.DataFrame, masses: pd.DataFrame, boxed: Collection[str] = ()
) -> pd.DataFrame:
    """Every commodity between a zone that sends it and another that receives it.

    Parameters
    ----------
    zones, masses : DataFrame
        Tables ``zones`` and ``zone_masses``; masses of zones that do not exist are left out.
    boxed : collection of str
        Commodities whose empty containers may go between any two of their zones, loaded or not.

    Returns
    -------
    DataFrame
        Columns ``commodity``, ``origin``, ``destination``, ``origin_mass`` and
        ``destination_mass``, in the order of the first three, whatever that of the rows.
    """
    known = masses[masses["zone"].isin(zones.index)].fillna(
        {"origin_mass": 0.0, "destination_mass": 0.0}
    )
    pairs = known[["commodity", "zone", "origin_mass"]].merge(
        known[["commodity", "zone", "destination_mass"]], on="commodity"
    )
    pairs = pairs.rename(columns={"zone_x": "origin", "zone_y": "destination"})
    loaded = (pairs["origin_mass"] > 0) & (pairs["destination_mass"] > 0)
    kept = loaded | pairs["commodity"].isin(list(boxed))
    pairs = pairs[kept & (pairs["origin"] != pairs["destination"])]
    return pairs.sort_values(list(CELL), ignore_index=True)


def factors_over(
    tables: Mapping[str, pd.DataFrame], totals: pd.DataFrame, cells: pd.DataFrame
) -> FloatArray:
    """Units of each total for one unit of each cell, shape (totals, cells).

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With ``control_total_terms`` and ``zone_members``.
    totals : DataFrame
        Rows of ``control_totals``.
    cells : DataFrame
        Cells by commodity, origin and destination.

    Returns
    -------
    ndarray
        Nought where the total has no part in the cell.
    """
    factors = np.zeros((len(totals), len(cells)))
    place = {str(key): number for number, key in enumerate(totals.index)}
    names = ("control_total", "commodity", "from_group", "to_group", "ways", "factor")
    terms = tables["control_total_terms"]
    ends = Ends(tables["zone_members"], cells)
    for total, *term, factor in zip(*(terms[name].tolist() for name in names), strict=True):
        if total in place:
            factors[place[total], ends.cells_of(*term)] += 1.0 if np.isnan(factor) else factor
    twice = (totals["counted"] == "twice").to_numpy(dtype=bool)
    factors[twice] *= 2.0
    return factors


class Ends:
    """Zones and commodities of cells as numbers, and which of them each group picks, kept.

    Parameters
    ----------
    members : DataFrame
        Table ``zone_members``.
    cells : DataFrame
        Cells by commodity, origin and destination.
    """

    def __init__(self, members: pd.DataFrame, cells: pd.DataFrame) -> None:
        self._numbers: dict[str, dict[str, int]] = {}
        self._codes: dict[str, NDArray[np.intp]] = {}
        for name in CELL:
            numbers = self._numbers.setdefault(name, {})
            texts = cells[name].tolist()
            codes = [numbers.setdefault(text, len(numbers)) for text in texts]
            self._codes[name] = np.array(codes, dtype=np.intp)
        self._zones: dict[str, list[str]] = {}
        for group, zone in zip(
            members["zone_group"].tolist(), members["zone"].tolist(), strict=True
        ):
            self._zones.setdefault(group, []).append(zone)
        self._picked: dict[tuple[str, str], BoolArray] = {}

    def cells_of(self, commodity: str, from_group: str, to_group: str, ways: str) -> BoolArray:
        """Which cells a commodity and two groups pick, shape (cells,); empty picks all."""
        over = self._in_group("origin", from_group) & self._in_group("destination", to_group)
        if ways == "both":
            back = self._in_group("destination", from_group)
            over = over | (back & self._in_group("origin", to_group))
        return over & self._pick("commodity", commodity, [commodity]) if commodity else over

    def _in_group(self, end: str, group: str) -> BoolArray:
        zones = self._zones.get(group, []) if group else list(self._numbers[end])
        return self._pick(end, group, zones)

    def _pick(self, name: str, kept_as: str, texts: Iterable[str]) -> BoolArray:
        """Which cells hold one of some texts."""
        if (name, kept_as) not in self._picked:
            numbers = self._numbers[name]
            chosen = np.zeros(len(numbers), dtype=bool)
            chosen[[numbers[text] for text in texts if text in numbers]] = True
            self._picked[name, kept_as] = chosen[self._codes[name]]
        return self._picked[name, kept_as]


def stated(totals: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Value and unit of control totals, taken from the observation where one is named.

    Returns
    -------
    DataFrame
        Columns ``value`` and ``unit``, indexed like the totals.
    """
    values, units = observations["value"].to_dict(), observations["unit"].to_dict()
    named = totals["observation"].tolist()
    own = totals["value"].to_numpy(dtype=np.float64)
    seen = np.array([values.get(row, np.nan) for row in named], dtype=np.float64)
    texts = zip(totals["unit"].tolist(), named, strict=True)
    unit = np.array([text or units.get(row, "") for text, row in texts], dtype=object)
    value = np.where(np.isnan(own), seen, own)
    return pd.DataFrame({"value": value, "unit": unit}, index=totals.index)


def connected_parts(tables: Mapping[str, pd.DataFrame], day: date | None) -> pd.Series[Any]:
    """Number of the connected part of the network that each node lies in, all modes together.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With ``nodes``, ``sections`` and ``vessel_lines``.
    day : date or None
        Day on which a section or line has to be in service; None: any.

    Returns
    -------
    Series of int
        By node; nodes that nothing touches are parts of their own.
    """
    nodes = {str(node): place for place, node in enumerate(sorted(set(tables["nodes"].index)))}
    pairs = []
    for name in ("sections", "vessel_lines"):
        own = tables[name] if day is None else in_service(tables[name], day)
        starts, ends = own["from_node"].map(nodes), own["to_node"].map(nodes)
        known = starts.notna() & ends.notna()
        pairs.append(np.column_stack([starts[known], ends[known]]).astype(np.intp))
    links = np.concatenate(pairs).reshape(-1, 2)
    ones = np.ones(len(links), dtype=np.int8)
    graph = coo_array((ones, (links[:, 0], links[:, 1])), shape=(len(nodes), len(nodes)))
    parts = connected_components(graph, directed=False)[1] if nodes else np.zeros(0, dtype=int)
    return pd.Series(parts, index=pd.Index(list(nodes), dtype=object), dtype="int64")
