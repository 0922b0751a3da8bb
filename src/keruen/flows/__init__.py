"""Who goes which way: routes, choice and equilibrium on a network of links with delay curves."""

from __future__ import annotations
