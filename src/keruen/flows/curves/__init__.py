"""Delay curves: what a link's load does to the time on it, one kind a file."""

from __future__ import annotations
