"""Corridors can be followed from end to end and their cargo can be loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from keruen.errors import Problem, Severity
from keruen.model.draft import Draft

SHARE_TOLERANCE: Final = 1e-6
MODES: Final = ("rail", "road", "sea")


class _Leg(NamedTuple):
    """A piece of a corridor between two of its points, and the position of that which starts it."""

    position: int
    corridor: str
    mode: str
    start: str
    end: str


def _legs(draft: Draft) -> Iterator[_Leg]:
    reading = draft["corridor_points"]
    places = reading.frame.assign(position=np.arange(len(reading.rows)))
    order = places.sort_values(["corridor", "sequence"])
    columns = (order[name] for name in ("position", "corridor", "mode", "node"))
    for here, there in pairwise(zip(*columns, strict=True)):
        position, corridor, mode, node = here
        if corridor == there[1]:
            yield _Leg(int(position), corridor, mode, node, there[3])


def _components(draft: Draft, mode: str) -> NDArray[np.int32]:
    """Connected part that each node lies in, over the sections of a mode, opened or planned."""
    sections = draft.frame("sections")
    own = sections[sections["mode"] == mode]
    starts, ends = (
        draft["nodes"].positions(own["from_node"]),
        draft["nodes"].positions(own["to_node"]),
    )
    known = (starts >= 0) & (ends >= 0)
    size = len(draft.frame("nodes"))
    links = (np.ones(int(known.sum()), dtype=np.int8), (starts[known], ends[known]))
    labels: NDArray[np.int32] = connected_components(coo_array(links, shape=(size, size)), False)[1]
    return labels


def points_connected(draft: Draft) -> list[Problem]:
    """Between two points a way over sections of the mode exists, opened or planned.

    Where no section could be read, that is told of the first two points only.
    """
    legs = [leg for leg in _legs(draft) if leg.mode in MODES]
    if not legs or draft.frame("nodes").empty:
        return []
    parts = {mode: _components(draft, mode) for mode in {leg.mode for leg in legs}}
    starts = draft["nodes"].positions([leg.start for leg in legs])
    ends = draft["nodes"].positions([leg.end for leg in legs])
    parted = {
        leg.position: leg
        for leg, start, end in zip(legs, starts, ends, strict=True)
        if start >= 0 and end >= 0 and parts[leg.mode][start] != parts[leg.mode][end]
    }

    def ways(position: int) -> Mapping[str, object]:
        leg = parted[position]
        return {"corridor": leg.corridor, "mode": leg.mode, "start": leg.start, "end": leg.end}

    positions = np.array(list(parted), dtype=np.intp)
    if not draft["sections"].has_keys:
        positions = positions[:1]
    return draft["corridor_points"].tell("no_way", positions, "node", ways)


def corridors_have_points(draft: Draft) -> list[Problem]:
    """A corridor has two points at least, and a mix of cargo."""
    reading = draft["corridors"]
    points = draft.frame("corridor_points")["corridor"].value_counts()
    counts = reading.frame["id"].map(points).fillna(0)
    mixed = reading.frame["id"].isin(draft.frame("corridor_mix")["corridor"])
    return [
        *reading.place("corridor_without_points", counts < 2, "id"),
        *reading.place("corridor_without_mix", ~mixed, "id"),
    ]


def mix_adds_to_one(draft: Draft) -> list[Problem]:
    """The shares of a corridor's mix add to one."""
    reading = draft["corridor_mix"]
    totals = reading.frame.groupby("corridor")["share"].sum()
    corridors = reading.frame["corridor"].to_numpy(dtype=object)
    wrong = totals.index[(totals - 1).abs() > SHARE_TOLERANCE]
    return reading.tell(
        "shares_not_one",
        reading.firsts("corridor", wrong),
        "share",
        lambda p: {"corridor": corridors[p], "value": round(float(totals[corridors[p]]), 6)},
    )


def mix_has_loadings(draft: Draft) -> list[Problem]:
    """Every commodity of a mix has a loading in its direction, with tonnes a train can carry."""
    reading = draft["corridor_mix"]
    pairs = reading.frame["commodity"] + "/" + reading.frame["direction"]
    loaded = draft["loadings"]
    weighed = loaded.filled("net_t_per_train")
    places = loaded.frame["train_type"].map(draft.unique("train_types")["teu"]).notna()
    boxed = loaded.filled("net_t_per_teu") & np.asarray(places, dtype=bool)
    return [
        *reading.place("no_loading", ~pairs.isin(loaded.frame.index), "commodity"),
        *loaded.place("no_tonnes", ~(weighed | boxed), "net_t_per_train"),
    ]


def elements_serve_the_mix(draft: Draft) -> list[Problem]:
    """A handling group or vessel line in a corridor serves a class that the mix holds."""
    mix = draft.frame("corridor_mix")
    classes = mix["commodity"].map(draft.unique("commodities")["class"])
    carried = classes.groupby(mix["corridor"]).agg(set).to_dict()
    reading = draft["corridor_elements"]
    serving: dict[str, pd.Series[Any]] = {
        name: draft.unique(name)["serves"] for name in ("handling", "vessel_lines")
    }
    classes_of: dict[int, str] = {}
    rows = reading.frame["row"].to_numpy(dtype=object)
    cells = zip(reading.frame["corridor"], reading.frame["table"], rows, strict=True)
    for position, (corridor, table, row) in enumerate(cells):
        serves = str(serving[table].get(row, "any")) if table in serving else "any"
        if serves not in ("any", "train", "") and serves not in carried.get(corridor, {serves}):
            classes_of[position] = serves
    return reading.tell(
        "serves_nothing",
        np.array(list(classes_of), dtype=np.intp),
        "row",
        lambda p: {"value": rows[p], "class": classes_of[p]},
        Severity.WARNING,
    )
