"""A study as read, before anything is known to be right: what the checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from keruen.model.reading import TableReading
from keruen.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Draft:
    """All tables of a study, those left out being empty, and its settings if they could be read."""

    settings: Settings | None
    tables: Mapping[str, TableReading]

    def __getitem__(self, name: str) -> TableReading:
        return self.tables[name]

    def frame(self, name: str) -> pd.DataFrame:
        """Typed cells of one table, indexed by key."""
        return self.tables[name].frame

    def unique(self, name: str) -> pd.DataFrame:
        """The same, of rows with one key only the first."""
        frame = self.frame(name)
        return frame if frame.index.is_unique else frame[~frame.index.duplicated()]
