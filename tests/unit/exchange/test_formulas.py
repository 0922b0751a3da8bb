from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.exchange.formulas import neutralised, restored
from support.exports import HOSTILE

SIGNS = "=+-@＝＋－＠"
texts = st.one_of(st.text(), st.text(alphabet=f"{SIGNS};\t\r\n' a1.\0,"))


def is_harmless(written: str) -> bool:
    """Whether no cell begins a formula, at whatever separator a spreadsheet cuts the text."""
    pieces = re.split(r"[;\t\r\n]", written)
    return not any(piece.lstrip(" ").startswith(tuple(SIGNS)) for piece in pieces)


@given(texts)
def test_every_text_is_restored(text: str) -> None:
    assert restored(neutralised(text)) == text


@given(texts)
def test_no_text_begins_a_formula(text: str) -> None:
    written = neutralised(text)
    assert is_harmless(written) or re.fullmatch(r"[+-][0-9.]+(e[+-]?[0-9]+)?", text, re.IGNORECASE)
    assert not written.startswith(("\t", "\r", "\n", "\0"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_harmless_and_restored(text: str) -> None:
    assert restored(neutralised(text)) == text
    assert is_harmless(neutralised(text)) or text == "-12.5"


@pytest.mark.parametrize("text", ["-5", "+1.5e-3", "-.5", "0", "Aktau", "a - b", "x=y", "", "'a'"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert neutralised(text) == text


@pytest.mark.parametrize("sign", "=+-@\t\r")
def test_an_apostrophe_is_put_in_front(sign: str) -> None:
    assert neutralised(f"{sign}x") == f"'{sign}x"
