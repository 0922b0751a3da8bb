from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from keruen.rail.kilometres import by_kilometre
from keruen.rail.rolling_stock import GONDOLA_LOADED, KZ8A
from keruen.rail.running import Stop, run_train
from keruen.rail.track_profile import AssumedGradients, assumed_profile
from keruen.rail.train import Train, wagons_of_mass
from keruen.report import svg
from keruen.report.charts.speed_profile import (
    EnergyBars,
    Ground,
    SpeedSpec,
    SpeedStop,
    draw_speed_profile,
    heights_m,
)
from keruen.report.charts.speed_spec import check_speed_spec
from picture_reading import elements, size, text_at, texts, titles

SPEC = SpeedSpec(
    title="Run",
    description="A freight train",
    km=(0.0, 5.0, 10.0, 15.0, 20.0),
    speed_km_per_h=(0.0, 60.0, 0.0, 60.0, 0.0),
    speed="Speed",
    speed_unit="km/h",
    km_unit="km",
    number=lambda value: f"{value:g}",
    empty="No run.",
    limit_km=(0.0, 5.0, 12.0, 20.0),
    limit_km_per_h=(60.0, math.inf, 80.0),
    limit="limit",
    stops=(SpeedStop(10.0, "Loop", "Loop, 5 min"),),
    stop="stop",
    energies=(
        EnergyBars("Wheel", "kWh/km", (0.0, 10.0), (10.0, 20.0), (400.0, -100.0)),
        EnergyBars("Wire", "kWh/km", (0.0, 10.0), (10.0, 20.0), (500.0, -50.0)),
    ),
    ground=Ground((0.0, 10.0, 20.0), (0.0, 60.0, 30.0), "Height", "m", "assumed: 6 ‰", "6 ‰"),
)


def of_class(drawn: str, name: str) -> list[dict[str, str]]:
    return [e.attrib for e in elements(drawn, "path") if e.attrib.get("class") == name]


def corners(data: str) -> list[list[tuple[float, float]]]:
    """Absolute corners of each piece of a path of relative lines."""
    found = []
    for piece in data.split("M")[1:]:
        start, _, rest = piece.rstrip("z").partition("l")
        x, y = map(float, start.split())
        points = [(x, y)]
        steps = [float(number) for number in rest.split()]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        found.append(points)
    return found


def test_speed_keeps_both_scales() -> None:
    drawn = draw_speed_profile(SPEC, 940, "s")
    (points,) = corners(of_class(drawn, "k-speed")[0]["d"])
    first, up, middle, _, last = points
    eighty = text_at(drawn, "80")[1] - 0.35 * 11.5
    assert (middle[0] - first[0]) / (last[0] - first[0]) == pytest.approx(0.5, abs=1e-3)
    assert middle[1] == first[1]
    assert (first[1] - up[1]) / (first[1] - eighty) == pytest.approx(60 / 80, abs=2e-3)


def test_the_limit_is_a_step_line_broken_where_there_is_none() -> None:
    drawn = draw_speed_profile(SPEC, 940, "s")
    first, second = corners(of_class(drawn, "k-limit")[0]["d"])
    assert [y for _, y in first] == [first[0][1]] * 2
    assert second[0][1] < first[0][1], "80 above 60"
    assert first[-1][0] < second[0][0]
    steps = replace(SPEC, limit_km_per_h=(60.0, 40.0, 80.0))
    (whole,) = corners(of_class(draw_speed_profile(steps, 940, "s"), "k-limit")[0]["d"])
    assert len(whole) == 6
    free = replace(SPEC, limit_km_per_h=(math.inf,) * 3)
    assert of_class(draw_speed_profile(free, 940, "s"), "k-limit") == []
    assert "limit" not in texts(draw_speed_profile(free, 940, "s"))


def test_energy_is_drawn_by_kilometre_on_one_scale_for_one_unit() -> None:
    drawn = draw_speed_profile(SPEC, 940, "s")
    tall = []
    for path in of_class(drawn, "k-energy"):
        heights = [float(v) for v in re.findall(r"v([\d.]+)h", path["d"])]
        assert len(heights) == 2
        tall.append(heights)
    assert tall[0][0] / tall[1][0] == pytest.approx(400 / 500, abs=0.02)
    assert tall[0][1] / tall[0][0] == pytest.approx(100 / 400, abs=0.02)
    assert {"Wheel", "Wire", "kWh/km"} <= set(texts(drawn))
    assert len({path["fill"] for path in of_class(drawn, "k-energy")}) == 2


def test_an_assumed_ground_is_hatched_and_said() -> None:
    drawn = draw_speed_profile(SPEC, 940, "my run")
    assert of_class(drawn, "k-ground")[0]["fill"] == "url(#my-run-ground)"
    assert elements(drawn, "pattern")[0].attrib["id"] == "my-run-ground"
    assert "assumed: 6 ‰" in texts(drawn)
    assert SPEC.ground is not None
    known = draw_speed_profile(replace(SPEC, ground=replace(SPEC.ground, assumed="")), 940, "s")
    assert of_class(known, "k-ground")[0]["fill"] == "var(--k-bar)"
    assert elements(known, "pattern") == []
    assert not any("assumed" in words for words in texts(known))


def test_stops_are_marked_and_names_that_would_touch_left_out() -> None:
    drawn = draw_speed_profile(SPEC, 940, "s")
    assert "Loop" in texts(drawn)
    assert "Loop, 5 min" in titles(drawn)
    near = tuple(SpeedStop(10 + k / 50, f"Stop {k}") for k in range(9))
    crowd = draw_speed_profile(replace(SPEC, stops=near), 940, "s")
    named = [e for e in elements(crowd, "text") if (e.text or "").startswith("Stop ")]
    assert len(named) == 1
    marked = [g for g in elements(crowd, "g") if g.attrib.get("class") == "k-stop"]
    assert len(marked) == 9, "marks stay, and say their names when pointed at"


@pytest.fixture(scope="module")
def real() -> SpeedSpec:
    """An electric train over an assumed line of 300 km with a stop."""
    line = assumed_profile(300.0, AssumedGradients(9.0, 0.5, climb_m=120.0), 80.0)
    train = Train(((KZ8A, 1),), wagons_of_mass(GONDOLA_LOADED, 5500.0))
    run = run_train(train, line, [Stop(150.0, 10.0)], step_m=200.0)
    gathered = by_kilometre(run)
    begin, end = tuple(gathered.from_km.tolist()), tuple(gathered.to_km.tolist())
    return replace(
        SPEC,
        km=tuple(run.km.tolist()),
        speed_km_per_h=tuple(run.speed_km_per_h.tolist()),
        limit_km=tuple(line.km.tolist()),
        limit_km_per_h=tuple(line.limit_km_per_h.tolist()),
        stops=(SpeedStop(150.0, "Middle"),),
        energies=(
            EnergyBars("Wheel", "kWh/km", begin, end, tuple(gathered.wheel_kwh.tolist())),
            EnergyBars("Wire", "kWh/km", begin, end, tuple(gathered.wire_kwh.tolist())),
        ),
        ground=Ground(
            tuple(line.km.tolist()), heights_m(line.km, line.gradient_permille), "H", "m", "assumed"
        ),
    )


@pytest.mark.parametrize("width", [328, 1264])
def test_a_real_run_fits_and_keeps_its_extremes(real: SpeedSpec, width: float) -> None:
    drawn = draw_speed_profile(real, width, "s")
    across, down = size(drawn)
    assert across == width
    for element in elements(drawn, "text"):
        x, words = float(element.attrib["x"]), element.text or ""
        wide = svg.text_width(words, float(element.attrib["font-size"]))
        share = {"end": 1.0, "middle": 0.5}.get(element.attrib.get("text-anchor", ""), 0.0)
        assert x - share * wide >= -2
        assert x + (1 - share) * wide <= across + 2
        assert 0 < float(element.attrib["y"]) <= down
    (points,) = corners(of_class(drawn, "k-speed")[0]["d"])
    middle = text_at(drawn, "Middle")[0]
    lowest = max(y for x, y in points if abs(x - middle) < 0.5)
    assert lowest == pytest.approx(points[0][1], abs=0.1), "the stop is not thinned away"
    assert len(drawn) < 60_000


def test_thin_kilometres_are_gathered_to_their_mean(real: SpeedSpec) -> None:
    counted = {
        width: of_class(draw_speed_profile(real, width, "s"), "k-energy")[0]["d"].count("M")
        for width in (328.0, 1264.0)
    }
    assert counted[1264.0] == 300
    assert 100 <= counted[328.0] <= 160


def test_no_run_says_so() -> None:
    blank = replace(SPEC, km=(), speed_km_per_h=(), stops=(), energies=(), ground=None)
    assert texts(draw_speed_profile(blank, 940, "s")) == ["No run."]


def test_hostile_names_are_words_only() -> None:
    evil = "</text><script>x</script>"
    spec = replace(
        SPEC,
        title=evil,
        speed=evil,
        limit=evil,
        stops=(SpeedStop(10.0, evil, evil),),
        energies=(replace(SPEC.energies[0], label=evil),),
    )
    drawn = draw_speed_profile(spec, 940, "s")
    assert "<script" not in drawn
    assert not elements(drawn, "script")
    assert texts(draw_speed_profile(spec, 3000, "s")).count(evil) >= 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"speed_km_per_h": (0.0, -1.0, 0.0, 1.0, 0.0)}, "negative"),
        ({"speed_km_per_h": (0.0, math.inf, 0.0, 1.0, 0.0)}, "finite"),
        ({"speed_km_per_h": (0.0,)}, "do not fit"),
        ({"km": (0.0, 5.0, 5.0, 15.0, 20.0)}, "must rise"),
        ({"limit_km_per_h": (60.0,)}, "do not fit"),
        ({"limit_km_per_h": (60.0, math.nan, 5.0)}, "negative"),
        ({"energies": (EnergyBars("a", "b", (1.0,), (1.0,), (1.0,)),)}, "stretch"),
        ({"ground": Ground((0.0,), (), "a", "b")}, "do not fit"),
    ],
)
def test_nonsense_is_refused(change: dict[str, object], said: str) -> None:
    check_speed_spec(SPEC)
    with pytest.raises(ValueError, match=said):
        check_speed_spec(replace(SPEC, **change))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=said):
        draw_speed_profile(replace(SPEC, **change), 900, "s")  # type: ignore[arg-type]
