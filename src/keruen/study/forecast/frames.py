"""Tables of a forecast: volumes, and chances of targets."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.model import Model
from keruen.model.draws import FloatArray
from keruen.study.forecast.rows import definition_of, rows_of_target, unit_of
from keruen.study.metrics import METRICS
from keruen.study.targets import REPRODUCED, is_met, is_reproduced

LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
VOLUME_COLUMNS: Final = (
    "id", "year", "definition", "unit", "as_computed", "mean", "sd", "p05", "p25", "p50", "p75",
    "p95", "n", "interpolated",
)  # fmt: skip
PROBABILITY_COLUMNS: Final = (
    "target", "measure", "year", "unit", "wanted", "share", "n", "judged_by", "target_is_of",
    "counts", "within_share",
)  # fmt: skip
VOLUME: Final = "volume"
CAPACITY: Final = "capacity"
AT_LEAST: Final = "at_least"
WITHIN: Final = "within"


class Fan(NamedTuple):
    """Volumes of all years.

    Parameters
    ----------
    rows : tuple of str
        Measures.
    years : tuple of int
        Years.
    interpolated : tuple of bool
        Years that lie between two that were worked out.
    computed : array, shape (years, measures)
        As the study stands.
    drawn : array, shape (draws, years, measures)
        Under each draw.
    """

    rows: tuple[str, ...]
    years: tuple[int, ...]
    interpolated: tuple[bool, ...]
    computed: FloatArray
    drawn: FloatArray


def without(fan: Fan, rows: tuple[str, ...]) -> Fan:
    """The same without what is said of some measures: not a number in all years and draws."""
    gone = np.isin(fan.rows, rows)
    return fan._replace(
        computed=np.where(gone, np.nan, fan.computed), drawn=np.where(gone, np.nan, fan.drawn)
    )


def volumes_frame(model: Model, fan: Fan) -> pd.DataFrame:
    """Distribution of every measure in every year."""
    found = []
    for place, row in enumerate(fan.rows):
        definition, unit = definition_of(model, row), unit_of(model, row)
        for at, year in enumerate(fan.years):
            drawn = fan.drawn[:, at, place]
            drawn = drawn[np.isfinite(drawn)]
            levels = np.quantile(drawn, LEVELS) if drawn.size else np.full(len(LEVELS), np.nan)
            mean = drawn.mean() if drawn.size else np.nan
            sd = drawn.std(ddof=1) if drawn.size > 1 else np.nan
            found.append(
                (
                    *(row, year, definition, unit, fan.computed[at, place], mean, sd, *levels),
                    *(drawn.size, fan.interpolated[at]),
                )
            )
    return pd.DataFrame(found, columns=list(VOLUME_COLUMNS))


def probability_frame(model: Model, fan: Fan) -> pd.DataFrame:
    """Share of draws in which a volume is what a target wants or a claim says, by year.

    ``counts`` says what is counted: draws that come to what is wanted (``at_least``), or, of a
    statement of fact, those that come as near to it as ``within_share``. All are ``judged_by`` a
    volume; ``target_is_of`` says where the target is of capacity.
    """
    found = []
    for target in map(str, model["targets"].index):
        wanted = model.number("targets", target, "wanted")
        if wanted is None:
            continue
        kind = model.text("targets", target, "kind")
        of = CAPACITY if model.text("targets", target, "metric") in METRICS else VOLUME
        near = is_reproduced(kind)
        rule = (VOLUME, of, WITHIN if near else AT_LEAST, REPRODUCED if near else np.nan)
        for row in rows_of_target(model, target, fan.rows):
            place = fan.rows.index(row)
            for at, year in enumerate(fan.years):
                drawn = fan.drawn[:, at, place]
                drawn = drawn[np.isfinite(drawn)]
                met = [is_met(kind, wanted, value) for value in drawn.tolist()]
                share = sum(met) / len(met) if met else np.nan
                unit = unit_of(model, row)
                found.append((target, row, year, unit, wanted, share, drawn.size, *rule))
    frame = pd.DataFrame(found, columns=list(PROBABILITY_COLUMNS))
    return frame.astype({"within_share": "float64"})


def without_volume(model: Model, chances: pd.DataFrame) -> tuple[str, ...]:
    """Targets of an amount a year that no chance is told of: no volume of theirs is forecast."""
    every = map(str, model["targets"].index)
    yearly = [row for row in every if model.text("targets", row, "unit").endswith("/year")]
    return tuple(row for row in yearly if row not in set(chances["target"]))
