"""Forecasts in folders: beside the run of the same study, or in a place of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

import keruen
from keruen.errors import FailedError, cannot_write, error
from keruen.folders import whole_folder
from keruen.model import input_hashes
from keruen.study.cache import read_tables, write_tables
from keruen.study.forecast.forecast import Forecast
from keruen.study.identity import code_hash
from keruen.study.pipeline import Request
from keruen.study.store import (
    MANIFEST,
    Run,
    file_hash,
    read_manifest,
    require_free,
    require_place,
)

FOLDER: Final = "forecast"
"""Folder of a forecast in the folder of a run."""
RECORD: Final = "forecast.json"
FORMAT: Final = 1
_MOST: Final = 1 << 22
_MADE_FROM: Final = ("inputs", "scenario", "as_of")
"""What a forecast and a run have to share, to be of the same study."""


@dataclass(frozen=True, slots=True)
class StoredForecast:
    """A forecast that was read.

    Parameters
    ----------
    path : Path
        Its folder.
    record : mapping
        What it says of itself: inputs, scenario, seed, draws, tables with their hashes.
    tables : mapping of str to DataFrame
        As of :class:`keruen.study.forecast.forecast.Forecast`.
    """

    path: Path
    record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]


def place_of(target: Path) -> Path:
    """Where a forecast that is written to a folder goes: in a run a folder of its own."""
    return target / FOLDER if (target / MANIFEST).is_file() else target


def _require_fit(forecast: Mapping[str, Any], target: Path) -> None:
    """Refuse to put a forecast beside a run that was made from other inputs.

    Raises
    ------
    FailedError
        ``forecast_of_other_inputs``, or when the run is damaged.
    """
    if not (target / MANIFEST).is_file():
        return
    run = read_manifest(target)
    if any(run[name] != forecast[name] for name in _MADE_FROM):
        raise FailedError([error("forecast_of_other_inputs", value=str(target))])


def made_from(forecast: Forecast) -> dict[str, Any]:
    """Inputs of a forecast, as manifests write them."""
    return {"study": forecast.model.settings.name, **inputs_of(forecast.request)}


def inputs_of(request: Request) -> dict[str, Any]:
    """Inputs of a request, as manifests write them."""
    return {
        "inputs": dict(input_hashes(request.path)),
        "scenario": request.scenario,
        "as_of": None if request.as_of is None else request.as_of.isoformat(),
    }


def require_forecast_place(request: Request, target: Path) -> None:
    """Refuse a place for a forecast that is taken, or a run of other inputs, before the work.

    Raises
    ------
    UsageError, FailedError
        As :func:`write_forecast`.
    """
    _require_fit(inputs_of(request), target)
    require_place(place_of(target))


def write_forecast(forecast: Forecast, target: Path) -> Path:
    """Write the tables of a forecast into a folder; into one of its own where that is a run's.

    Parameters
    ----------
    forecast : Forecast
        The forecast.
    target : Path
        Folder of a run of the same study, or a place that is free.

    Returns
    -------
    Path
        Folder that was made.

    Raises
    ------
    UsageError
        ``target_not_empty``.
    FailedError
        ``forecast_of_other_inputs``; or when it cannot be written.
    """
    known = made_from(forecast)
    _require_fit(known, target)
    place = place_of(target)
    try:
        with whole_folder(place, require_free) as folder:
            write_tables(forecast.tables, folder)
            record = {
                **known,
                "format": FORMAT,
                "keruen": keruen.__version__,
                "code": code_hash(),
                "seed": forecast.seed,
                "draws": forecast.draws,
                "open": forecast.open,
                "tables": {
                    name: {"rows": len(frame), "sha256": file_hash(folder / f"{name}.parquet")}
                    for name, frame in forecast.tables.items()
                },
            }
            text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
            (folder / RECORD).write_text(text + "\n", encoding="utf-8")
    except OSError as failure:
        raise cannot_write(place, failure) from failure
    return place


def read_forecast(path: Path) -> StoredForecast:
    """Read a forecast from its folder, or from that of the run which it lies beside.

    Raises
    ------
    FailedError
        ``not_a_forecast``, or ``damaged_forecast`` when a table is not what was written.
    """
    place = place_of(path)
    try:
        file = place / RECORD
        if not file.is_file() or file.stat().st_size > _MOST:
            raise FailedError([error("not_a_forecast", value=str(path))])
        record = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            raise FailedError([error("not_a_forecast", value=str(path))])
        told = {str(name): str(its["sha256"]) for name, its in record["tables"].items()}
        off = [name for name, digest in sorted(told.items()) if _digest(place, name) != digest]
        if off or any(name not in record for name in _MADE_FROM):
            reason = ", ".join(off)
            raise FailedError([error("damaged_forecast", value=str(place), reason=reason)])
        tables = {name: frame for name, frame in read_tables(place).items() if name in told}
    except (
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        pa.ArrowException,
    ) as failure:
        reason = type(failure).__name__
        raise FailedError([error("damaged_forecast", value=str(place), reason=reason)]) from failure
    return StoredForecast(place, record, tables)


def _digest(place: Path, name: str) -> str:
    file = place / f"{name}.parquet"
    return file_hash(file) if name == Path(name).name and file.is_file() else ""


def forecast_for(path: Path, made: Mapping[str, Any]) -> StoredForecast:
    """Read a forecast that has to be of certain inputs.

    Parameters
    ----------
    path : Path
        Folder of the forecast or of its run.
    made : mapping
        ``inputs``, ``scenario`` and ``as_of`` of what it is read beside.

    Raises
    ------
    FailedError
        As :func:`read_forecast`; ``forecast_of_other_inputs``.
    """
    found = read_forecast(path)
    if any(found.record[name] != made[name] for name in _MADE_FROM):
        raise FailedError([error("forecast_of_other_inputs", value=str(path))])
    return found


def forecast_beside(run: Run) -> StoredForecast | None:
    """The forecast that lies in the folder of a run; None where there is none.

    Raises
    ------
    FailedError
        As :func:`forecast_for`.
    """
    if not (run.path / FOLDER / RECORD).is_file():
        return None
    return forecast_for(run.path, run.manifest)
