"""Measures of many cases of one network: what they count is looked up once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from keruen.flows.freight.measures import Measure, _Routes, measures_of
from keruen.flows.freight.solve import Flows
from keruen.model import Model

FloatArray = NDArray[np.float64]


class Counting:
    """Rows of ``flow_measures`` for cases that share links, classes and zones.

    What :func:`keruen.flows.freight.measures.measured` says of a case, in a twentieth of the time.

    Parameters
    ----------
    flows : Flows
        Any of the cases.
    model : Model
        The study.
    rows : iterable of str
        Measures wanted.
    """

    def __init__(self, flows: Flows, model: Model, rows: Iterable[str]) -> None:
        self.rows = tuple(rows)
        known = measures_of(model)
        routes = _Routes(flows, model)
        drafts, cargo, zones = flows.freight.drafts, flows.freight.cargo, flows.freight.zones
        self._own = len(drafts)
        self._terms: dict[str, list[tuple[int, FloatArray]]] = {}
        elements: dict[tuple[str, str, str, str], int] = {}
        masks: list[NDArray[np.bool_]] = []
        self._shared = {row: known[row].share_of for row in known}
        between: dict[tuple[str, str, bool], NDArray[np.bool_]] = {}
        wanted = [*self.rows, *(self._shared[row] for row in self.rows if self._shared[row])]
        for row in dict.fromkeys(wanted):
            terms = [known[row], *(one for one in known.values() if one.adds_to == row)]
            for term in terms:
                key = (term.table, term.row, term.direction, term.mode)
                if key not in elements:
                    elements[key] = len(masks)
                    masks.append(np.array([routes._counts(draft, term) for draft in drafts]))
                relation = (*term.groups, term.both)
                if relation not in between:
                    between[relation] = _between(flows, term, list(zones))
                units = routes.units(term)
                weight = units[:, None, None] * between[relation][None, :, :]
                self._terms.setdefault(row, []).append((elements[key], weight.reshape(-1)))
        self._masks = masks
        self._size = (len(cargo), len(zones))

    def measured(self, flows: Flows) -> FloatArray:
        """Values of a case in the order of ``rows``; not a number for a share of nothing."""
        pool = flows.within.assignment.routes
        zones = self._size[1]
        by_pair = (flows.pairs.user * zones + flows.pairs.origin) * zones + flows.pairs.destination
        there = (pool.flow > 0.0) & (pool.links[pool.first[:-1]] < self._own)
        pair = np.repeat(np.arange(by_pair.size), np.diff(pool.pair_first))
        place = by_pair[pair]
        # Direct links stand for being turned away, and pass nothing.
        links = np.minimum(pool.links, self._own)
        passed = []
        for mask in self._masks:
            hit = np.append(mask, mask.all())[links]
            on_way = np.logical_or.reduceat(hit, pool.first[:-1]) if hit.size else there
            passed.append(np.where(on_way & there, pool.flow, 0.0))
        sums: dict[str, float] = {
            row: sum(float(passed[element] @ weight[place]) for element, weight in terms)
            for row, terms in self._terms.items()
        }
        found = np.empty(len(self.rows))
        for at, row in enumerate(self.rows):
            whole = sums[row]
            if self._shared[row]:
                divisor = sums[self._shared[row]]
                whole = whole / divisor if divisor > 0.0 else np.nan
            found[at] = whole
        return found


def _between(flows: Flows, measure: Measure, zones: list[str]) -> NDArray[np.bool_]:
    """Whether pairs of zones are of the relation of a measure, shape (zones, zones)."""
    groups = flows.freight.groups
    inside = [
        np.array([not name or name in groups.get(zone, ()) for zone in zones])
        for name in measure.groups
    ]
    over = np.asarray(inside[0][:, None] & inside[1][None, :], dtype=np.bool_)
    return np.asarray(over | over.T, dtype=np.bool_) if measure.both else over
