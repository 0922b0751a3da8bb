"""What the tests of exports share: the template with every table, and tables that mean harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd

import keruen
from keruen.exchange import Content
from keruen.model import Model, load_model
from keruen.rail.line_capacity import Level

HOSTILE = (
    "=1+1",
    "+7 727 000",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "'=1+1",
    "''=1+1",
    "＝1+1",
    "name;=1+1",
    "line\n@x",
    '"quoted", and more',
    "{=TABLE()}",
    "<script>alert('x')</script>&amp;",
    "_x000D_ and _x0041_",
    "Достық – Мойынты, 阿拉山口",
    "'s-Hertogenbosch",
    "https://example.org/=x",
    "-12.5",
    "1e5",
    "TRUE",
    "2024-01-01",
    "x" * 4000,
    " spaces around ",
    "",
)
"""Texts that a spreadsheet, a parser or a page might take for more than texts."""


@cache
def corridor() -> Model:
    """The template with every table."""
    return load_model(Path(keruen.__file__).parent / "templates" / "corridor")


def content(
    tables: dict[str, pd.DataFrame] | None = None,
    model: Model | None = None,
    year: int = 2024,
    level: Level | None = Level.PRACTICAL,
) -> Content:
    """Content of the template, or of another model."""
    return Content(tables or {}, model or corridor(), year, level)


def changed(model: Model, table: str, column: str, row: str, cell: str | float) -> Model:
    """The model with one cell replaced, whatever the checks would say."""
    frame = model[table].copy()
    frame.loc[row, column] = cell
    return replace(model, tables=MappingProxyType({**model.tables, table: frame}))


def hostile_table() -> pd.DataFrame:
    """A column of each kind, with gaps, extremes and every hostile text."""
    count = len(HOSTILE)
    return pd.DataFrame(
        {
            "text": pd.Series(HOSTILE, dtype=object),
            "number": pd.Series([-1.5, 0.1, None, 1e300, -0.0, 2030.0] * count)[:count],
            "integer": pd.Series([1, None, -7] * count, dtype="Int64")[:count],
            "flag": pd.Series([True, False] * count)[:count],
            "day": pd.Series([date(2024, 2, 29), None, date(1850, 1, 1)] * count)[:count].astype(
                "datetime64[us]"
            ),
            "moment": pd.Series(["2024-05-06 07:08:09", None] * count)[:count].astype(
                "datetime64[us]"
            ),
        }
    )
