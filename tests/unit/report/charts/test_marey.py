from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace

import pytest

from keruen.rail.dispatch.network import Cause
from keruen.report import svg
from keruen.report.charts.marey import (
    Closure,
    MareySpec,
    MareyWords,
    Place,
    Tracks,
    TrainLine,
    draw_marey,
)
from keruen.report.charts.marey_look import WAITS, Look, draw_wait
from keruen.report.charts.marey_plot import clipped, fitted, places_apart, plot_of
from keruen.report.charts.marey_spec import check_spec
from keruen.report.charts.train_labels import LabelGround, Slot, write_along
from picture_reading import SPACE, elements, parsed, size, text_at, texts, titles

KMS = (0.0, 17.0, 31.0, 33.0, 50.0, 72.0, 90.0)
CAUSES = {int(cause): f"cause {cause.name.lower()}" for cause in Cause if cause}
WORDS = MareyWords(
    "Trains",
    "Waits",
    "Marks",
    "odd",
    "even",
    ("freight", "passenger"),
    CAUSES,
    "meet",
    "overtake",
    "closed",
    "Nothing runs.",
)


def through(number: int, start: float, odd: bool, wait: tuple[int, float, int] | None) -> TrainLine:
    """A train of one minute a kilometre; (place, minutes, cause) of one wait."""
    kms = KMS if odd else KMS[::-1]
    times, ways, causes = [start], [kms[0]], []
    for place, (here, there) in enumerate(itertools.pairwise(kms), start=1):
        times.append(times[-1] + abs(there - here))
        ways.append(there)
        causes.append(0)
        if wait and wait[0] == place:
            times.append(times[-1] + wait[1])
            ways.append(there)
            causes.append(wait[2])
    kind = number % 3 == 0
    return TrainLine(f"T{number}", int(kind), odd, tuple(times), tuple(ways), tuple(causes))


TRAINS = tuple(
    through(
        n,
        n * 55.0 + 5,
        n % 2 == 0,
        (1 + n % 5, 12.0, (Cause.OPPOSING, Cause.NO_TRACK)[n % 2]) if n % 4 else None,
    )
    for n in range(24)
)
SPEC = MareySpec(
    title="A day",
    description="Trains of a day",
    places=tuple(Place(f"Place {k}", km, k == 2) for k, km in enumerate(KMS)),
    trains=TRAINS,
    start_min=0.0,
    end_min=1440.0,
    clock=lambda m: f"{int(m) // 60 % 24:02d}:{int(m) % 60:02d}",
    duration=lambda m: f"{m:.0f} min",
    words=WORDS,
    km_unit="km",
    number=lambda value: f"{value:.0f}",
    windows=(Closure(50.0, 72.0, 600.0, 720.0, "repair"),),
    tracks=(Tracks(0, 50, 1, "one track"), Tracks(50, 90, 2, "two tracks")),
    meets=((300.0, 31.0),),
    overtakes=((400.0, 50.0),),
)


def groups(drawn: str, name: str) -> list[str]:
    """Tooltips of the groups of a class."""
    found = [g for g in elements(drawn, "g") if g.attrib.get("class") == name]
    return [g[0].text or "" if g[0].tag == f"{SPACE}title" else "" for g in found]


def wait_lines(drawn: str) -> list[dict[str, str]]:
    found = [g for g in elements(drawn, "g") if g.attrib.get("class") == "k-wait"]
    return [g.find(f"{SPACE}line").attrib for g in found]  # type: ignore[union-attr]


def names_in_lines(drawn: str) -> list[tuple[str, Slot]]:
    """Names written along lines, with their turned rectangles as the reader sees them."""
    found = []
    for group in elements(drawn, "g"):
        if group.attrib.get("class") == "k-name":
            turn, x, y = map(float, re.findall(r"-?[\d.]+", group.attrib["transform"]))
            (text,) = group
            words, font = text.text or "", float(text.attrib["font-size"])
            half = svg.text_width(words, font) / 2
            found.append((words, Slot(x, y, half, font * 0.36, math.radians(turn))))
    return found


def test_every_train_has_a_line_with_its_name() -> None:
    drawn = draw_marey(SPEC, 1264, "m")
    assert groups(drawn, "k-line") == [train.name for train in TRAINS]
    strokes = [e for e in elements(drawn, "path") if e.attrib.get("class") == "k-stroke"]
    assert len(strokes) == len(TRAINS)
    dashed = [e.attrib.get("stroke-dasharray") is not None for e in strokes]
    assert dashed == [not train.odd for train in TRAINS], "directions differ without colour"
    assert len({e.attrib["stroke"] for e in strokes}) == 2


def test_waits_lie_where_time_passes_at_one_kilometre_and_nowhere_else() -> None:
    drawn = draw_marey(SPEC, 1264, "m")
    plot = plot_of(SPEC, 1264)
    expected = [
        (plot.x(t0), plot.x(t1), plot.y(km))
        for train in TRAINS
        for (t0, t1), km, cause in zip(
            itertools.pairwise(train.time_min), train.km, train.cause, strict=False
        )
        if cause and t0 < SPEC.end_min
    ]
    seen = [(float(w["x1"]), float(w["x2"]), float(w["y1"])) for w in wait_lines(drawn)]
    assert len(seen) == len(expected) > 10
    for (x0, x1, y), (left, right, height) in zip(seen, expected, strict=True):
        assert (x0, x1, y) == pytest.approx((left, min(right, plot.right), height), abs=0.02)
    assert all(w["y1"] == w["y2"] for w in wait_lines(drawn))
    assert "T1: cause no_track, 12 min" in groups(drawn, "k-wait")


def test_a_train_that_never_waits_has_no_wait() -> None:
    alone = replace(SPEC, trains=(through(2, 10.0, True, None),))
    assert wait_lines(draw_marey(alone, 1264, "m")) == []


def test_every_cause_of_the_dispatcher_looks_its_own_way() -> None:
    assert set(WAITS) == {int(cause) for cause in Cause if cause}
    assert len(set(WAITS.values())) == len(WAITS)


@pytest.mark.parametrize("width", [328, 940, 1264])
def test_names_along_lines_meet_neither_each_other_nor_a_wait(width: float) -> None:
    drawn = draw_marey(SPEC, width, "m")
    names = names_in_lines(drawn)
    if width > 1000:
        assert len(names) >= 0.8 * len(TRAINS)
    for (_, first), (_, second) in itertools.combinations(names, 2):
        assert not any(first.holds(dot) for dot in second.dots(1.0))
    for _, slot in names:
        for wait in wait_lines(drawn):
            y, x0, x1 = (float(wait[key]) for key in ("y1", "x1", "x2"))
            assert not any(slot.holds((x0 + (x1 - x0) * k / 20, y)) for k in range(21))


def test_names_of_places_do_not_overlap_and_major_ones_win() -> None:
    drawn = draw_marey(SPEC, 1264, "m")
    kept = [words for words in texts(drawn) if words.startswith("Place")]
    assert "Place 2" in kept
    assert "Place 3" not in kept, "2 km beside a major place"
    heights = sorted(text_at(drawn, words)[1] for words in kept)
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 11.5
    crowd = replace(SPEC, places=tuple(Place(f"P{k}", k * 0.5) for k in range(200)))
    found = places_apart(crowd.places, plot_of(crowd, 328))
    assert (found[0].name, found[-1].name) == ("P0", "P199"), "the ends keep their names"
    assert 10 < len(found) < 60


def test_weight_decides_between_places_of_one_rank_and_nameless_ones_take_no_room() -> None:
    kms = (0.0, 300.0, 302.0, 304.0, 600.0)
    weights = (0, 2, 5, 2, 0)
    places = tuple(Place(f"P{k:g}", k, True, w) for k, w in zip(kms, weights, strict=True))
    nameless = Place("", 299.0, True, 9)
    spec = replace(SPEC, places=(*places, nameless), trains=(), tracks=(), windows=(), meets=())
    kept = places_apart(spec.places, plot_of(spec, 1264))
    assert [place.km for place in kept] == [0.0, 302.0, 600.0]


def test_long_names_lose_their_brackets_first_and_are_told_whole() -> None:
    assert fitted("Razezd No. 5 (centre)", 500, 11.5) == "Razezd No. 5 (centre)"
    assert fitted("Razezd No. 5 (centre)", 90, 11.5) == "Razezd No. 5"
    assert fitted("Incomprehensibilities", 60, 11.5).endswith("…")
    long = replace(
        SPEC, places=(Place("Karagandy Sorting Yard (north side)", 0.0), *SPEC.places[1:])
    )
    drawn = draw_marey(long, 328, "m")
    assert "Karagandy Sorting Yard (north side)" in titles(drawn)


def test_short_waits_of_different_causes_differ_in_colour_or_height() -> None:
    look = Look("", dense=False)
    short = {cause: draw_wait((5.0, 6.0), 0.0, cause, look) for cause in WAITS}
    assert len(set(short.values())) == len(WAITS)
    shades = {cause: WAITS[cause][0] for cause in (Cause.OPPOSING, Cause.FOLLOWING, Cause.NO_TRACK)}
    assert len(set(shades.values())) == 3


def test_the_key_explains_what_occurs_and_nothing_else() -> None:
    words = texts(draw_marey(SPEC, 1264, "m"))
    assert {"odd", "even", "freight", "passenger", "meet", "overtake", "closed"} <= set(words)
    assert {"cause opposing", "cause no_track", "one track", "two tracks"} <= set(words)
    assert "cause safety" not in words
    bare = replace(
        SPEC,
        trains=(through(2, 0.0, True, None),),
        windows=(),
        tracks=SPEC.tracks[:1],
        meets=(),
        overtakes=(),
    )
    words = texts(draw_marey(bare, 1264, "m"))
    unwanted = {"odd", "even", "passenger", "meet", "overtake", "closed", "Waits", "one track"}
    assert not unwanted & set(words)
    assert "freight" in words


def test_a_window_is_hatched_over_its_section_and_hours() -> None:
    drawn = draw_marey(SPEC, 1264, "my day")
    plot = plot_of(SPEC, 1264)
    box = next(e.attrib for e in elements(drawn, "rect") if e.attrib["fill"].startswith("url"))
    assert box["fill"] == "url(#my-day-window)"
    assert elements(drawn, "pattern")[0].attrib["id"] == "my-day-window"
    assert float(box["x"]) == pytest.approx(plot.x(600), abs=0.02)
    assert float(box["y"]) == pytest.approx(plot.y(50), abs=0.02)
    assert float(box["width"]) == pytest.approx(plot.x(720) - plot.x(600), abs=0.02)
    assert float(box["height"]) == pytest.approx(plot.y(72) - plot.y(50), abs=0.02)
    assert "repair" in titles(drawn)


def test_many_trains_are_thin_and_nameless_but_all_there() -> None:
    many = tuple(replace(through(n, n * 6.8, n % 2 == 0, None), name=f"N{n}") for n in range(200))
    drawn = draw_marey(replace(SPEC, trains=many), 1264, "m")
    assert len(groups(drawn, "k-line")) == 200
    assert names_in_lines(drawn) == []
    strokes = [e for e in elements(drawn, "path") if e.attrib.get("class") == "k-stroke"]
    assert max(float(e.attrib["stroke-width"]) for e in strokes) < 2
    assert len(drawn) < 200_000


def test_only_what_lies_in_the_span_is_drawn() -> None:
    early = replace(SPEC, start_min=600.0, end_min=660.0, meets=((300.0, 31.0), (610.0, 31.0)))
    drawn = draw_marey(early, 1264, "m")
    plot = plot_of(early, 1264)
    running = [t for t in TRAINS if t.time_min[0] < 660 and t.time_min[-1] > 600]
    assert groups(drawn, "k-line") == [train.name for train in running]
    inside = [e for e in elements(drawn, "circle") if float(e.attrib["cy"]) <= plot.bottom]
    assert len(inside) == 1
    cut = clipped(TRAINS[0], 10.0, 20.0)
    assert cut is not None
    assert cut.time_min == (10.0, 20.0)
    assert cut.km == (5.0, 15.0)
    assert clipped(TRAINS[0], 900.0, 901.0) is None


def test_an_empty_day_says_so() -> None:
    drawn = draw_marey(replace(SPEC, trains=(), meets=(), overtakes=()), 940, "m")
    assert "Nothing runs." in texts(drawn)
    assert "Place 2" in texts(drawn), "the line is still there"
    blank = draw_marey(replace(SPEC, trains=(), places=()), 940, "m")
    assert texts(blank) == ["Nothing runs."]


def test_hostile_names_are_words_only() -> None:
    evil = "<script>alert(1)</script>\"'&\u202e"
    trains = tuple(replace(train, name=evil, tooltip=evil) for train in TRAINS[:3])
    spec = replace(
        SPEC,
        trains=trains,
        title=evil,
        places=tuple(replace(place, name=evil) for place in SPEC.places),
        windows=(replace(SPEC.windows[0], label=evil),),
        words=replace(WORDS, classes=(evil, evil), causes=dict.fromkeys(CAUSES, evil)),
    )
    drawn = draw_marey(spec, 1264, '"><b id="')
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    assert parsed(drawn).attrib["role"] == "img"
    assert not elements(drawn, "script")


@pytest.mark.parametrize("width", [328, 1264])
def test_it_fits_its_width_and_is_told_aloud(width: float) -> None:
    long_names = tuple(replace(p, name=p.name * 9) for p in SPEC.places)
    drawn = draw_marey(replace(SPEC, places=long_names), width, "m")
    across, down = size(drawn)
    assert across == width
    for element in elements(drawn, "text"):
        x, words = float(element.attrib["x"]), element.text or ""
        wide = svg.text_width(words, float(element.attrib["font-size"]))
        left = {"end": x - wide, "middle": x - wide / 2}.get(
            element.attrib.get("text-anchor", ""), x
        )
        assert left >= -2
        assert left + wide <= across + 2
        assert 0 < float(element.attrib["y"]) <= down
    assert titles(drawn)[0] == "A day"
    assert elements(drawn, "desc")[0].text == "Trains of a day"
    assert "#" not in re.sub(r"url\(#[\w-]+\)", "", drawn), "colours are roles"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time_min": (0.0, 5.0, 4.0), "km": (0.0, 1.0, 2.0), "cause": (0, 0)}, "times fall"),
        ({"time_min": (0.0, math.nan), "km": (0.0, 1.0), "cause": (0,)}, "finite"),
        ({"time_min": (0.0, 5.0), "km": (0.0,), "cause": (0,)}, "do not fit"),
        ({"time_min": (0.0, 5.0), "km": (0.0, 9.0), "cause": (1,)}, "moves while it waits"),
        ({"time_min": (0.0, 5.0), "km": (9.0, 9.0), "cause": (77,)}, "has no name"),
        ({"kind": 2}, "class has no name"),
    ],
)
def test_nonsense_of_a_train_is_refused(change: dict[str, object], said: str) -> None:
    broken = replace(TRAINS[0], **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=said):
        draw_marey(replace(SPEC, trains=(broken,)), 900, "m")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"end_min": 0.0}, "span"),
        ({"end_min": math.inf}, "span"),
        ({"meets": ((math.nan, 1.0),)}, "finite"),
        ({"places": (Place("a", math.inf),)}, "finite"),
        ({"windows": (Closure(0.0, 1.0, math.nan, 2.0),)}, "finite"),
    ],
)
def test_nonsense_of_a_day_is_refused(change: dict[str, object], said: str) -> None:
    check_spec(SPEC)
    with pytest.raises(ValueError, match=said):
        check_spec(replace(SPEC, **change))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=said):
        draw_marey(replace(SPEC, **change), 900, "m")  # type: ignore[arg-type]


def test_a_name_goes_to_the_free_side_or_nowhere() -> None:
    style = svg.TextStyle(10, "middle")
    straight = [(10.0, 10.0), (190.0, 150.0)]
    ground = LabelGround(0, 0, 200, 160)
    ground.mark_line(straight)
    above = write_along(straight, "2001", style, ground)
    below = write_along(straight, "2003", style, ground)
    assert above is not None
    assert below is not None
    assert not any(above.slot.holds(dot) for dot in below.slot.dots(1.0))
    assert write_along([(10.0, 10.0), (14.0, 14.0)], "2005", style, ground) is None
    full = LabelGround(0, 0, 200, 160)
    for row in range(0, 160, 4):
        full.mark_line([(0.0, float(row)), (200.0, float(row))])
    assert write_along(straight, "2007", style, full) is None
