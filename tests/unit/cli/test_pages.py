from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
import typer

from keruen.cli.options import Options
from keruen.cli.pages import Command, Group
from keruen.errors import UsageError
from keruen.i18n import Translator, languages, translator


def app(t: Translator) -> Group:
    options = Options(t)
    made = typer.Typer(cls=Group, help=t("cli.app.help"), add_completion=False)

    @made.callback()
    def root() -> None:
        pass

    @made.command("work", cls=Command, help=t("cli.check.help"))
    def work(
        *,
        study: str = options.study,
        other: str | None = options.argument("OTHER", "cli.argument.study", required=False),
        json: bool = options.json,
        output: str | None = options.output,
        seed: int | None = options.seed,
        scenario: str | None = options.scenario,
        year: int | None = options.year,
        date: str | None = options.date,
        as_of: str | None = options.as_of,
    ) -> tuple[object, ...]:
        return study, other, json, output, seed, scenario, year, date, as_of

    command = typer.main.get_command(made)
    assert isinstance(command, Group)
    return command


def page(language: str, *words: str) -> str:
    t = translator(language)
    context = app(t).make_context("keruen", list(words), obj=t)
    command: Any = context.command
    for word in words:
        command = command.commands[word]
        context = command.context_class(command, info_name=word, parent=context, obj=t)
    return str(command.get_help(context))


@pytest.mark.parametrize("language", languages())
def test_a_page_holds_every_option_with_its_words(language: str) -> None:
    t = translator(language)
    text = " ".join(page(language, "work").split())
    assert f"{t('cli.help.usage')} keruen work {t('cli.help.options_piece')} STUDY [OTHER]" in text
    for name, code in (
        ("--json", "json"),
        ("-o, --output PATH", "output"),
        ("--seed N", "seed"),
        ("--scenario ID", "scenario"),
        ("--year YYYY", "year"),
        ("--date YYYY-MM-DD", "date"),
        ("--as-of YYYY-MM-DD", "as_of"),
    ):
        assert f"{name} {t('cli.option.' + code)}" in text
    assert f"--help {t('cli.help.show')}" in text


def test_a_group_lists_its_commands_by_their_first_line() -> None:
    text = page("en")
    assert "Commands:\n  work  Check a study:" in text
    assert "Leaves with status 1" not in text


def test_values_are_parsed_and_what_is_left_over_refused() -> None:
    t = translator("en")
    command = app(t)
    line = ["work", "a", "--year", "2030", "--seed", "7", "--json"]
    with command.make_context("keruen", line, obj=t) as context:
        assert command.invoke(context) == ("a", None, True, None, 7, None, 2030, None, None)
    with (
        pytest.raises(UsageError) as refused,
        command.make_context("keruen", ["work", "a", "b", "c"], obj=t) as context,
    ):
        command.invoke(context)
    assert refused.value.problems[0].params == {"value": "c"}


def test_an_unknown_command_lists_those_there_are() -> None:
    t = translator("en")
    command = app(t)
    with (
        pytest.raises(UsageError) as refused,
        command.make_context("keruen", ["wrok"], obj=t) as context,
    ):
        command.invoke(context)
    assert refused.value.problems[0].params == {"value": "wrok", "better": "work", "known": "work"}


def test_a_group_lists_its_commands_below_the_headings_of_their_panels() -> None:
    class Panelled(Group):
        panels = MappingProxyType({"runs": ("second", "absent"), "study": ("first",)})

    t = translator("en")
    made = typer.Typer(cls=Panelled, add_completion=False)

    @made.callback()
    def root() -> None:
        pass

    for name in ("third", "first", "second"):
        made.command(name, cls=Command, help=f"Does the {name} thing.")(lambda: None)
    command = typer.main.get_command(made)
    text = str(command.get_help(command.make_context("x", ["third"], obj=t)))
    lines = [line.strip() for line in text.splitlines()]
    assert lines[lines.index("Runs:") :] == [
        "Runs:",
        "second  Does the second thing.",
        "",
        "Studies:",
        "first   Does the first thing.",
        "",
        "Commands:",
        "third   Does the third thing.",
    ]
