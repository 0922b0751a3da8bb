"""Demand that answers to cost: amount at a cost, and its inverse.

    exponential    amount = reference_amount * exp(-elasticity * (cost - reference_cost))
    power          amount = reference_amount * (cost / reference_cost) ** -elasticity

As the elasticity goes to nought both become demand that nothing changes: a kind of its own.
"""

from __future__ import annotations

import math

from keruen.flows.arrays import (
    ELASTICITY,
    EXPONENTIAL,
    FIXED,
    REFERENCE_AMOUNT,
    REFERENCE_COST,
    Pairs,
)
from keruen.jit import part


@part
def amount_at(pairs: Pairs, pair: int, cost: float) -> float:
    """Demand of a pair at a cost; it is asked of pairs whose demand answers only."""
    elasticity = pairs.answer[pair, ELASTICITY]
    reference = pairs.answer[pair, REFERENCE_COST]
    if pairs.response[pair] == FIXED:
        return float(pairs.amount[pair])
    if pairs.response[pair] == EXPONENTIAL:
        share = math.exp(-elasticity * (cost - reference))
    else:
        share = (max(cost, 1e-9 * reference) / reference) ** -elasticity
    return float(pairs.answer[pair, REFERENCE_AMOUNT] * share)


@part
def cost_at(pairs: Pairs, pair: int) -> tuple[float, float]:
    """Cost at which a pair has its present demand, and how it falls per unit of ln(demand)."""
    elasticity = pairs.answer[pair, ELASTICITY]
    reference = pairs.answer[pair, REFERENCE_COST]
    share = pairs.amount[pair] / pairs.answer[pair, REFERENCE_AMOUNT]
    if pairs.response[pair] == EXPONENTIAL:
        return reference - math.log(share) / elasticity, 1.0 / elasticity
    cost = reference * share ** (-1.0 / elasticity)
    return cost, cost / elasticity


@part
def slope_at(pairs: Pairs, pair: int, cost: float) -> float:
    """By how much the logarithm of the demand of a pair falls with a unit of cost."""
    elasticity = pairs.answer[pair, ELASTICITY]
    if pairs.response[pair] == EXPONENTIAL:
        return float(elasticity)
    return float(elasticity / max(cost, 1e-9 * pairs.answer[pair, REFERENCE_COST]))
