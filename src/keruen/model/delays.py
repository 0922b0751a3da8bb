"""Openings later than told: the record of past targets, carried to the dates of projects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import ndtr, ndtri

from keruen.errors import require_range
from keruen.model.cells import as_date
from keruen.model.draws import FloatArray, generator_of, spread
from keruen.model.model import Model
from keruen.units import DAYS_PER_YEAR

_LEAST_RATIO: Final = 1e-3


def opening_delays(
    model: Model, draws: int, seed: int, record: Sequence[float], together: float = 0.5
) -> FloatArray:
    """Years by which projects open later than told, as targets of the past fared.

    ``record`` holds outcome over target of dated targets whose date has passed. Where only the
    share ``r`` was reached in time, and what was done grew evenly, the whole takes 1 / r of the
    time that was left: of the years from the base date to the opening, 1 / r - 1 more; none for
    r >= 1. Between the ratios of the record, r is read off its sorted values as a broken line. A
    record of targets found by search and not of projects drawn by lot is a wide prior.

    Parameters
    ----------
    model : Model
        The study before any day.
    draws : int
        How many.
    seed : int
        Seed.
    record : sequence of float
        Ratios, each above nought.
    together : float
        Correlation of the normal scores of any two projects: planners err together.

    Returns
    -------
    ndarray of float, shape (draws, projects)
        Years, nought or more, in the order of ``projects``; nought for projects open at the base
        date, without a date, or whose opening has a range of its own; infinite for candidates that
        are not decided: the base does not build them.

    Raises
    ------
    RangeError
        When the record is empty or has a ratio below a thousandth.
    """
    ratios = np.sort(np.asarray(record, dtype=np.float64))
    require_range("record", len(ratios), 1)
    require_range("record", float(ratios[0]), _LEAST_RATIO)
    require_range("together", together, 0.0, 1.0)
    projects = model["projects"]
    common = _normal(spread(generator_of(seed, ("opening_delays",)), draws))
    places = np.linspace(0.0, 1.0, len(ratios))
    delays = np.zeros((draws, len(projects)))
    opening = (as_date(day) for day in projects["open_date"])
    rows = zip(projects.index, projects["status"], opening, strict=True)
    for position, (project, status, day) in enumerate(rows):
        if status != "committed" and project not in model.projects | model.opened:
            delays[:, position] = math.inf
            continue
        owner = model.owners.get(("projects", str(project), "open_date"))
        if day is None or (owner is not None and owner.low) or project in model.opened:
            continue
        left = (day - model.settings.base_date).days / DAYS_PER_YEAR
        own = _normal(spread(generator_of(seed, ("opening_delays", str(project))), draws))
        score = math.sqrt(together) * common + math.sqrt(1.0 - together) * own
        reached = np.interp(ndtr(score), places, ratios)
        delays[:, position] = max(0.0, left) * np.maximum(0.0, 1.0 / reached - 1.0)
    return delays


def _normal(shares: FloatArray) -> FloatArray:
    return np.asarray(ndtri(np.clip(shares, 1e-12, 1.0 - 1e-12)), dtype=np.float64)
