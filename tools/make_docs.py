"""Write the generated pages of ``docs/reference`` again, or tell whether they are up to date.

Usage::

    python tools/make_docs.py            # write what has changed
    python tools/make_docs.py --check    # write nothing; exit 1 when a page is not up to date

Two pages are generated: ``schema.md``, whole, from the declarations of the schema, and in
``cli.md`` what stands between the markers, from the ``--help`` of every command.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from keruen.schema import Column, Schema, Table, load_schema

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
BEGIN = "<!-- begin generated: make docs -->"
END = "<!-- end generated -->"
WIDTH = 96


def number(value: float | None) -> str:
    """Write a bound without needless digits.

    >>> number(40000.0), number(0.5), number(None)
    ('40000', '0.5', '')
    """
    if value is None:
        return ""
    return f"{value:.15g}" if abs(value) < 1e15 else f"{value:.4g}"


def span(low: float | None, high: float | None) -> str:
    """Write a range; an open end stays empty.

    >>> span(0.0, 60.0), span(1.0, None), span(1.0, 1.0), span(None, None)
    ('0 … 60', '1 …', '1', '')
    """
    if low is not None and low == high:
        return number(low)
    return f"{number(low)} … {number(high)}".strip() if (low, high) != (None, None) else ""


def cell(text: str) -> str:
    """Escape what would end a cell of a Markdown table."""
    return text.replace("|", "\\|")


def kind_of(column: Column) -> str:
    """Say how a column is read: its type with what it may hold."""
    if column.values:
        return f"{column.type}: " + ", ".join(f"`{value}`" for value in column.values)
    if column.referenced_table:
        return f"[{column.referenced_table}](#{column.referenced_table})"
    if column.table_column:
        return f"{column.type}, by `{column.table_column}`"
    return str(column.type)


def remarks(column: Column) -> str:
    """Join the description with what happens to an empty cell."""
    parts = [column.description]
    if column.default:
        parts.append(f"Empty: `{column.default}`.")
    if column.inherits:
        parts.append(f"Inherited by way of `{column.inherits}`.")
    return cell(" ".join(parts))


def rows_of(columns: Iterable[Column], key: tuple[str, ...]) -> Iterator[str]:
    """Write one line of a Markdown table for each column."""
    yield "| column | type | unit | needed | possible | usual | meaning |"
    yield "|---|---|---|---|---|---|---|"
    for column in columns:
        needed = "key" if column.name in key else "yes" if column.required else ""
        yield " | ".join(
            (
                f"| `{column.name}`",
                kind_of(column),
                column.unit,
                needed,
                span(column.minimum, column.maximum),
                span(column.usual_minimum, column.usual_maximum),
                f"{remarks(column)} |",
            )
        )


def table_of(table: Table) -> Iterator[str]:
    """Write the section of one table."""
    yield f"### {table.name}"
    yield ""
    yield f"{table.description} File `{table.file}`, key `{', '.join(table.key)}`."
    yield ""
    yield from rows_of(table.columns.values(), table.key)
    yield ""


def schema_page(schema: Schema) -> str:
    """Write the page of the schema."""
    lines = [
        "# Tables of a study",
        "",
        "<!-- This page is made by `make docs` from src/keruen/schema; edit the declarations. -->",
        "",
        "A study is a folder with `study.yaml` and the tables below as CSV files in UTF-8. A table",
        "that a study does not need may be missing. *Possible* bounds are errors, *usual* bounds",
        "warnings; a column without a bound has none.",
        "",
        "## study.yaml",
        "",
        *rows_of(schema.settings.values(), ()),
        "",
    ]
    groups = dict.fromkeys(table.group for table in schema.tables.values())
    for group in groups:
        members = [table for table in schema.tables.values() if table.group == group]
        lines += [f"## {group.capitalize()}", ""]
        for table in members:
            lines += table_of(table)
    return "\n".join(lines).rstrip() + "\n"


def help_of(*words: str) -> str:
    """Run ``keruen WORDS --help`` the way a reader would, with a fixed width and no colour."""
    environment = {**os.environ, "COLUMNS": str(WIDTH), "NO_COLOR": "1", "TERM": "dumb"}
    environment = {name: value for name, value in environment.items() if name != "FORCE_COLOR"}
    answer = subprocess.run(
        [sys.executable, "-m", "keruen", *words, "--help"],
        env={**environment, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if answer.returncode != 0:
        raise SystemExit(f"keruen {' '.join(words)} --help failed:\n{answer.stderr}")
    return "\n".join(line.rstrip() for line in answer.stdout.strip("\n").splitlines())


def commands() -> Iterator[tuple[str, ...]]:
    """Yield every command, a group before its members, in the order of ``--help``."""
    from typer.main import get_command

    from keruen.cli.main import build_app
    from keruen.i18n import translator

    def below(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield words
        members: dict[str, object] = getattr(command, "commands", {})
        for name, member in members.items():
            if not getattr(member, "hidden", False):
                yield from below(member, (*words, name))

    yield from below(get_command(build_app(translator("en"))), ())


def cli_block() -> str:
    """Write the help of every command as a section with a code block."""
    parts = []
    for words in commands():
        title = " ".join(("keruen", *words))
        parts.append(f"## {title}\n\n```text\n{help_of(*words)}\n```\n")
    return "\n".join(parts)


def pasted(page: str, block: str) -> str:
    r"""Replace what stands between the markers of a page.

    >>> pasted(f"a {BEGIN} old {END} b", "new") == f"a {BEGIN}\n\nnew\n{END} b"
    True
    """
    pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    if not pattern.search(page):
        raise SystemExit(f"the markers {BEGIN} and {END} are missing from the page")
    return pattern.sub(lambda _: f"{BEGIN}\n\n{block}\n{END}", page)


def cli_page() -> str:
    """Paste the help of every command into the page of the command line."""
    page = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    return pasted(page, cli_block())


PAGES: dict[str, Callable[[], str]] = {
    "schema.md": lambda: schema_page(load_schema()),
    "cli.md": cli_page,
}


def stale_pages() -> dict[Path, str]:
    """Find the pages whose text is not what would be generated, with the text they should have."""
    wanted = {REFERENCE / name: make() for name, make in PAGES.items()}
    return {
        path: text
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    }


def main() -> int:
    """Run the tool."""
    parser = argparse.ArgumentParser(description="Make the generated pages of docs/reference.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when stale")
    options = parser.parse_args()
    stale = stale_pages()
    for path, text in stale.items():
        if options.check:
            print(f"{path.name} is not up to date: run make docs", file=sys.stderr)
            continue
        waiting = path.with_suffix(".tmp")
        waiting.write_text(text, encoding="utf-8", newline="\n")
        waiting.replace(path)
        print(f"{path.name}: written", file=sys.stderr)
    if not stale:
        print("The generated pages are up to date.", file=sys.stderr)
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
