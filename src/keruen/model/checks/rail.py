"""Trains and the tracks they run on can be computed with."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from keruen.errors import Problem, Severity
from keruen.model.draft import Draft

_USE: Final = ["traction", "gauge_mm", "line_class"]
_COMPUTED: Final = ("permitted_speed_km_per_h", "gradient_share", "running_allowance_share")
_LENGTH_TOLERANCE_KM: Final = 1e-6


def haulings_in_conflict(draft: Draft) -> list[Problem]:
    """One row says what pulls the trains of a traction, a gauge and a class of line."""
    reading = draft["haulings"]
    return reading.place("hauling_twice", reading.frame[_USE].fillna("").duplicated(), "traction")


def locomotives_of_the_traction(draft: Draft) -> list[Problem]:
    """A locomotive pulls where it is fed."""
    reading = draft["haulings"]
    fed = draft.frame("locomotives")["traction"].to_dict()
    found = reading.frame["locomotive"].map(fed)
    return reading.place(
        "locomotive_not_fed", found.notna() & (found != reading.frame["traction"]), "locomotive"
    )


def classes_half_described(draft: Draft) -> list[Problem]:
    """A class of line has all that running times are computed from, or nothing of it."""
    reading = draft["line_classes"]
    filled = {column: reading.filled(column) for column in _COMPUTED}
    some = np.any(list(filled.values()), axis=0)
    return [
        problem
        for column, there in filled.items()
        for problem in reading.place(
            "class_half_described", some & ~there, column, Severity.WARNING
        )
    ]


def profiles_over_their_section(draft: Draft) -> list[Problem]:
    """A profile begins at the start of its section and ends at its end."""
    reading, lengths = draft["track_profiles"], draft.frame("sections")["length_km"]
    frame = reading.frame
    if frame.empty:
        return []
    groups = frame.groupby("section")["km"]
    whole = frame["section"].map(lengths)
    starts = (groups.transform("min") > 0) & (frame["km"] == groups.transform("min"))
    last = frame["km"] == groups.transform("max")
    short = last & ((frame["km"] - whole).abs() > _LENGTH_TOLERANCE_KM * whole + 1e-3)
    return [
        *reading.place("profile_starts_late", starts & whole.notna(), "km"),
        *reading.tell(
            "profile_of_other_length",
            np.flatnonzero((short & whole.notna()).to_numpy()),
            "km",
            lambda line: {"km": _km(frame, line), "length": float(whole.iloc[line])},
        ),
    ]


def _km(frame: pd.DataFrame, line: int) -> float:
    return float(frame["km"].iloc[line])


def no_train_fits_a_loop(draft: Draft) -> list[Problem]:
    """Some train of the study fits into the loops of a class of line."""
    reading, trains = draft["line_classes"], draft.frame("train_types")["length_m"]
    if trains.empty:
        return []
    shortest = float(trains.min())
    return reading.place(
        "loop_shorter_than_trains",
        reading.frame["loop_length_m"] < shortest,
        "loop_length_m",
        length=shortest,
    )
