from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

import make_outlines


def square(west: float, south: float, side: float) -> list[tuple[float, float]]:
    return [
        (west, south),
        (west + side, south),
        (west + side, south + side),
        (west, south + side),
        (west, south),
    ]


def topology() -> dict[str, Any]:
    """Two neighbours that share an arc, and an islet too small to be drawn; one unit is 0.01°."""
    return {
        "transform": {"scale": [0.01, 0.01], "translate": [0, 0]},
        "objects": {
            "countries": {
                "geometries": [
                    {
                        "type": "Polygon",
                        "id": "002",
                        "properties": {"name": "East"},
                        "arcs": [[1, -1]],
                    },
                    {
                        "type": "MultiPolygon",
                        "id": "001",
                        "properties": {"name": "West"},
                        "arcs": [[[2, 0]], [[3]]],
                    },
                    {"type": "Polygon", "properties": {"name": "N. Land"}, "arcs": [[4]]},
                ]
            }
        },
        "arcs": [
            [[6000, 4000], [1, 500], [-1, 500]],
            [[6000, 4000], [1000, 0], [0, 1000], [-1000, 0]],
            [[6000, 5000], [-1000, 0], [0, -1000], [1000, 0]],
            [[100, 100], [2, 0], [0, 2], [-2, -2]],
            [[3000, 6000], [500, 0], [0, 500], [-500, 0], [0, -500]],
        ],
    }


def test_window_edge_keeps_area_inside_and_encloses_none_outside() -> None:
    window = make_outlines.Box(0, 0, 10, 10)
    straddling = make_outlines.clamp_to_window(square(-5, 2, 10), window)
    assert make_outlines.area_km2(straddling) == pytest.approx(
        make_outlines.area_km2([(0, 2), (5, 2), (5, 10), (0, 10), (0, 2)]), rel=1e-9
    )
    outside = make_outlines.clamp_to_window(square(20, 20, 5), window)
    assert make_outlines.area_km2(outside) == 0.0


def test_area_of_a_square_degree_at_the_equator() -> None:
    assert make_outlines.area_km2(square(0, 0, 1)) == pytest.approx(111.195**2, rel=1e-3)


def test_simplified_arc_stays_within_its_tolerance() -> None:
    wave = [(0.1 * i, 40 + 0.05 * (-1) ** i) for i in range(40)]
    kept = make_outlines.simplify(wave, 8.0)
    assert kept[0] == wave[0]
    assert kept[-1] == wave[-1]
    assert len(kept) < len(wave)
    for point in wave:
        nearest = min(make_outlines.distance_km(point, a, b) for a, b in itertools.pairwise(kept))
        assert nearest <= 8.0


def lakes() -> dict[str, Any]:
    """A lake of about 12,000 km2, a pond, and a lake outside the window."""
    rings = [(60, 46, 1.0), (70, 46, 0.1), (-100, 46, 2.0)]
    return {
        "transform": {"scale": [0.01, 0.01], "translate": [0, 0]},
        "arcs": [
            [[x * 100, y * 100], [s, 0], [0, s], [-s, 0], [0, -s]]
            for x, y, s in ((x, y, round(side * 100)) for x, y, side in rings)
        ],
        "objects": {
            "lakes": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "arcs": [[i]]} for i in range(len(rings))],
            }
        },
    }


def test_large_lakes_of_the_window_are_kept() -> None:
    rings = make_outlines.lake_rings(lakes())
    assert len(rings) == 1
    assert rings[0][0] == rings[0][-1]


def test_neighbours_share_one_simplified_arc() -> None:
    made = make_outlines.outlines(topology(), lakes())
    names = [country["name"] for country in made["countries"]]
    assert names == ["West", "East", "N. Land"]
    west, east, north = (country["polygons"] for country in made["countries"])
    assert {abs(i) if i >= 0 else ~i for i in west[0][0]} & {
        i if i >= 0 else ~i for i in east[0][0]
    }
    assert len(west) == 1, "the islet is left out"
    assert made["countries"][2]["id"] == "x-n.-land"
    assert len(north) == 1
    assert len(made["arcs"]) == 4, "arcs of what is left out go too"


def test_written_twice_the_file_is_the_same(tmp_path: Path) -> None:
    source = tmp_path / "countries-50m.json"
    source.write_text(json.dumps(topology()), encoding="utf-8")
    water = tmp_path / "world_50m.json"
    water.write_text(json.dumps(lakes()), encoding="utf-8")
    written = []
    for name in ("a.json", "b.json"):
        assert make_outlines.main([str(source), str(water), "-o", str(tmp_path / name)]) == 0
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert json.loads(written[0])["window"] == [-30.0, -10.0, 180.0, 84.0]
    assert not list(tmp_path.glob("*.tmp"))


def test_missing_input_is_said_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        make_outlines.main(
            [str(tmp_path / "no.json"), str(tmp_path / "no.json"), "-o", str(tmp_path / "o.json")]
        )
        == 1
    )
    assert "make_outlines:" in capsys.readouterr().err
    assert not (tmp_path / "o.json").exists()
