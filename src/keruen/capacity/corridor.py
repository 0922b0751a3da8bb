"""A corridor compiled: where its elements lie, what cargo passes them, what a tonne asks of each.

Volumes are net tonnes a year of the whole corridor, both directions together. Trains run in pairs,
so a section is loaded by the heavier direction; the lighter one carries the empties home.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from keruen.capacity.fixture import Fixture, fixtures_of
from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Input
from keruen.errors import FailedError, error, require_range
from keruen.model import Model
from keruen.model.provenance import CellKey
from keruen.network import Graph, Way, compile_graph
from keruen.units import DAYS_PER_YEAR

DIRECTIONS: Final = ("forward", "backward")
_ALL_CLASSES: Final = ("any", "train")
_TINY: Final = 1e-12


class Flow(NamedTuple):
    """One commodity in one direction of a corridor's mix.

    Parameters
    ----------
    commodity, cargo_class, direction : str
        What it is, how it is handled, which way it goes.
    share : float
        Of the corridor's tonnes.
    first, last : int
        Positions between which it travels, in forward order.
    net_t_per_train : float
        Net tonnes of one full-length train in this direction.
    train_length_m : float
        Length of that train.
    teu_per_t : float
        Loaded TEU in a tonne; nought for what is not in containers.
    by_rail : bool
        Whether it passes a railway section at all: crude that only crosses the sea takes no train.
    """

    commodity: str
    cargo_class: str
    direction: str
    share: float
    first: int
    last: int
    net_t_per_train: float
    train_length_m: float
    teu_per_t: float
    by_rail: bool = True


class Stretch(NamedTuple):
    """A section of the corridor between two positions.

    Parameters
    ----------
    section : str
        Row of ``sections``.
    first, last : int
        Positions it joins.
    loop_length_m : float
        Shortest loops of its run of one gauge; longer trains run shortened.
    share : float
        Share of the trains that use it: half each where two gauges lie side by side at a border,
        since the receiving railway changes the gauge and each direction has its own line.
    pairs_per_t : float
        Train pairs a day in the busiest month that a tonne a year asks of it.
    loop_cell : CellKey or None
        Cell that gives the length of those loops.
    """

    section: str
    first: int
    last: int
    loop_length_m: float
    share: float = 1.0
    pairs_per_t: float = 0.0
    loop_cell: CellKey | None = None


class Corridor(NamedTuple):
    """A corridor of one day.

    Parameters
    ----------
    id : str
        Its id.
    nodes : tuple of str
        Nodes in order, forward.
    stretches : tuple of Stretch
        Railway sections in order.
    fixtures : tuple of Fixture
        Everything else on the way.
    flows : tuple of Flow
        Its mix; the shares add to one.
    unevenness_ratio : float
        Busiest month over mean month.
    inputs : tuple of Input
        Numbers that turn its tonnes into trains: mix, loadings, trains, loops, unevenness.
    """

    id: str
    nodes: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    fixtures: tuple[Fixture, ...]
    flows: tuple[Flow, ...]
    unevenness_ratio: float
    inputs: tuple[Input, ...] = ()

    @property
    def teu_per_t(self) -> float:
        """Loaded TEU per tonne of the whole mix."""
        return math.fsum(flow.share * flow.teu_per_t for flow in self.flows)


class Graphs:
    """Graphs of a model by mode, the ways found in them, and its rails between two nodes."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: dict[str, Graph] = {}
        self._ways: dict[tuple[str, str, str], Way] = {}
        self._rails: dict[frozenset[str], list[str]] = {}

    def of(self, mode: str) -> Graph:
        """Graph of a mode."""
        if mode not in self._known:
            self._known[mode] = compile_graph(self._model, mode)
        return self._known[mode]

    def way(self, mode: str, start: str, end: str) -> Way:
        """Shortest way of a mode between two nodes; see :meth:`keruen.network.Graph.shortest`."""
        key = (mode, start, end)
        if key not in self._ways:
            self._ways[key] = self.of(mode).shortest(start, end)
        return self._ways[key]

    def rails_between(self, start: str, end: str) -> list[str]:
        """Railway sections between two adjacent nodes, by id."""
        if not self._rails:
            rails = self._model["sections"]
            rails = rails[rails["mode"] == "rail"].sort_index()
            for row, *ends in zip(rails.index, rails["from_node"], rails["to_node"], strict=True):
                self._rails.setdefault(frozenset(ends), []).append(str(row))
        return self._rails.get(frozenset((start, end)), [])


def _walk(model: Model, corridor: str, graphs: Graphs) -> tuple[list[str], list[tuple[str, int]]]:
    """Nodes in order, and the railway sections with the position where each begins."""
    points = model["corridor_points"]
    points = points[points["corridor"] == corridor].sort_values("sequence")
    if len(points) < 2:
        raise FailedError(
            [error("corridor_without_points", "corridor_points.csv", corridor=corridor)]
        )
    nodes = [str(points["node"].iloc[0])]
    rails: list[tuple[str, int]] = []
    for mode, node in zip(points["mode"], points["node"].iloc[1:], strict=False):
        if mode == "none":
            nodes.append(str(node))
            continue
        way = graphs.way(str(mode), nodes[-1], str(node))
        if mode == "rail":
            rails += [(s, len(nodes) - 1 + i) for i, s in enumerate(way.sections)]
        nodes += way.nodes[1:]
    return nodes, rails


def _loop_cell(model: Model, section: str) -> CellKey:
    """Cell that gives the length of a section's loops: its own, or that of its class."""
    if model.number("sections", section, "loop_length_m") is not None:
        return ("sections", section, "loop_length_m")
    return ("line_classes", model.text("sections", section, "line_class"), "loop_length_m")


def _loop_length_m(model: Model, section: str) -> float:
    return model.number(*_loop_cell(model, section)) or 0.0


def _stretches(
    reader: ElementReader, rails: list[tuple[str, int]], graphs: Graphs
) -> tuple[Stretch, ...]:
    """Sections with the shortest loops of their run of one gauge: trains are formed for the run."""
    model = reader.model
    runs: list[list[tuple[str, int]]] = []
    gauge = ""
    for row, position in rails:
        here = model.text("sections", row, "gauge_mm")
        if here != gauge:
            runs.append([])
            gauge = here
        runs[-1].append((row, position))
    found: list[Stretch] = []
    for run in runs:
        least = min((row for row, _ in run), key=lambda row: (_loop_length_m(model, row), row))
        shortest = reader.number("loop_length_m", "sections", least)
        cell = _loop_cell(model, least)
        for row, position in run:
            beside = _other_gauges(model, graphs, row)
            share = 1.0 / (1 + len(beside))
            found += [
                Stretch(section, position, position + 1, shortest, share, loop_cell=cell)
                for section in (row, *beside)
            ]
    return tuple(found)


def _other_gauges(model: Model, graphs: Graphs, section: str) -> list[str]:
    """Railway sections of another gauge between the same two nodes."""
    start, end = (model.text("sections", section, column) for column in ("from_node", "to_node"))
    gauge = model.text("sections", section, "gauge_mm")
    beside = graphs.rails_between(start, end)
    return [row for row in beside if model.text("sections", row, "gauge_mm") != gauge]


def _shortened(fixture: Fixture, stretches: tuple[Stretch, ...]) -> Fixture:
    """A fixture with the length of the trains that reach it: formed for the loops around."""
    first, last = fixture.first, fixture.last
    around = [
        stretch.loop_length_m
        for stretch in stretches
        if first is None or last is None or (stretch.first <= last and first <= stretch.last)
    ]
    return fixture._replace(length_m=min([fixture.length_m, *around]))


class _Way(NamedTuple):
    """A way with its nodes by position, first pass first, and the graphs it was found in."""

    nodes: tuple[str, ...]
    places: Mapping[str, int]
    graphs: Graphs

    def position(self, node: str, corridor: str) -> int:
        """Where cargo of a node meets the way: there, or where the nearest railway does."""
        if node in self.places:
            return self.places[node]
        near = self.graphs.of("rail").nearest(node, self.nodes)
        if near is None:
            fault = error("node_not_on_corridor", "corridor_mix.csv", node=node, corridor=corridor)
            raise FailedError([fault])
        return self.places[near]


def _flow(reader: ElementReader, key: str, way: _Way) -> Flow:
    model = reader.model
    commodity = model.text("corridor_mix", key, "commodity")
    direction = model.text("corridor_mix", key, "direction")
    loading = f"{commodity}/{direction}"
    train = model.text("loadings", loading, "train_type")
    teu = reader.optional("teu", "train_types", train)
    per_teu = reader.optional("net_t_per_teu", "loadings", loading)
    if teu is not None and per_teu is not None:
        full, teu_per_t = teu * per_teu, 1.0 / per_teu if per_teu > 0 else 0.0
    else:
        full, teu_per_t = reader.number("net_t_per_train", "loadings", loading), 0.0
    net = full * reader.number("loaded_share", "loadings", loading)
    share = reader.number("share", "corridor_mix", key)
    if share > 0:
        require_range(f"net_t_per_train {loading}", net, _TINY)
    positions = []
    for column, end in (("join_node", 0), ("leave_node", len(way.nodes) - 1)):
        node = model.text("corridor_mix", key, column)
        positions.append(way.position(node, reader.row) if node else end)
    return Flow(
        commodity,
        model.text("commodities", commodity, "class"),
        direction,
        share,
        min(positions),
        max(positions),
        net,
        reader.number("length_m", "train_types", train),
        teu_per_t,
    )


def _by_rail(flow: Flow, stretches: tuple[Stretch, ...]) -> bool:
    return any(passes(flow, stretch.first, stretch.last) for stretch in stretches)


def compile_corridor(model: Model, corridor: str, graphs: Graphs | None = None) -> Corridor:
    """Compile a corridor.

    Parameters
    ----------
    model : Model
        Of a day.
    corridor : str
        Row of ``corridors``.
    graphs : Graphs or None
        Graphs of the model, shared between its corridors.

    Returns
    -------
    Corridor
        Its way over what is in service that day. Cargo travels between the nodes at which it joins
        and leaves in forward order, whichever way it goes; a node beside the way stands for the
        nearest point of it.

    Raises
    ------
    OutOfServiceError
        When no way exists that day.
    FailedError
        When a node of the mix cannot reach the way, or a number is missing.
    """
    graphs = graphs or Graphs(model)
    reader = ElementReader(model, "corridors", corridor)
    unevenness = reader.number("unevenness_ratio")
    nodes, rails = _walk(model, corridor, graphs)
    places = {node: position for position, node in reversed(list(enumerate(nodes)))}
    way = _Way(tuple(nodes), places, graphs)
    mix = sorted(model.rows("corridor_mix", corridor=corridor))
    flows = [_flow(reader, key, way) for key in mix]
    total = math.fsum(flow.share for flow in flows)
    stretches = _stretches(reader, rails, graphs)
    compiled = Corridor(
        corridor,
        tuple(nodes),
        stretches,
        tuple(_shortened(one, stretches) for one in fixtures_of(model, corridor, places)),
        tuple(flow._replace(share=flow.share / total) for flow in flows if flow.share > 0),
        unevenness,
        reader.inputs,
    )
    loaded = (one._replace(pairs_per_t=pairs_per_day_per_t(compiled, one)) for one in stretches)
    return compiled._replace(stretches=tuple(loaded))


def trains_per_t(
    corridor: Corridor,
    first: int | None,
    last: int | None,
    length_m: float = float("inf"),
    serves: str = "train",
) -> dict[str, float]:
    """Trains that one tonne of the corridor's volume sends past a place, by direction.

    Parameters
    ----------
    corridor : Corridor
        The corridor.
    first, last : int or None
        Positions of the place; None for all matching cargo.
    length_m : float
        Useful length; a train longer than it runs shortened in proportion.
    serves : str
        Class of cargo that counts; ``train`` or ``any`` for all.

    Returns
    -------
    dict
        Trains per tonne, forward and backward.
    """
    trains: dict[str, list[float]] = {direction: [] for direction in DIRECTIONS}
    for flow in corridor.flows:
        if flow.by_rail and passes(flow, first, last) and serves_flow(serves, flow):
            fit = min(1.0, length_m / flow.train_length_m)
            trains[flow.direction].append(flow.share / (flow.net_t_per_train * fit))
    return {direction: math.fsum(parts) for direction, parts in trains.items()}


def passes(flow: Flow, first: int | None, last: int | None) -> bool:
    """Whether a flow goes past a place.

    >>> flow = Flow("c", "container", "forward", 1.0, 2, 5, 1.0, 1.0, 0.0)
    >>> passes(flow, 4, 5), passes(flow, 5, 6), passes(flow, None, None)
    (True, False, True)
    """
    if first is None or last is None:
        return True
    return flow.first <= first and last <= flow.last


def serves_flow(serves: str, flow: Flow) -> bool:
    """Whether an element for a class of cargo serves a flow.

    >>> flow = Flow("c", "container", "forward", 1.0, 2, 5, 1.0, 1.0, 0.0)
    >>> serves_flow("any", flow), serves_flow("container", flow), serves_flow("dry_bulk", flow)
    (True, True, False)
    """
    return serves in (*_ALL_CLASSES, flow.cargo_class)


def pairs_per_day_per_t(corridor: Corridor, stretch: Stretch) -> float:
    """Train pairs a day, in the busiest month, that a tonne a year asks of a section."""
    trains = trains_per_t(corridor, stretch.first, stretch.last, stretch.loop_length_m)
    return max(trains.values()) * stretch.share * corridor.unevenness_ratio / DAYS_PER_YEAR
