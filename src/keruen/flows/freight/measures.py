"""What of computed flows corresponds to what statistics count: rows of ``flow_measures``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.flows.freight.cargo import LOADED
from keruen.flows.freight.relation import Relation, relation_of
from keruen.model import Model

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
    relation : Relation
        Zones between which it counts.
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
    relation: Relation
    mode: str
    loaded: str
    unit: str
    factor: float | None
    year: int
    adds_to: str
    share_of: str
    observation: str
    use: str

    @property
    def told_unit(self) -> str:
        """Unit of the number that is told: ``1`` of a share."""
        return "1" if self.share_of else self.unit


def measures_of(model: Model) -> dict[str, Measure]:
    """All measures of a study, by id."""
    return {row: measure_of(model, row) for row in sorted(map(str, model["flow_measures"].index))}


def measure_of(model: Model, row: str) -> Measure:
    """One measure of a study."""
    text = {name: model.text("flow_measures", row, name) for name in _TEXTS}
    return Measure(
        row,
        text["subject_table"],
        text["subject_row"],
        text["direction"] or BOTH,
        text["commodity"],
        text["commodity_class"],
        relation_of(text),
        text["mode"],
        text["loaded"] or LOADED,
        text["unit"],
        model.number("flow_measures", row, "factor"),
        int(model.number("flow_measures", row, "year") or 0),
        text["adds_to"],
        text["share_of"],
        text["observation"],
        text["use"],
    )


_TEXTS: Final = (
    "subject_table", "subject_row", "direction", "commodity", "commodity_class", "from_group",
    "to_group", "ways", "mode", "loaded", "unit", "adds_to", "share_of", "observation", "use",
)  # fmt: skip


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
        Values by row of ``flow_measures`` (:func:`keruen.flows.freight.counting.measured`); of one
        year or of several.

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
                "unit": measure.told_unit,
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
