from __future__ import annotations

import math

import pytest

from keruen.cli.amounts import figures, millions, tenths, whole
from keruen.i18n import translator


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
