from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.i18n import shown


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("a\u2028b", "a\\u2028b"),
        ("\udc80", "\\udc80"),
        ("\U000e0041", "\\U000e0041"),
        ("\x00", "\\x00"),
    ],
)
def test_what_commands_a_terminal_is_written_out(hostile: str, harmless: str) -> None:
    assert shown(hostile) == harmless


@pytest.mark.parametrize(
    "text",
    ["Достық", "Құрық", "多斯特克", "1\u00a0234", "1\u202f234", "[red]x[/red]", "می\u200cخواهم"],
)
def test_ordinary_text_stays(text: str) -> None:
    assert shown(text) == text


@given(st.text(st.characters()))
def test_nothing_invisible_is_left(text: str) -> None:
    left = {unicodedata.category(character) for character in shown(text, None)}
    joiners = {"\u200c", "\u200d"} & set(text)
    assert not left & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert "Cf" not in left or joiners


def test_a_long_text_is_cut() -> None:
    assert shown("a" * 1000, 10) == "a" * 9 + "…"
    assert len(shown("a" * 10**6)) == 200
    assert len(shown("a" * 1000, None)) == 1000
