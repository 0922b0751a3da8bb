"""What exists: every table, column, type, unit and range of a study, declared once, as data.

The declarations are the CSV files beside this module: ``tables.csv`` lists the tables,
``tables/NAME.csv`` the columns of one of them, ``common.csv`` the columns that named and sourced
tables share, ``settings.csv`` the keys of ``study.yaml``. Validation, the reference page, new
studies and the published descriptors all come from them.
"""

from __future__ import annotations

from keruen.schema.load import load_schema
from keruen.schema.table import Column, ColumnType, Schema, Table

__all__ = ["Column", "ColumnType", "Schema", "Table", "load_schema"]
