"""What carriers ask on each link: rows of ``tariffs`` matched to links and brought to one money.

A link takes the most particular row that is in force: one for the commodity before one for its
class before one for all, one for this place or country before one for anywhere; of equals the
latest. Prices between two nodes of rails (a haulage that is not by kilometre) are spread by length
over the shortest way between them and over those that are hardly longer. Dues of ports and tolls
are asked besides. Where the gauge changes a row of kind ``gauge_change`` is the price of the whole
change; where none suits, each of its groups of servers asks its ``handling``. Between a zone and
its node lorries ask what they ask on a road. Border dues are asked once a crossing: of rails at the
first of its procedures, of roads on the section that leads over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, Problem
from keruen.flows.freight.assumptions import assumptions_of
from keruen.flows.freight.aversions import Aversion
from keruen.flows.freight.cargo import TEU, Cargo
from keruen.flows.freight.draft import Draft
from keruen.flows.freight.relation import Relation, relation_of
from keruen.model import Model
from keruen.model.cells import as_date
from keruen.model.model import in_force
from keruen.model.money import real_usd
from keruen.model.records import cell_error
from keruen.network import compile_graph

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FEU_TEU: Final = 2.0
KIND_OF_MODE: Final = {
    "rail": ("haulage",),
    "road": ("haulage",),
    "sea": ("sea",),
    "handling": ("handling",),
    "border": ("border",),
}
BESIDES: Final = {"rail": "toll", "road": "toll", "sea": "port"}
"""Kinds asked besides: tolls of a way, and dues of the ports at both ends of a sea line."""
GAUGE_CHANGE: Final = ("gauge_change",)
"""Kind that prices a change of gauge as a whole, with all servers that it takes."""
ACCESS: Final = ("haulage", "road")
"""Kind and mode of the tariffs that hold between a zone and its node."""
PAIR_KINDS: Final = ("subsidy",)
"""Kinds that a pair of zones pays or gets, whatever its way."""
PER_KM: Final = ("TEU_km", "FEU_km", "t_km")
BIG: Final = 1e9
"""Cost of a link that a class may not take: above any that a route could have."""


class Terms(NamedTuple):
    """Prices as a sparse sum, so that a draw can move single tariffs.

    Parameters
    ----------
    cargo, link : array of int, shape (terms,)
        Class and link of each.
    row : array of int, shape (terms,)
        Position in ``rows``.
    usd : array, shape (terms,)
        Dollars a unit.
    rows : tuple of (str, str)
        Table and row of each price in use: of ``tariffs`` or ``route_aversions``.
    """

    cargo: IntArray
    link: IntArray
    row: IntArray
    usd: FloatArray
    rows: tuple[tuple[str, str], ...]

    def fixed(self, shape: tuple[int, int], factor: FloatArray | None = None) -> FloatArray:
        """Prices by class and link, each row times a factor where given."""
        usd = self.usd if factor is None else self.usd * factor[self.row]
        found = np.zeros(shape)
        np.add.at(found, (self.cargo, self.link), usd)
        return found


class _Tariff(NamedTuple):
    row: str
    kind: str
    mode: str
    country: str
    ends: tuple[str, str]
    relation: Relation
    commodity: str
    cargo_class: str
    direction: str
    usd: float
    per: str
    since: date
    price_year: int

    def suits(self, cargo: Cargo) -> bool:
        """Whether it speaks of this class of cargo."""
        named = self.commodity in ("", cargo.commodity)
        return named and self.cargo_class in ("", cargo.cargo_class)

    @property
    def rank(self) -> tuple[int, int, int, date, int, str]:
        """The larger, the more particular."""
        cargo = 2 * bool(self.commodity) + bool(self.cargo_class)
        place = 2 * bool(self.ends[0] or self.ends[1]) + bool(self.country)
        return cargo, place, int(self.direction != "both"), self.since, self.price_year, self.row


def tariffs_on(model: Model, day: date) -> list[_Tariff]:
    """Tariffs that hold on a day, in dollars of the price base.

    Raises
    ------
    FailedError
        With every currency that has no rate.
    """
    frame = in_force(model["tariffs"], day)
    found: list[_Tariff] = []
    wrong: list[Problem] = []
    for row, cells in zip(map(str, frame.index), frame.to_dict("records"), strict=True):
        since = as_date(cells["from_date"])
        year, currency = int(cells["price_year"]), str(cells["currency"])
        usd = real_usd(model, float(cells["amount"]), currency, year)
        if usd is None:
            wrong.append(
                cell_error(model, "tariffs", row, "currency", "rate_needed", value=currency)
            )
            continue
        found.append(
            _Tariff(
                row,
                str(cells["kind"]),
                str(cells["mode"] or ""),
                str(cells["country"] or ""),
                (str(cells["from_node"] or ""), str(cells["to_node"] or "")),
                relation_of(cells),
                str(cells["commodity"] or ""),
                str(cells["commodity_class"] or ""),
                str(cells["direction"] or "both"),
                usd,
                str(cells["per"]),
                since or date.min,
                year,
            )
        )
    if wrong:
        raise FailedError(wrong)
    return found


def per_unit(tariff_per: str, usd: float, cargo: Cargo) -> float | None:
    """Dollars for a unit of cargo where a tariff counts in something else; None if it cannot be.

    Kilometres, where the tariff counts them, are left to the caller.

    Examples
    --------
    >>> box = Cargo("containers", "loaded", "TEU", "container", 0.01, 12.0, 1.0, *[1.0] * 6)
    >>> per_unit("FEU_km", 0.61, box), per_unit("t", 2.0, box)
    (0.305, 24.0)
    """
    what = tariff_per.removesuffix("_km")
    boxed = cargo.unit == TEU
    weight = cargo.t_per_unit if boxed else 1.0
    if what == "TEU":
        return usd if boxed else None
    if what == "FEU":
        return usd / FEU_TEU if boxed else None
    if what == "t":
        return usd * weight
    if what == "train":
        return usd * cargo.trains_per_unit
    metres = cargo.piece_m if what == "m" else 1.0
    of_mode = {"truck": "road", "wagon": "rail", "m": cargo.land_mode}.get(what)
    if of_mode == cargo.land_mode and cargo.pieces_per_unit * metres > 0.0:
        return usd * metres * cargo.pieces_per_unit
    return None


class _Spread(NamedTuple):
    """A price between two nodes spread over the sections of the ways between them.

    By section and direction the length of the shortest such way through it.
    """

    tariff: _Tariff
    ways: dict[tuple[str, str], float]


def _spreads(model: Model, tariffs: Iterable[_Tariff]) -> list[_Spread]:
    """Haulage between two nodes, over rails hardly longer than the shortest (``detour_ratio``).

    What no way joins is left out.
    """
    wanted = [
        one for one in tariffs if one.kind == "haulage" and all(one.ends) and one.per not in PER_KM
    ]
    if not wanted:
        return []
    graph = compile_graph(model, "rail")
    detour = assumptions_of(model).detour_ratio
    found = []
    for tariff in wanted:
        ways: dict[tuple[str, str], float] = {}
        for (row, forward), length in graph.near_ways(*tariff.ends, detour).items():
            ahead, back = ("forward", "backward") if forward else ("backward", "forward")
            for way, wanted_way in ((ahead, "backward"), (back, "forward")):
                if tariff.direction != wanted_way:
                    ways[row, way] = length
        if ways:
            found.append(_Spread(tariff, ways))
    return found


def _exits(model: Model) -> set[tuple[str, str]]:
    """Ways over a border that have procedures where the cargo leaves, or joint ones."""
    frame = model["border_crossings"]
    left = frame[frame["side"] != "entry"]
    found = set()
    for start, end, way in zip(left["from_node"], left["to_node"], left["direction"], strict=True):
        found.add((str(start), str(end)))
        if way == "both":
            found.add((str(end), str(start)))
    return found


class Pricing:
    """Prices of one day: which tariff each class pays on each link."""

    def __init__(self, model: Model, day: date) -> None:
        self._model = model
        self._tariffs = tariffs_on(model, day)
        self._spreads = _spreads(model, self._tariffs)
        self.country = {
            str(node): model.text("nodes", str(node), "country") for node in model["nodes"].index
        }
        self._exits = _exits(model)
        self._known: dict[tuple[object, ...], tuple[tuple[_Tariff, float], ...]] = {}

    def all_of(self, draft: Draft, cargo: Cargo) -> list[tuple[str, float]]:
        """All that is asked on a link: its own tariff, and tolls or dues besides."""
        own = self.ask(draft, cargo)
        return [*([own] if own is not None else ()), *self._besides(draft, cargo)]

    def ask(self, draft: Draft, cargo: Cargo) -> tuple[str, float] | None:
        """Tariff of a link itself and dollars a unit; None where nothing is asked."""
        if draft.mode == "access":
            return self._by_lorry(draft, cargo)
        kinds = KIND_OF_MODE.get(draft.mode)
        if kinds is None:
            return None
        spread = self._by_way(draft, cargo)
        if spread is not None:
            return spread
        if draft.mode == "border":
            dues = self._first(kinds, "rail", draft, cargo) if self._opens(draft) else None
            return None if dues is None else (dues[0].row, dues[1])
        if draft.changes_gauge:
            change = self._first(GAUGE_CHANGE, "rail", draft, cargo)
            if change is not None:
                # Every unit changes once, whatever part of it each group of servers takes.
                return (change[0].row, change[1]) if draft.opens_change else None
        found = self._first(kinds, draft.mode, draft, cargo)
        if found is None:
            return None
        tariff, usd = found
        share = cargo.haulage_share if draft.mode in ("rail", "road", "sea") else 1.0
        length = draft.length_km if tariff.per in PER_KM else 1.0
        return tariff.row, usd * share * draft.share * length

    def _opens(self, draft: Draft) -> bool:
        """Whether it is the first procedure of its crossing, which asks for all of them."""
        leaves = draft.tail[0] == "rail"
        return leaves or (draft.tail[0] == "met" and draft.ends not in self._exits)

    def _by_lorry(self, draft: Draft, cargo: Cargo) -> tuple[str, float] | None:
        """What lorries ask between a zone and its node; nothing on a passage in a terminal."""
        kind, mode = ACCESS
        found = self._first((kind,), mode, draft, cargo) if draft.length_km > 0.0 else None
        if found is None:
            return None
        return found[0].row, found[1] * cargo.haulage_share * draft.length_km

    def _first(
        self, kinds: tuple[str, ...], mode: str, draft: Draft, cargo: Cargo
    ) -> tuple[_Tariff, float] | None:
        """The most particular tariff of some kinds at the place of a link, and dollars a unit."""
        ranked = self._ranked(kinds, mode, self.country.get(draft.ends[0], ""), cargo)
        return next((one for one in ranked if _placed(one[0], draft)), None)

    def _besides(self, draft: Draft, cargo: Cargo) -> Iterator[tuple[str, float]]:
        """Tolls of a way, dues of a border that a road crosses and of the ports of a sea line."""
        kind = BESIDES.get(draft.mode)
        if kind is None:
            return
        start, end = (self.country.get(node, "") for node in draft.ends)
        if draft.mode == "road" and start != end:
            dues = self._first(KIND_OF_MODE["border"], "road", draft, cargo)
            if dues is not None:
                yield dues[0].row, dues[1]
        # A port is a place of its own; a toll is asked once for a link.
        places = [(node, node) for node in draft.ends] if kind == "port" else [draft.ends]
        for ends in places:
            found = self._first((kind,), draft.mode, draft._replace(ends=ends), cargo)
            if found is not None:
                length = draft.length_km if found[0].per in PER_KM else 1.0
                yield found[0].row, found[1] * draft.share * length

    def _by_way(self, draft: Draft, cargo: Cargo) -> tuple[str, float] | None:
        if draft.table != "sections" or draft.mode != "rail":
            return None
        step = (draft.row, draft.direction)
        best: tuple[_Tariff, float] | None = None
        for spread in self._spreads:
            if step not in spread.ways or not spread.tariff.suits(cargo):
                continue
            usd = per_unit(spread.tariff.per, spread.tariff.usd, cargo)
            if usd is not None and (best is None or spread.tariff.rank > best[0].rank):
                best = spread.tariff, usd / spread.ways[step]
        if best is None:
            return None
        return best[0].row, best[1] * draft.length_km * cargo.haulage_share

    def _ranked(
        self, kinds: tuple[str, ...], mode: str, country: str, cargo: Cargo
    ) -> tuple[tuple[_Tariff, float], ...]:
        """Tariffs of a class by a mode in a country with dollars a unit, the most particular first.

        Where they hold within the country is left to the caller.
        """
        key = (kinds, mode, country, cargo.name)
        if key not in self._known:
            suited = (
                (tariff, usd)
                for tariff in self._tariffs
                if tariff.kind in kinds
                and tariff.suits(cargo)
                and tariff.mode in ("", mode)
                and tariff.country in ("", country)
                and (tariff.kind != "haulage" or tariff.per in PER_KM)
                and (tariff.kind not in GAUGE_CHANGE or tariff.per not in PER_KM)
                and (usd := per_unit(tariff.per, tariff.usd, cargo)) is not None
            )
            self._known[key] = tuple(sorted(suited, key=lambda one: one[0].rank, reverse=True))
        return self._known[key]

    def of_pair(
        self, cargo: Cargo, groups: tuple[frozenset[str], frozenset[str]]
    ) -> list[tuple[str, float]]:
        """What a pair of zones pays or gets whatever its way, by the groups of both zones."""
        best: dict[Relation, tuple[_Tariff, float]] = {}
        for tariff in self._tariffs:
            if tariff.kind not in PAIR_KINDS or not tariff.suits(cargo) or cargo.loaded != "loaded":
                continue
            if not tariff.relation.covers(*groups):
                continue
            usd = per_unit(tariff.per, tariff.usd, cargo)
            if usd is None:
                continue
            known = best.get(tariff.relation)
            if known is None or tariff.rank > known[0].rank:
                best[tariff.relation] = tariff, usd
        return [(tariff.row, usd) for tariff, usd in best.values()]


def _placed(tariff: _Tariff, draft: Draft) -> bool:
    """Whether a tariff speaks of the place of a link, and of its direction."""
    start, end = tariff.ends
    if not start and not end:
        return True
    if start and end and start != end:
        ahead, back = draft.ends == (start, end), draft.ends == (end, start)
        return {"forward": ahead, "backward": back}.get(tariff.direction, ahead or back)
    return (start or end) in draft.ends


def below_nought(model: Model, terms: Terms, costs: FloatArray) -> list[Problem]:
    """Tariffs that make a link cost less than nought: nobody could then stop going round.

    Parameters
    ----------
    model : Model
        The study.
    terms : Terms
        The prices.
    costs : array, shape (classes, links)
        Cost of each link on an empty network, time included.

    Returns
    -------
    list of Problem
        One for each such row.
    """
    guilty = (terms.usd < 0.0) & (costs[terms.cargo, terms.link] < 0.0)
    rows = sorted({terms.rows[at] for at in terms.row[guilty].tolist()})
    column = {"tariffs": "amount", "route_aversions": "cost_usd_per_unit"}
    return [
        cell_error(model, table, row, column[table], "cost_below_nought") for table, row in rows
    ]


def terms_of(
    pricing: Pricing,
    drafts: list[Draft],
    cargo: tuple[Cargo, ...],
    aversions: tuple[Aversion, ...] = (),
) -> tuple[Terms, NDArray[np.bool_]]:
    """Prices of all classes on all links, and where a class may not go.

    Returns
    -------
    Terms
        The prices, those that only a class of users feels among them.
    array of bool, shape (classes, links)
        True where the class may not take the link.
    """
    rows: dict[tuple[str, str], int] = {}
    entries: list[tuple[int, int, int, float]] = []
    barred = np.zeros((len(cargo), len(drafts)), dtype=np.bool_)
    shunned = {
        one.row: [link for link, draft in enumerate(drafts) if one.is_at(draft, pricing.country)]
        for one in aversions
    }
    asked_of: dict[str, list[tuple[int, tuple[str, float]]]] = {}
    for user, one in enumerate(cargo):
        barred[user] = [one.cargo_class not in draft.serves for draft in drafts]
        plain = one._replace(segment="")
        if plain.name not in asked_of:
            asked_of[plain.name] = [
                (link, asked)
                for link in np.flatnonzero(~barred[user]).tolist()
                for asked in pricing.all_of(drafts[link], plain)
            ]
        for link, (row, usd) in asked_of[plain.name]:
            place = rows.setdefault(("tariffs", row), len(rows))
            entries.append((user, link, place, usd))
        for aversion in aversions:
            if aversion.row in one.segment.split("+"):
                place = rows.setdefault(("route_aversions", aversion.row), len(rows))
                entries += [(user, link, place, aversion.usd) for link in shunned[aversion.row]]
    columns = list(zip(*entries, strict=True)) if entries else [(), (), (), ()]
    users, links, places = (np.array(column, dtype=np.int64) for column in columns[:3])
    amounts = np.array(columns[3], dtype=np.float64)
    return Terms(users, links, places, amounts, tuple(rows)), barred
