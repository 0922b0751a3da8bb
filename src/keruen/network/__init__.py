"""Ids and integers, and the compiled graph that engines travel on."""

from __future__ import annotations

from keruen.network.graph import Graph, Way, compile_graph

__all__ = ["Graph", "Way", "compile_graph"]
