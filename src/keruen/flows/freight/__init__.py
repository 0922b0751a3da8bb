"""A study's freight: its network, cargo and prices compiled for the equilibrium, and the result."""

from __future__ import annotations
