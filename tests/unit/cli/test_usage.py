from __future__ import annotations

import pytest
import typer

from keruen.cli.usage import chosen, nearest, parameter_name, usage_problem, wrong_usage
from keruen.errors import Problem, UsageError


def refusal(*arguments: str) -> Problem:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)

    @app.command()
    def work(
        place: str = typer.Argument(..., metavar="PLACE"),
        number: int = typer.Option(1, "-n", "--number"),
        quick: bool = typer.Option(False, "--quick"),
    ) -> None:
        raise AssertionError((place, number, quick))

    with pytest.raises(typer.TyperException) as refused:
        typer.main.get_command(app).make_context("work", list(arguments))
    return usage_problem(refused.value)


@pytest.mark.parametrize(
    ("arguments", "code", "params"),
    [
        ((), "missing_argument", {"name": "PLACE"}),
        (("a", "--nubmer", "2"), "unknown_option", {"option": "--nubmer", "better": "--number"}),
        (("a", "-z"), "unknown_option", {"option": "-z", "better": ""}),
        (("a", "--number"), "option_needs_value", {"option": "--number"}),
        (("a", "-n"), "option_needs_value", {"option": "-n"}),
        (("a", "--quick=1"), "option_takes_no_value", {"option": "--quick"}),
    ],
)
def test_refusals_of_typer_have_codes(
    arguments: tuple[str, ...], code: str, params: dict[str, str]
) -> None:
    problem = refusal(*arguments)
    assert (problem.code, problem.params) == (code, params)


def test_a_bad_value_names_its_option() -> None:
    problem = refusal("a", "--number", "x")
    assert problem.code == "bad_value"
    assert problem.params["name"] == "--number"
    assert problem.params["reason"]


def test_what_has_no_code_of_its_own_keeps_its_reason() -> None:
    problem = refusal("a", "b")
    assert problem.code == "wrong_usage"
    assert "b" in str(problem.params["reason"])


def test_a_choice_outside_those_there_are_is_refused_with_the_nearest() -> None:
    assert chosen("--to", "csv", ("csv", "xlsx")) == "csv"
    with pytest.raises(UsageError) as refused:
        chosen("--to", "xls", ("csv", "xlsx"))
    assert refused.value.problems[0].params == {
        "option": "--to",
        "value": "xls",
        "allowed": "csv, xlsx",
        "better": "xlsx",
    }


def test_our_own_refusals() -> None:
    failure = wrong_usage("bad_seed", value="x", maximum=9)
    assert isinstance(failure, UsageError)
    assert failure.problems[0].params == {"value": "x", "maximum": 9}
    assert nearest("cmopare", ["compare", "check"]) == "compare"
    assert nearest("zzz", ["compare", "check"]) == ""
    assert nearest("x", []) == ""
    assert parameter_name(object()) == ""
