"""What a run kept of the trains of a line, as the pictures need it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from keruen.capacity.drawn_run import DrawnLeg, DrawnRun
from keruen.capacity.line_description import line_description
from keruen.capacity.line_order import passed_line
from keruen.capacity.line_timetable import CLASSES
from keruen.capacity.train_day import DrawnTrain, TrainDay
from keruen.model import Model
from keruen.rail.dispatch.polylines import TrainPolyline
from keruen.rail.kilometres import Kilometres
from keruen.report.page.matter import Matter
from keruen.study.what_ifs import AS_IT_STANDS

_DAY_MIN: Final = 1440.0


def kept_day(matter: Matter, model: Model, line: str, day: str) -> TrainDay | None:
    """The day of trains that a run kept.

    Parameters
    ----------
    matter : Matter
        The run.
    model : Model
        Of the day.
    line : str
        Row of ``lines``.
    day : str
        The day as the tables write it.

    Returns
    -------
    TrainDay or None
        None when the run kept none.
    """
    taken = _own(matter, "gap_occupancy", line, day)
    if taken.empty:
        return None
    paths = _own(matter, "train_paths", line, day)
    drawn = []
    if not paths.empty:
        for _, own in paths.sort_values(["train", "point"]).groupby("train", sort=True):
            first = own.iloc[0]
            path = TrainPolyline(
                int(first["train"]),
                own["time_min"].to_numpy(dtype=float),
                own["km"].to_numpy(dtype=float),
                own["cause"].to_numpy(dtype=np.int32)[:-1],
            )
            train_class = CLASSES.index(str(first["train_class"]))
            odd = first["direction"] == "forward"
            drawn.append(DrawnTrain(str(first["number"]), train_class, odd, path))
    shares = taken["share"].to_numpy(dtype=float).reshape(-1, len(CLASSES))
    return TrainDay(line, line_description(model, line), (0.0, _DAY_MIN), tuple(drawn), shares)


def kept_run(matter: Matter, model: Model, line: str, day: str) -> DrawnRun | None:
    """The run of the ordinary train that a run kept; None when it kept none.

    Parameters
    ----------
    matter, model, line, day
        As for :func:`kept_day`.
    """
    speeds = _own(matter, "train_speeds", line, day)
    kilometres = _own(matter, "train_kilometres", line, day)
    totals = _own(matter, "line_runs", line, day)
    if speeds.empty or kilometres.empty or totals.empty:
        return None
    drawn = (totals["what_if"] == AS_IT_STANDS) & (totals["direction"] == "forward")
    total = totals[drawn].iloc[0]
    legs = []
    for _, own in kilometres.groupby("leg", sort=True):
        columns = (own[name].to_numpy(dtype=float) for name in Kilometres._fields)
        first = own.iloc[0]
        legs.append(
            DrawnLeg(str(first["node"]), first["traction"] == "diesel", Kilometres(*columns))
        )
    return DrawnRun(
        "lines",
        line,
        float(total["running_min"]),
        passed_line(model, line),
        bool(total["profile_assumed"]),
        speeds["km"].to_numpy(dtype=float),
        speeds["speed_km_per_h"].to_numpy(dtype=float),
        tuple(legs),
    )


def _own(matter: Matter, table: str, line: str, day: str) -> pd.DataFrame:
    frame = matter.table(table)
    if frame.empty:
        return frame
    return frame[(frame["line"] == line) & (frame["date"] == day)]
