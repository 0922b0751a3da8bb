"""Who goes which way: routes, choice and equilibrium on a network of links with delay curves."""

from __future__ import annotations

from keruen.flows.arrays import RoutePool
from keruen.flows.demand import (
    EXPONENTIAL,
    FIXED,
    POWER,
    Demand,
    Users,
    demand_of,
    users_of,
)
from keruen.flows.enrichment import penalised_routes
from keruen.flows.equilibrium import Assignment, Settings, assign
from keruen.flows.links import Curves, Links, Network, bpr_links, network_of, queue_links
from keruen.flows.scarcity import Within, assign_within

__all__ = [
    "EXPONENTIAL",
    "FIXED",
    "POWER",
    "Assignment",
    "Curves",
    "Demand",
    "Links",
    "Network",
    "RoutePool",
    "Settings",
    "Users",
    "Within",
    "assign",
    "assign_within",
    "bpr_links",
    "demand_of",
    "network_of",
    "penalised_routes",
    "queue_links",
    "users_of",
]
