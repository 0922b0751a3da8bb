"""Maps of the network: lines as wide as they can carry, as strong as background trains use them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from keruen.i18n import Translator
from keruen.model import Model
from keruen.report import outlines as shipped
from keruen.report.charts.axes import nice_ticks
from keruen.report.map import draw_map
from keruen.report.map_records import (
    AreaLabel,
    ColourScale,
    LineStyle,
    MapLine,
    MapPoint,
    MapSpec,
    MapWords,
    PointKind,
    WidthScale,
)
from keruen.report.page.context import Context, Note
from keruen.report.page.geography import WATERS, Frame, frames_of
from keruen.report.page.matter import Row, rows
from keruen.report.page.pictures import paired
from keruen.report.projection import EARTH_RADIUS_KM, central_angle

Point = tuple[float, float]

BOUNDS: Final = (0.2, 0.4, 0.6, 0.8)
"""Upper bounds of the classes of utilisation."""
KINDS: Final[Mapping[str, PointKind]] = {
    "station": PointKind.STATION,
    "passing_loop": PointKind.STATION,
    "yard": PointKind.JUNCTION,
    "junction": PointKind.JUNCTION,
    "border_point": PointKind.BORDER,
    "port": PointKind.PORT,
    "city": PointKind.TERMINAL,
    "inland_terminal": PointKind.TERMINAL,
}
"""How each kind of node is drawn."""
_PRIORITIES: Final[Mapping[str, float]] = {
    "port": 6.0,
    "border_point": 5.0,
    "city": 5.0,
    "inland_terminal": 5.0,
    "junction": 3.0,
    "yard": 2.0,
    "station": 1.0,
    "passing_loop": -1.0,
}
_NAMED_POINT: Final = 3.0
"""Added where a corridor names a place as one of its points."""
_OVERVIEW_FROM: Final = 4.0
_LESS_ON_PHONE: Final = 2.0
_DETOUR: Final = 1.8
"""A sea way this many times longer than the shortest way on the sphere would cut across land."""


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """One map of the page."""

    heading: str
    picture: str


@dataclass(frozen=True, slots=True)
class Maps:
    """Maps of a study with the sources of what they show; empty without coordinates."""

    maps: tuple[DrawnMap, ...]
    ocean_left_out: bool
    licences: tuple[str, ...]
    notes: tuple[Note, ...]


def maps(context: Context) -> Maps:
    """Draw the overview of the first year and the detail of the first and of the last."""
    matter = context.matter
    places = places_of(matter.final)
    frames = frames_around(matter.final, places)
    if not frames:
        return Maps((), False, (), ())
    first, last = matter.years[0], matter.years[-1]
    wanted = [(frame, first) for frame in frames]
    if last != first:
        wanted.append((frames[-1], last))
    drawn = []
    for frame, year in wanted:
        spec = _spec(context, frame, year, places)
        drawn.append(
            DrawnMap(
                context.t(f"report.map.heading.{frame.id}", year=year),
                draw_framed(spec, frame, f"map-{frame.id}-{year}"),
            )
        )
    coordinates = matter.model["coordinates"]
    return Maps(
        tuple(drawn),
        any(_is_detour(matter.final, str(row), places) for row in _sea_ways(matter.final)),
        tuple(sorted(set(coordinates["licence"]))),
        context.notes.of(set(coordinates["source"])),
    )


def draw_framed(spec: MapSpec, frame: Frame, prefix: str) -> str:
    """Draw a map in a frame, for a desk and for a phone."""
    outlines = shipped.load()

    def draw(width: float, prefix: str) -> str:
        narrow = width < 640
        drawn = spec
        if narrow:
            # A phone has no pointer that could rest on a line, and room for fewer places.
            quiet = tuple(replace(line, tooltip="") for line in spec.lines)
            least = spec.least_priority + _LESS_ON_PHONE
            drawn = replace(spec, lines=quiet, least_priority=least)
        return draw_map(drawn, outlines, frame.view(width), prefix)

    return paired(draw, prefix)


def places_of(model: Model) -> dict[str, Point]:
    """Longitude and latitude of every node that has them."""
    frame = model["coordinates"]
    return {
        str(node): (float(lon), float(lat))
        for node, lon, lat in zip(frame["node"], frame["lon_deg"], frame["lat_deg"], strict=True)
    }


def frames_around(model: Model, places: Mapping[str, Point]) -> tuple[Frame, ...]:
    """Maps that show the places of a study; none where there is nothing to span."""
    return frames_of(_by_country(model, places), shipped.load())


def _by_country(model: Model, places: Mapping[str, Point]) -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = {}
    for node, point in places.items():
        found.setdefault(model.text("nodes", node, "country"), []).append(point)
    return found


def _capacities(context: Context, year: int) -> dict[str, Row]:
    """Practical capacity of each railway section in a year, of its weaker direction."""
    table = context.matter.table("capacity")
    found: dict[str, Row] = {}
    if table.empty:
        return found
    own = table[
        (table["year"] == year)
        & (table["kind"] == "sections")
        & (table["level"] == "practical")
        & table["gross_trains_per_day"].notna()
    ]
    for row in rows(own):
        key = str(row["id"])
        if key not in found or row["trains_per_day"] < found[key]["trains_per_day"]:
            found[key] = row
    return found


def background_share(row: Row) -> float | None:
    """Share of a section's capacity that background trains take.

    >>> background_share({"gross_trains_per_day": 20.0, "trains_per_day": 15.0})
    0.25
    """
    gross = float(row["gross_trains_per_day"])
    return None if gross <= 0 else min(max(1.0 - float(row["trains_per_day"]) / gross, 0.0), 1.0)


def _spec(context: Context, frame: Frame, year: int, places: Mapping[str, Point]) -> MapSpec:
    t = context.t
    capacities = _capacities(context, year)
    full = _full(context)
    return replace(
        bare_spec(context, frame, places),
        title=t(f"report.map.heading.{frame.id}", year=year),
        description=t("report.map.told", year=year, lines=len(capacities)),
        lines=tuple(_lines(context, year, places, capacities)),
        colours=ColourScale(
            t("report.map.utilisation"),
            BOUNDS,
            class_labels(context, BOUNDS),
            t("report.map.unknown"),
        ),
        widths=WidthScale(
            t("report.map.width"),
            full,
            tuple((stop, t.number(stop)) for stop in (full / 4, full / 2, full)),
        ),
    )


def bare_spec(context: Context, frame: Frame, places: Mapping[str, Point]) -> MapSpec:
    """What all maps of the page share: places, words, names of countries; no lines, no scales."""
    styles = {style: context.t(f"report.map.line.{style.value}") for style in LineStyle}
    spec = framed_spec(context.t, frame, tuple(_points(context, places)), styles)
    return replace(spec, least_priority=_OVERVIEW_FROM if frame.id == "eurasia" else 0.0)


def framed_spec(
    t: Translator, frame: Frame, points: tuple[MapPoint, ...], styles: Mapping[LineStyle, str]
) -> MapSpec:
    """A map of a frame with its places, names of countries and words; no lines, no scales."""
    return MapSpec(
        title="",
        description="",
        points=points,
        lines=(),
        colours=ColourScale("", (), (), ""),
        widths=WidthScale("", 1.0, ()),
        words=MapWords(
            t("report.map.places"),
            {kind: t(f"report.map.point.{kind.value}") for kind in PointKind},
            styles,
            t("report.map.boundaries"),
        ),
        areas=tuple(
            AreaLabel(*place, t(f"report.map.area.{name}"), name in WATERS)
            for name, place in frame.areas.items()
        ),
        home=frame.home,
        scale_bar=None
        if frame.scale_km is None
        else (frame.scale_km, t.unit(frame.scale_km, "km")),
    )


def class_labels(context: Context, bounds: tuple[float, ...]) -> tuple[str, ...]:
    """Words for the classes of a share that these bounds part."""
    edges = (0.0, *bounds, 1.0)
    return tuple(
        context.t("report.range", low=context.t.number(low * 100), high=context.t.percent(high))
        for low, high in itertools.pairwise(edges)
    )


def _full(context: Context) -> float:
    """Capacity that gets the full width: a round number above nine of ten sections of any year."""
    table = context.matter.table("capacity")
    own = table[(table["kind"] == "sections") & (table["level"] == "practical")]
    gross = own["gross_trains_per_day"].dropna()
    return nice_ticks(float(gross.quantile(0.9)), 2)[-1] if len(gross) else 1.0


def _lines(
    context: Context, year: int, places: Mapping[str, Point], capacities: Mapping[str, Row]
) -> Iterable[MapLine]:
    matter = context.matter
    here = matter.first if year == matter.years[0] else matter.last
    order = {"road": 0, "sea": 1, "rail": 2}
    final = matter.final["sections"]
    keys = sorted(final.index, key=lambda key: order.get(str(final.at[key, "mode"]), 3))
    for key in map(str, keys):
        path = _path(matter.final, "sections", key, places)
        mode = matter.final.text("sections", key, "mode")
        if path is None or (mode == "sea" and _is_detour(matter.final, key, places)):
            continue
        in_service = key in here["sections"].index
        style = LineStyle(mode) if in_service else LineStyle.PLANNED
        yield _line(context, key, path, style, capacities.get(key))
    for key in map(str, matter.final["vessel_lines"].index):
        path = _path(matter.final, "vessel_lines", key, places)
        if path is not None and key in here["vessel_lines"].index:
            yield MapLine(path, LineStyle.SEA, tooltip=context.names.of("vessel_lines", key))


def _path(
    model: Model, table: str, row: str, places: Mapping[str, Point]
) -> tuple[Point, Point] | None:
    start = places.get(model.text(table, row, "from_node"))
    end = places.get(model.text(table, row, "to_node"))
    return None if start is None or end is None or start == end else (start, end)


def _line(
    context: Context, key: str, path: tuple[Point, Point], style: LineStyle, row: Row | None
) -> MapLine:
    name = context.names.of("sections", key)
    if row is None or style is not LineStyle.RAIL:
        return MapLine(path, style, tooltip=name)
    share = background_share(row)
    told = context.t(
        "report.map.line_told",
        name=name,
        capacity=context.amounts.computed(row["gross_trains_per_day"], "pairs/day"),
        share=context.t.percent(share),
    )
    return MapLine(path, style, float(row["gross_trains_per_day"]), share, told)


def _sea_ways(model: Model) -> list[str]:
    sections = model["sections"]
    return [str(row) for row in sections.index[sections["mode"] == "sea"]]


def _is_detour(model: Model, row: str, places: Mapping[str, Point]) -> bool:
    path = _path(model, "sections", row, places)
    length = model.number("sections", row, "length_km") or 0.0
    return path is not None and length > _DETOUR * central_angle(*path) * EARTH_RADIUS_KM


def _points(context: Context, places: Mapping[str, Point]) -> Iterable[MapPoint]:
    model = context.matter.final
    named = set(model["corridor_points"]["node"])
    for node, (longitude, latitude) in places.items():
        kind = model.text("nodes", node, "kind")
        priority = _PRIORITIES[kind] + (_NAMED_POINT if node in named else 0.0)
        name = context.names.of("nodes", node)
        yield MapPoint(longitude, latitude, name, KINDS[kind], priority, name)
