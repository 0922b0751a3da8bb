from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.report.charts.ranges import (
    RangeSpec,
    Verdict,
    draw_range,
    verdict_chip,
    verdict_icon,
)
from keruen.report.svg import text_width
from picture_reading import elements, parsed, size, texts

SPEC = RangeSpec(
    title="Range",
    description="low, mode, high",
    low=(4.0, "4"),
    mode=(6.0, "6 Mt"),
    high=(8.0, "8"),
    published=(5.0, "published 5"),
    wanted=(10.0, "wanted 10"),
    verdict=Verdict.MISSED,
)


def test_everything_stands_at_its_value() -> None:
    drawn = draw_range(SPEC, 316, "r")
    (bar,) = elements(drawn, "rect")
    (dot,) = elements(drawn, "circle")
    wanted = next(e for e in elements(drawn, "line") if "stroke-dasharray" in e.attrib)
    zero = 8.0
    per_unit = float(bar.attrib["width"]) / 4
    assert float(bar.attrib["x"]) == pytest.approx(zero + 4 * per_unit, abs=0.02)
    assert float(dot.attrib["cx"]) == pytest.approx(zero + 6 * per_unit, abs=0.05)
    assert float(wanted.attrib["x1"]) == pytest.approx(zero + 10 * per_unit, abs=0.05)
    diamond = elements(drawn, "path")[0].attrib["d"]
    assert float(diamond[1:].split()[0]) == pytest.approx(zero + 5 * per_unit, abs=0.1)
    assert dot.attrib["fill"] == "var(--k-missed)"


def test_marks_are_explained_only_where_they_stand() -> None:
    assert {"published 5", "wanted 10", "4", "6 Mt", "8"} == set(texts(draw_range(SPEC, 316, "r")))
    bare = replace(SPEC, published=None, wanted=None, verdict=None)
    assert texts(draw_range(bare, 316, "r")) == ["6 Mt", "4", "8"]
    assert size(draw_range(bare, 316, "r"))[1] < size(draw_range(SPEC, 316, "r"))[1]


def test_ends_that_would_touch_are_written_together() -> None:
    close = replace(SPEC, low=(5.9, "5.9 Mt"), high=(6.1, "6.1 Mt"))
    assert "5.9 Mt … 6.1 Mt" in texts(draw_range(close, 200, "r"))


def test_a_single_value_is_written_once() -> None:
    sure = replace(SPEC, low=(6.0, "6"), mode=(6.0, "6"), high=(6.0, "6"))
    assert texts(draw_range(sure, 200, "r")).count("6") == 1


@given(
    st.lists(st.floats(0, 1e7), min_size=3, max_size=3).map(sorted),
    st.floats(0, 1e7),
    st.sampled_from([160.0, 316.0]),
)
def test_labels_stay_in_the_picture(values: list[float], published: float, width: float) -> None:
    low, mode, high = ((value, f"{value:.4g}") for value in values)
    spec = RangeSpec("t", "d", low, mode, high, (published, "published"), None)
    for element in elements(draw_range(spec, width, "r"), "text"):
        if element.attrib.get("text-anchor") == "middle":
            x, words = float(element.attrib["x"]), element.text or ""
            half = text_width(words, float(element.attrib["font-size"])) / 2
            assert x - half >= -0.5
            assert x + half <= width + 0.5


@pytest.mark.parametrize(
    "change",
    [
        {"low": (7.0, "7")},
        {"high": (5.0, "5")},
        {"low": (-1.0, "-1")},
        {"wanted": (float("inf"), "")},
        {"mode": (float("nan"), "")},
    ],
)
def test_nonsense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"order|finite"):
        draw_range(replace(SPEC, **change), 316, "r")  # type: ignore[arg-type]


def test_verdicts_differ_in_shape_and_carry_their_word() -> None:
    icons = {verdict_icon(verdict) for verdict in Verdict}
    assert len(icons) == len(Verdict)
    for verdict in Verdict:
        chip = parsed(verdict_chip(verdict, "<b>word"))
        assert "".join(chip.itertext()) == "<b>word"
        assert chip.attrib["class"] == f"k-chip k-chip-{verdict}"
        assert chip[0].attrib["aria-hidden"] == "true"
