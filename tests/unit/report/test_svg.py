from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.report import svg
from picture_reading import parsed, texts, titles

HOSTILE = "</text><script>alert(1)</script>\"'&\x00\u202e\ufffe"


def sheet() -> svg.Sheet:
    return svg.Sheet(100, 50, HOSTILE, HOSTILE, HOSTILE)


def test_hostile_words_stay_words_in_text_attribute_and_tooltip() -> None:
    drawn = svg.document(
        sheet(),
        svg.text(1, 2, HOSTILE, svg.TextStyle(classes=HOSTILE, fill=HOSTILE)),
        svg.group({"data-name": HOSTILE}, svg.tooltip(HOSTILE)),
    )
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    kept = "</text><script>alert(1)</script>\"'&"
    assert texts(drawn) == [kept]
    assert titles(drawn) == [kept, kept]
    assert not [e for e in parsed(drawn).iter() if e.tag.endswith("script")]


@given(st.text())
def test_any_text_gives_a_well_formed_picture(words: str) -> None:
    drawn = svg.document(sheet(), svg.text(0, 0, words), svg.tooltip(words))
    assert parsed(drawn).attrib["role"] == "img"


@given(st.text(), st.floats(20, 400), st.integers(1, 4))
def test_wrapped_lines_fit_and_are_no_more_than_asked(words: str, width: float, lines: int) -> None:
    rows = svg.wrap(words, width, 10, lines)
    assert len(rows) <= lines
    for row in rows:
        assert svg.text_width(row, 10) <= width or len(row) <= 1


@given(st.lists(st.sampled_from(["Dostyk", "Beskol–Ucharal", "a/b", "—", "x"]), max_size=8))
def test_wrapping_loses_no_letter_when_there_is_room(words: list[str]) -> None:
    rows = svg.wrap(" ".join(words), 80, 10, lines=99)
    assert "".join(rows).replace(" ", "") == "".join(words)


def test_a_long_word_and_chinese_are_broken_rather_than_lost() -> None:
    assert svg.wrap("多斯特克至莫因特铁路第二线", 60, 10, lines=4) == (
        "多斯特克至",
        "莫因特铁路",
        "第二线",
    )
    assert svg.wrap("x" * 60, 100, 10, lines=9)[0] == "x" * 17


def test_empty_text_draws_nothing() -> None:
    assert svg.text(0, 0, "  ") == ""
    assert svg.tooltip("") == ""
    assert svg.wrap("", 50, 10) == ()
    assert svg.path_data([]) == ""


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_coordinate_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        svg.element("rect", {"x": value})
    with pytest.raises(ValueError, match="finite"):
        svg.path_data([(0.0, 0.0), (value, 1.0)])


def test_rounding_of_steps_does_not_add_up() -> None:
    points = [(i * 0.04, 0.0) for i in range(1001)]
    steps = [float(n) for n in svg.path_data(points).split("l")[1].split()[::2]]
    assert sum(steps) == pytest.approx(40.0, abs=0.051)


@given(st.text(max_size=40))
def test_identifiers_are_safe_in_css_and_addresses(raw: str) -> None:
    cleaned = svg.safe_id(raw)
    assert cleaned[0].isascii()
    assert cleaned[0].isalpha()
    assert all(c.isascii() and (c.isalnum() or c in "-_") for c in cleaned)


def test_a_negative_width_counts_as_none() -> None:
    assert 'width="0"' in svg.rect(0, 0, -4, 5)


def test_a_picture_can_stand_alone() -> None:
    alone = svg.standing_alone(svg.document(sheet(), svg.text(1, 1, "Aktau")), "a>b{fill:red}")
    root = parsed(alone.partition("\n")[2])
    assert root[0].tag.endswith("style")
    assert root[0].text == "a>b{fill:red}"


def test_both_drawings_of_a_picture_are_there() -> None:
    pair = svg.responsive("<svg/>", "<svg />")
    assert pair.index("k-wide") < pair.index("<svg/>") < pair.index("k-narrow")
