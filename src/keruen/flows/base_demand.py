"""Demand of a year between zones, fitted to the control totals of a study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.errors import FailedError, error
from keruen.flows.entropy import Fit, FloatArray, Totals, fit_to_totals
from keruen.flows.gravity import exponential_deterrence, gravity, returning_empties
from keruen.flows.zones import zone_distances
from keruen.model import Model
from keruen.model.demand_pairs import CELL, BoolArray, factors_over, possible_cells, stated

IntArray = NDArray[np.intp]

MAX_ROUNDS: Final = 500
ROUND_GAP: Final = 1e-9
"""Change of the empties, over all of them, at which rounds of fit and return stop."""
_LEAST_LOADED: Final = 1e-6
"""Part of a total that stays with loaded units, however many empties there are."""
CONTAINER: Final = "container"
PRIOR_T: Final = 1_000_000.0
"""Yearly tonnes of a relation that the gravity prior is taken to know to a factor e; assumed."""
TEU_T: Final = 12.0
"""Net tonnes in a loaded TEU of a commodity of which ``loadings`` say nothing; assumed."""


@dataclass(frozen=True, slots=True)
class BaseDemand:
    """Demand of a year with what it was fitted to.

    Parameters
    ----------
    year : int
        Year of the control totals.
    demand : DataFrame
        ``commodity``, ``origin``, ``destination`` (zones), ``loaded`` (``loaded`` or ``empty``),
        ``quantity`` a year in ``unit``, ``distance_km`` by the shortest way (infinite where none
        leads) and ``served``, whether a way leads at all. All of it is derived.
    totals : DataFrame
        By control total: ``unit``, ``loaded``, ``fitted`` (whether it took part in the fit),
        ``wanted``, ``computed``, ``residual`` and ``residual_share`` (computed less wanted, over
        wanted), ``tolerance_share``, ``source`` and ``confidence`` of the value.
    balance : DataFrame
        Containers by commodity and zone: ``received`` and ``sent`` loaded, ``empty_received``,
        ``empty_sent``, and ``left_over``: received less sent, empties included; what is above
        nought leaves by sea, is sold or stays, what is below comes from elsewhere.
    gap : float
        Relative error of the conditions of the optimum.
    rounds : int
        Rounds of fit and return of empties until both agreed.
    """

    year: int
    demand: pd.DataFrame
    totals: pd.DataFrame
    balance: pd.DataFrame
    gap: float
    rounds: int


class _Fitted(NamedTuple):
    loaded: FloatArray
    empty: FloatArray
    fitted: BoolArray
    gap: float
    rounds: int


class _Case(NamedTuple):
    """Everything that a fit needs, in one order: cells, totals, zones.

    ``ends`` are the places of the zones that each cell leads from and to, ``of`` the places of the
    cells of each commodity, ``boxed`` the commodities of which empty containers come back.
    """

    model: Model
    cells: pd.DataFrame
    totals: pd.DataFrame
    factors: FloatArray
    zones: list[str]
    distances: FloatArray
    ends: tuple[IntArray, IntArray]
    of: dict[str, IntArray]
    boxed: list[str]

    @property
    def wanted(self) -> FloatArray:
        return self.totals["value"].to_numpy(dtype=np.float64)

    @property
    def counting_loaded(self) -> BoolArray:
        return (self.totals["loaded"] != "empty").to_numpy(dtype=bool)

    @property
    def counting_empty(self) -> BoolArray:
        return (self.totals["loaded"] != "loaded").to_numpy(dtype=bool)

    def matrix(self, commodity: str, values: FloatArray) -> FloatArray:
        """Cells of a commodity as a matrix, shape (zones, zones)."""
        origins, destinations = self.ends
        own = self.of[commodity]
        spread = np.zeros((len(self.zones), len(self.zones)))
        spread[origins[own], destinations[own]] = values[own]
        return spread

    def deterrence(self, commodity: str) -> FloatArray:
        """Deterrence between zones; where no way leads, that of the longest way there is."""
        distances = self.distances
        longest = float(distances[np.isfinite(distances)].max(initial=0.0))
        bridged = np.where(np.isfinite(distances), distances, longest)
        scale = self.model.number("commodities", commodity, "deterrence_km")
        return exponential_deterrence(bridged, scale)


def base_demand(model: Model, year: int | None = None) -> BaseDemand:
    """Fit demand between zones to the control totals of a year.

    A gravity prior (masses of the zones by deterrence) is scaled to the totals of its commodity and
    then moved as little as possible to meet all of them, each to its tolerance
    (:func:`keruen.flows.entropy.fit_to_totals`). Containers received beyond those sent go back
    empty as far as ``empty_return_share`` says; totals of loaded and empty containers count them,
    so fit and return take turns until they agree. Pairs of zones that no total counts have no
    demand: nothing is known of them, not even its size.

    Parameters
    ----------
    model : Model
        A study without zones or totals of the year has no demand.
    year : int, optional
        Base year of the study unless given.

    Returns
    -------
    BaseDemand
        The same whatever the order of the rows in the study.

    Raises
    ------
    FailedError
        When totals to be met exactly contradict each other, or fit and return do not settle.
    """
    wanted_year = model.settings.base_year if year is None else year
    case = _case(model, wanted_year)
    fitted = _fit(case)
    return BaseDemand(
        wanted_year,
        _demand_frame(case, fitted),
        _totals_frame(case, fitted),
        _balance_frame(case, fitted),
        fitted.gap,
        fitted.rounds,
    )


def _case(model: Model, year: int) -> _Case:
    totals = model["control_totals"]
    totals = totals[totals["year"] == year].sort_index()
    totals = totals.drop(columns=["value", "unit"]).join(stated(totals, model["observations"]))
    classes = model["commodities"]["class"]
    boxed = sorted(map(str, classes.index[classes == CONTAINER]))
    cells = possible_cells(model["zones"], model["zone_masses"], boxed)
    zones = sorted(map(str, model["zones"].index))
    place = {zone: number for number, zone in enumerate(zones)}
    origins, destinations = (
        np.array([place[zone] for zone in cells[name]], dtype=np.intp)
        for name in ("origin", "destination")
    )
    kinds = cells["commodity"].to_numpy(dtype=object)
    of = {str(kind): np.flatnonzero(kinds == kind) for kind in sorted(set(kinds))}
    return _Case(
        model,
        cells,
        totals,
        factors_over(model.tables, totals, cells),
        zones,
        zone_distances(model, zones) if zones else np.zeros((0, 0)),
        (origins, destinations),
        of,
        [one for one in boxed if one in of],
    )


def _prior(case: _Case) -> tuple[FloatArray, FloatArray]:
    """Prior of each cell that a total counts, scaled to the totals, and how loosely it holds."""
    prior, scales = np.zeros(len(case.cells)), np.ones(len(case.cells))
    origins, destinations = case.ends
    speaking = case.counting_loaded & (case.wanted > 0)
    nothing = case.counting_loaded & (case.wanted == 0)
    live = case.factors[speaking].any(axis=0) & ~case.factors[nothing].any(axis=0)
    parts = np.array([case.factors[:, own].any(axis=1) for own in case.of.values()])
    for (commodity, own), part in zip(case.of.items(), parts, strict=True):
        scales[own] = PRIOR_T / _tonnes_per_unit(case.model, commodity)
        whole = gravity(*_masses(case, commodity), case.deterrence(commodity))
        prior[own] = np.where(live[own], whole[origins[own], destinations[own]], 0.0)
        # Totals of this commodity alone say most about its size; others count it as one of several.
        shared = parts.sum(axis=0)
        alone = speaking & part & (shared == 1)
        telling = np.flatnonzero(alone if alone.any() else speaking & part)
        computed = (case.factors[np.ix_(telling, own)] @ prior[own]).sum()
        if computed > 0:
            prior[own] *= (case.wanted[telling] / shared[telling]).sum() / computed
    return prior, scales


def _tonnes_per_unit(model: Model, commodity: str) -> float:
    """Net tonnes in a unit of a commodity, the mean of its directions."""
    if model.text("commodities", commodity, "unit") == "t":
        return 1.0
    loadings = model["loadings"]
    known = loadings.loc[loadings["commodity"] == commodity, "net_t_per_teu"].dropna()
    return float(known.mean()) if len(known) else TEU_T


def _masses(case: _Case, commodity: str) -> tuple[FloatArray, FloatArray]:
    rows = case.model["zone_masses"]
    own = rows[rows["commodity"] == commodity].set_index("zone").reindex(case.zones).fillna(0.0)
    origins, destinations = (
        own[name].to_numpy(dtype=np.float64) for name in ("origin_mass", "destination_mass")
    )
    return origins, destinations


def _fit(case: _Case) -> _Fitted:
    """Fit loaded cells and let empties return by turns, until both agree."""
    prior, scales = _prior(case)
    live = prior > 0
    wanted = case.wanted
    fitted = case.counting_loaded & (wanted > 0) & case.factors[:, live].any(axis=1)
    loaded, empty, gap = np.zeros(len(prior)), np.zeros(len(prior)), 0.0
    if not fitted.any():
        return _Fitted(loaded, empty, fitted, gap, 0)
    factors = case.factors[np.ix_(fitted, live)]
    spreads = case.totals["tolerance_share"].to_numpy(dtype=np.float64) * wanted
    start = None
    for rounds in range(1, MAX_ROUNDS + 1):
        taken = np.where(case.counting_empty, case.factors @ empty, 0.0)
        left = np.maximum(wanted - taken, _LEAST_LOADED * wanted)[fitted]
        totals = Totals(factors, left, spreads[fitted] / left)
        fit = fit_to_totals(prior[live], scales[live], totals, start=start)
        _require_fit(case, fit, fitted)
        loaded[live], start = fit.cells, fit.multipliers
        before, empty = empty, _empties(case, loaded)
        if np.abs(empty - before).sum() <= ROUND_GAP * (1.0 + empty.sum()):
            return _Fitted(loaded, empty, fitted, fit.gap, rounds)
    raise FailedError([error("demand_unsettled", "control_totals.csv", rounds=MAX_ROUNDS)])


def _require_fit(case: _Case, fit: Fit, fitted: BoolArray) -> None:
    """Refuse a fit that did not converge, with the total that it missed most."""
    if not fit.converged:
        missed = np.abs(fit.computed / case.wanted[fitted] - 1.0)
        total = str(case.totals.index[fitted][int(missed.argmax())])
        fault = error("totals_not_met", "control_totals.csv", total=total, gap=fit.gap)
        raise FailedError([fault])


def _empties(case: _Case, loaded: FloatArray) -> FloatArray:
    """Empty containers that return in each cell."""
    empty = np.zeros(len(loaded))
    shares = return_shares(case.model, case.zones)
    origins, destinations = case.ends
    for commodity in case.boxed:
        own = case.of[commodity]
        returning = returning_empties(case.matrix(commodity, loaded), shares)
        empty[own] = returning[origins[own], destinations[own]]
    return empty


def return_shares(model: Model, zones: list[str]) -> FloatArray:
    """Share of surplus containers that each zone sends back empty, nought where none is given."""
    return np.array([model.number("zones", zone, "empty_return_share") or 0.0 for zone in zones])


def _demand_frame(case: _Case, fitted: _Fitted) -> pd.DataFrame:
    origins, destinations = case.ends
    units = case.model["commodities"]["unit"]
    frames = []
    for loaded, values in (("loaded", fitted.loaded), ("empty", fitted.empty)):
        some = values > 0
        frame = case.cells.loc[some, list(CELL)].assign(loaded=loaded, quantity=values[some])
        frame["unit"] = frame["commodity"].map(units)
        frame["distance_km"] = case.distances[origins[some], destinations[some]]
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True)
    whole["served"] = np.isfinite(whole["distance_km"].to_numpy(dtype=np.float64))
    return whole.sort_values([*CELL, "loaded"], ignore_index=True)


def _totals_frame(case: _Case, fitted: _Fitted) -> pd.DataFrame:
    computed = np.where(case.counting_loaded, case.factors @ fitted.loaded, 0.0)
    computed += np.where(case.counting_empty, case.factors @ fitted.empty, 0.0)
    wanted = case.wanted
    frame = case.totals[["unit", "loaded", "tolerance_share"]].assign(
        fitted=fitted.fitted, wanted=wanted, computed=computed, residual=computed - wanted
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        frame["residual_share"] = np.where(wanted > 0, (computed - wanted) / wanted, np.nan)
    owners = [_owner_of_value(case.model, str(total)) for total in case.totals.index]
    frame["source"] = [source for source, _ in owners]
    frame["confidence"] = [confidence for _, confidence in owners]
    return frame


def _owner_of_value(model: Model, total: str) -> tuple[str, str]:
    observation = model.text("control_totals", total, "observation")
    table, row = ("observations", observation) if observation else ("control_totals", total)
    owner = model.owner(table, row, "value")
    return ("", "") if owner is None else (owner.source, owner.confidence)


def _balance_frame(case: _Case, fitted: _Fitted) -> pd.DataFrame:
    frames = []
    for commodity in case.boxed:
        loaded = case.matrix(commodity, fitted.loaded)
        empty = case.matrix(commodity, fitted.empty)
        frame = pd.DataFrame(
            {
                "commodity": commodity,
                "zone": case.zones,
                "received": loaded.sum(axis=0),
                "sent": loaded.sum(axis=1),
                "empty_received": empty.sum(axis=0),
                "empty_sent": empty.sum(axis=1),
            }
        )
        frame["left_over"] = (
            frame["received"] + frame["empty_received"] - frame["sent"] - frame["empty_sent"]
        )
        frames.append(frame[frame["received"] + frame["sent"] > 0])
    columns = ["commodity", "zone", "received", "sent", "empty_received", "empty_sent", "left_over"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
