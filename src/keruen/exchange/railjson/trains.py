"""Trains for an imported railway: those assumed in a bundled study, by traction and gauge.

A railJSON infrastructure knows no trains, and without them no running time is computed.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import pandas as pd

from keruen.exchange.railjson.notes import Note, Why
from keruen.model import Model, load_model

STUDY: Final = "kazakhstan"
LINE_CLASS: Final = "steppe_single"
"""Class of line with a permitted speed, gradients and an allowance for what the file leaves out."""


@cache
def _study() -> Model:
    return load_model(Path(str(files("keruen") / "studies" / STUDY)))


def add_trains(tables: dict[str, pd.DataFrame], notes: list[Note]) -> None:
    """Add haulings for the sections of a study, with their locomotives, trains and class of line.

    Parameters
    ----------
    tables : dict of str to DataFrame
        With classes of line and provenance; changed in place.
    notes : list of Note
        What is assumed, and the sections for which there is no train, are added to it.
    """
    study = _study()
    sections = tables["sections"]
    used = {
        (str(t), int(g)) for t, g in zip(sections["traction"], sections["gauge_mm"], strict=True)
    }
    haulings = study["haulings"]
    general = haulings[haulings["line_class"].fillna("") == ""]
    uses = list(zip(general["traction"].astype(str), general["gauge_mm"].astype(int), strict=True))
    kept = {"haulings": general[[use in used for use in uses]]}
    for table, column in (("locomotives", "locomotive"), ("train_types", "train_type")):
        kept[table] = study[table].loc[sorted(set(kept["haulings"][column]))]
    kept["line_classes"] = study["line_classes"].loc[[LINE_CLASS]]
    for table, frame in kept.items():
        tables[table] = frame.astype(object)
        for _, row, column in (cell for cell in study.defaulted if cell[0] == table):
            if row in frame.index:
                tables[table].loc[row, column] = None
        notes += [Note(table, str(row), "", Why.ASSUMED, STUDY) for row in frame.index]
    tables["sections"]["line_class"] = LINE_CLASS
    columns = (sections[name].astype(str) for name in ("id", "traction", "gauge_mm"))
    for section, traction, gauge in zip(*columns, strict=True):
        if (traction, int(gauge)) not in uses:
            field = f"{traction}, {gauge} mm"
            notes.append(Note("haulings", section, field, Why.NO_TRAIN, "rail run"))
    _add_origins(tables, study, kept)


def _add_origins(
    tables: dict[str, pd.DataFrame], study: Model, kept: dict[str, pd.DataFrame]
) -> None:
    """Sources and ranges of what was taken; those of the classes it replaces go."""
    ranges = study["provenance"]
    own = [
        table in kept and row in kept[table].index
        for table, row in zip(ranges["table"], ranges["row"], strict=True)
    ]
    before = tables["provenance"]
    before = before[before["table"] != "line_classes"]
    tables["provenance"] = pd.concat([before, ranges[own].astype(object)])
    named = {str(name) for frame in kept.values() for name in frame["source"]}
    named |= {str(name) for name in ranges[own]["source"]}
    known = set(tables["sources"]["id"])
    sources = study["sources"]
    new = sources[[str(name) in named - known for name in sources.index]]
    tables["sources"] = pd.concat([tables["sources"], new.astype(object)], ignore_index=True)
