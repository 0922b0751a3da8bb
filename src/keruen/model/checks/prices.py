"""Prices say what they price, and what stands beside them says one thing only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from keruen.errors import Problem, Severity
from keruen.model.draft import Draft
from keruen.model.findings import Fault
from keruen.model.reading import TableReading

PER_KM: Final = ("TEU_km", "FEU_km", "t_km")
SUBSIDY: Final = "subsidy"
HAULS: Final = ("haulage", "sea")
"""Kinds of tariff that price a way, not a place."""
UPSTREAM_TOLERANCE: Final = 0.02
RELATION: Final = ("from_group", "to_group", "ways")
HANDLING: Final = "handling"

_Price = tuple[Any, ...]
"""Mode, country, class, commodity, nodes and unit of a tariff."""
_Link = tuple[str, str, frozenset[str]]
"""Mode, country and nodes of a link."""


def tariffs_per_km_have_mode(draft: Draft) -> list[Problem]:
    """A price by the kilometre says of which mode: a railway's is not a ship's."""
    reading = draft["tariffs"]
    per_km = np.asarray(reading.frame["per"].isin(PER_KM), dtype=bool)
    return reading.place("tariff_without_mode", per_km & ~reading.filled("mode"), "mode")


def prices_of_one_sign(draft: Draft) -> list[Problem]:
    """A subsidy is negative and any other price is not, in its amount and all of its range.

    Below nought a price is a warning: carriers have paid for boxes to go back.
    """
    reading = draft["tariffs"]
    amounts = reading.frame["amount"].to_numpy(dtype=np.float64)
    subsidy = np.asarray(reading.frame["kind"] == SUBSIDY, dtype=bool)
    problems = reading.place("subsidy_above_nought", subsidy & (amounts > 0), "amount")
    below = ~subsidy & (amounts < 0)
    problems += reading.place("price_below_nought", below, "amount", Severity.WARNING)
    ranges = draft["provenance"]
    lines = ranges.frame
    own = np.asarray((lines["table"] == "tariffs") & (lines["column"] == "amount"), dtype=bool)
    places = reading.positions(lines["row"][own])
    of_line = list(zip(np.flatnonzero(own).tolist(), places.tolist(), strict=True))
    ends = {
        name: pd.to_numeric(lines[name][own], errors="coerce").to_numpy(dtype=np.float64)
        for name in ("low", "high")
    }
    for number, (line, place) in enumerate(of_line):
        if place < 0:
            continue
        end, worse = ("high", 1.0) if subsidy[place] else ("low", -1.0)
        code = "subsidy_above_nought" if subsidy[place] else "price_below_nought"
        if ends[end][number] * worse > 0:
            severity = Severity.ERROR if subsidy[place] else Severity.WARNING
            problems.append(ranges.at(line, end, Fault(code, {}, severity)))
    return problems


def links_have_a_price(draft: Draft) -> list[Problem]:
    """Where a study prices links at all, no mode carries a class of cargo free of charge."""
    offer, sections = _offer(draft, HAULS), draft["sections"]
    if offer is None or not len(draft.frame("zones")):
        return []
    found: dict[int, str] = {}
    told: set[tuple[str, str]] = set()
    by_km = [price for price in offer.prices if price[-1] in PER_KM]
    between: dict[frozenset[str], list[_Price]] = {}
    for price in offer.prices:
        if price[-1] not in PER_KM:
            between.setdefault(frozenset(price[4:6]), []).append(price)
    everywhere: dict[tuple[str, str], frozenset[str]] = {}
    ends = zip(*(sections.frame[c] for c in ("mode", "from_node", "to_node")), strict=True)
    for place, (mode, start, end) in enumerate(ends):
        link = (mode, offer.country(start), frozenset({start, end}))
        if link[:2] in told:
            continue
        if link[:2] not in everywhere:
            everywhere[link[:2]] = _priced(by_km, link, offer.classes)
        its_own = _priced(between.get(link[2], []), link, offer.classes)
        lacking = [name for name in offer.classes if name not in everywhere[link[:2]] | its_own]
        if lacking:
            told.add(link[:2])
            found[place] = ", ".join(lacking)
    return _without_price(sections, "link_without_price", "mode", found)


def accesses_have_a_price(draft: Draft) -> list[Problem]:
    """Where a study prices links at all, the way between a zone and its node costs something."""
    offer, zones = _offer(draft, ("haulage",)), draft["zones"]
    if offer is None:
        return []
    by_km = [price for price in offer.prices if price[-1] in PER_KM]
    found: dict[int, str] = {}
    for place, (node, length) in enumerate(
        zip(zones.frame["node"], zones.frame["access_km"], strict=True)
    ):
        own = _priced(by_km, ("road", offer.country(node), frozenset({node})), offer.classes)
        lacking = [name for name in offer.classes if name not in own]
        if length > 0 and lacking:
            found[place] = ", ".join(lacking)
    return _without_price(zones, "access_without_price", "access_km", found)


class _Offer(NamedTuple):
    """Tariffs of some kinds, classes of cargo that want one, and the country of each node."""

    prices: list[_Price]
    classes: list[str]
    countries: dict[str, str]

    def country(self, node: str) -> str:
        return self.countries.get(node, "")


def _offer(draft: Draft, kinds: Iterable[str]) -> _Offer | None:
    """What is asked for hauling; None where the study prices no kilometre."""
    tariffs = draft.frame("tariffs")
    if not tariffs["per"].isin(PER_KM).any():
        return None
    hauls = tariffs[tariffs["kind"].isin(list(kinds))]
    nodes = draft.unique("nodes")
    named = ("mode", "country", "commodity_class", "commodity", "from_node", "to_node", "per")
    return _Offer(
        [tuple(row) for row in zip(*(hauls[name] for name in named), strict=True)],
        sorted(set(draft.frame("commodities")["class"]) - {""}),
        dict(zip(nodes.index.astype(str), nodes["country"].astype(str), strict=True)),
    )


def _without_price(
    reading: TableReading, code: str, column: str, found: dict[int, str]
) -> list[Problem]:
    """Warnings about rows that carry classes of cargo free of charge."""
    return reading.tell(
        code,
        np.array(list(found), dtype=np.intp),
        column,
        lambda p: {"classes": found[p]},
        Severity.WARNING,
    )


def _priced(prices: Iterable[_Price], link: _Link, classes: Iterable[str]) -> frozenset[str]:
    """Classes of cargo that some of the tariffs price on a link."""
    prices = list(prices)
    return frozenset(name for name in classes if any(_prices(p, link, name) for p in prices))


def assumptions_stated(draft: Draft) -> list[Problem]:
    """A study with zones says what its flows suppose, or is told that defaults are taken."""
    reading = draft["flow_assumptions"]
    if not len(draft.frame("zones")) or len(reading.frame):
        return []
    columns = reading.table.columns.values()
    values = ", ".join(f"{one.name} {one.default}" for one in columns if one.default)
    where = (reading.table.file, None, None)
    return [Problem(Severity.WARNING, "assumptions_by_default", *where, {"values": values})]


def _prices(tariff: _Price, link: _Link, name: str) -> bool:
    """Whether a tariff prices a class of cargo on a link, by the kilometre or between its nodes."""
    mode, country, its_class, commodity, start, end, per = tariff
    if commodity or mode not in ("", link[0]) or its_class not in ("", name):
        return False
    if per in PER_KM:
        return country in ("", link[1]) and not (start or end)
    return {start, end} == link[2]


def options_complete(draft: Draft) -> list[Problem]:
    """Another way than the network's has a cost and a time, and one of each at a time."""
    reading = draft["outside_options"]
    problems = [
        problem
        for column in ("cost_usd_per_unit", "time_days")
        for problem in reading.place("option_half_stated", ~reading.filled(column), column)
    ]
    frame = reading.frame
    first: dict[tuple[str, ...], list[int]] = {}
    for place, key in enumerate(zip(*(frame[c] for c in ("commodity", *RELATION)), strict=True)):
        first.setdefault(key, []).append(place)
    for places in first.values():
        for here, there in _overlapping(frame, places):
            params = {"other": str(frame.index[here])}
            problems.append(reading.at(there, "from_date", Fault("option_twice", params)))
    return problems


def _overlapping(frame: pd.DataFrame, places: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs of rows that hold on one day, the later with the first it meets."""
    starts, ends = frame["from_date"].tolist(), frame["to_date"].tolist()
    for number, there in enumerate(places):
        for here in places[:number]:
            # A day that is not given comes neither before nor after another.
            if not (ends[here] < starts[there] or ends[there] < starts[here]):
                yield here, there
                break


def history_once(draft: Draft) -> list[Problem]:
    """A year has one factor for a commodity between two zones."""
    return _told_twice(draft, "demand_history", "year", "history_twice")


def values_once(draft: Draft) -> list[Problem]:
    """Goods of a commodity between two zones have one value."""
    return _told_twice(draft, "cargo_values", "commodity", "value_twice")


def _told_twice(draft: Draft, table: str, of: str, code: str) -> list[Problem]:
    """Rows of one commodity, and alike in a column, that share a pair of zones with an earlier."""
    reading = draft[table]
    frame = reading.frame
    members = draft.frame("zone_members").groupby("zone_group")["zone"].agg(frozenset).to_dict()
    everywhere = frozenset(draft.frame("zones").index)
    rows = [
        (its, commodity, _pairs(members, everywhere, ends))
        for its, commodity, *ends in zip(
            frame[of], frame["commodity"], *(frame[c] for c in RELATION), strict=True
        )
    ]
    # A year that could not be read is no year twice.
    unread = frame[of].isna().to_numpy(dtype=bool)
    found: dict[int, str] = {}
    for there, (its, commodity, pairs) in enumerate(rows):
        for here in range(there):
            other_its, other, others = rows[here]
            alike = commodity == other or "" in (commodity, other)
            if unread[there] or unread[here]:
                continue
            if its == other_its and alike and _meet(pairs, others):
                found[there] = str(frame.index[here])
                break
    places = np.array(list(found), dtype=np.intp)
    return reading.tell(code, places, "from_group", lambda p: {"other": found[p]})


Ends = tuple[frozenset[str], frozenset[str]]


def _pairs(
    members: Mapping[Any, frozenset[str]], everywhere: frozenset[str], ends: Iterable[str]
) -> tuple[Ends, ...]:
    """Origins and destinations of a relation, and back where it goes both ways."""
    start, end, ways = ends
    origins = members.get(start, frozenset()) if start else everywhere
    destinations = members.get(end, frozenset()) if end else everywhere
    there = (origins, destinations)
    return (there, (destinations, origins)) if ways == "both" else (there,)


def _meet(first: tuple[Ends, ...], second: tuple[Ends, ...]) -> bool:
    """Whether two relations share a pair of zones."""
    return any((a & c) and (b & d) for a, b in first for c, d in second)


def aversions_avoid_one(draft: Draft) -> list[Problem]:
    """What is avoided is an element or a country, one of the two."""
    reading = draft["route_aversions"]
    element, country = reading.filled("element_table"), reading.filled("country")
    return [
        *reading.place("aversion_of_nothing", ~element & ~country, "country"),
        *reading.place("aversion_of_two", element & country, "country"),
    ]


def emissions_stated(draft: Draft) -> list[Problem]:
    """Moving has grams a tonne-kilometre and handling grams a tonne; parts add to the whole."""
    reading = draft["emission_factors"]
    handling = np.asarray(reading.frame["kind"] == HANDLING, dtype=bool)
    moved, handled = reading.filled("wtw_g_per_tkm"), reading.filled("wtw_g_per_t")
    problems = reading.place("emission_not_stated", ~handling & ~moved, "wtw_g_per_tkm")
    problems += reading.place("emission_not_stated", handling & ~handled, "wtw_g_per_t")
    wheel, tank, upstream = (
        reading.frame[name].to_numpy(dtype=np.float64)
        for name in ("wtw_g_per_tkm", "ttw_g_per_tkm", "upstream_share")
    )
    whole = tank * (1 + upstream)
    apart = np.abs(wheel - whole) > UPSTREAM_TOLERANCE * wheel
    return problems + reading.tell(
        "emission_disagrees",
        np.flatnonzero(apart),
        "wtw_g_per_tkm",
        lambda p: {"value": float(wheel[p]), "sum": round(float(whole[p]), 4)},
        Severity.WARNING,
    )
