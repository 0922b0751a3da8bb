"""``keruen schema``: what tables and columns a study may have, for people and for other tools."""

from __future__ import annotations

import json as json_text
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.runner import Runner
from keruen.cli.screen import Cell, Screen
from keruen.cli.streams import write_line
from keruen.cli.usage import nearest, wrong_usage

FORMATS: Final = ("contract", "json-schema", "frictionless")


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("schema", cls=Command, help=t("cli.schema.help"))
    def schema(
        table: str | None = options.value("--table", "T", "cli.schema.table"),
        form: str | None = options.choice("--format", "FORMAT", "cli.schema.format", FORMATS),
        output: Any = options.output,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        def body() -> Answer:
            from keruen.schema.descriptors import contract_tables

            names = chosen_tables(table)
            result: dict[str, object] = contract_tables(names)
            document = None if form is None and output is None else described(form, names)
            if document is not None and output is not None:
                write(output, document)
                result["path"] = output
            elif form not in (None, "contract"):
                result["document"] = document
            return Answer(result, view=document)

        def show(screen: Screen, given: Answer) -> None:
            result = given.result or {}
            if "path" in result:
                screen.unbroken(t("cli.schema.written", path=str(result["path"])))
            elif given.view is not None:
                write_line(text(given.view))
            elif table is None:
                show_tables(screen, result["tables"])
            else:
                show_columns(screen, table, result["tables"])

        return runner.run(Asked("schema", json), body, show)


def chosen_tables(table: str | None) -> list[str]:
    """Names of the tables wanted.

    Raises
    ------
    UsageError
        ``unknown_table``, with the nearest.
    """
    from keruen.schema import load_schema

    known = list(load_schema().tables)
    if table is None:
        return known
    if table not in known:
        raise wrong_usage("unknown_table", value=table, better=nearest(table, known))
    return [table]


def described(form: str | None, names: Sequence[str]) -> object:
    """The schema in a format of other tools."""
    from keruen.schema import descriptors, load_schema

    if form == "json-schema":
        rows = {name: descriptors.row_json_schema(name) for name in names}
        return {"study": descriptors.settings_json_schema(), "tables": rows}
    if form == "frictionless":
        schema = load_schema()
        headers = {name: list(schema[name].columns) for name in names}
        return descriptors.data_package("keruen-study", "", "", headers)
    return descriptors.contract_tables(names)


def text(document: object) -> str:
    """A document as JSON that a person can read."""
    return json_text.dumps(document, ensure_ascii=False, indent=2)


def write(path: Path, document: object) -> None:
    """Write a document whole or not at all."""
    from keruen.study.store import write_text

    write_text(path, text(document) + "\n")


def show_tables(screen: Screen, tables: Any) -> None:
    """Print the tables with what they hold."""
    t = screen.t
    rows: list[list[Cell]] = [
        [name, str(len(table["columns"])), table["description"]] for name, table in tables.items()
    ]
    heads = [t(f"cli.schema.{head}") for head in ("name", "columns", "meaning")]
    screen.table(heads, rows, align="<><")
    screen.line(t("cli.schema.hint"), "dim")


def show_columns(screen: Screen, name: str, tables: Any) -> None:
    """Print the columns of a table."""
    t, table = screen.t, tables[name]
    screen.line(name, "bold")
    screen.entry(table["description"], indent=0)
    rows: list[list[Cell]] = []
    for column in table["columns"]:
        key = column["name"] in table["key"]
        needed = t("cli.schema.key") if key else t("cli.schema.yes") if column["required"] else ""
        values = ", ".join(column["values"])
        kind = column["references"] or column["type"]
        meaning = (column["description"], values) if values else column["description"]
        rows.append([column["name"], kind, column["unit"] or "", needed, meaning])
    heads = [t(f"cli.schema.{head}") for head in ("column", "type", "unit", "needed", "meaning")]
    screen.table(heads, rows, align="<<<<<")
