"""Calibration of a study's flows on what was counted up to its base year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.flows.freight.measures import FIT, JUDGE, Measure, measures_of
from keruen.flows.freight.parameters import (
    MODEL_ERROR,
    Cell,
    Parameter,
    log_error,
    parameters_of,
)
from keruen.flows.posterior import (
    MOST_STEPS,
    Evidence,
    Functions,
    Posterior,
    condition_number,
    information_bits,
    left_out,
    posterior,
    widened_cost,
)
from keruen.model import Model
from keruen.model.provenance import CellKey
from keruen.study.metrics import Days
from keruen.study.past import Past

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Tables = dict[str, pd.DataFrame]

FIRST_YEAR: Final = 2019
OBSERVATIONS_PER_PARAMETER: Final = 3
LITTLE_SD: Final = 0.9
LITTLE_MOVE: Final = 0.5
"""A parameter whose posterior is at least this share as wide as its prior, and whose mode moved by
at most this share of the prior's standard deviation, reads ``prior``."""
CALIBRATED: Final = "calibrated"
PRIOR: Final = "prior"
BEYOND: Final = "beyond"
"""Verdict of a parameter that ends outside the range which held nine tenths of its prior."""
NINE_TENTHS: Final = 1.6448536269514722
"""Standard deviations within which nine tenths of a normal distribution lie, each way."""

PARAMETER_COLUMNS: Final = (
    "parameter", "table", "row", "column", "prior_low", "prior_mode", "prior_high",
    "posterior_mode", "posterior_low", "posterior_high", "sd_share", "moved_share",
    "information_bits", "verdict", "study_value", "study_agrees",
)  # fmt: skip
FIT_COLUMNS: Final = (
    "measure", "year", "corridor", "use", "unit", "confidence", "observed", "error_share",
    "computed_prior", "computed_posterior", "computed_without_year", "computed_without_corridor",
    "log_ratio_prior", "log_ratio_posterior", "log_ratio_without_year",
    "log_ratio_without_corridor",
)  # fmt: skip
SUMMARY_COLUMNS: Final = (
    "parameters", "observations", "judged", "first_year", "last_year", "condition_number",
    "information_bits", "widened", "model_error_share", "rms_fit_prior", "rms_fit",
    "rms_without_year", "rms_without_corridor", "rms_judged_prior", "rms_judged",
    "objective_prior", "objective_study", "objective", "steps", "evaluations", "equilibria",
    "at_rest", "study_agrees",
)  # fmt: skip


CELL_COLUMNS: Final = (
    "parameter", "table", "row", "column", "study_value", "value", "low", "high",
)  # fmt: skip
COLUMNS: Final = {
    "calibration": PARAMETER_COLUMNS,
    "calibration_cells": CELL_COLUMNS,
    "calibration_fit": FIT_COLUMNS,
    "calibration_summary": SUMMARY_COLUMNS,
}
FIGURES: Final = 4
"""Figures of a cell that is proposed."""


class Observed(NamedTuple):
    """A measure with its observation.

    Parameters
    ----------
    measure : Measure
        What is computed.
    value : float
        What was counted.
    confidence : str
        How far it is trusted.
    corridor : str
        Where it was counted: the country into which its element leads.
    """

    measure: Measure
    value: float
    confidence: str
    corridor: str


def observed_of(model: Model) -> tuple[Observed, ...]:
    """Measures that are fitted or judged, with observations up to the end of the base year."""
    last = model.settings.base_year
    found = []
    for one in measures_of(model).values():
        seen = one.observation
        if one.use not in (FIT, JUDGE) or seen not in model["observations"].index:
            continue
        value = model.number("observations", seen, "value")
        if value is None or value <= 0.0 or not FIRST_YEAR <= one.year <= last:
            continue
        found.append(
            Observed(
                one,
                value,
                model.text("observations", seen, "confidence"),
                corridor_of(model, one),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.measure.year, each.measure.id)))


def corridor_of(model: Model, measure: Measure) -> str:
    """Country into which the element of a measure leads; its own where it leads nowhere.

    Crossings of one country into another are one corridor: what is counted at one of them tells
    most of what is counted at the next.
    """
    country = {str(node): str(name) for node, name in model["nodes"]["country"].items()}
    if measure.table == "nodes":
        home = country.get(measure.row, "")
        ends = zip(model["sections"]["from_node"], model["sections"]["to_node"], strict=True)
        abroad = {
            country.get(str(other), "")
            for pair in ends
            for node, other in (pair, pair[::-1])
            if str(node) == measure.row
        } - {home}
        return " ".join(sorted(abroad)) or home
    if measure.table and "to_node" in model[measure.table].columns:
        return country.get(model.text(measure.table, measure.row, "to_node"), "")
    return ""


def cells_at(parameters: tuple[Parameter, ...], z: FloatArray) -> dict[CellKey, float]:
    """Numbers of the cells of parameters, the latter in standard deviations of their priors."""
    return {
        cell.key: cell.at(float(place))
        for one, place in zip(parameters, z, strict=True)
        for cell in one.cells
    }


class Calibration(NamedTuple):
    """What a calibration found.

    Parameters
    ----------
    parameters : tuple of Parameter
        Free numbers and their priors.
    observed : tuple of Observed
        What was fitted and what was judged.
    evidence : Evidence
        The same as logarithms with errors.
    at_prior : array, shape (observed,)
        Logarithms of what is computed with the priors.
    found : Posterior
        What was found.
    ends : tuple of float
        The objective with the priors and with what the study holds.
    equilibria : int
        Equilibria that were worked out.
    """

    parameters: tuple[Parameter, ...]
    observed: tuple[Observed, ...]
    evidence: Evidence
    at_prior: FloatArray
    found: Posterior
    ends: tuple[float, float]
    equilibria: int


def calibration(
    base: Model,
    days: Days,
    tell: Callable[[float], None] = lambda _: None,
    thorough: bool = False,
) -> Calibration | None:
    """Calibrate the free parameters of a study; None where it has none, or nothing to fit.

    Parameters
    ----------
    base : Model
        The study, not yet of a day.
    days : callable
        Capacities of a day.
    tell : callable
        Told the share that is done, as far as it can be known.
    thorough : bool
        Whether the mode is looked for, from what the study holds and, where that is none, from the
        modes of the priors, and rest is proved. A run tries one step from what the study holds, to
        see whether that is the mode.
    """
    parameters, observed = parameters_of(base), observed_of(base)
    used = np.array([one.measure.use == FIT for one in observed], dtype=np.bool_)
    if not parameters or used.sum() < OBSERVATIONS_PER_PARAMETER * len(parameters):
        return None
    evidence = Evidence(
        np.log([one.value for one in observed]),
        np.array([log_error(one.confidence) for one in observed]),
        used,
    )
    counted = _Counted(Past(base, days, _rows(observed)), parameters, observed)
    prior = np.zeros(len(parameters))
    counted.past.gather([cells_at(parameters, prior)], lambda share: tell(GATHERED * share))
    at_prior = counted.all(prior)
    own = np.array([one.own.place(one.value) for one in parameters])
    at_study = counted.fitted(own)
    expected = (len(parameters) + 2) * (LIKELY_STEPS if thorough else 1)

    def told(_: int) -> None:
        done = counted.calls / expected
        tell(GATHERED + (1.0 - GATHERED) * min(done, 0.99))

    most = MOST_STEPS if thorough else 1
    functions = Functions(counted.fitted, counted.nearby)
    found = posterior(functions, evidence, own, told, most, thorough)
    if thorough and found.steps:
        # What is no mode may be near one of several: the modes of the priors are another beginning.
        other = posterior(functions, evidence, prior, told, most, thorough)
        found = min(found, other, key=lambda one: one.objective)
    found = found._replace(computed=counted.all(found.z))
    ends = (widened_cost(evidence, at_prior, prior), widened_cost(evidence, at_study, own))
    return Calibration(parameters, observed, evidence, at_prior, found, ends, counted.past.solved)


GATHERED: Final = 0.3
"""Share of the work that is done once the routes are known, as far as a run goes."""
LIKELY_STEPS: Final = 8


def _rows(observed: tuple[Observed, ...]) -> dict[int, list[str]]:
    """Measures by year."""
    found: dict[int, list[str]] = {}
    for one in observed:
        found.setdefault(one.measure.year, []).append(one.measure.id)
    return found


class _Counted:
    """What is computed for observations, with parameters in standard deviations of the priors."""

    def __init__(
        self, past: Past, parameters: tuple[Parameter, ...], observed: tuple[Observed, ...]
    ) -> None:
        self.past, self.parameters = past, parameters
        self.years = np.array([one.measure.year for one in observed])
        self.fit_years = {one.measure.year for one in observed if one.measure.use == FIT}
        self.calls = 0

    def all(self, z: FloatArray) -> FloatArray:
        """Logarithms for every observation."""
        return self._of(z, set(self.past.years))

    def fitted(self, z: FloatArray) -> FloatArray:
        """The same, without years of which nothing is fitted: there they are not numbers."""
        self.calls += 1
        return self._of(z, self.fit_years)

    def nearby(self, z: FloatArray) -> FloatArray:
        """As ``fitted``, for differences to what was worked out last."""
        self.calls += 1
        return self._of(z, self.fit_years, near=True)

    def _of(self, z: FloatArray, years: set[int], near: bool = False) -> FloatArray:
        cells = cells_at(self.parameters, z)
        found = np.full(self.years.size, np.nan)
        for year in sorted(years):
            found[self.years == year] = self.past.logs(year, cells, near)
        return found


def calibrate(
    base: Model,
    days: Days,
    tell: Callable[[float], None] = lambda _: None,
    thorough: bool = False,
) -> Tables:
    """Result tables of the calibration: parameters, fit and summary; empty without one."""
    whole = calibration(base, days, tell, thorough)
    if whole is None:
        return {name: pd.DataFrame(columns=list(columns)) for name, columns in COLUMNS.items()}
    fit = fit_frame(whole)
    return {
        "calibration": parameter_frame(whole),
        "calibration_cells": cell_frame(base, whole),
        "calibration_fit": fit,
        "calibration_summary": summary_frame(whole, fit),
    }


def _ends(cell: Cell, z: float, sd: float) -> tuple[float, float, float]:
    """Mode and ends of nine tenths of a posterior; what is not negative by its prior stays so."""
    mode, low, high = (cell.at(z + step * NINE_TENTHS * sd) for step in (0.0, -1.0, 1.0))
    return mode, (max(low, 0.0) if cell.low >= 0.0 else low), high


def _moved_to(cell: Cell, mode: float) -> str:
    """Verdict of a parameter that the counts moved."""
    return CALIBRATED if cell.low <= mode <= cell.high else BEYOND


def parameter_frame(whole: Calibration) -> pd.DataFrame:
    """Prior and posterior of each parameter, one row each."""
    rows = []
    sds = np.sqrt(np.diag(whole.found.covariance))
    for one, z, sd in zip(whole.parameters, whole.found.z.tolist(), sds.tolist(), strict=True):
        table, row, column = one.own.key
        little = sd >= LITTLE_SD and abs(z) <= LITTLE_MOVE
        mode, low, high = _ends(one.own, z, sd)
        rows.append(
            {
                "parameter": one.id,
                "table": table,
                "row": row,
                "column": column,
                "prior_low": one.own.low,
                "prior_mode": one.own.mode,
                "prior_high": one.own.high,
                "posterior_mode": mode,
                "posterior_low": low,
                "posterior_high": high,
                "sd_share": sd,
                "moved_share": z,
                "information_bits": -float(np.log2(sd)),
                "verdict": PRIOR if little else _moved_to(one.own, mode),
                "study_value": one.value,
                "study_agrees": abs(one.own.place(one.value) - z) <= AGREES * max(sd, 1e-9),
            }
        )
    return pd.DataFrame(rows, columns=list(PARAMETER_COLUMNS))


def cell_frame(base: Model, whole: Calibration) -> pd.DataFrame:
    """Cells that parameters move, at the mode and the ends of nine tenths of the posterior."""
    sds = np.sqrt(np.diag(whole.found.covariance)).tolist()
    rows = []
    for one, z, sd in zip(whole.parameters, whole.found.z.tolist(), sds, strict=True):
        for cell in one.cells:
            value, low, high = (float(f"{end:.{FIGURES}g}") for end in _ends(cell, z, sd))
            held = base.number(*cell.key)
            rows.append((one.id, *cell.key, held, value, low, high))
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


AGREES: Final = 0.25
"""Share of the posterior's standard deviation within which a study holds the posterior mode."""


def _without(whole: Calibration, of: Callable[[Observed], object]) -> FloatArray:
    """Logarithms of fitted measures had those of the same kind not been seen."""
    kinds = [of(one) for one in whole.observed]
    found = np.full(len(kinds), np.nan)
    for kind in dict.fromkeys(kinds):
        out = np.array([one == kind for one in kinds]) & whole.evidence.used
        if out.any():
            found[out] = left_out(whole.found, whole.evidence, out)[1][out]
    return found


def fit_frame(whole: Calibration) -> pd.DataFrame:
    """Observed and computed, at the prior, at the posterior and with part of the data left out."""
    computed = {
        "prior": whole.at_prior,
        "posterior": whole.found.computed,
        "without_year": _without(whole, lambda one: one.measure.year),
        "without_corridor": _without(whole, lambda one: one.corridor),
    }
    rows = []
    for number, one in enumerate(whole.observed):
        row: dict[str, object] = {
            "measure": one.measure.id,
            "year": one.measure.year,
            "corridor": one.corridor,
            "use": one.measure.use,
            "unit": one.measure.unit,
            "confidence": one.confidence,
            "observed": one.value,
            "error_share": float(whole.evidence.error[number]),
        }
        for name, logs in computed.items():
            row[f"computed_{name}"] = float(np.exp(logs[number]))
            row[f"log_ratio_{name}"] = float(logs[number] - whole.evidence.observed[number])
        rows.append(row)
    return pd.DataFrame(rows, columns=list(FIT_COLUMNS))


def _rms(values: pd.Series[float]) -> float:
    return (
        float(np.sqrt(np.mean(values.to_numpy(dtype=np.float64) ** 2))) if len(values) else np.nan
    )


def summary_frame(whole: Calibration, fit: pd.DataFrame) -> pd.DataFrame:
    """The calibration in one row."""
    fitted, judged = fit[fit["use"] == FIT], fit[fit["use"] == JUDGE]
    found = whole.found
    row = {
        "parameters": len(whole.parameters),
        "observations": len(fitted),
        "judged": len(judged),
        "first_year": int(fitted["year"].min()),
        "last_year": int(fitted["year"].max()),
        "condition_number": condition_number(found, whole.evidence),
        "information_bits": information_bits(found.covariance),
        "widened": found.widened,
        "model_error_share": MODEL_ERROR,
        "rms_fit_prior": _rms(fitted["log_ratio_prior"]),
        "rms_fit": _rms(fitted["log_ratio_posterior"]),
        "rms_without_year": _rms(fitted["log_ratio_without_year"]),
        "rms_without_corridor": _rms(fitted["log_ratio_without_corridor"]),
        "rms_judged_prior": _rms(judged["log_ratio_prior"]),
        "rms_judged": _rms(judged["log_ratio_posterior"]),
        "objective_prior": whole.ends[0],
        "objective_study": whole.ends[1],
        "objective": found.objective,
        "steps": found.steps,
        "evaluations": found.evaluations,
        "equilibria": whole.equilibria,
        "at_rest": found.at_rest,
        "study_agrees": bool(parameter_frame(whole)["study_agrees"].all()),
    }
    return pd.DataFrame([row], columns=list(SUMMARY_COLUMNS))
