"""Trains and the tracks they run on can be computed with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from keruen.errors import Problem, Severity
from keruen.model.draft import Draft
from keruen.model.findings import cut
from keruen.model.pieces import pieces_of
from keruen.rail.track_profile import STEEPEST_PERMILLE

_USE: Final = ["traction", "gauge_mm", "line_class"]
_COMPUTED: Final = ("permitted_speed_km_per_h", "gradient_share", "running_allowance_share")
_PLACED: Final = ("line", "from_node", "to_node")
_LENGTH_TOLERANCE_SHARE: Final = 1e-6
_LENGTH_TOLERANCE_KM: Final = 1e-3


def haulings_in_conflict(draft: Draft) -> list[Problem]:
    """One row says what pulls the trains of a traction, a gauge and a class of line."""
    reading = draft["haulings"]
    return reading.place("hauling_twice", reading.frame[_USE].fillna("").duplicated(), "traction")


def carried_among_freight(draft: Draft) -> list[Problem]:
    """Trains that flows carry themselves are some of the freight trains of the background."""
    reading = draft["traffic_classes"]
    frame = reading.frame
    more = frame["carried_pairs_per_day"] > frame["freight_pairs_per_day"]
    return reading.place("carried_above_freight", more, "carried_pairs_per_day")


def locomotives_of_the_traction(draft: Draft) -> list[Problem]:
    """A locomotive pulls where it is fed."""
    reading = draft["haulings"]
    fed = draft.frame("locomotives")["traction"].to_dict()
    found = reading.frame["locomotive"].map(fed)
    return reading.place(
        "locomotive_not_fed", found.notna() & (found != reading.frame["traction"]), "locomotive"
    )


def classes_half_described(draft: Draft) -> list[Problem]:
    """A class of line has all that running times are computed from, or nothing of it."""
    reading = draft["line_classes"]
    filled = {column: reading.filled(column) for column in _COMPUTED}
    some = np.any(list(filled.values()), axis=0)
    return [
        problem
        for column, there in filled.items()
        for problem in reading.place(
            "class_half_described", some & ~there, column, Severity.WARNING
        )
    ]


def profiles_over_their_section(draft: Draft) -> list[Problem]:
    """A profile begins at the start of its section and ends at its end."""
    reading, lengths = draft["track_profiles"], draft.frame("sections")["length_km"]
    frame = reading.frame
    if frame.empty:
        return []
    groups = frame.groupby("section")["km"]
    whole = frame["section"].map(lengths)
    starts = (groups.transform("min") > 0) & (frame["km"] == groups.transform("min"))
    last = frame["km"] == groups.transform("max")
    tolerance_km = _LENGTH_TOLERANCE_SHARE * whole + _LENGTH_TOLERANCE_KM
    short = last & ((frame["km"] - whole).abs() > tolerance_km)
    return [
        *reading.place("profile_starts_late", starts & whole.notna(), "km"),
        *reading.tell(
            "profile_of_other_length",
            np.flatnonzero((short & whole.notna()).to_numpy()),
            "km",
            lambda line: {"km": _km(frame, line), "length": float(whole.iloc[line])},
        ),
    ]


def lines_in_pieces(draft: Draft) -> list[Problem]:
    """Railway sections of a line hang together, those that projects bring among them."""
    reading = draft["sections"]
    frame = reading.frame
    rail = frame[(frame["mode"] == "rail") & (frame["line"] != "") & (frame["line"].notna())]
    columns = (rail[name].astype(str).tolist() for name in ("line", "from_node", "to_node"))
    ends: dict[str, list[tuple[str, str]]] = {}
    for line, start, end in zip(*columns, strict=True):
        ends.setdefault(line, []).append((start, end))
    for line, start, end in _brought(draft):
        ends.get(line, []).append((start, end))
    problems: list[Problem] = []
    for line, sections in sorted(ends.items()):
        pieces = pieces_of(sections)
        if len(pieces) > 1:
            told = {"line": line, "count": len(pieces)}
            told["pieces"] = ", ".join(piece.told for piece in pieces)
            apart = (frame["line"] == line) & frame["from_node"].isin(pieces[1].nodes)
            at = np.flatnonzero(apart.to_numpy(dtype=bool))[:1]
            params = partial(_whatever_row, told)
            problems += reading.tell("line_in_pieces", at, "line", params, Severity.WARNING)
    return problems


def _whatever_row(told: Mapping[str, object], _position: int) -> Mapping[str, object]:
    return told


def _brought(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Line and ends of the sections that projects insert or move to a line."""
    changes = draft.frame("project_changes")
    own = changes[(changes["table"] == "sections") & changes["op"].isin(["insert", "set"])]
    ids, values = own["row"].astype(str), own["value"].astype(str)
    base = draft.unique("sections")
    rows: dict[str, dict[str, str]] = {}
    for row, column, value in zip(ids, own["column"].astype(str), values, strict=True):
        if column in ("line", "from_node", "to_node"):
            known: Mapping[str, object] = dict(base.loc[row]) if row in base.index else {}
            rows.setdefault(row, {c: str(known[c]) for c in _PLACED if c in known})[column] = value
    for cells in rows.values():
        if all(cells.get(column) for column in _PLACED):
            yield cells["line"], cells["from_node"], cells["to_node"]


def _km(frame: pd.DataFrame, line: int) -> float:
    return float(frame["km"].iloc[line])


def profiles_too_steep(draft: Draft) -> list[Problem]:
    """A profile climbs and falls as railways do, and its points differ in their kilometre."""
    reading = draft["track_profiles"]
    frame = reading.frame
    if len(frame) < 2:
        return []
    ordered = frame.assign(place=np.arange(len(frame))).sort_values(["section", "km"])
    section = ordered["section"].to_numpy()
    same = section[1:] == section[:-1]
    run_km = np.diff(ordered["km"].to_numpy(dtype=np.float64, na_value=np.nan))
    rise_m = np.diff(ordered["elevation_m"].to_numpy(dtype=np.float64, na_value=np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        permille = np.abs(rise_m / run_km)
    # Two points at one kilometre are no profile, level with each other or not.
    permille[run_km <= 0.0] = np.inf
    steep = np.flatnonzero(same & (permille > STEEPEST_PERMILLE))
    places = ordered["place"].to_numpy()[steep]
    slopes = dict(zip(places.tolist(), permille[steep].tolist(), strict=True))
    return reading.tell(
        "profile_too_steep",
        np.sort(places),
        "elevation_m",
        lambda line: {
            "km": _km(frame, line),
            "section": cut(str(frame["section"].iloc[line])),
            "permille": _shown(slopes[line]),
            "limit": STEEPEST_PERMILLE,
        },
    )


def _shown(permille: float) -> float | str:
    return "∞" if np.isinf(permille) else round(permille, 1)


def limits_above_the_permitted(draft: Draft) -> list[Problem]:
    """A local limit is no higher than the speed permitted on the section."""
    reading, sections = draft["track_profiles"], draft.unique("sections")
    frame = reading.frame
    if frame.empty:
        return []
    classes = draft.unique("line_classes")
    columns = ("permitted_speed_km_per_h", "container_permitted_speed_km_per_h")
    own = (
        sections[column].astype(float).fillna(sections["line_class"].map(classes[column]))
        for column in columns
    )
    permitted = pd.concat(list(own), axis=1).max(axis=1)
    highest = frame["section"].map(permitted).astype(float)
    above = frame["limit_km_per_h"].astype(float) > highest
    return reading.tell(
        "profile_limit_above_permitted",
        np.flatnonzero((above & (highest > 0.0)).to_numpy()),
        "limit_km_per_h",
        lambda line: {
            "value": float(frame["limit_km_per_h"].iloc[line]),
            "permitted": float(highest.iloc[line]),
            "section": cut(str(frame["section"].iloc[line])),
        },
        Severity.WARNING,
    )


def no_train_fits_a_loop(draft: Draft) -> list[Problem]:
    """Some train of the gauge fits into the loops of a class of line, a section or a station."""
    if draft.frame("train_types")["length_m"].dropna().empty:
        return []
    sections = draft.frame("sections")
    by_node: dict[str, set[float]] = {}
    for column in ("from_node", "to_node"):
        for node, gauge in zip(sections[column], sections["gauge_mm"], strict=True):
            by_node.setdefault(str(node), set()).add(gauge)
    stations = draft.frame("station_tracks")["node"].astype(str)
    problems: list[Problem] = []
    for table, column, gauges in (
        ("line_classes", "loop_length_m", [set()] * len(draft.frame("line_classes"))),
        ("sections", "loop_length_m", [{gauge} for gauge in sections["gauge_mm"]]),
        ("station_tracks", "useful_length_m", [by_node.get(node, set()) for node in stations]),
    ):
        reading = draft[table]
        known = {own: _shortest_train_m(draft, own) for own in set(map(frozenset, gauges))}
        shortest = [known[frozenset(own)] for own in gauges]
        own = reading.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
        problems += reading.tell(
            "loop_shorter_than_trains",
            np.flatnonzero(own < np.array(shortest)),
            column,
            partial(_shortest_of, shortest),
        )
    return problems


def _shortest_of(shortest: Sequence[float], line: int) -> Mapping[str, object]:
    return {"length": shortest[line]}


def _shortest_train_m(draft: Draft, gauges: frozenset[float]) -> float:
    """Length of the shortest train but those that are hauled on other gauges alone, metres."""
    lengths, haulings = draft.unique("train_types")["length_m"], draft.frame("haulings")
    here = haulings.loc[haulings["gauge_mm"].isin(list(gauges)), "train_type"]
    elsewhere = set(haulings["train_type"]).difference(here) if gauges else set()
    known = lengths[~lengths.index.isin(elsewhere)].dropna()
    return float((known if len(known) else lengths).min())
