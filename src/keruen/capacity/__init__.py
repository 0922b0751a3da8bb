"""What every section, terminal, border, fleet and vessel pool can carry, and what limits it."""

from __future__ import annotations

from keruen.capacity.overview import capacity
from keruen.capacity.record import Capacity, Input
from keruen.capacity.registry import Capacities

__all__ = ["Capacities", "Capacity", "Input", "capacity"]
