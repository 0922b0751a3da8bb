from __future__ import annotations

from datetime import date

import pytest

from keruen.model.settings import Settings, parse_settings
from keruen.schema import load_schema

TEXT = """\
format: 1
name: small
title: {en: Small, kk: Шағын}
languages: [en, kk]
base_year: 2024
base_date: 2024-07-01
first_year: 2024
last_year: 2030
currency: USD
price_year: 2024
seed: 7
"""


def told(text: str) -> list[tuple[str, str]]:
    settings, problems = parse_settings(text)
    assert (settings is None) == any(problem.is_error for problem in problems)
    assert all(problem.file == "study.yaml" for problem in problems)
    return [(problem.code, problem.column or "") for problem in problems]


def changed(key: str, value: str) -> str:
    kept = [line for line in TEXT.splitlines() if not line.startswith(f"{key}:")]
    return "\n".join([*kept, f"{key}: {value}"])


def test_settings_are_typed() -> None:
    settings, problems = parse_settings(TEXT)
    assert problems == []
    assert settings is not None
    assert settings.base_date == date(2024, 7, 1)
    assert settings.title == {"en": "Small", "kk": "Шағын"}
    assert settings.languages == ("en", "kk")
    assert list(settings.years) == list(range(2024, 2031))
    assert (settings.as_of, settings.licence, settings.description) == (None, "", {})


def test_the_time_axis_is_typed_too() -> None:
    axis = "{hours: 8784, first_weekday: monday, utc_offset_h: 5.5}"
    settings, problems = parse_settings(TEXT + f"time_axis: {axis}\nas_of: 2024-12-31\n")
    assert problems == []
    assert settings is not None
    assert settings.time_axis["utc_offset_h"] == 5.5
    assert settings.as_of == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("format", "2", "above_maximum"),
        ("format", "'1'", "not_an_integer"),
        ("name", "My Study", "bad_id"),
        ("name", "../up", "bad_id"),
        ("name", "con", "reserved_id"),
        ("name", "[a]", "not_a_text"),
        ("title", "3", "not_texts"),
        ("title", "{}", "not_texts"),
        ("title", "''", "not_texts"),
        ("title", "{de: Klein}", "not_texts"),
        ("title", '"\\e[2J"', "not_texts"),
        ("title", '"\\ud800"', "not_texts"),
        ("languages", "[en, fr]", "not_allowed"),
        ("languages", "[]", "not_allowed"),
        ("languages", "en", "not_allowed"),
        ("languages", "[[en]]", "not_allowed"),
        ("base_year", "2024.5", "not_an_integer"),
        ("base_year", "true", "not_an_integer"),
        ("base_year", "20244", "above_maximum"),
        ("base_date", "2024-7-1x", "not_a_date"),
        ("base_date", "01.07.2024", "not_a_date"),
        ("base_date", "2023-07-01", "base_date_elsewhere"),
        ("last_year", "2020", "years_reversed"),
        ("last_year", "2149", "horizon_too_long"),
        ("currency", "usd", "bad_currency"),
        ("seed", "-1", "below_minimum"),
        ("seed", "1e3", "not_an_integer"),
        ("seed", "0x" + "f" * 5000, "not_an_integer"),
        ("licence", "[x]", "not_a_text"),
        ("licence", "0x" + "f" * 5000, "not_a_text"),
        ("time_axis", "{days: 365}", "not_allowed"),
        ("time_axis", "{hours: 8000}", "not_allowed"),
        ("time_axis", "{hours: [8760]}", "not_allowed"),
        ("time_axis", "{first_weekday: Mon}", "not_allowed"),
        ("time_axis", "{utc_offset_h: 25}", "not_allowed"),
        ("time_axis", "{utc_offset_h: .nan}", "not_allowed"),
        ("time_axis", "8760", "not_allowed"),
    ],
)
def test_values_that_cannot_be(key: str, value: str, code: str) -> None:
    assert told(changed(key, value)) == [(code, key)]


def test_a_date_in_another_order_is_turned() -> None:
    _, problems = parse_settings(changed("base_date", "01.07.2024"))
    assert problems[0].params["better"] == "2024-07-01"


def test_everything_is_told_at_once() -> None:
    text = changed("seed", "x").replace("name:", "nmae:") + "\ncolour: red\n"
    assert told(text) == [
        ("unknown_key", "nmae"),
        ("unknown_key", "colour"),
        ("missing_key", "name"),
        ("not_an_integer", "seed"),
    ]
    _, problems = parse_settings(text)
    assert problems[0].params["better"] == "name"


def test_required_keys_are_missed() -> None:
    required = [key for key, column in load_schema().settings.items() if column.required]
    assert told("name:\n") == [("missing_key", key) for key in required]


def test_a_key_that_stands_twice() -> None:
    assert told(TEXT + "seed: 8\n") == [("repeated_key", "seed")]
    assert told(changed("title", "{en: a, en: b}")) == [("repeated_key", "en")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "yaml_not_a_mapping"),
        ("- a\n- b\n", "yaml_not_a_mapping"),
        ("just words\n", "yaml_not_a_mapping"),
        ("1: a\n", "yaml_not_a_mapping"),
        ("a: [1, 2\n", "bad_yaml"),
        ("a: b: c\n", "bad_yaml"),
        ("\tname: x\n", "bad_yaml"),
        ("a: !!python/object/apply:os.system [ls]\n", "bad_yaml"),
        ("a: !something b\n", "bad_yaml"),
        ("a: 2024-13-45\n", "bad_yaml"),
        ("a: 9" + "9" * 5000 + "\n", "bad_yaml"),
        ("a: 1\n---\nb: 2\n", "bad_yaml"),
        ("? [a]\n: 1\n", "bad_yaml"),
        ("a: \x07\n", "bad_yaml"),
    ],
)
def test_what_is_no_mapping_of_settings(text: str, code: str) -> None:
    assert [found for found, _ in told(text)] == [code]


def test_aliases_and_bombs_are_refused_before_anything_is_built() -> None:
    laughs = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in ("ab", "bc", "cd"))
    assert told(laughs) == [("yaml_alias", "")]
    assert told("a: &a 1\n<<: *a\n") == [("yaml_alias", "")]
    assert told("a: " + "[" * 100 + "]" * 100) == [("yaml_too_large", "")]
    assert told("a: [" + "1, " * 20_000 + "1]") == [("yaml_too_large", "")]
    assert told("a: " + "{b: " * 100 + "1" + "}" * 100) == [("yaml_too_large", "")]


def test_settings_are_frozen() -> None:
    settings, _ = parse_settings(TEXT)
    assert isinstance(settings, Settings)
    with pytest.raises(AttributeError):
        settings.seed = 8  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.title["en"] = "x"  # type: ignore[index]
