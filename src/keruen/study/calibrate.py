"""Calibration of a study's flows on what was counted up to its base year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.counting import measured
from keruen.flows.freight.measures import FIT, JUDGE, Measure, measures_of
from keruen.flows.freight.pairs import Pairs, loaded_pairs
from keruen.flows.freight.parameters import (
    HISTORY,
    MODEL_ERROR,
    Parameter,
    log_error,
    parameters_of,
    with_cells,
)
from keruen.flows.freight.solve import Flows, Start, return_shares, solve
from keruen.flows.freight.years import FreightYears
from keruen.flows.growth import history_factors
from keruen.flows.posterior import (
    Evidence,
    Posterior,
    condition_number,
    information_bits,
    left_out,
    posterior,
)
from keruen.model import Model
from keruen.model.provenance import CellKey
from keruen.study.metrics import Days

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Tables = dict[str, pd.DataFrame]

SOLVED_TO: Final = Settings(gap=1e-6)
"""Gap of the equilibria, well below what the finite differences tell apart."""
FIRST_YEAR: Final = 2019
OBSERVATIONS_PER_PARAMETER: Final = 3
RUN_STEPS: Final = 1
LITTLE_SD: Final = 0.9
LITTLE_MOVE: Final = 0.5
"""A parameter whose posterior is at least this share as wide as its prior, and whose mode moved by
at most this share of the prior's standard deviation, reads ``prior``."""
CALIBRATED: Final = "calibrated"
PRIOR: Final = "prior"
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
    "rms_without_year", "rms_without_corridor", "rms_judged_prior", "rms_judged", "steps",
    "evaluations", "at_rest",
)  # fmt: skip


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


class Past:
    """Years of the past with demand as it was, under parameters of choice.

    Demand of a past year is what it was: it does not answer to cost once more, and an elasticity of
    demand cannot be learnt here.
    """

    def __init__(self, base: Model, days: Days, years: tuple[int, ...]) -> None:
        whole = FreightYears(base, days, SOLVED_TO)
        self.base, self.years = base, years
        self.freight: dict[int, Freight] = {year: whole.freight(year) for year in years}
        self.demand: dict[int, pd.DataFrame] = {
            year: _loaded_rows(whole.demand(year).demand) for year in years
        }
        self.history = {year: self._history(base, year) for year in years}
        self.shares = {year: return_shares(base, self.freight[year]) for year in years}
        self.starts: dict[int, Start] = {}

    def _history(self, model: Model, year: int) -> FloatArray:
        base_year = self.base.settings.base_year
        if year >= base_year:
            return np.ones(len(self.demand[year]))
        return history_factors(model, self.demand[year], base_year, year)

    def wanted(self, year: int, cells: dict[CellKey, float]) -> Pairs:
        """Loaded demand of a year with numbers in cells of its history."""
        own = {key: repr(value) for key, value in cells.items() if (key[0], key[2]) == HISTORY}
        demand = self.demand[year]
        if own and year < self.base.settings.base_year:
            moved = self._history(self.base.patched(own), year)
            known = self.history[year]
            ratio = np.divide(moved, known, out=np.ones_like(known), where=known > 0.0)
            demand = demand.assign(quantity=demand["quantity"] * ratio)
        return loaded_pairs(self.freight[year], demand)

    def flows(self, year: int, cells: dict[CellKey, float]) -> Flows:
        """Equilibrium of a year with numbers in cells."""
        freight = with_cells(self.freight[year], self.base, cells)
        found = solve(
            freight,
            self.wanted(year, cells),
            self.shares[year],
            SOLVED_TO,
            None,
            self.starts.get(year),
        )
        self.starts.setdefault(year, found.start)
        return found

    def logs(self, observed: tuple[Observed, ...], cells: dict[CellKey, float]) -> FloatArray:
        """Logarithms of what is computed for each observation."""
        values: dict[str, float] = {}
        for year in self.years:
            rows = [one.measure.id for one in observed if one.measure.year == year]
            if rows:
                values |= measured(self.flows(year, cells), self.base, rows)
        computed = np.array([values[one.measure.id] for one in observed])
        found: FloatArray = np.log(np.maximum(computed, LEAST))
        return found


LEAST: Final = 1e-6
"""In place of nothing, of which there is no logarithm."""


def _loaded_rows(demand: pd.DataFrame) -> pd.DataFrame:
    return demand[demand["loaded"] == LOADED].reset_index(drop=True)


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
    """

    parameters: tuple[Parameter, ...]
    observed: tuple[Observed, ...]
    evidence: Evidence
    at_prior: FloatArray
    found: Posterior


def calibration(
    base: Model,
    days: Days,
    tell: Callable[[float], None] = lambda _: None,
    most_steps: int = RUN_STEPS,
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
    most_steps : int
        Steps of the search at most. A run makes one from what the study holds, to see whether that
        is the mode; to find a mode takes more.
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
    past = Past(base, days, tuple(sorted({one.measure.year for one in observed})))

    def function(z: FloatArray) -> FloatArray:
        return past.logs(observed, cells_at(parameters, z))

    at_prior = function(np.zeros(len(parameters)))
    past.starts.clear()
    start = np.array([one.own.place(one.value) for one in parameters])
    expected = 3 * (len(parameters) + 2)
    found = posterior(
        function, evidence, start, lambda calls: tell(min(calls / expected, 0.99)), most_steps
    )
    return Calibration(parameters, observed, evidence, at_prior, found)


def calibrate(base: Model, days: Days, tell: Callable[[float], None] = lambda _: None) -> Tables:
    """Result tables of the calibration: parameters, fit and summary; empty without one."""
    whole = calibration(base, days, tell)
    if whole is None:
        return {
            "calibration": pd.DataFrame(columns=list(PARAMETER_COLUMNS)),
            "calibration_fit": pd.DataFrame(columns=list(FIT_COLUMNS)),
            "calibration_summary": pd.DataFrame(columns=list(SUMMARY_COLUMNS)),
        }
    fit = fit_frame(whole)
    return {
        "calibration": parameter_frame(whole),
        "calibration_fit": fit,
        "calibration_summary": summary_frame(whole, fit),
    }


def parameter_frame(whole: Calibration) -> pd.DataFrame:
    """Prior and posterior of each parameter, one row each."""
    rows = []
    sds = np.sqrt(np.diag(whole.found.covariance))
    for one, z, sd in zip(whole.parameters, whole.found.z.tolist(), sds.tolist(), strict=True):
        table, row, column = one.own.key
        little = sd >= LITTLE_SD and abs(z) <= LITTLE_MOVE
        low, mode, high = (one.own.at(z + step * NINE_TENTHS * sd) for step in (-1.0, 0.0, 1.0))
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
                "verdict": PRIOR if little else CALIBRATED,
                "study_value": one.value,
                "study_agrees": abs(one.own.place(one.value) - z) <= AGREES * max(sd, 1e-9),
            }
        )
    return pd.DataFrame(rows, columns=list(PARAMETER_COLUMNS))


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
        "steps": found.steps,
        "evaluations": found.evaluations,
        "at_rest": found.at_rest,
    }
    return pd.DataFrame([row], columns=list(SUMMARY_COLUMNS))
