"""A calibration of a study on request: kept by what it was made of, its cells ready to be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from keruen.errors import FailedError, error
from keruen.model import Model, input_hashes
from keruen.study.cache import StepCache, as_stored
from keruen.study.calibrate import calibrate
from keruen.study.identity import code_hash, digest_of
from keruen.study.pipeline import Request, prepare
from keruen.study.targets import days_of


class Calibrated(NamedTuple):
    """A study and what its calibration found.

    Parameters
    ----------
    model : Model
        The study, not yet of a day.
    tables : mapping of str to DataFrame
        ``calibration``, ``calibration_cells``, ``calibration_fit``, ``calibration_summary``.
    """

    model: Model
    tables: Mapping[str, pd.DataFrame]


def kept_calibration(
    request: Request, progress: Callable[[str, float], None], cache: StepCache
) -> Calibrated:
    """Look for the mode, or read what was found from the same inputs before.

    Raises
    ------
    FailedError
        ``no_calibration`` when nothing is free, or there is too little to fit it to.
    StudyError, UsageError
        As :func:`keruen.study.pipeline.prepare`.
    """
    model, _ = prepare(request)
    key = digest_of(
        {
            "step": "calibration",
            "code": code_hash(),
            "inputs": input_hashes(request.path),
            "scenario": request.scenario,
            "as_of": None if request.as_of is None else request.as_of.isoformat(),
        }
    )
    tables = cache.get(key)
    if tables is None:
        made = calibrate(
            model, days_of(model), lambda share: progress("calibrate", share), thorough=True
        )
        tables = as_stored(made)
        cache.put(key, tables)
    if tables["calibration"].empty:
        raise FailedError([error("no_calibration")])
    return Calibrated(model, tables)


def write_cells(file: Path, cells: pd.DataFrame) -> None:
    """Write the cells that a calibration proposes, one a line, with what the study holds now."""
    file.write_text(cells.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
