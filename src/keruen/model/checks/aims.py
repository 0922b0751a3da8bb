"""Targets can be computed, money can be converted, spans run forward."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from keruen.errors import Problem, Severity
from keruen.model.draft import Draft
from keruen.model.findings import Fault
from keruen.model.settings import FILE
from keruen.schema import load_schema

DOLLAR: Final = "USD"
METRIC_UNITS: Final = {
    "line_capacity_pairs": ("pairs/day",),
    "line_capacity_ratio": ("ratio",),
    "corridor_capacity_t": ("t/year",),
    "corridor_capacity_teu": ("TEU/year",),
    "element_capacity_t": ("t/year",),
    "element_capacity_teu": ("TEU/year",),
    "element_capacity_trains": ("trains/day", "pairs/day"),
    "volume_t": ("t/year",),
    "volume_teu": ("TEU/year",),
    "share": ("1",),
}
METRIC_TABLES: Final = {
    "line_capacity_pairs": ("lines",),
    "line_capacity_ratio": ("lines",),
    "corridor_capacity_t": ("corridors",),
    "corridor_capacity_teu": ("corridors",),
}
SPANS: Final = (
    ("in_service_from", "in_service_to"),
    ("from_date", "to_date"),
    ("start_date", "open_date"),
)
PRICED: Final = (
    ("projects", "cost_currency", "cost_price_year"),
    ("tariffs", "currency", "price_year"),
)


def targets_make_sense(draft: Draft) -> list[Problem]:
    """Metric, subject and unit of a target go together; a ratio has a date to compare with."""
    reading = draft["targets"]
    frame = reading.frame
    ratio = frame["metric"] == "line_capacity_ratio"
    problems = reading.place("ratio_needs_base", ratio & frame["base_date"].isna(), "base_date")
    for rules, code, column in (
        (METRIC_UNITS, "unit_of_metric", "unit"),
        (METRIC_TABLES, "subject_of_metric", "subject_table"),
    ):
        cells = zip(frame["metric"], frame[column], strict=True)
        for position, (metric, cell) in enumerate(cells):
            allowed = rules.get(metric, ())
            if allowed and cell and cell not in allowed:
                params = {"value": cell, "metric": metric, "allowed": ", ".join(allowed)}
                problems.append(reading.at(position, column, Fault(code, params)))
    return problems


def currencies_convertible(draft: Draft) -> list[Problem]:
    """Currencies of costs, tariffs and results have exchange rates, in the year of the prices."""
    rates = draft.frame("exchange_rates")
    known = pd.MultiIndex.from_arrays([rates["currency"], rates["year"].astype("float64")])
    problems: list[Problem] = []
    own = DOLLAR if draft.settings is None else draft.settings.currency
    if own != DOLLAR and own not in set(rates["currency"]):
        problems.append(Problem(Severity.ERROR, "no_exchange_rate", FILE, None, "currency"))
    for name, currency, year in PRICED:
        reading = draft[name]
        money, when = reading.frame[currency], reading.frame[year].astype("float64")
        foreign = np.asarray((money != "") & (money != DOLLAR), dtype=bool)
        unknown = foreign & ~np.asarray(money.isin(rates["currency"]), dtype=bool)
        problems += reading.place("no_exchange_rate", unknown, currency)
        dated = pd.MultiIndex.from_arrays([money, when]).isin(known)
        for position in np.flatnonzero(foreign & ~unknown & ~dated & when.notna().to_numpy()):
            params = {"currency": money.iloc[position], "year": int(when.iloc[position])}
            fault = Fault("no_exchange_rate_in_year", params, Severity.WARNING)
            problems.append(reading.at(int(position), year, fault))
    return problems


def spans_in_order(draft: Draft) -> list[Problem]:
    """What goes out of service has been in service; periods and works end after they start."""
    problems: list[Problem] = []
    for name, table in load_schema().tables.items():
        for first, last in SPANS:
            if first in table.columns and last in table.columns and len(draft[name].rows):
                frame = draft.frame(name)
                reversed_ = frame[first] > frame[last]
                problems += draft[name].place("span_reversed", reversed_, last, first=first)
    return problems
