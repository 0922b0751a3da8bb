from __future__ import annotations

import pytest

from keruen.i18n import translator
from keruen.i18n.amounts import rounded
from keruen.report.page.amounts import Amounts, unit_of_measure

EN, KK = Amounts(translator("en")), Amounts(translator("kk"))


def spaced(text: str) -> str:
    """A number keeps its unit on one line by a space that does not break; here they are alike."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4_484_000.0, "t/year", "4.484 Mt/year"),
        (90_000.0, "t/year", "90,000 t/year"),
        (300_000.0, "TEU/year", "300,000 TEU/year"),
        (12.0, "pairs/day", "12 pairs/day"),
        (5.0, "ratio", "× 5"),
        (0.725, "share", "72.5%"),
        (543e9, "KZT", "KZT 543B"),
        (107.0, "TEU/train", "107 TEU/train"),
        (3.0, "furlongs", "3 furlongs"),
        (None, "t/year", "—"),
    ],
)
def test_stated_numbers_are_not_rounded(value: float | None, unit: str, text: str) -> None:
    assert spaced(EN.stated(value, unit)) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4_484_321.0, "t/year", "4.48 Mt/year"),
        (123_456.0, "TEU/year", "123,000 TEU/year"),
        (10.928639, "pairs/day", "10.9 pairs/day"),
        (10.8595, "ratio", "× 10.9"),
        (0.0, "t/year", "0 t/year"),
        (float("inf"), "t/year", "∞"),
        (None, "TEU/year", "—"),
    ],
)
def test_computed_numbers_have_three_figures(value: float | None, unit: str, text: str) -> None:
    assert spaced(EN.computed(value, unit)) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text", "bare"),
    [
        (0.0, 8_571_428.0, "t/year", "0–8.57 Mt/year", "0–8.57"),
        (320_000.0, 1_480_000.0, "t/year", "0.32–1.48 Mt/year", "0.32–1.48"),
        (2.0023, 18.667, "ratio", "× 2–18.7", "2–18.7"),
        (35.0, 35.0, "trains/day", "35 trains/day", "35"),
        (9.6, 35.0, "trains/day", "9.6–35 trains/day", "9.6–35"),
    ],
)
def test_a_range_is_read_in_one_scale(
    low: float, high: float, unit: str, text: str, bare: str
) -> None:
    assert spaced(EN.span(low, high, unit)) == text
    assert EN.bare_span(low, high, unit) == bare


def test_kazakh_writes_its_own_separators_and_units() -> None:
    assert spaced(KK.computed(4_484_321.0, "t/year")) == "4,48 млн т/жыл"
    assert spaced(KK.computed(123_456.0, "TEU/year")) == "123 000 TEU/жыл"
    assert KK.stated(0.725, "share") == "72,5%"


def test_rounding_keeps_the_sign_and_the_infinite() -> None:
    assert rounded(-1234.0) == -1230.0
    assert rounded(float("inf")) == float("inf")


@pytest.mark.parametrize(
    ("unit", "most", "words", "factor"),
    [
        ("1", 0.9, "%", 100.0),
        ("t/year", 2e6, "Mt/year", 1e-6),
        ("t/year", 2e5, "t/year", 1.0),
        ("trucks/year", 2e6, "trucks/year", 1.0),
    ],
)
def test_a_chart_of_a_measure_is_read_in_its_own_unit(
    unit: str, most: float, words: str, factor: float
) -> None:
    assert EN.scaled(unit, most) == (words, factor)
    assert (unit_of_measure(unit) == "share") == (unit == "1")
