"""What of computed flows corresponds to what statistics count: rows of ``flow_measures``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.errors import FailedError, error
from keruen.flows.freight.cargo import EMPTY, LOADED, Cargo
from keruen.flows.freight.draft import Draft
from keruen.flows.freight.solve import Flows
from keruen.model import Model

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

FIT: Final = "fit"
JUDGE: Final = "judge"
BOTH: Final = "both"
FITTED: Final = "fitted"
TOUCHED: Final = "touched"
FREE: Final = "free"
"""Whether a measure was fitted to, shares an element with one that was, or neither."""

OBSERVED_COLUMNS: Final = (
    "id", "observation", "definition", "year", "computed", "observed", "log_ratio", "unit",
    "confidence", "source", "use", "calibrated",
)  # fmt: skip


class Measure(NamedTuple):
    """A row of ``flow_measures``.

    Parameters
    ----------
    id : str
        Its key.
    table, row, direction : str
        Element that is crossed; empty: all flow of the relation counts.
    commodity, cargo_class : str
        What counts; empty: anything.
    groups : tuple of str
        Groups of zones of origin and destination; empty: all zones.
    both : bool
        Whether the way back counts too.
    mode : str
        Mode of the leg that counts; empty: any.
    loaded : str
        ``loaded``, ``empty`` or ``both``.
    unit : str
        Unit of the measure.
    factor : float or None
        Units of the measure for one of the commodity.
    year : int
        Year of the flows.
    adds_to, share_of : str
        Measure that this is a further term of; measure that it is divided by.
    observation, use : str
        What it is read against, and how.
    """

    id: str
    table: str
    row: str
    direction: str
    commodity: str
    cargo_class: str
    groups: tuple[str, str]
    both: bool
    mode: str
    loaded: str
    unit: str
    factor: float | None
    year: int
    adds_to: str
    share_of: str
    observation: str
    use: str


def measures_of(model: Model) -> dict[str, Measure]:
    """All measures of a study, by id."""
    frame = model["flow_measures"].sort_index()
    found = {}
    for key, cells in zip(map(str, frame.index), frame.to_dict("records"), strict=True):
        text = {name: "" if cells[name] is None else str(cells[name]) for name in _TEXTS}
        factor = float(cells["factor"])
        found[key] = Measure(
            key,
            text["subject_table"],
            text["subject_row"],
            text["direction"] or BOTH,
            text["commodity"],
            text["commodity_class"],
            (text["from_group"], text["to_group"]),
            text["ways"] == BOTH,
            text["mode"],
            text["loaded"] or LOADED,
            text["unit"],
            None if np.isnan(factor) else factor,
            int(cells["year"]),
            text["adds_to"],
            text["share_of"],
            text["observation"],
            text["use"],
        )
    return found


_TEXTS: Final = (
    "subject_table", "subject_row", "direction", "commodity", "commodity_class", "from_group",
    "to_group", "ways", "mode", "loaded", "unit", "adds_to", "share_of", "observation", "use",
)  # fmt: skip


class _Routes:
    """Routes of an equilibrium that carry something, as a measure looks at them."""

    def __init__(self, flows: Flows, model: Model) -> None:
        pool = flows.within.assignment.routes
        pair = np.repeat(np.arange(flows.pairs.amount.size), np.diff(pool.pair_first))
        lengths = np.diff(pool.first)
        own = len(flows.freight.drafts)
        away = pool.links[pool.first[:-1]] >= own
        kept = (pool.flow > 0.0) & ~away
        self.flow: FloatArray = pool.flow[kept]
        self.pair = pair[kept]
        self.cargo = flows.pairs.user[self.pair]
        self._flows, self._model = flows, model
        step = np.repeat(np.arange(lengths.size), lengths)
        number = np.cumsum(kept) - 1
        on_kept = kept[step]
        self.links, self.steps = pool.links[on_kept], number[step[on_kept]]
        self._passing: dict[tuple[str, str, str, str], BoolArray] = {}
        self._relation: dict[tuple[str, str, bool], BoolArray] = {}
        self._line = (
            {str(key): str(line) for key, line in model["sections"]["line"].items()}
            if "line" in model["sections"].columns
            else {}
        )

    def passing(self, measure: Measure) -> BoolArray:
        """Routes that pass the element of a measure by its mode, shape (routes,)."""
        key = (measure.table, measure.row, measure.direction, measure.mode)
        if key not in self._passing:
            links = np.array([self._counts(draft, measure) for draft in self._flows.freight.drafts])
            passed = np.zeros(self.flow.size, dtype=np.bool_)
            if links.any():
                passed[self.steps[links[self.links]]] = True
            self._passing[key] = passed
        return self._passing[key]

    def _counts(self, draft: Draft, measure: Measure) -> bool:
        if measure.mode and draft.mode != measure.mode:
            return False
        if not measure.table:
            return True
        if measure.table == "nodes":
            return measure.row in draft.ends
        ways = {measure.direction, draft.direction}
        if BOTH not in ways and len(ways) > 1:
            return False
        if measure.table == "lines":
            return draft.table == "sections" and self._line.get(draft.row) == measure.row
        return (draft.table, draft.row) == (measure.table, measure.row)

    def between(self, measure: Measure) -> BoolArray:
        """Routes of the relation of a measure, shape (routes,)."""
        key = (*measure.groups, measure.both)
        if key not in self._relation:
            groups = self._flows.freight.groups
            zones = list(self._flows.freight.zones)
            inside = [
                np.array([not name or name in groups.get(zone, ()) for zone in zones])
                for name in measure.groups
            ]
            origin, destination = (
                column[self.pair]
                for column in (self._flows.pairs.origin, self._flows.pairs.destination)
            )
            over = inside[0][origin] & inside[1][destination]
            if measure.both:
                over = over | (inside[0][destination] & inside[1][origin])
            self._relation[key] = over
        return self._relation[key]

    def units(self, measure: Measure) -> FloatArray:
        """Units of the measure in one unit of each class of cargo; nought where it does not count.

        Shape (classes,).
        """
        return np.array(
            [
                _per_unit(self._model, one, measure) if _is_of(self._model, one, measure) else 0.0
                for one in self._flows.freight.cargo
            ]
        )


def _is_of(model: Model, cargo: Cargo, measure: Measure) -> bool:
    """Whether a class of cargo counts; empties count with the commodities that they serve."""
    if measure.loaded not in (BOTH, cargo.loaded):
        return False
    served = [cargo.commodity]
    if cargo.loaded == EMPTY:
        served = model.rows("commodities", equipment=cargo.equipment)
    return any(
        measure.commodity in ("", one)
        and measure.cargo_class in ("", model.text("commodities", one, "class"))
        for one in served
    )


def _per_unit(model: Model, cargo: Cargo, measure: Measure) -> float:
    """Units of a measure in one unit of a class of cargo."""
    if measure.factor is not None and measure.commodity:
        return measure.factor
    unit = measure.unit.split("/")[0]
    share = 1.0 if measure.factor is None else measure.factor
    if unit in ("trucks", "wagons"):
        load_t = model.number("equipment", cargo.equipment, "unit_t") if cargo.equipment else None
        if load_t is None or cargo.unit != "t":
            raise FailedError(
                [
                    error(
                        "measure_needs_factor",
                        "flow_measures.csv",
                        row=measure.id,
                        column="factor",
                        unit=measure.unit,
                    )
                ]
            )
        return share / load_t
    amounts = {"t": cargo.t_per_unit, "TEU": cargo.teu_per_unit, "trains": cargo.trains_per_unit}
    if unit not in amounts:
        raise FailedError(
            [
                error(
                    "measure_needs_factor",
                    "flow_measures.csv",
                    row=measure.id,
                    column="factor",
                    unit=measure.unit,
                )
            ]
        )
    return share * amounts[unit]


def measured(flows: Flows, model: Model, rows: Iterable[str] | None = None) -> dict[str, float]:
    """Measure the flows of a year as statistics count them.

    A consignment that passes the element of a row counts once, however many links stand for the
    element; what is turned away counts nowhere. Terms of a measure are added up, and the sum is
    divided by the measure that it is a share of.

    Parameters
    ----------
    flows : Flows
        Equilibrium of a year.
    model : Model
        The study.
    rows : iterable of str or None
        Measures wanted, without those that only add to another; None for all of the flows' year.

    Returns
    -------
    dict of str to float
        By row of ``flow_measures``; not a number where a share is one of nothing.

    Raises
    ------
    FailedError
        When a row counts in a unit that its cargo has no amount of.
    KeyError
        When there is no such row.
    """
    known = measures_of(model)
    year = flows.freight.day.year
    wanted = (
        [one.id for one in known.values() if one.year == year and not one.adds_to]
        if rows is None
        else list(rows)
    )
    routes = _Routes(flows, model)
    sums: dict[str, float] = {}

    def whole(row: str) -> float:
        if row not in sums:
            terms = [known[row], *(one for one in known.values() if one.adds_to == row)]
            sums[row] = sum(_flow(routes, term) for term in terms)
            shared = known[row].share_of
            if shared:
                divisor = whole(shared)
                sums[row] = sums[row] / divisor if divisor > 0.0 else float("nan")
        return sums[row]

    return {row: whole(row) for row in wanted}


def _flow(routes: _Routes, measure: Measure) -> float:
    per_unit = routes.units(measure)[routes.cargo]
    counted = routes.passing(measure) & routes.between(measure)
    return float((routes.flow * per_unit)[counted].sum())


def scarce_to(flows: Flows, model: Model, row: str) -> tuple[str, ...]:
    """Elements with a price that the cargo of a measure pays, ``table/row``, the dearest first.

    Dear is what all of the cargo together pays for the element.
    """
    measure, routes = measures_of(model)[row], _Routes(flows, model)
    counted = routes.passing(measure) & routes.between(measure)
    counted &= np.array([_is_of(model, one, measure) for one in flows.freight.cargo])[routes.cargo]
    own = len(flows.freight.drafts)
    price = flows.within.price[:own]
    paid: dict[str, float] = {}
    hit = counted[routes.steps] & (price[routes.links] > 0.0)
    for link, route in zip(routes.links[hit].tolist(), routes.steps[hit].tolist(), strict=True):
        draft = flows.freight.drafts[link]
        load = flows.freight.load[int(routes.cargo[route]), link]
        key = f"{draft.table}/{draft.row}"
        paid[key] = paid.get(key, 0.0) + float(price[link] * load * routes.flow[route])
    return tuple(sorted(paid, key=lambda one: (-paid[one], one)))


def calibrated(model: Model) -> dict[str, str]:
    """How far each measure was seen by the fit: fitted, touched or free.

    A measure is touched when it, or a term of it, is of an element and commodity that a fitted
    measure is of too: agreement there is no test.
    """
    known = measures_of(model)
    classes = {str(row): str(name) for row, name in model["commodities"]["class"].items()}
    fitted = [one for one in known.values() if one.use == FIT and one.table]

    def together(one: Measure, other: Measure) -> bool:
        same = (one.table, one.row) == (other.table, other.row)
        kinds = {classes.get(each.commodity, each.cargo_class) for each in (one, other)} - {""}
        return same and len({one.commodity, other.commodity} - {""}) < 2 and len(kinds) < 2

    found = {}
    for row, measure in known.items():
        terms = [measure, *(one for one in known.values() if one.adds_to == row)]
        touches = any(together(one, other) for one in terms for other in fitted)
        found[row] = FITTED if measure.use == FIT else TOUCHED if touches else FREE
    return found


def observed_frame(model: Model, computed: Mapping[str, float]) -> pd.DataFrame:
    """Observations beside what was computed for them, one row a measure.

    Parameters
    ----------
    model : Model
        The study.
    computed : mapping of str to float
        Values by row of ``flow_measures`` (:func:`measured`); of one year or of several.

    Returns
    -------
    DataFrame
        Columns :data:`OBSERVED_COLUMNS`, by year and id; ``observed`` is not a number where a
        measure has no observation, ``log_ratio`` is that of computed to observed.
    """
    known, seen = measures_of(model), calibrated(model)
    rows = []
    for row in sorted(computed, key=lambda one: (known[one].year, one)):
        measure, value = known[row], computed[row]
        seen_id = measure.observation
        there = bool(seen_id) and seen_id in model["observations"].index
        observed = model.number("observations", seen_id, "value") if there else None
        rows.append(
            {
                "id": row,
                "observation": seen_id,
                "definition": model.text("observations", seen_id, "definition_en") if there else "",
                "year": measure.year,
                "computed": value,
                "observed": observed,
                "log_ratio": _log_ratio(value, observed),
                "unit": "1" if measure.share_of else measure.unit,
                "confidence": model.text("observations", seen_id, "confidence") if there else "",
                "source": model.text("observations", seen_id, "source") if there else "",
                "use": measure.use,
                "calibrated": seen[row],
            }
        )
    frame = pd.DataFrame(rows, columns=list(OBSERVED_COLUMNS))
    return frame.astype({"observed": "float64", "log_ratio": "float64", "computed": "float64"})


def _log_ratio(computed: float, observed: float | None) -> float | None:
    if observed is None or not (computed > 0.0 and observed > 0.0):
        return None
    return float(np.log(computed / observed))
