"""``keruen verify``: whether a run is untouched, and whether it can be made again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.compare import MOST_SHOWN, show_cells
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.progress import progress
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import find_run, run_study
from keruen.cli.targets import completed
from keruen.errors import ExitStatus, Problem, Severity

if TYPE_CHECKING:
    from keruen.study.verify import Verification

Difference = dict[str, object]


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("verify", cls=Command, help=t("cli.verify.help"))
    def verify(
        run: str = options.run,
        rerun: bool = options.flag("--rerun", "cli.verify.rerun"),
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("verify", json, run_study(run))

        def body() -> Answer:
            folder = find_run(run)
            from keruen.study.verify import verify_run

            with progress(t) as advance:
                found = verify_run(folder, again=rerun, progress=advance)
            return answer(found, completed(asked, found.study, found.request))

        def show(screen: Screen, given: Answer) -> None:
            show_differences(screen, given, rerun=rerun)

        return runner.run(asked, body, show)


def answer(found: Verification, asked: Asked) -> Answer:
    """Shape the answer of the command: findings where anything differs."""
    differences = list(of_files(found))
    cells = list(of_tables(found))
    problems = []
    if differences:
        problems.append(Problem(Severity.ERROR, "run_changed", params={"n": len(differences)}))
    if cells:
        problems.append(Problem(Severity.ERROR, "run_not_repeated", params={"n": len(cells)}))
    if not found.same_code:
        problems.append(Problem(Severity.WARNING, "run_of_other_code"))
    return Answer(
        {"same": found.same, "differences": differences + cells},
        problems,
        ExitStatus.OK if found.same else ExitStatus.FINDINGS,
        asked,
    )


def of_files(found: Verification) -> Iterator[Difference]:
    """Differences of whole files: hash of the manifest, hash found."""
    for file in found.files:
        yield {
            "table": file.name,
            "row": None,
            "column": "sha256",
            "a": file.expected,
            "b": file.found or None,
        }


def of_tables(found: Verification) -> Iterator[Difference]:
    """Differences of results: the one kept, the one made again; a whole row has no column."""
    for name, table in (found.tables or {}).items():
        for row in table.only_a:
            yield {"table": name, "row": row, "column": None, "a": row, "b": None}
        for row in table.only_b:
            yield {"table": name, "row": row, "column": None, "a": None, "b": row}
        for cell in table.changed:
            yield {"table": name, **cell._asdict()}


def show_differences(screen: Screen, given: Answer, *, rerun: bool) -> None:
    """Print what differs, or that nothing does."""
    t, result = screen.t, given.result or {}
    if result["same"]:
        screen.line(t("cli.verify.repeated" if rerun else "cli.verify.untouched"), "bold green")
        return
    differences = result["differences"]
    for table in dict.fromkeys(d["table"] for d in differences):
        own = [d for d in differences if d["table"] == table]
        screen.heading(str(table))
        show_cells(screen, [(d["row"], d["column"], d["a"], d["b"]) for d in own], MOST_SHOWN)
