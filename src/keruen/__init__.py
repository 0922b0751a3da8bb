"""Keruen plans transit freight corridors together with the power and industry behind them."""

from __future__ import annotations

__version__ = "0.1.0"
