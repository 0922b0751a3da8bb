from __future__ import annotations

from keruen.report.charts.hatching import Hatch, draw_blank, hatching
from keruen.report.svg import Sheet, text_width
from picture_reading import elements, parsed, size, texts


def test_stripes_lie_on_a_ground_only_where_one_is_given() -> None:
    bare, grounded = (
        hatching("x", Hatch("var(--k-ink)", 2.0, 30.0, ground))
        for ground in (None, "var(--k-band)")
    )
    (pattern,) = parsed(bare)
    assert pattern.attrib["id"] == "x"
    assert pattern.attrib["patternTransform"] == "rotate(30)"
    assert [e.attrib["fill"] for e in pattern] == ["var(--k-ink)"]
    assert [e.attrib["fill"] for e in parsed(grounded)[0]] == ["var(--k-band)", "var(--k-ink)"]


def test_a_blank_sheet_wraps_its_words_within_it() -> None:
    words = "There is nothing to show because no train runs on this line on this day"
    drawn = draw_blank(Sheet(240, 120, "t", "d", "p"), words)
    assert size(drawn) == (240, 120)
    rows = texts(drawn)
    assert len(rows) > 1
    assert " ".join(rows) == words
    assert all(text_width(row, 13) <= 240 for row in rows)
    assert all(0 < float(e.attrib["y"]) < 120 for e in elements(drawn, "text"))
