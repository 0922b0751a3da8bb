"""``keruen compare``: what differs between two runs or two studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.runner import Runner
from keruen.cli.screen import Cell, Said, Screen
from keruen.cli.studies import find_study, study_name
from keruen.errors import ExitStatus

if TYPE_CHECKING:
    from keruen.study.compare import TableDifference

MOST_SHOWN: Final = 30
"""Differences of one table that are listed unless all are asked for."""


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("compare", cls=Command, help=t("cli.compare.help"))
    def compare(
        a: str = options.argument("A", "cli.argument.a"),
        b: str = options.argument("B", "cli.argument.b"),
        every: bool = options.flag("--all", "cli.compare.all"),
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        names = {study_name(a), study_name(b)}
        asked = Asked("compare", json, names.pop() if len(names) == 1 else None)

        def body() -> Answer:
            paths = find_study(a), find_study(b)
            from keruen.study.compare import compare_paths

            return answer(compare_paths(*paths))

        def show(screen: Screen, given: Answer) -> None:
            show_tables(screen, given.view, None if every else MOST_SHOWN)

        return runner.run(asked, body, show)


def answer(tables: Mapping[str, TableDifference]) -> Answer:
    """Shape the answer of the command: findings where anything differs."""
    result = {"tables": {name: difference(table) for name, table in tables.items()}}
    same = all(table.same for table in tables.values())
    status = ExitStatus.OK if same else ExitStatus.FINDINGS
    return Answer(result, status=status, view=dict(tables))


def difference(table: TableDifference) -> dict[str, object]:
    """One entry of ``tables``."""
    return {
        "only_a": table.only_a,
        "only_b": table.only_b,
        "changed": [cell._asdict() for cell in table.changed],
    }


def show_tables(screen: Screen, tables: Mapping[str, TableDifference], most: int | None) -> None:
    """Print what differs, table by table."""
    t = screen.t
    differing = {name: table for name, table in tables.items() if not table.same}
    if not differing:
        screen.line(t("cli.compare.same"), "bold green")
        return
    for name, table in differing.items():
        screen.heading(name)
        for rows, side in ((table.only_a, "only_a"), (table.only_b, "only_b")):
            if rows:
                said = shorten(
                    rows, most, t.plural("cli.compare.more", max(0, len(rows) - (most or 0)))
                )
                screen.entry(said, t.plural(f"cli.compare.{side}", len(rows)))
        if table.changed:
            show_cells(screen, [(c.row, c.column, c.a, c.b) for c in table.changed], most)
    cells = sum(len(table.changed) for table in differing.values())
    lone = sum(len(table.only_a) + len(table.only_b) for table in differing.values())
    screen.line(
        t(
            "cli.compare.differs",
            tables=t.plural("cli.compare.tables", len(differing)),
            rows=t.plural("cli.compare.rows", lone),
            cells=t.plural("cli.compare.cells", cells),
        ),
        "bold",
    )


def shorten(rows: Sequence[str], most: int | None, rest: str) -> str:
    """Join the first rows, and say how many are left out."""
    shown = list(rows[:most])
    return ", ".join([*shown, rest] if len(shown) < len(rows) else shown)


def show_cells(
    screen: Screen, cells: Sequence[tuple[str | None, str | None, object, object]], most: int | None
) -> None:
    """Print cells with their two values."""
    t = screen.t
    rows: list[list[Cell]] = [
        [row or "", column or "", Said(text(a), "red"), Said(text(b), "green")]
        for row, column, a, b in cells[:most]
    ]
    heads = [t(f"cli.compare.{head}") for head in ("row", "column")]
    screen.table([*heads, "A", "B"], rows, align="<<<<")
    left = len(cells) - len(rows)
    if left:
        screen.line("  " + t.plural("cli.compare.more", left), "dim")


def text(value: object) -> str:
    """A cell as text; absent as a dash, numbers as short as they can be told apart."""
    if value is None:
        return "—"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
