from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest

from keruen.report import svg
from keruen.report.charts.occupancy import (
    OccupancySpec,
    Part,
    SectionBar,
    Use,
    draw_occupancy,
    ordered_sections,
)
from picture_reading import elements, size, text_at, texts, titles

SPEC = OccupancySpec(
    title="Occupancy",
    description="By section",
    parts=(
        Part("freight"),
        Part("passenger"),
        Part("window", Use.WINDOW),
        Part("buffer", Use.BUFFER),
    ),
    sections=(
        SectionBar("A–B", (0.3, 0.1, 0.0, 0.1), "50 %"),
        SectionBar("B–C", (0.5, 0.2, 0.1, 0.1), "90 %", "one track"),
        SectionBar("C–D", None, "not known"),
        SectionBar("D–E", (0.1, 0.0, 0.0, 0.05), "15 %"),
        SectionBar("E–F", None, "order cannot be kept", beyond=True),
    ),
    share=lambda share: f"{share * 100:.0f}%",
    axis="share of the day",
    empty="No section.",
    thresholds=((0.6, "60 % a day"), (0.75, "75 % at the peak")),
)


def bars(drawn: str) -> list[list[dict[str, str]]]:
    """Parts of each bar, top to bottom."""
    found = [g for g in elements(drawn, "g") if g.attrib.get("class") == "k-bar"]
    return [[e.attrib for e in g if e.tag.endswith("rect")] for g in found]


def test_the_worst_comes_first_and_the_unknown_last() -> None:
    names = [one.name for one in ordered_sections(SPEC)]
    assert names == ["E–F", "B–C", "A–B", "D–E", "C–D"]
    drawn = draw_occupancy(SPEC, 940, "o")
    heights = [text_at(drawn, name)[1] for name in names]
    assert heights == sorted(heights)
    along = replace(SPEC, worst_first=False)
    assert ordered_sections(along) == SPEC.sections
    drawn = draw_occupancy(along, 940, "o")
    heights = [text_at(drawn, one.name)[1] for one in SPEC.sections]
    assert heights == sorted(heights)


@pytest.mark.parametrize("width", [328, 940])
def test_parts_are_as_long_as_their_shares_and_follow_each_other(width: float) -> None:
    drawn = draw_occupancy(SPEC, width, "o")
    zero = float(bars(drawn)[0][0]["x"])
    full = next(
        float(e.attrib["x1"])
        for e in elements(drawn, "line")
        if e.attrib["stroke"] == "var(--k-muted)" and float(e.attrib["x1"]) > zero + 1
    )
    known = [one.shares for one in ordered_sections(SPEC) if one.shares is not None]
    for parts, shares in zip(bars(drawn), known, strict=True):
        used = [share for share in shares if share]
        at = 0.0
        for part, share in zip(parts, used, strict=True):
            assert float(part["x"]) == pytest.approx(zero + at * (full - zero), abs=0.02)
            assert float(part["width"]) == pytest.approx(share * (full - zero), abs=0.85)
            at += share


def test_windows_and_buffers_differ_from_trains_without_colour() -> None:
    drawn = draw_occupancy(SPEC, 940, "my strip")
    freight, passenger, window, buffer = bars(drawn)[0]
    assert freight["fill"] != passenger["fill"]
    assert window["fill"] == "url(#my-strip-window)"
    assert buffer["fill"] == "url(#my-strip-buffer)"
    turns = [e.attrib["patternTransform"] for e in elements(drawn, "pattern")]
    assert len(set(turns)) == 2


def test_the_key_holds_only_parts_that_occur() -> None:
    assert {"freight", "passenger", "window", "buffer"} <= set(texts(draw_occupancy(SPEC, 940, "")))
    bare = replace(SPEC, sections=SPEC.sections[:1])
    words = texts(draw_occupancy(bare, 940, "o"))
    assert "window" not in words
    assert "buffer" in words
    assert len(elements(draw_occupancy(bare, 940, "o"), "pattern")) == 1


def test_thresholds_stand_at_their_shares_with_labels_apart() -> None:
    drawn = draw_occupancy(SPEC, 940, "o")
    marks = [
        float(e.attrib["x1"])
        for e in elements(drawn, "line")
        if e.attrib["stroke"] == "var(--k-accent)"
    ]
    assert marks[0] == pytest.approx(text_at(drawn, "60%")[0], abs=0.02)
    forty, eighty = text_at(drawn, "40%")[0], text_at(drawn, "80%")[0]
    assert (marks[1] - forty) / (eighty - forty) == pytest.approx(35 / 40, abs=1e-3)
    assert text_at(drawn, "75 % at the peak")[1] - text_at(drawn, "60 % a day")[1] >= 15


def test_more_than_the_day_is_shown_in_full() -> None:
    over = (SectionBar("X", (1.1, 0.2, 0.0, 0.1), "140 %"),)
    drawn = draw_occupancy(replace(SPEC, sections=over), 940, "o")
    (parts,) = bars(drawn)
    end = float(parts[-1]["x"]) + float(parts[-1]["width"])
    assert end > text_at(drawn, "100%")[0]
    assert text_at(drawn, "140 %")[0] > end


def test_no_section_says_so() -> None:
    assert texts(draw_occupancy(replace(SPEC, sections=()), 940, "o")) == ["No section."]


def test_what_is_not_known_has_words_and_no_bar() -> None:
    drawn = draw_occupancy(replace(SPEC, sections=SPEC.sections[2:3]), 940, "o")
    assert bars(drawn) == []
    assert "not known" in texts(drawn)


@pytest.mark.parametrize("width", [328, 940, 1264])
def test_thirty_sections_fit_and_names_do_not_overlap(width: float) -> None:
    many = tuple(
        SectionBar(f"Karaganda-Sortirovochnaya {k} – A rather long name of a place", one, "99 %")
        for k, one in enumerate(itertools.repeat((0.2, 0.2, 0.1, 0.49), 30))
    )
    drawn = draw_occupancy(replace(SPEC, sections=many), width, "o")
    across, down = size(drawn)
    assert across == width
    boxes = []
    for element in elements(drawn, "text"):
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        font, words = float(element.attrib["font-size"]), element.text or ""
        bold = "k-b" in element.attrib.get("class", "")
        wide = svg.text_width(words, font, bold)
        left = x - wide / 2 if element.attrib.get("text-anchor") == "middle" else x
        assert left >= -2
        assert left + wide <= across + 2
        assert 0 < y <= down
        boxes.append((left, y - 0.75 * font, left + wide, y))
    for a, b in itertools.combinations(boxes, 2):
        assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]), (a, b)


def test_hostile_names_are_words_only() -> None:
    evil = "<img src=x onerror=alert(1)>"
    sections = (SectionBar(evil, (0.5, 0, 0, 0), evil, evil, evil),)
    parts = (replace(SPEC.parts[0], label=evil), *SPEC.parts[1:])
    drawn = draw_occupancy(replace(SPEC, sections=sections, parts=parts, title=evil), 3000, "o")
    assert not elements(drawn, "img")
    assert texts(drawn).count(evil) >= 3
    assert evil in titles(drawn)


@pytest.mark.parametrize(
    "shares", [(0.5,), (-0.1, 0, 0, 0), (math.nan, 0, 0, 0), (math.inf, 0, 0, 0)]
)
def test_nonsense_is_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="shares"):
        draw_occupancy(replace(SPEC, sections=(SectionBar("a", shares, ""),)), 900, "o")
