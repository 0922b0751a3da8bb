"""Freight of a study year by year: networks, demand and equilibria, each worked out once."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.registry import Capacities
from keruen.flows.equilibrium import Settings
from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.compile import Freight, compile_freight, same_links
from keruen.flows.freight.outside import Outside, outside_on
from keruen.flows.freight.pairs import Answer, Pairs, loaded_pairs
from keruen.flows.freight.solve import AS_COMPILED, Draw, Flows, Start, return_shares, solve
from keruen.flows.growth import YearDemand, demand_of
from keruen.model import Model

FloatArray = NDArray[np.float64]

DEFAULT: Final = Settings()
PairKey = tuple[str, str, str]
"""Class of cargo, zone of origin, zone of destination."""


def mid_year(year: int) -> date:
    """The day that stands for the flows of a year: 1 July.

    >>> mid_year(2024).isoformat()
    '2024-07-01'
    """
    return date(year, 7, 1)


class FreightYears:
    """Freight of a study in any year.

    Parameters
    ----------
    base : Model
        The study, under a scenario or not, not yet of a day.
    days : callable
        Capacities of a day.
    settings : Settings
        Gap and rounds of every equilibrium.
    """

    def __init__(
        self, base: Model, days: Callable[[date], Capacities], settings: Settings = DEFAULT
    ) -> None:
        self.base = base
        self.settings = settings
        self._days = days
        self._freight: dict[int, Freight] = {}
        self._demand: dict[int, YearDemand] = {}
        self._flows: dict[int, Flows] = {}
        self._loaded: dict[int, Pairs] = {}
        self._answers: dict[int, Answer] = {}
        self._reference: dict[PairKey, float] | None = None

    @property
    def base_year(self) -> int:
        """Year whose demand is known, and whose costs demand answers from."""
        return self.base.settings.base_year

    def freight(self, year: int) -> Freight:
        """Network of a year, as on 1 July."""
        if year not in self._freight:
            known = self._days(mid_year(year))
            self._freight[year] = compile_freight(known.model, known)
        return self._freight[year]

    def demand(self, year: int) -> YearDemand:
        """Demand of a year, before it answers to anything."""
        if year not in self._demand:
            # Demand of the base year is what all others are made from, and is fitted once.
            fitted = None if year == self.base_year else self.demand(self.base_year).base
            self._demand[year] = demand_of(self.base, year, fitted)
        return self._demand[year]

    def loaded(self, year: int) -> Pairs:
        """Loaded demand of a year as pairs of its network."""
        if year not in self._loaded:
            self._loaded[year] = loaded_pairs(self.freight(year), self.demand(year).demand)
        return self._loaded[year]

    def outside(self, year: int) -> Outside:
        """What other ways than the network's cost in a year."""
        return outside_on(self.base, mid_year(year))

    def reference(self) -> dict[PairKey, float]:
        """Cost of each pair in the base year, from which demand answers."""
        if self._reference is None:
            found = self.flows(self.base_year)
            self._reference = costs_by_pair(found)
        return self._reference

    def answer(self, year: int, pairs: Pairs) -> Answer | None:
        """What demand of a year answers to; None up to the base year: it is what moved."""
        if year <= self.base_year:
            return None
        if pairs is not self._loaded.get(year):
            return self.answer_on(self.freight(year), year, pairs)
        if year not in self._answers:
            self._answers[year] = self.answer_on(self.freight(year), year, pairs)
        return self._answers[year]

    def answer_on(self, freight: Freight, year: int, pairs: Pairs) -> Answer:
        """What demand on a network of a year answers to: the costs of the base year."""
        reference, before = self.reference(), self.freight(self.base_year)
        now, then = self.outside(year), self.outside(self.base_year)
        zones = list(freight.zones)
        costs, shifts = [], []
        for user, origin, destination in zip(
            pairs.user.tolist(), pairs.origin.tolist(), pairs.destination.tolist(), strict=True
        ):
            cargo = freight.cargo[user]
            start, end = zones[origin], zones[destination]
            costs.append(reference.get((cargo.commodity, start, end), np.nan))
            none: frozenset[str] = frozenset()
            groups = (freight.groups.get(start, none), freight.groups.get(end, none))
            paid = math.fsum(usd for _, usd in freight.pricing.of_pair(cargo, groups))
            was = math.fsum(usd for _, usd in before.pricing.of_pair(cargo, groups))
            other, earlier = now.cost(cargo, groups), then.cost(cargo, groups)
            dearer = 0.0 if other is None or earlier is None else other - earlier
            shifts.append(paid - was - dearer)
        return Answer(np.array(costs), np.array(shifts))

    def flows(self, year: int) -> Flows:
        """Equilibrium of a year as the study stands."""
        if year not in self._flows:
            start = self._near(year)
            # A year that others are held against says what its set of routes lacks.
            settings = self.settings._replace(survey=self.settings.widen)
            self._flows[year] = self.solved(year, AS_COMPILED, start, settings=settings)
        return self._flows[year]

    def solved(
        self,
        year: int,
        draw: Draw,
        start: Start | None = None,
        growth: FloatArray | None = None,
        settings: Settings | None = None,
    ) -> Flows:
        """Equilibrium of a year with numbers of a draw.

        Parameters
        ----------
        year : int
            Year.
        draw : Draw
            Capacities and prices instead of those compiled.
        start : Start or None
            Flows to begin with.
        growth : array or None, shape (pairs,)
            Factors of the loaded demand.
        settings : Settings or None
            Gap and rounds, where not those of all years.
        """
        freight, pairs = self.freight(year), self.loaded(year)
        answer = self.answer(year, pairs)
        if growth is not None:
            pairs = pairs._replace(amount=pairs.amount * growth)
        shares = return_shares(self.base, freight)
        return solve(freight, pairs, shares, settings or self.settings, answer, start, draw)

    def _near(self, year: int) -> Start | None:
        """Flows of the nearest year whose network has the same links."""
        own = self.freight(year)
        for other in sorted(self._flows, key=lambda one: abs(one - year)):
            known = self.freight(other)
            if same_links(known, own):
                return self._flows[other].start
        return None


def costs_by_pair(flows: Flows) -> dict[PairKey, float]:
    """Expected cost of every loaded pair, by commodity and zones."""
    zones = list(flows.freight.zones)
    columns = (flows.pairs.user, flows.pairs.origin, flows.pairs.destination, flows.cost)
    found: dict[PairKey, float] = {}
    for user, origin, destination, cost in zip(*(one.tolist() for one in columns), strict=True):
        cargo = flows.freight.cargo[user]
        if cargo.loaded == LOADED and np.isfinite(cost):
            found[cargo.commodity, zones[origin], zones[destination]] = float(cost)
    return found
