from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.report import land, svg
from keruen.report.outlines import Country, Outlines, load
from keruen.report.projection import (
    EARTH_RADIUS_KM,
    EURASIA,
    KAZAKHSTAN,
    Projection,
    central_angle,
)
from picture_reading import elements

MAPS = [(KAZAKHSTAN, land.KAZAKHSTAN_EXTENT), (EURASIA, land.EURASIA_EXTENT)]
points = st.tuples(st.floats(-100, 200), st.floats(-100, 200))


def wrapped(drawing: str) -> str:
    return svg.document(svg.Sheet(1, 1, "t", "d", "p"), drawing)


@pytest.mark.parametrize(("projection", "extent"), MAPS)
@pytest.mark.parametrize("width", [336, 1120])
def test_the_frame_shows_nothing_that_the_outlines_do_not_cover(
    projection: Projection, extent: tuple[land.Point, ...], width: float
) -> None:
    """Walk round the frame: every place of its rim lies in the window of the data."""
    view = land.fit(projection, extent, width, 10)
    west, south, east, north = load().window
    shares = [i / 40 for i in range(41)]
    rim = [(s * view.width, y) for s in shares for y in (0.0, view.height)]
    rim += [(x, s * view.height) for s in shares for x in (0.0, view.width)]
    for x, y in rim:
        longitude, latitude = view.position(x, y)
        assert west <= longitude <= east
        assert south <= latitude <= north


@pytest.mark.parametrize(("projection", "extent"), MAPS)
def test_every_wanted_position_lies_in_the_frame(
    projection: Projection, extent: tuple[land.Point, ...]
) -> None:
    view = land.fit(projection, extent, 800, 15)
    for position in extent:
        x, y = view.point(*position)
        assert 14.99 <= x <= 785.01
        assert 14 <= y <= view.height - 14
        assert view.position(x, y) == pytest.approx(position, abs=1e-6)


def test_a_scale_bar_can_be_trusted() -> None:
    view = land.fit(KAZAKHSTAN, land.KAZAKHSTAN_EXTENT, 1120, 10)
    astana, karaganda = (71.43, 51.13), (73.1, 49.8)
    a, b = view.point(*astana), view.point(*karaganda)
    drawn = ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 * view.km_per_px()
    assert drawn == pytest.approx(central_angle(astana, karaganda) * EARTH_RADIUS_KM, rel=0.02)


@pytest.mark.parametrize("positions", [[], [(70, 50)], [(67, 40), (67, 50)]])
def test_a_map_of_nothing_is_refused(positions: list[land.Point]) -> None:
    with pytest.raises(ValueError, match=r"position"):
        land.fit(KAZAKHSTAN, positions, 400)


@given(st.lists(points, min_size=3, max_size=20))
def test_a_cut_ring_stays_within_the_frame_and_grows_by_nothing(ring: list[land.Point]) -> None:
    cut = land.clip_ring(ring, 100, 80)
    for x, y in cut:
        assert -land.MARGIN - 1e-6 <= x <= 100 + land.MARGIN + 1e-6
        assert -land.MARGIN - 1e-6 <= y <= 80 + land.MARGIN + 1e-6


def test_a_ring_within_the_frame_is_not_changed_and_one_outside_is_gone() -> None:
    square = [(10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0)]
    assert sorted(land.clip_ring(square, 100, 80)) == sorted(square)
    assert land.clip_ring([(x + 500, y) for x, y in square], 100, 80) == []


@given(st.lists(points, min_size=2, max_size=20))
def test_thinning_keeps_both_ends(line: list[land.Point]) -> None:
    kept = land.thin(line, 5)
    assert kept[0] == line[0]
    assert kept[-1] == line[-1]
    assert len(kept) <= len(line)


def tiny_world() -> Outlines:
    """Two neighbours and a lake about the middle of the map of Kazakhstan."""
    border = ((67.0, 44.0), (67.0, 52.0))
    west = ((67.0, 52.0), (55.0, 52.0), (55.0, 44.0), (67.0, 44.0))
    east = ((67.0, 44.0), (80.0, 44.0), (80.0, 52.0), (67.0, 52.0))
    return Outlines(
        arcs=(border, west, east),
        countries=(
            Country("001", "West", (((0, 1),),)),
            Country("398", "East", (((2, ~0),),)),
        ),
        lakes=(((72.0, 46.0), (73.0, 46.0), (73.0, 47.0), (72.0, 46.0)),),
        window=(0, 0, 100, 80),
        licence="",
    )


def test_land_home_lake_and_border_are_drawn_in_this_order() -> None:
    view = land.fit(KAZAKHSTAN, [(50, 48), (85, 48), (67, 42), (67, 55)], 500)
    drawn = wrapped(land.draw_land(tiny_world(), view, "398"))
    fills = [element.attrib["fill"] for element in elements(drawn, "path")]
    assert fills == ["var(--k-land)", "var(--k-home)", "var(--k-water)", "none"]
    border = elements(drawn, "path")[-1]
    assert border.attrib["stroke"] == "var(--k-border)"
    start = re.match(r"M([\d.]+) ([\d.]+)l", border.attrib["d"])
    assert start is not None
    assert (float(start[1]), float(start[2])) == pytest.approx(view.point(67, 44), abs=0.06)
    assert elements(drawn, "rect")[0].attrib["fill"] == "var(--k-water)"


def test_without_a_home_there_is_one_land() -> None:
    view = land.fit(KAZAKHSTAN, [(50, 48), (85, 48), (67, 55)], 500)
    drawn = wrapped(land.draw_land(tiny_world(), view))
    assert "--k-home" not in drawn
