from __future__ import annotations

import datetime as dt
from enum import StrEnum

import numpy as np
import pytest

from keruen.errors import UsageError
from keruen.i18n import MissingParameter, Translator, UnknownCode, languages, translator, unit_code
from keruen.units import UNITS


@pytest.fixture(params=languages())
def t(request: pytest.FixtureRequest) -> Translator:
    return translator(request.param)


EN, KK = translator("en"), translator("kk")


def test_english_and_kazakh_are_there() -> None:
    assert set(languages()) >= {"en", "kk"}


@pytest.mark.parametrize(
    ("asked", "better"), [("kz", "kk"), ("english", "en"), ("de", ""), ("", ""), ("../en", "")]
)
def test_an_unknown_language_is_wrong_usage(asked: str, better: str) -> None:
    with pytest.raises(UsageError) as refused:
        translator(asked)
    (problem,) = refused.value.problems
    assert problem.code == "unknown_language"
    assert problem.params["better"] == better


@pytest.mark.parametrize("code", ["", ".", "cli", "cli.nothing", "nothing.cli", "cli.problems"])
def test_an_unknown_code_raises(t: Translator, code: str) -> None:
    assert not t.has(code)
    with pytest.raises(UnknownCode):
        t(code)
    with pytest.raises(UnknownCode):
        t.plural(code, 1)


def test_a_message_without_its_parameter_raises(t: Translator) -> None:
    with pytest.raises(MissingParameter):
        t("cli.help.see")


def test_hostile_parameters_come_through_verbatim(t: Translator) -> None:
    hostile = "{command} %(x)s [red]\x1b[0m {0.__class__}"
    assert hostile in t("cli.help.see", command=hostile)


def test_parameters_are_written_by_what_they_are() -> None:
    class Kind(StrEnum):
        A = "a"

    def say(value: object) -> str:
        return KK("cli.option.lang", known=value).partition(": ")[2].removesuffix(".")

    assert say(2030) == "2030"
    assert say(np.int64(2030)) == "2030"
    assert say(1234.5) == "1\u00a0234,5"
    assert say(np.float64(0.25)) == "0,25"
    assert say(Kind.A) == "a"
    assert say(None) == "—"
    assert say(dt.date(2025, 9, 30)) == "2025\u202fж. 30 қыр."
    assert say(["Ақтау", "Құрық"]) == "Ақтау және Құрық"
    with pytest.raises(TypeError):
        say(object())


def test_plurals_follow_the_number() -> None:
    assert EN.plural("cli.check.rows", 1) == "1 row"
    assert EN.plural("cli.check.rows", 0) == "0 rows"
    assert EN.plural("cli.check.rows", 12345) == "12,345 rows"
    assert KK.plural("cli.check.rows", 12345) == "12\u00a0345 жол"


def test_numbers_are_written_as_the_language_does() -> None:
    assert EN.number(1234567.891) == "1,234,567.891"
    assert KK.number(1234567.891) == "1\u00a0234\u00a0567,891"
    assert EN.number(2.5, 2) == "2.50"
    assert EN.number(1234, 0) == "1,234"
    assert EN.number(-1e-9) == "0"
    assert EN.number(-0.004, 2) == "0.00"
    assert EN.number(10**20) == "100,000,000,000,000,000,000"


@pytest.mark.parametrize("absent", [None, float("nan")])
def test_absent_is_not_zero(t: Translator, absent: float | None) -> None:
    said = {t.number(absent), t.percent(absent), t.money(absent), t.unit(absent, "km")}
    assert said == {"—"}
    assert t.date(None) == "—"
    assert t.list([]) == "—"


def test_shares_are_percentages() -> None:
    assert EN.percent(0.853) == "85%"
    assert KK.percent(0.853, 1) == "85,3%"
    assert EN.percent(0.125, None) == "12.5%"


def test_money_says_its_currency() -> None:
    assert EN.money(7.4e9, short=True) == "$7.4B"
    assert KK.money(7.4e9, short=True) == "7,4\u00a0млрд\u00a0$"
    assert EN.money(1234567.4) == "$1,234,567"
    assert EN.money(12.5) == "$12.50"
    assert KK.money(1234567, "KZT") == "1\u00a0234\u00a0567\u00a0₸"


def test_dates_are_those_of_babel() -> None:
    day = dt.date(2025, 9, 30)
    assert EN.date(day) == "Sep 30, 2025"
    assert KK.date(day, "long") == "2025\u202fж. 30 қыркүйек"


def test_units_stand_behind_their_number() -> None:
    assert EN.unit(60, "pairs/day") == "60\u00a0pairs/day"
    assert KK.unit(1234.5, "t/year") == "1\u00a0234,5\u00a0т/жыл"
    assert EN.unit(1, "day") == "1\u00a0day"
    assert EN.unit(1.5, "day") == "1.5\u00a0days"
    assert EN.unit(5.25, "ratio") == "5.25\u00a0times"
    assert EN.unit(12.5, "%") == "12.5%"
    assert EN.unit(3, "1") == "3"


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_has_a_name_and_a_form(t: Translator, unit: str) -> None:
    assert t.unit_name(unit)
    assert t.number(7) in t.unit(7, unit)
    assert unit_code(unit).replace("_", "").isalnum()
