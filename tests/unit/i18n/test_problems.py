from __future__ import annotations

import pytest

from keruen.errors import Problem, Severity
from keruen.i18n import languages, told, translator

EN = translator("en")


def problem(code: str, **params: object) -> Problem:
    return Problem(Severity.ERROR, code, "nodes.csv", 3, "kind", params)


def test_place_and_severity_are_kept() -> None:
    said = told(problem("missing_value"), EN)
    assert (said.severity, said.file, said.row, said.column) == (
        Severity.ERROR,
        "nodes.csv",
        3,
        "kind",
    )


def test_a_near_miss_is_suggested() -> None:
    far = told(problem("unknown_column", value="x", better=""), EN)
    near = told(problem("unknown_column", value="lenght", better="length_km"), EN)
    assert "length_km" in near.mend
    assert far.mend != near.mend
    assert "“x”" in far.rule


@pytest.mark.parametrize("language", languages())
def test_hostile_values_are_shown_harmless(language: str) -> None:
    said = told(problem("not_a_number", value="\x1b[2J\u202e{value}"), translator(language))
    assert "\\x1b[2J\\u202e{value}" in said.rule


def test_numbers_stand_as_in_a_file_and_carry_their_unit() -> None:
    said = told(problem("below_minimum", value=-1234.5, limit=0.01, unit="km"), translator("kk"))
    assert "-1234.5" in said.rule
    assert "0.01\u00a0км" in said.rule
    bare = told(problem("below_minimum", value=1.0, limit=2.0, unit="1"), EN)
    assert bare.rule == "1 is impossible: the least is 2."


def test_one_space_stands_before_a_unit() -> None:
    named = told(problem("measure_needs_factor", unit="t/year"), EN)
    assert named.rule.startswith("The measure is in\u00a0t/year, ")
    made_up = told(problem("measure_needs_factor", unit="camels/year"), EN)
    assert made_up.rule.startswith("The measure is in camels/year, ")


def test_parameters_of_the_problem_win_over_its_place() -> None:
    said = told(problem("row_exists", row="berth_1", table="handling"), EN)
    assert "berth_1" in said.rule
