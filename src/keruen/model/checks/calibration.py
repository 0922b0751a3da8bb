"""What the calibration may move: cells that only flows rest on, with priors, and few of them."""

from __future__ import annotations

from typing import Final

import numpy as np

from keruen.errors import Problem
from keruen.model.draft import Draft

MOVABLE: Final = (
    ("commodities", "choice_spread_share"),
    ("route_aversions", "cost_usd_per_unit"),
    ("tariffs", "amount"),
    ("demand_history", "factor"),
)
"""Tables and columns of cells that may be free: no capacity rests on them."""
OBSERVATIONS_PER_PARAMETER: Final = 3
FIT: Final = "fit"
LOG: Final = "log"


def parameters_move_flows(draft: Draft) -> list[Problem]:
    """A parameter is a cell that the calibration can move, and a prior has a low, mode and high.

    The three stand in order, and above nought where the prior is normal in the logarithm.
    """
    reading = draft["calibration_parameters"]
    frame = reading.frame
    cells = zip(frame["table"], frame["column"], strict=True)
    other = np.array([cell not in MOVABLE for cell in cells], dtype=bool)
    problems = reading.place("calibration_cell", other, "column")
    low, mode, high = (
        frame[f"prior_{name}"].to_numpy(dtype=np.float64) for name in ("low", "mode", "high")
    )
    log = np.asarray(frame["scale"] == LOG, dtype=bool)
    wrong = (low >= mode) | (mode >= high) | (log & (low <= 0.0))
    return problems + reading.place("calibration_prior", wrong, "prior_low")


def parameters_few(draft: Draft) -> list[Problem]:
    """One parameter at most for three fitted observations; none goes along with a dependent one."""
    reading = draft["calibration_parameters"]
    frame, measures = reading.frame, draft.frame("flow_measures")
    along = reading.filled("same_as")
    heads = reading.positions(frame["same_as"])
    chained = along & (heads >= 0) & along[np.maximum(heads, 0)] if len(frame) else along
    problems = reading.place("calibration_chain", chained, "same_as")
    fitted = int(((measures["use"] == FIT) & (measures["observation"] != "")).sum())
    free = np.flatnonzero(~along)
    if free.size * OBSERVATIONS_PER_PARAMETER > fitted:
        first = np.zeros(len(frame), dtype=bool)
        first[free[fitted // OBSERVATIONS_PER_PARAMETER]] = True
        problems += reading.place(
            "calibration_too_free", first, "row", parameters=int(free.size), fitted=fitted
        )
    return problems
