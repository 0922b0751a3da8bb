"""Years of the past with demand as it was, under numbers of choice, on one set of routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.counting import Counting
from keruen.flows.freight.pairs import Pairs, loaded_pairs
from keruen.flows.freight.parameters import HISTORY, with_cells
from keruen.flows.freight.solve import Draw, Flows, Start, near_to, return_shares, solve
from keruen.flows.freight.universe import Universe
from keruen.flows.freight.years import FreightYears
from keruen.flows.growth import history_factors
from keruen.model import Model
from keruen.model.provenance import CellKey
from keruen.study.metrics import Days

FloatArray = NDArray[np.float64]
Cells = dict[CellKey, float]

SOLVED_TO: Final = Settings(gap=1e-6, widen=False)
"""Gap of the equilibria, well below what the finite differences tell apart."""
SOUGHT_TO: Final = Settings(gap=1e-4)
"""Gap of the cases that only say which routes there are."""
SOUGHT_AS: Final = Draw(rounds=1)
LEAST: Final = 1e-6
"""In place of nothing, of which there is no logarithm."""


class Past:
    """Years of the past with demand as it was, under numbers of choice.

    Demand of a past year is what it was: it does not answer to cost once more, and an elasticity of
    demand cannot be learnt here. All cases choose among the routes that :meth:`gather` found.

    Parameters
    ----------
    base : Model
        The study, not yet of a day.
    days : callable
        Capacities of a day.
    measures : mapping of int to sequence of str
        Rows of ``flow_measures`` wanted, by year.
    """

    def __init__(self, base: Model, days: Days, measures: Mapping[int, Sequence[str]]) -> None:
        whole = FreightYears(base, days, SOLVED_TO)
        self.base, self.years = base, tuple(sorted(measures))
        self.rows = measures
        self.freight: dict[int, Freight] = {year: whole.freight(year) for year in self.years}
        self.shares = {year: return_shares(base, self.freight[year]) for year in self.years}
        self.universe = Universe()
        self.solved = 0
        self._demand: dict[int, pd.DataFrame] = {}
        for year in self.years:
            demand = whole.demand(year).demand
            self._demand[year] = demand[demand["loaded"] == LOADED].reset_index(drop=True)
        self._wanted: dict[object, Pairs] = {}
        self._starts: dict[int, Start] = {}
        self._counting: dict[int, Counting] = {}
        self._last: dict[int, Flows] = {}
        self._logs: dict[int, dict[object, FloatArray]] = {year: {} for year in self.years}
        self._near: dict[int, dict[object, FloatArray]] = {year: {} for year in self.years}

    def _history(self, model: Model, year: int) -> FloatArray:
        base_year = self.base.settings.base_year
        if year >= base_year:
            return np.ones(len(self._demand[year]))
        return history_factors(model, self._demand[year], base_year, year)

    def wanted(self, year: int, cells: Cells) -> Pairs:
        """Loaded demand of a year with numbers in cells of its history."""
        own = {key: repr(value) for key, value in cells.items() if (key[0], key[2]) == HISTORY}
        known = (year, *sorted(own.items()))
        if known not in self._wanted:
            demand = self._demand[year]
            if own and year < self.base.settings.base_year:
                moved, was = (
                    self._history(self.base.patched(own), year),
                    self._history(self.base, year),
                )
                ratio = np.divide(moved, was, out=np.ones_like(was), where=was > 0.0)
                demand = demand.assign(quantity=demand["quantity"] * ratio)
            self._wanted[known] = loaded_pairs(self.freight[year], demand)
        return self._wanted[known]

    def gather(self, cases: Sequence[Cells], tell: Callable[[float], None]) -> None:
        """Look for the routes that anybody takes in any of the years with any of the numbers."""
        for number, year in enumerate(self.years):
            for cells in cases:
                freight, wanted = self._case(year, cells)
                start = self.universe.start(freight, wanted) if len(self.universe) else None
                self.universe.add(self._solve(year, cells, start, SOUGHT_TO, SOUGHT_AS))
            tell((number + 1) / len(self.years))
        self._starts.clear()

    def _case(self, year: int, cells: Cells) -> tuple[Freight, Pairs]:
        return with_cells(self.freight[year], self.base, cells), self.wanted(year, cells)

    def _solve(
        self,
        year: int,
        cells: Cells,
        start: Start | None,
        settings: Settings = SOLVED_TO,
        draw: Draw | None = None,
    ) -> Flows:
        freight, wanted = self._case(year, cells)
        self.solved += 1
        return solve(freight, wanted, self.shares[year], settings, None, start, draw or Draw())

    def flows(self, year: int, cells: Cells) -> Flows:
        """Equilibrium of a year with numbers in cells, among the routes that were gathered."""
        if year not in self._starts:
            freight, wanted = self._case(year, cells)
            self._starts[year] = self.universe.start(freight, wanted)
        found = self._solve(year, cells, self._starts[year])
        self._starts[year] = found.start
        return found

    def logs(self, year: int, cells: Cells, near: bool = False) -> FloatArray:
        """Logarithms of what is computed for the measures of a year, in the order of its rows.

        A year that none of the numbers moves any further is not worked out again.

        Parameters
        ----------
        year : int
            Year.
        cells : dict of CellKey to float
            Numbers in cells.
        near : bool
            Whether it is enough that empties return as they did in the last case of the year that
            was worked out whole: half the work, for differences between neighbours.
        """
        freight, wanted = self._case(year, cells)
        spreads = tuple(one.spread_share for one in freight.cargo)
        key = (freight.terms.usd.tobytes(), spreads, wanted.amount.tobytes())
        known = self._near[year] if near else self._logs[year]
        if key not in known:
            if near:
                like = self._last[year]
                found = self._solve(
                    year, cells, like.start, SOLVED_TO, Draw(near=near_to(like, freight))
                )
            else:
                found = self.flows(year, cells)
                self._last[year] = found
                self._near[year].clear()
            if year not in self._counting:
                self._counting[year] = Counting(found, self.base, self.rows[year])
            counted = self._counting[year].measured(found)
            known[key] = np.log(np.maximum(counted, LEAST))
        return known[key]
