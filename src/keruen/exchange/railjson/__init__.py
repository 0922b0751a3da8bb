"""OSRD's railJSON infrastructures, read as studies and written from them."""

from __future__ import annotations

from keruen.exchange.railjson.folder import write_imported
from keruen.exchange.railjson.notes import Note, Why, notes_as_warnings
from keruen.exchange.railjson.parsing import MAX_BYTES
from keruen.exchange.railjson.reading import Imported, ImportOptions, read_railjson
from keruen.exchange.railjson.shapes import VERSION
from keruen.exchange.railjson.writing import infrastructure_of, write_railjson

__all__ = [
    "MAX_BYTES",
    "VERSION",
    "ImportOptions",
    "Imported",
    "Note",
    "Why",
    "infrastructure_of",
    "notes_as_warnings",
    "read_railjson",
    "write_imported",
    "write_railjson",
]
