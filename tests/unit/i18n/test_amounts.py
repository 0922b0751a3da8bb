from __future__ import annotations

import math

import pytest

from keruen.i18n import translator
from keruen.i18n.amounts import (
    figures,
    measured,
    measured_unit,
    millions,
    scientific,
    tenths,
    unit_told,
    whole,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (1.0, "1"),
        (2.5, "2.5"),
        (12.3456, "12.35"),
        (99999.9, "100,000"),
        (-0.00012349, "-0.0001235"),
        (0.10004, "0.1"),
        (4e-51, "0"),
        (-1e-28, "0"),
        (0.00000049, "0.0000005"),
        (math.inf, "∞"),
        (math.nan, "—"),
        (None, "—"),
    ],
)
def test_four_figures(value: float | None, written: str) -> None:
    assert figures(translator("en"), value) == written


def test_numbers_are_written_as_the_language_does() -> None:
    t = translator("kk")
    assert millions(t, 1_234_567.0) == "1,23"
    assert millions(t, None) == "—"
    assert tenths(t, 2.25) == "2,2"
    assert whole(t, 1234.4).replace("\u00a0", " ") == "1 234"


def test_shares_are_percentages_and_made_up_units_stand_as_they_are() -> None:
    t = translator("kk")
    assert (measured(t, 0.5, "1"), measured_unit(t, "1")) == ("50,0%", "")
    assert (measured(t, None, "1"), measured(t, 12.345, "t/year", 3)) == ("—", "12,3")
    assert [measured_unit(t, unit) for unit in ("USD/train", "trucks/year")] == [
        "доллар/пойыз",
        "жүк көлігі/жыл",
    ]
    assert unit_told(t, "camels/\x1b[2J") == "camels/\\x1b[2J"


def test_powers_of_ten_have_the_decimal_sign_of_the_language() -> None:
    assert [scientific(translator(one), 1.26e-7) for one in ("en", "kk")] == ["1.3e-07", "1,3e-07"]
    assert scientific(translator("kk"), 12345.0, 4) == "1,234e+04"
    assert scientific(translator("en"), 0.0) == "0"
