"""A measure of flows counts what its observation counts."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from keruen.errors import Problem
from keruen.model.draft import Draft
from keruen.model.findings import Fault

CARGO: Final = {"t/year": "t", "TEU/year": "TEU"}
"""Units of measures that a commodity can have by itself."""
WEIGHT: Final = "t/year"
SHARE: Final = "1"


def measures_convert(draft: Draft) -> list[Problem]:
    """Trains, trucks and wagons need a factor, and so do boxes counted from tonnes.

    Tonnes do not: what a TEU weighs stands in ``loadings``.
    """
    reading = draft["flow_measures"]
    units = draft.unique("commodities")["unit"].to_dict()
    given = reading.filled("factor")
    told = {}
    for place, (unit, commodity) in enumerate(
        zip(reading.frame["unit"], reading.frame["commodity"], strict=True)
    ):
        own = units.get(commodity, CARGO.get(unit, ""))
        if not given[place] and unit != WEIGHT and CARGO.get(unit) != own:
            told[place] = unit
    places = np.array(list(told), dtype=np.intp)
    return reading.tell("measure_needs_factor", places, "factor", lambda p: {"unit": told[p]})


def measures_match_observations(draft: Draft) -> list[Problem]:
    """What is fitted or judged has an observation, of its year and in its unit."""
    reading = draft["flow_measures"]
    frame, observations = reading.frame, draft.unique("observations")
    lone = np.asarray(frame["use"] != "show", dtype=bool) & ~reading.filled("observation")
    terms = reading.filled("adds_to")
    problems = reading.place("measure_without_observation", lone & ~terms, "observation")
    units = observations["unit"].to_dict()
    starts, ends = observations["from_date"], observations["to_date"]
    rows = zip(*(frame[c] for c in ("observation", "unit", "year", "share_of")), strict=True)
    for place, (seen, unit, year, whole) in enumerate(rows):
        if seen not in units:
            continue
        own = SHARE if whole else unit
        # A count of some months has the unit without the year; its factor holds the share.
        if units[seen].removesuffix("/year") != own.removesuffix("/year"):
            params = {"value": own, "other": units[seen]}
            problems.append(reading.at(place, "unit", Fault("measure_of_other_unit", params)))
        if year is pd.NA:
            continue
        if starts[seen].year > year or ends[seen].year < year:
            params = {"value": int(year), "observation": seen}
            problems.append(reading.at(place, "year", Fault("measure_of_other_year", params)))
    return problems


def terms_of_one_measure(draft: Draft) -> list[Problem]:
    """Terms belong to a measure that is none itself; terms and parts have its unit and year."""
    reading = draft["flow_measures"]
    frame = reading.frame
    terms = reading.filled("adds_to")
    own = reading.filled("observation") | reading.filled("share_of")
    problems = reading.place("term_with_its_own", terms & own, "adds_to")
    alike = {name: [str(cell) for cell in frame[name]] for name in ("unit", "year")}
    for column in ("adds_to", "share_of"):
        heads = reading.positions(frame[column])
        for place in np.flatnonzero(heads >= 0):
            head = int(heads[place])
            if terms[head]:
                fault = Fault("term_of_a_term", {"value": str(frame.index[head])})
                problems.append(reading.at(int(place), column, fault))
            for name, cells in alike.items():
                mine, its = cells[place], cells[head]
                if mine != its:
                    params = {"value": mine, "other": its, "measure": frame.index[head]}
                    fault = Fault("term_of_other_kind", params)
                    problems.append(reading.at(int(place), name, fault))
    return problems
