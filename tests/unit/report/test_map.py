from __future__ import annotations

from dataclasses import replace

import pytest

from keruen.report.land import KAZAKHSTAN_EXTENT, Viewport, fit
from keruen.report.map import draw_map, stroke_width
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
from keruen.report.outlines import load
from keruen.report.projection import KAZAKHSTAN
from picture_reading import elements, parsed, size, text_at, texts, titles

DOSTYK, AKTOGAY, AKTAU, ALAT = (82.49, 45.25), (79.68, 46.95), (51.15, 43.6), (49.41, 39.95)
COLOURS = ColourScale("Use", (0.5, 0.9), ("low", "middle", "high"), "not known")
WIDTHS = WidthScale("Pairs a day", 60.0, ((20.0, "20"), (60.0, "60 or more")))
WORDS = MapWords(
    "Places and lines",
    {kind: f"a {kind}" for kind in PointKind},
    {style: f"by {style}" for style in LineStyle},
    "Boundaries as in the data set.",
)
SPEC = MapSpec(
    title="Map",
    description="Lines by capacity",
    points=(
        MapPoint(*DOSTYK, "Dostyk", PointKind.BORDER, 9),
        MapPoint(*AKTOGAY, "Aktogay", PointKind.JUNCTION, 5),
        MapPoint(*AKTAU, "Aktau", PointKind.PORT, 6, "Port of Aktau"),
    ),
    lines=(
        MapLine((DOSTYK, AKTOGAY), LineStyle.RAIL, 60, 0.95, "Dostyk–Aktogay: 60"),
        MapLine((AKTAU, ALAT), LineStyle.SEA, tooltip="ferry"),
        MapLine((AKTOGAY, (75, 47)), LineStyle.PLANNED, None, None, "planned"),
    ),
    colours=COLOURS,
    widths=WIDTHS,
    words=WORDS,
    areas=(AreaLabel(66, 49.5, "KAZAKHSTAN"), AreaLabel(51, 42, "Caspian Sea", True)),
    home="398",
    scale_bar=(500.0, "500 km"),
)


def view(width: float = 1000) -> Viewport:
    return fit(KAZAKHSTAN, KAZAKHSTAN_EXTENT, width, 10)


def strokes(svg: str) -> list[dict[str, str]]:
    return [e.attrib for e in elements(svg, "path") if e.attrib.get("class") == "k-stroke"]


def test_colour_width_and_dash_say_use_capacity_and_kind() -> None:
    drawn = {
        attributes["stroke"]: attributes
        for attributes in strokes(draw_map(SPEC, load(), view(), "m"))
    }
    busy = drawn["var(--k-u2)"]
    assert busy["stroke-width"] == "8"
    assert "stroke-dasharray" not in busy
    assert drawn["var(--k-water-ink)"]["stroke-dasharray"]
    assert drawn["var(--k-unknown)"]["stroke-dasharray"]


def test_twice_the_capacity_is_twice_the_width() -> None:
    assert stroke_width(40, 60) == pytest.approx(2 * stroke_width(20, 60))
    assert stroke_width(600, 60) == stroke_width(60, 60)
    assert stroke_width(0, 60) > 0


def test_the_busiest_line_is_drawn_last() -> None:
    lines = tuple(
        MapLine((DOSTYK, AKTOGAY), LineStyle.RAIL, 30, share) for share in (0.95, 0.1, None, 0.6)
    )
    drawn = strokes(draw_map(replace(SPEC, lines=lines), load(), view(), "m"))
    assert [attributes["stroke"] for attributes in drawn] == [
        "var(--k-unknown)",
        "var(--k-u0)",
        "var(--k-u1)",
        "var(--k-u2)",
    ]


def test_a_bound_of_use_belongs_to_the_class_above() -> None:
    assert [COLOURS.step(share) for share in (0, 0.49, 0.5, 0.9, 3.0)] == [0, 0, 1, 2, 2]


def test_tooltips_names_and_key_are_there() -> None:
    drawn = draw_map(SPEC, load(), view(), "m")
    assert {"Dostyk–Aktogay: 60", "ferry", "Port of Aktau", "Aktogay"} <= set(titles(drawn))
    words = texts(drawn)
    expected = {"Dostyk", "Aktogay", "Aktau", "KAZAKHSTAN", "Caspian Sea", "500 km"}
    expected |= {"low", "middle", "high", "not known", "20", "60 or more"}
    expected |= {"a border", "a junction", "a port", "by rail", "by sea", "by planned"}
    assert expected <= set(words)
    assert "a station" not in words, "the key names only what is on the map"
    assert "by road" not in words


def test_places_below_the_least_priority_are_left_out() -> None:
    drawn = draw_map(replace(SPEC, least_priority=6), load(), view(), "m")
    assert "Aktogay" not in texts(drawn) + titles(drawn)
    assert "a junction" not in texts(drawn)
    assert "Aktau" in texts(drawn)


def test_the_scale_bar_has_the_length_it_names() -> None:
    frame = view()
    drawn = draw_map(SPEC, load(), frame, "m")
    bar = next(e for e in elements(drawn, "path") if "h" in e.attrib["d"])
    length = float(bar.attrib["d"].split("h")[1].split("v")[0])
    assert length * frame.km_per_px() == pytest.approx(500, abs=1)


def test_places_outside_the_frame_are_not_drawn() -> None:
    far = MapPoint(10.0, 53.5, "Hamburg", PointKind.PORT, 9)
    drawn = draw_map(replace(SPEC, points=(far,)), load(), view(), "m")
    assert "Hamburg" not in texts(drawn) + titles(drawn)


@pytest.mark.parametrize("width", [336, 1120])
def test_nothing_leaves_the_picture(width: float) -> None:
    drawn = draw_map(SPEC, load(), view(width), "m")
    across, down = size(drawn)
    assert across == width
    for element in elements(drawn, "text"):
        assert 0 <= float(element.attrib["x"]) <= across
        assert 0 < float(element.attrib["y"]) <= down
        assert float(element.attrib["font-size"]) >= 10.5, "readable on a phone"


def test_a_name_stands_beside_its_place() -> None:
    frame = view()
    x, y = frame.point(*DOSTYK)
    at = text_at(draw_map(SPEC, load(), frame, "m"), "Dostyk")
    assert abs(at[0] - x) < 12
    assert abs(at[1] - y) < 20


def test_a_screen_reader_finds_title_and_description() -> None:
    root = parsed(draw_map(SPEC, load(), view(), "kz map"))
    named = root.attrib["aria-labelledby"].split()
    by_id = {e.attrib["id"]: e.text for e in root.iter() if "id" in e.attrib}
    assert [by_id[name] for name in named] == ["Map", "Lines by capacity"]
    assert root.attrib["role"] == "img"


def test_hostile_names_stay_names() -> None:
    evil = "</title><script>x</script>"
    point = MapPoint(*DOSTYK, evil, PointKind.PORT, 9, evil)
    spec = replace(
        SPEC,
        title=evil,
        points=(point,),
        lines=(replace(SPEC.lines[0], tooltip=evil),),
        areas=(AreaLabel(66, 49, evil),),
        words=replace(WORDS, note=evil),
    )
    drawn = draw_map(spec, load(), view(), evil)
    assert "<script" not in drawn
    assert titles(drawn).count(evil) == 3


def test_the_same_map_is_drawn_twice() -> None:
    assert draw_map(SPEC, load(), view(), "m") == draw_map(SPEC, load(), view(), "m")


def test_colours_are_roles_only() -> None:
    """A colour written into the picture would not follow the reader's theme."""
    drawn = draw_map(SPEC, load(), view(), "m")
    for element in parsed(drawn).iter():
        for key in ("fill", "stroke"):
            value = element.attrib.get(key, "none")
            assert value == "none" or value.startswith("var(--k-"), value
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
