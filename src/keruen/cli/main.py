"""The entry point: build the commands in the language asked for, run one, leave with its status."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import typer

from keruen import __version__
from keruen.cli import (
    calibrate,
    capacity,
    check,
    compare,
    export,
    flows,
    forecast,
    new,
    rail,
    report,
    route,
    schema,
    streams,
    targets,
    verify,
    why,
)
from keruen.cli import run as run_command
from keruen.cli.glance import DEFAULT_LANGUAGE, Glance, asked_at
from keruen.cli.options import Options
from keruen.cli.outcome import outcome_of
from keruen.cli.pages import Group
from keruen.cli.runner import PROGRAM, Runner
from keruen.cli.studies import bundled_studies
from keruen.errors import ExitStatus, KeruenError
from keruen.i18n import Translator, translator

COMMANDS: Final = (
    new,
    check,
    schema,
    capacity,
    rail,
    flows,
    route,
    why,
    calibrate,
    forecast,
    targets,
    run_command,
    report,
    compare,
    verify,
    export,
)
"""Modules of the commands: each adds its own with ``register``."""

_COLLECT_AFTER: Final = (50_000, 20, 20)
"""New objects, and collections of the young and the middle-aged, between two searches for circles:
a run makes many objects and hardly a circle of them."""


class Root(Group):
    """The commands of the program, in the order in which a study is worked on."""

    panels = MappingProxyType(
        {
            "study": ("new", "check", "schema"),
            "answers": (
                *("capacity", "rail", "flows", "route", "why"),
                *("calibrate", "forecast", "targets"),
            ),
            "runs": ("run", "report", "compare", "verify", "export"),
        }
    )


def build_app(t: Translator, arguments: Sequence[str] = ()) -> typer.Typer:
    """Build the application with its help in one language.

    Parameters
    ----------
    t : Translator
        Language of help and answers.
    arguments : sequence of str
        Arguments of the command line, for the log of an internal error.
    """
    app = typer.Typer(
        cls=Root,
        name=PROGRAM,
        help=t("cli.app.help"),
        epilog=t("cli.app.epilog", studies=", ".join(bundled_studies()) or "—"),
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
    )
    options = Options(t)

    @app.callback()
    def root(
        context: typer.Context,
        version: bool = options.flag("--version", "cli.option.version"),
        lang: str | None = options.lang,
    ) -> None:
        if version:
            streams.write_line(f"{PROGRAM} {__version__}")
            raise typer.Exit(ExitStatus.OK)
        if context.invoked_subcommand is None:
            streams.write_line(context.get_help())

    runner = Runner(t, tuple(arguments))
    for command in COMMANDS:
        command.register(app, runner)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str
        The command line without the program's name.
    """
    arguments = tuple(arguments)
    glance = Glance.at(arguments)
    refusal = None
    try:
        t = translator(glance.language)
    except KeruenError as failure:
        t, refusal = translator(DEFAULT_LANGUAGE), outcome_of(failure, arguments)
    runner = Runner(t, arguments)
    command = typer.main.get_command(build_app(t, arguments))
    if refusal is not None:
        return runner.tell(asked_at(command, arguments), refusal)
    try:
        with command.make_context(PROGRAM, list(arguments), obj=t) as context:
            return int(command.invoke(context) or ExitStatus.OK)
    except typer.Exit as leave:
        return leave.exit_code
    except BrokenPipeError:
        streams.discard(sys.stdout)
        return ExitStatus.OK
    except (Exception, KeyboardInterrupt) as failure:
        return runner.tell(asked_at(command, arguments), outcome_of(failure, arguments))


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line of the process and leave with its exit status.

    Parameters
    ----------
    argv : sequence of str or None
        Arguments without the program's name; None takes those of the process.
    """
    gc.set_threshold(*_COLLECT_AFTER)
    streams.own_standard_output()
    status = run(sys.argv[1:] if argv is None else argv)
    streams.finish()
    sys.exit(int(status))
