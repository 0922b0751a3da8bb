from __future__ import annotations

import datetime as dt

import pytest

from keruen.cli.options import (
    one_moment,
    parse_as_of,
    parse_date,
    parse_seed,
    parse_tonnes,
    parse_year,
)
from keruen.errors import UsageError


def code_of(refused: pytest.ExceptionInfo[UsageError]) -> str:
    (problem,) = refused.value.problems
    return problem.code


def test_what_is_right_is_read() -> None:
    assert parse_year("2030") == 2030
    assert parse_seed("0") == 0
    assert parse_seed(str(2**63 - 1)) == 2**63 - 1
    assert parse_date("2024-02-29") == dt.date(2024, 2, 29)
    one_moment(2030, None)
    one_moment(None, dt.date(2030, 1, 1))


@pytest.mark.parametrize("text", ["", "30", "20300", "1899", "2201", "2030.0", "-203", "２０３０"])
def test_a_year_has_four_digits_and_is_near(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_year(text)
    assert code_of(refused) == "bad_year"


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", str(2**63), "9" * 400])
def test_a_seed_is_a_whole_number_of_63_bits(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_seed(text)
    assert code_of(refused) == "bad_seed"


@pytest.mark.parametrize(
    "text", ["", "2025-02-29", "20250710", "10.07.2025", "2025-7-1", "2025-W01"]
)
def test_a_day_is_one_of_the_calendar(text: str) -> None:
    for parse, option in ((parse_date, "--date"), (parse_as_of, "--as-of")):
        with pytest.raises(UsageError) as refused:
            parse(text)
        assert code_of(refused) == "bad_date"
        assert refused.value.problems[0].params["option"] == option


@pytest.mark.parametrize("text", ["", "0", "-5", "x", "nan", "inf", "1e999", "1,5"])
def test_a_volume_is_a_number_above_nought(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_tonnes(text)
    assert code_of(refused) == "bad_volume"
    assert parse_tonnes("4.5e6") == 4_500_000.0


def test_two_moments_are_refused() -> None:
    with pytest.raises(UsageError) as refused:
        one_moment(2030, dt.date(2030, 1, 1))
    assert code_of(refused) == "year_and_date"
