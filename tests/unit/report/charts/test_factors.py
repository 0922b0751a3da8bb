from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from keruen.report.charts.factors import Factor, FactorSpec, draw_factors, running_values
from picture_reading import elements, size, text_at, texts

SPEC = FactorSpec(
    title="Factors",
    description="From 12 to 57.6",
    before=(12.0, "before: 12"),
    after=(57.6, "after: 57.6"),
    factors=(
        Factor("second track", 3.0, "× 3"),
        Factor("block", 2.0, "× 2", assumed=True, note="type not published"),
        Factor("windows", 0.8, "× 0.8"),
    ),
    unit="pairs a day",
    number=lambda value: f"{value:g}",
    assumed="assumed",
    claim=(5.0, "claimed × 5"),
)


def bars(drawn: str) -> list[dict[str, str]]:
    """Bars of factors, without the ground of the hatching."""
    return [e.attrib for e in elements(drawn, "rect") if "stroke" in e.attrib]


def test_equal_ratios_have_equal_lengths() -> None:
    spec = replace(
        SPEC,
        before=(10.0, "b"),
        after=(40.0, "a"),
        factors=(Factor("x", 2.0, "× 2"), Factor("y", 2.0, "× 2")),
    )
    first, second = bars(draw_factors(spec, 900, "f"))
    assert float(first["width"]) == pytest.approx(float(second["width"]), abs=0.02)
    assert float(first["x"]) + float(first["width"]) == pytest.approx(float(second["x"]), abs=0.02)


def test_each_bar_begins_where_the_one_before_ended() -> None:
    drawn = draw_factors(SPEC, 900, "f")
    ends = [float(e.attrib["cx"]) for e in elements(drawn, "circle")]
    spans = [(float(b["x"]), float(b["x"]) + float(b["width"])) for b in bars(drawn)]
    way = [ends[0], spans[0][1], spans[1][1], spans[2][0]]
    assert spans[0][0] == pytest.approx(ends[0], abs=0.02)
    assert spans[1][0] == pytest.approx(way[1], abs=0.02)
    assert spans[2][1] == pytest.approx(way[2], abs=0.02), "a factor below one runs back"
    assert ends[1] == pytest.approx(way[3], abs=0.02)


def test_assumed_factors_look_different_and_say_so() -> None:
    drawn = draw_factors(SPEC, 900, "my chart")
    sure, assumed, falling = bars(drawn)
    assert assumed["fill"] == "url(#my-chart-hatch)"
    assert elements(drawn, "pattern")[0].attrib["id"] == "my-chart-hatch"
    assert "stroke-dasharray" in assumed
    assert "stroke-dasharray" not in sure
    assert falling["fill"] != sure["fill"]
    assert "block · assumed" in texts(drawn)
    assert sum("assumed" in words for words in texts(drawn)) == 1


def test_the_claim_stands_at_its_ratio() -> None:
    drawn = draw_factors(SPEC, 900, "f")
    (mark,) = [e for e in elements(drawn, "line") if e.attrib["stroke"] == "var(--k-target)"]
    ten, hundred = text_at(drawn, "10")[0], text_at(drawn, "100")[0]
    share = (float(mark.attrib["x1"]) - ten) / (hundred - ten)
    assert share == pytest.approx(0.77815, abs=1e-3), "log10 of 60 / 10"


def test_a_decomposition_that_does_not_close_is_refused() -> None:
    with pytest.raises(ValueError, match="multiply from before to after"):
        draw_factors(replace(SPEC, after=(60.0, "after: 60")), 900, "f")
    within_rounding = replace(SPEC, after=(57.7, "after: 57.7"))
    assert "after: 57.7" in texts(draw_factors(within_rounding, 900, "f"))


@pytest.mark.parametrize("factor", [0.0, -2.0, float("nan"), float("inf")])
def test_nonsense_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="positive, finite"):
        draw_factors(replace(SPEC, factors=(Factor("x", factor, ""),)), 900, "f")


def test_running_values_multiply() -> None:
    values = running_values(12, [f.factor for f in SPEC.factors])
    assert values == pytest.approx([12, 36, 72, 57.6])


@pytest.mark.parametrize("width", [336, 900])
def test_it_fits_its_width_and_ticks_do_not_touch(width: float) -> None:
    drawn = draw_factors(SPEC, width, "f")
    across, down = size(drawn)
    assert across == width
    for element in elements(drawn, "text"):
        assert 0 <= float(element.attrib["x"]) <= across
        assert 0 < float(element.attrib["y"]) <= down
    ticks = [text_at(drawn, word)[0] for word in ("10", "20", "50", "100")]
    assert all(b - a > 20 for a, b in itertools.pairwise(ticks))
