from __future__ import annotations

from dataclasses import replace

import pytest

from keruen.report.charts.ladder import LadderSpec, Rung, draw_ladder, rising
from picture_reading import elements, size, text_at, texts, titles

SPEC = LadderSpec(
    title="Ladder",
    description="By volume",
    rungs=(
        Rung("Gauge change", 18.0, "18 Mt", "fourth track", "1435 to 1520"),
        Rung("Ferries", 6.0, "6 Mt", "two ferries"),
        Rung("Locomotives", None, "not known"),
        Rung("Terminal", 140.0, "140 Mt"),
    ),
    unit="Mt a year",
    number=lambda value: f"{value:g}",
    binding="binds",
    target=(10.0, "wanted 10 Mt"),
    cut=40.0,
)


def bars(drawn: str) -> list[dict[str, str]]:
    return [e.attrib for e in elements(drawn, "rect")]


def test_the_lowest_binds_and_the_unknown_comes_last() -> None:
    assert [rung.label for rung in rising(SPEC.rungs)] == [
        "Ferries",
        "Gauge change",
        "Terminal",
        "Locomotives",
    ]
    drawn = draw_ladder(SPEC, 900, "l")
    assert [bar["fill"] for bar in bars(drawn)] == [
        "var(--k-accent)",
        "var(--k-bar)",
        "var(--k-bar)",
    ]
    assert "Ferries · binds" in texts(drawn)
    assert sum("binds" in words for words in texts(drawn)) == 1


def test_bars_are_as_long_as_their_volumes() -> None:
    first, second, cut = (float(bar["width"]) for bar in bars(draw_ladder(SPEC, 900, "l")))
    assert second == pytest.approx(3 * first, rel=1e-3)
    assert cut == pytest.approx(40 / 6 * first, rel=1e-3), "broken off at the end of the axis"
    uncut = replace(SPEC, cut=None)
    lengths = [float(bar["width"]) for bar in bars(draw_ladder(uncut, 900, "l"))]
    assert lengths[2] == pytest.approx(140 / 6 * lengths[0], rel=0.02)


def test_only_a_bar_that_is_cut_shows_a_break() -> None:
    assert len(elements(draw_ladder(SPEC, 900, "l"), "path")) == 2
    assert elements(draw_ladder(replace(SPEC, cut=None), 900, "l"), "path") == []


def test_the_target_stands_at_its_volume() -> None:
    drawn = draw_ladder(SPEC, 900, "l")
    (mark,) = [e for e in elements(drawn, "line") if e.attrib["stroke"] == "var(--k-target)"]
    assert float(mark.attrib["x1"]) == pytest.approx(text_at(drawn, "10")[0])
    assert "wanted 10 Mt" in texts(drawn)


def test_a_target_beyond_the_cut_is_still_shown() -> None:
    drawn = draw_ladder(replace(SPEC, target=(80.0, "wanted 80 Mt")), 900, "l")
    (mark,) = [e for e in elements(drawn, "line") if e.attrib["stroke"] == "var(--k-target)"]
    assert float(mark.attrib["x1"]) == pytest.approx(text_at(drawn, "80")[0])


def test_what_lifts_an_element_and_its_tooltip_are_there() -> None:
    drawn = draw_ladder(SPEC, 900, "l")
    assert {"fourth track", "two ferries", "not known"} <= set(texts(drawn))
    assert "1435 to 1520" in titles(drawn)


def test_nothing_binds_when_nothing_is_known() -> None:
    drawn = draw_ladder(
        replace(SPEC, rungs=(Rung("A", None, "?"),), target=None, cut=None), 900, "l"
    )
    assert bars(drawn) == []
    assert not any("binds" in words for words in texts(drawn))


@pytest.mark.parametrize("width", [336, 900])
def test_it_fits_its_width(width: float) -> None:
    long_names = tuple(replace(r, label=r.label * 9, lifted_by=r.label * 20) for r in SPEC.rungs)
    drawn = draw_ladder(replace(SPEC, rungs=long_names), width, "l")
    across, down = size(drawn)
    assert across == width
    for element in elements(drawn, "text"):
        assert 0 <= float(element.attrib["x"]) <= across
        assert 0 < float(element.attrib["y"]) <= down
    for bar in bars(drawn):
        assert float(bar["x"]) + float(bar["width"]) <= across


@pytest.mark.parametrize(
    "rungs", [(), (Rung("a", -1.0, ""),), (Rung("a", float("nan"), ""),)], ids=str
)
def test_nonsense_is_refused(rungs: tuple[Rung, ...]) -> None:
    with pytest.raises(ValueError, match="rungs"):
        draw_ladder(replace(SPEC, rungs=rungs), 900, "l")
