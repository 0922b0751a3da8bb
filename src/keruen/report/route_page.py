"""The chains between two places as one HTML page: a map, a table of all, each by its legs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from keruen.i18n import Translator
from keruen.i18n.amounts import whole
from keruen.i18n.route_words import (
    days_told,
    gases_told,
    items_told,
    leg_cells,
    leg_told,
    remarks_told,
    sum_told,
    via_told,
)
from keruen.model import Model
from keruen.model.names import in_language
from keruen.report import outlines as shipped
from keruen.report import svg
from keruen.report.legend import KeyGroup, Swatch
from keruen.report.map import draw_map
from keruen.report.map_records import (
    LineStyle,
    MapLine,
    MapPoint,
    MapSpec,
    PointKind,
)
from keruen.report.page.assembly import asset, environment, policy
from keruen.report.page.geography import Frame, frames_of
from keruen.report.page.maps import KINDS, framed_spec
from keruen.report.page.pictures import paired
from keruen.report.palette import colour, series_colour, stylesheet

Point = tuple[float, float]
Record = Mapping[str, Any]

NARROWEST: Final = 2.6
"""Px of the likeliest chain, which lies on top."""
STEP: Final = 2.6
"""Px by which each less likely chain below is wider, so that it shows beside."""
_ON_PHONE: Final = 0.7
_END, _CHANGE = 9.0, 5.0


class Row(NamedTuple):
    """A line of a table: what it is, and its cells."""

    head: str
    cells: tuple[str, ...]
    shade: str = ""


class Detail(NamedTuple):
    """A chain with its legs and what it costs."""

    number: int
    via: str
    shade: str
    told: str
    legs: tuple[Row, ...]
    items: tuple[Row, ...]


class Factor(NamedTuple):
    """An emission factor in use, with its source."""

    name: str
    value: str
    source: str
    confidence: str


def render_route(t: Translator, model: Model, result: Record, day: date) -> str:
    """Write the page.

    Parameters
    ----------
    t : Translator
        Language.
    model : Model
        Of the day, for coordinates and sources.
    result : mapping
        Result of ``keruen route`` as the JSON contract has it, with names in the language.
    day : date
        Day that the equilibrium stands for.

    Returns
    -------
    str
        HTML, whole: it asks nothing of any other place.
    """
    script = asset("page.js")
    ends = {"origin": result["origin"]["name"], "destination": result["destination"]["name"]}
    chains: Sequence[Record] = result["chains"]
    return (
        environment()
        .get_template("route.html.j2")
        .render(
            t=t,
            lang=t.language,
            title=t("report.route.title", **ends),
            told=t(
                "report.route.told",
                cargo=result["commodity_name"],
                amount=t.unit(result["quantity"], result["unit"]),
                year=str(day.year),
            ),
            policy=policy(script),
            css=Markup(stylesheet() + asset("page.css")),  # noqa: S704  (our own files)
            script=Markup(script),  # noqa: S704
            maps=tuple(_maps(t, model, result)),
            rows=tuple(_row(t, number, chain) for number, chain in enumerate(chains)),
            details=tuple(_detail(t, number, chain) for number, chain in enumerate(chains)),
            remarks=remarks_told(t, result),
            note=t("report.route.note", year=str(result["price_year"])),
            unpriced=not all(leg["priced"] for chain in chains for leg in chain["legs"]),
            factors=tuple(_factors(t, model, chains)),
        )
    )


def _row(t: Translator, number: int, chain: Record) -> Row:
    cells = (
        t(
            "report.route.plus_minus",
            value=days_told(t, chain["time_h"]),
            spread=days_told(t, chain["time_sd_h"]),
        ),
        days_told(t, chain["border_sojourn_h"]),
        sum_told(t, chain),
        whole(t, chain["time_cost_usd"]),
        gases_told(t, chain),
        whole(t, chain["length_km"]),
        t.percent(chain["probability_share"], 1),
    )
    return Row(f"{number + 1}. {via_told(chain)}", cells, series_colour(number))


def _detail(t: Translator, number: int, chain: Record) -> Detail:
    legs = tuple(Row(leg_told(t, leg), leg_cells(t, leg)) for leg in chain["legs"])
    items = tuple(Row(item, (usd,)) for item, usd in items_told(t, chain))
    items += (Row(t("report.route.total"), (sum_told(t, chain),)),)
    told = t(
        "report.route.chain_told",
        days=days_told(t, chain["time_h"]),
        cost=sum_told(t, chain),
        share=t.percent(chain["probability_share"], 1),
    )
    return Detail(number + 1, via_told(chain), series_colour(number), told, legs, items)


def _factors(t: Translator, model: Model, chains: Sequence[Record]) -> Iterable[Factor]:
    table = "emission_factors"
    rows = {row for chain in chains for leg in chain["legs"] for row in leg["factors"]}
    for row in sorted(rows):
        numbers = {
            unit: model.number(table, row, column)
            for unit, column in (("g/tkm", "wtw_g_per_tkm"), ("g/t", "wtw_g_per_t"))
        }
        burnt, share = (
            model.number(table, row, one) for one in ("ttw_g_per_tkm", "upstream_share")
        )
        if numbers["g/tkm"] is None and burnt is not None and share is not None:
            numbers["g/tkm"] = burnt * (1.0 + share)
        told = [t.unit(value, unit) for unit, value in numbers.items() if value is not None]
        source = model.text(table, row, "source")
        yield Factor(
            in_language(model, table, row, "name", t.language) or row,
            t.list(told),
            model.text("sources", source, "title") or source,
            t(f"word.confidence.{model.text(table, row, 'confidence')}"),
        )


def _places(model: Model) -> dict[str, Point]:
    frame = model["coordinates"]
    columns = (frame["node"], frame["lon_deg"], frame["lat_deg"])
    return {str(node): (float(x), float(y)) for node, x, y in zip(*columns, strict=True)}


def _ways(
    model: Model, legs: Iterable[Record], places: Mapping[str, Point]
) -> list[tuple[Point, ...]]:
    """Straight pieces of the sections and sea lines of legs, where both ends have coordinates."""
    found: list[tuple[Point, ...]] = []
    for leg in legs:
        for element in leg["elements"]:
            table, row = element["table"], element["row"]
            if table not in ("sections", "vessel_lines"):
                continue
            ends = [places.get(model.text(table, row, end)) for end in ("from_node", "to_node")]
            if ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
                found.append((ends[0], ends[1]))
    return found


def _points(model: Model, result: Record, places: Mapping[str, Point]) -> Iterable[MapPoint]:
    """Places where chains begin, change and end."""
    names: dict[str, tuple[str, float]] = {}
    for chain in result["chains"]:
        for leg in chain["legs"]:
            for end in ("from", "to"):
                names.setdefault(leg[end], (leg[f"{end}_name"], _CHANGE))
    for end in (result["origin"], result["destination"]):
        is_zone = end["table"] == "zones"
        node = model.text("zones", end["id"], "node") if is_zone else end["id"]
        # A zone has a long name; the place at which it joins has one that fits a map.
        name = in_language(model, "nodes", node, "name", result["language"]) or end["name"]
        names[node] = (name, _END)
    for node, (name, priority) in names.items():
        if node in places:
            kind = KINDS.get(model.text("nodes", node, "kind"), PointKind.STATION)
            yield MapPoint(*places[node], name, kind, priority, name)


def _network(model: Model, places: Mapping[str, Point]) -> Iterable[MapLine]:
    """The rails that no chain takes, faintly, for the reader to know where she is."""
    frame = model["sections"]
    for row in map(str, frame.index[frame["mode"] == "rail"]):
        ends = [places.get(model.text("sections", row, end)) for end in ("from_node", "to_node")]
        if ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
            yield MapLine((ends[0], ends[1]), LineStyle.RAIL, width=0.9, colour=colour("border"))


def _lines(
    model: Model, chains: Sequence[Record], places: Mapping[str, Point], narrow: bool
) -> Iterable[MapLine]:
    """Chains over the network: less likely ones below and wider, so that all are seen."""
    yield from _network(model, places)
    shrink = _ON_PHONE if narrow else 1.0
    for number in range(len(chains) - 1, -1, -1):
        width = (NARROWEST + STEP * number) * shrink
        for path in _ways(model, chains[number]["legs"], places):
            told = f"{number + 1}. {via_told(chains[number])}"
            yield MapLine(
                path, LineStyle.RAIL, tooltip=told, width=width, colour=series_colour(number)
            )


def _key(t: Translator, chains: Sequence[Record]) -> KeyGroup:
    def drawer(number: int) -> svg.Drawer:
        return lambda x, y: svg.line(
            x, y, x + 22, y, stroke=series_colour(number), stroke_width=4.0
        )

    swatches = tuple(
        Swatch(drawer(number), 22, f"{number + 1}. {via_told(chain)}")
        for number, chain in enumerate(chains)
    )
    return KeyGroup(t("report.route.chains"), swatches)


def _frames(
    model: Model, chains: Sequence[Record], places: Mapping[str, Point]
) -> tuple[Frame, ...]:
    """Maps that show all the chains; none without coordinates."""
    by_country: dict[str, list[Point]] = {}
    for chain in chains:
        for path in _ways(model, chain["legs"], places):
            for point in path:
                node_country = _country_at(model, places, point)
                by_country.setdefault(node_country, []).append(point)
    if not by_country:
        return ()
    return frames_of(by_country, shipped.load())


def _country_at(model: Model, places: Mapping[str, Point], point: Point) -> str:
    node = next((name for name, at in places.items() if at == point), "")
    return model.text("nodes", node, "country") if node else ""


def _maps(t: Translator, model: Model, result: Record) -> Iterable[str]:
    """Pictures of the chains, one a frame."""
    places, chains = _places(model), result["chains"]
    for frame in _frames(model, chains, places):
        spec = _spec(t, model, result, frame, places)

        def draw(width: float, prefix: str, spec: MapSpec = spec, frame: Frame = frame) -> str:
            narrow = width < 640
            lines = tuple(_lines(model, chains, places, narrow))
            return draw_map(replace(spec, lines=lines), shipped.load(), frame.view(width), prefix)

        yield paired(draw, f"route-{frame.id}")


def _spec(
    t: Translator, model: Model, result: Record, frame: Frame, places: Mapping[str, Point]
) -> MapSpec:
    points = tuple(_points(model, result, places))
    return replace(
        framed_spec(t, frame, points, {}),
        title=t("report.route.map"),
        description=t("report.route.map_told", count=len(result["chains"])),
        extra=(_key(t, result["chains"]),),
    )
