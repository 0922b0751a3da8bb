from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.i18n import MissingParameter, filled, parameters


def test_names_are_replaced_wherever_they_stand() -> None:
    assert filled("{a} and {b}, {a}", {"a": "1", "b": "2"}) == "1 and 2, 1"


def test_doubled_braces_are_braces() -> None:
    assert filled("{{a}} {a}", {"a": "x"}) == "{a} x"


@given(st.text())
def test_a_value_comes_through_verbatim(value: str) -> None:
    assert filled("<{value}>", {"value": value}) == f"<{value}>"


@pytest.mark.parametrize(
    "template", ["{a.b}", "{a[0]}", "{a!r}", "{a:>10}", "{0}", "{}", "{a", "a}", "{а}"]
)
def test_anything_but_a_name_between_braces_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="brace"):
        parameters(template)


def test_no_attribute_is_reached_through_a_field() -> None:
    assert filled("{a.__class__}", {"a": "x"}) == "{a.__class__}"


def test_a_missing_parameter_is_told() -> None:
    with pytest.raises(MissingParameter, match="'b'"):
        filled("{a} {b}", {"a": "1"})
