"""Who wants to move what: pairs of zones by class, with the cost that their demand answers to."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.flows.arrays import EXPONENTIAL, FIXED
from keruen.flows.demand import Demand
from keruen.flows.freight.aversions import segment_of
from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.compile import Freight

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Pairs(NamedTuple):
    """Pairs of zones with demand, sorted by class, origin and destination.

    Parameters
    ----------
    user : array of int, shape (pairs,)
        Position of the class in ``Freight.cargo``.
    origin, destination : array of int, shape (pairs,)
        Positions of the zones in ``Freight.zones``.
    amount : array, shape (pairs,)
        Units a year wanted at the reference cost.
    """

    user: IntArray
    origin: IntArray
    destination: IntArray
    amount: FloatArray

    def joined(self, other: Pairs) -> Pairs:
        """These and others, in order; a pair of a class stands once in both together."""
        user, origin, destination = (
            np.concatenate([a, b]) for a, b in zip(self[:3], other[:3], strict=True)
        )
        order = np.lexsort((destination, origin, user))
        amount = np.concatenate([self.amount, other.amount])
        return Pairs(user[order], origin[order], destination[order], amount[order])

    def keys(self, zones: int) -> IntArray:
        """Class, origin and destination of each pair in one number, of so many zones."""
        return (self.user * zones + self.origin) * zones + self.destination

    def of(self, wanted: NDArray[np.bool_] | IntArray) -> Pairs:
        """Those of a mask or at places."""
        amount = self.amount[wanted]
        return Pairs(self.user[wanted], self.origin[wanted], self.destination[wanted], amount)


def loaded_pairs(freight: Freight, demand: pd.DataFrame) -> Pairs:
    """Loaded demand of a year as pairs; what is nothing is left out.

    Parameters
    ----------
    freight : Freight
        The network.
    demand : DataFrame
        ``commodity``, ``origin``, ``destination``, ``loaded`` and ``quantity``, as
        :func:`keruen.flows.growth.demand_of` gives it.
    """
    own = demand[(demand["loaded"] == LOADED) & (demand["quantity"] > 0.0)]
    numbers = {one.name: at for at, one in enumerate(freight.cargo)}
    places = {zone: at for at, zone in enumerate(freight.zones)}
    columns = (own["commodity"], own["origin"], own["destination"], own["quantity"])
    rows = []
    for commodity, origin, destination, quantity in zip(*columns, strict=True):
        ends = (freight.groups.get(origin, _NONE), freight.groups.get(destination, _NONE))
        segment = segment_of(freight.aversions, commodity, ends, freight.worths)
        user = numbers.get(f"{commodity}@{segment}" if segment else commodity)
        if user is not None and origin in places and destination in places:
            rows.append((user, places[origin], places[destination], float(quantity)))
    rows.sort()
    found = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    users, origins, destinations = (np.array(column, dtype=np.int64) for column in found[:3])
    return Pairs(users, origins, destinations, np.array(found[3], dtype=np.float64))


def no_pairs() -> Pairs:
    """No pairs at all."""
    none = np.zeros(0, dtype=np.int64)
    return Pairs(none, none, none, np.zeros(0))


_NONE: Final[frozenset[str]] = frozenset()


class Answer(NamedTuple):
    """What the demand of pairs answers to.

    Parameters
    ----------
    reference_usd : array, shape (pairs,)
        Cost at which the amount is what was given; not a number where demand is fixed.
    shift_usd : array, shape (pairs,)
        What a pair pays or is paid besides the cost of its way, as against the reference: changes
        of subsidies and of the price of equipment, less the change of what another way would cost.
    """

    reference_usd: FloatArray
    shift_usd: FloatArray


def answering(freight: Freight, pairs: Pairs, nodes: IntArray, answer: Answer | None) -> Demand:
    """Demand for the equilibrium: fixed, or exponential with the elasticity of each class.

    ``amount = given * exp(-elasticity / reference * (cost + shift - reference))``: near the
    reference one per cent of cost takes ``elasticity`` per cent of demand.

    Parameters
    ----------
    freight : Freight
        The network.
    pairs : Pairs
        Who wants what.
    nodes : array of int, shape (zones,)
        Node of each zone.
    answer : Answer or None
        None where demand is fixed.
    """
    count = pairs.amount.size
    fixed = np.full(count, FIXED, dtype=np.int8)
    demand = Demand(
        pairs.user,
        nodes[pairs.origin],
        nodes[pairs.destination],
        pairs.amount,
        fixed,
        np.ones(count),
        np.ones(count),
    )
    if answer is None:
        return demand
    elasticity = np.array([one.elasticity for one in freight.cargo])[pairs.user]
    answers = np.isfinite(answer.reference_usd) & (answer.reference_usd > 0) & (elasticity > 0)
    reference = np.where(answers, answer.reference_usd, 1.0)
    # The kernel wants a reference above nought: where a shift goes beyond it the amount is
    # moved along its own curve instead, which is the same curve.
    slope = np.where(answers, elasticity / reference, 1.0)
    amount = np.where(answers, pairs.amount * np.exp(-slope * answer.shift_usd), pairs.amount)
    return demand._replace(
        amount=amount,
        response=np.where(answers, EXPONENTIAL, FIXED).astype(np.int8),
        elasticity=slope,
        reference_cost=reference,
    )
