"""Other people's formats: tables and networks written for spreadsheets, maps and other models."""

from __future__ import annotations

from keruen.exchange.content import Content, Exporter
from keruen.exchange.csv_tables import read_tables
from keruen.exchange.registry import EXPORTERS, export

__all__ = ["EXPORTERS", "Content", "Exporter", "export", "read_tables"]
