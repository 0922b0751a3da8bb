"""Map of the freight of a year: lines as wide as the tonnes on them, as strong as they are full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from keruen.report.charts.axes import nice_ticks
from keruen.report.map_records import ColourScale, LineStyle, MapLine, MapPoint, WidthScale
from keruen.report.page.amounts import MILLION
from keruen.report.page.context import Context
from keruen.report.page.maps import (
    DrawnMap,
    bare_spec,
    class_labels,
    draw_framed,
    frames_around,
    places_of,
)
from keruen.report.page.matter import Row, rows
from keruen.report.palette import colour

Point = tuple[float, float]

FULLNESS: Final = (0.25, 0.5, 0.75, 0.95)
"""Upper bounds of the classes of use: the last is of what is full but for a rounding."""
_DRAWN: Final = {"road": LineStyle.ROAD, "sea": LineStyle.SEA, "rail": LineStyle.RAIL}
"""Modes that are drawn, the lowest first."""
_EMPTY_PX: Final = 0.9
_BELOW_FULL: Final = 0.9
"""Share of the laden ways that are thinner than the widest line."""
_FULL_PRIORITY: Final = 7.0
_STOPS: Final = (0.1, 0.25, 0.5, 1.0)


class Way(NamedTuple):
    """All of one mode between two nodes, both directions together.

    Parameters
    ----------
    mode : str
        rail, road or sea.
    ends : tuple of str
        Nodes, in the order of the alphabet.
    elements : tuple of (str, str)
        Table and row of what carries it, the most laden first.
    tonnes : float
        Net tonnes a year both ways.
    share : float or None
        Use of what is fullest, of the direction that is fullest; None where no capacity is known.
    """

    mode: str
    ends: tuple[str, str]
    elements: tuple[tuple[str, str], ...]
    tonnes: float
    share: float | None


def ways_of(links: Iterable[Row]) -> tuple[Way, ...]:
    """Gather links into ways, by mode and then from the least laden to the most.

    Parameters
    ----------
    links : iterable of Row
        Rows of ``flow_links`` of one year.
    """
    own: dict[tuple[str, tuple[str, str]], list[Row]] = {}
    for row in links:
        start, end = str(row["from_node"]), str(row["to_node"])
        if row["mode"] in _DRAWN and start != end:
            own.setdefault((str(row["mode"]), (min(start, end), max(start, end))), []).append(row)
    found = (_way(mode, ends, those) for (mode, ends), those in own.items())
    order = list(_DRAWN)
    return tuple(sorted(found, key=lambda way: (order.index(way.mode), way.tonnes, way.ends)))


def _way(mode: str, ends: tuple[str, str], links: list[Row]) -> Way:
    tonnes: dict[tuple[str, str], float] = {}
    for row in links:
        key = (str(row["element_table"]), str(row["element_row"]))
        tonnes[key] = tonnes.get(key, 0.0) + float(row["flow_t_per_year"])
    shares = [float(row["utilisation_share"]) for row in links if _has_share(row)]
    return Way(
        mode,
        ends,
        tuple(sorted(tonnes, key=lambda key: (-tonnes[key], key))),
        sum(tonnes.values()),
        max(shares) if shares else None,
    )


def _has_share(row: Row) -> bool:
    return row["utilisation_share"] is not None


def flow_maps(context: Context, year: int) -> tuple[DrawnMap, ...]:
    """Draw the freight of a year; empty without coordinates."""
    model = context.matter.final
    places = places_of(model)
    table = context.matter.table("flow_links")
    ways = ways_of(rows(table[table["year"] == year]))
    drawn = []
    full = full_places(rows(table[table["year"] == year]))
    for frame in frames_around(model, places):
        heading = context.t(f"report.flows.map.{frame.id}", year=year)
        bare = bare_spec(context, frame, places)
        spec = replace(
            bare,
            points=tuple(_points(context, bare.points, places, full)),
            words=replace(bare.words, marked=context.t("report.flows.map.full_place")),
            title=heading,
            description=context.t(
                "report.flows.map.told", year=year, lines=sum(way.tonnes > 0.0 for way in ways)
            ),
            lines=tuple(_lines(context, ways, places)),
            colours=ColourScale(
                context.t("report.flows.map.use"),
                FULLNESS,
                class_labels(context, FULLNESS),
                context.t("report.flows.map.no_limit"),
            ),
            widths=_widths(context, ways),
        )
        drawn.append(DrawnMap(heading, draw_framed(spec, frame, f"flows-{frame.id}")))
    return tuple(drawn)


def full_places(links: Iterable[Row]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Nodes with a border or a terminal that more would pass if it could, and what they are.

    Parameters
    ----------
    links : iterable of Row
        Rows of ``flow_links`` of one year.

    Returns
    -------
    dict of str to tuple
        By node the table and row of each, the dearest first.
    """
    found: dict[str, dict[tuple[str, str], float]] = {}
    for row in links:
        is_scarce = float(row["price_usd_per_t"]) > 0.0 and row.get("scarce", True)
        if row["mode"] in ("border", "handling") and is_scarce:
            own = found.setdefault(str(row["from_node"]), {})
            key = (str(row["element_table"]), str(row["element_row"]))
            own[key] = max(own.get(key, 0.0), float(row["price_usd_per_t"]))
    return {
        node: tuple(sorted(own, key=lambda key: (-own[key], key)))
        for node, own in sorted(found.items())
    }


def _points(
    context: Context,
    points: Iterable[MapPoint],
    places: Mapping[str, Point],
    full: Mapping[str, tuple[tuple[str, str], ...]],
) -> Iterable[MapPoint]:
    """Places of the map, those that are full with a ring, and named before others."""
    at = {places[node]: elements for node, elements in full.items() if node in places}
    for point in points:
        elements = at.get((point.longitude, point.latitude), ())
        if not elements:
            yield point
        else:
            names = dict.fromkeys(context.names.of(table, row) for table, row in elements)
            told = context.t(
                "report.flows.map.full_told", place=point.label, elements="; ".join(names)
            )
            yield replace(
                point, marked=True, tooltip=told, priority=max(point.priority, _FULL_PRIORITY)
            )


def _widths(context: Context, ways: tuple[Way, ...]) -> WidthScale:
    laden = sorted(way.tonnes / MILLION for way in ways if way.tonnes > 0.0)
    # The few heaviest are drawn as the next ones: else all the rest would be hairs.
    full = nice_ticks(laden[int(len(laden) * _BELOW_FULL)] if laden else 0.0, 2)[-1]
    labels = [context.amounts.number(full * share) for share in _STOPS]
    if laden and laden[-1] > full:
        labels[-1] = f"≥\u00a0{labels[-1]}"
    stops = tuple(zip((full * share for share in _STOPS), labels, strict=True))
    return WidthScale(context.t("report.flows.map.width"), full, stops)


def _lines(
    context: Context, ways: tuple[Way, ...], places: Mapping[str, Point]
) -> Iterable[MapLine]:
    for way in ways:
        start, end = (places.get(node) for node in way.ends)
        if start is None or end is None or start == end:
            continue
        if way.tonnes > 0.0:
            yield MapLine(
                (start, end), _DRAWN[way.mode], way.tonnes / MILLION, way.share, _told(context, way)
            )
        elif way.mode == "rail":
            # Rails that carry none of this, faintly: the reader sees where else it could go.
            yield MapLine((start, end), LineStyle.RAIL, width=_EMPTY_PX, colour=colour("border"))


def _told(context: Context, way: Way) -> str:
    t = context.t
    names = "; ".join(dict.fromkeys(context.names.of(table, row) for table, row in way.elements))
    code = "report.flows.map.line" if way.share is None else "report.flows.map.line_used"
    return t(
        code,
        name=names,
        tonnes=context.amounts.tonnes(way.tonnes),
        share=t.percent(min(way.share or 0.0, 1.0)),
    )
