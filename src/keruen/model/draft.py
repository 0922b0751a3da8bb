"""A study as read, before anything is known to be right: what the checks look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

import pandas as pd

from keruen.model.reading import TableReading
from keruen.model.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """All tables of a study, those left out being empty, and its settings if they could be read."""

    settings: Settings | None
    tables: Mapping[str, TableReading]
    _done: dict[Callable[[Draft], object], object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __getitem__(self, name: str) -> TableReading:
        return self.tables[name]

    def frame(self, name: str) -> pd.DataFrame:
        """Typed cells of one table, indexed by key."""
        return self.tables[name].frame

    def unique(self, name: str) -> pd.DataFrame:
        """The same, of rows with one key only the first."""
        frame = self.frame(name)
        return frame if frame.index.is_unique else frame[~frame.index.duplicated()]

    def once(self, work: Callable[[Draft], T]) -> T:
        """What some work makes of the draft, done once for all checks that ask for it.

        The result is shared, so it is not to be written to.
        """
        if work not in self._done:
            self._done[work] = work(self)
        return cast("T", self._done[work])
