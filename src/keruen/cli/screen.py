"""What a person sees: tables, problem lists and lines, always with markup off."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

from keruen.cli.columns import LEAST, text_widths
from keruen.errors import Problem, Severity
from keruen.i18n import Told, Translator, shown, told

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

PIPE_WIDTH: Final = 120
"""Columns of a line where no terminal says how many there are."""

WIDE: Final = 110
"""Columns from which tables are laid out for a wide terminal."""

PROBLEMS_SHOWN: Final = 50
"""Problems of one severity that are listed unless all are asked for."""


class Said(NamedTuple):
    """A line of a cell in a style of rich."""

    text: str
    style: str = ""


Line = str | Said
Cell = Line | tuple[Line, ...]


class Screen:
    """One output stream with the language it speaks.

    Parameters
    ----------
    t : Translator
        Language.
    stream : text stream or None
        Where to print; None is standard output.
    """

    def __init__(self, t: Translator, stream: TextIO | None = None) -> None:
        from rich.console import Console

        stream = sys.stdout if stream is None else stream
        terminal = stream is not None and stream.isatty()
        self.t = t
        self.console: Console = Console(
            file=stream,
            markup=False,
            emoji=False,
            highlight=False,
            width=None if terminal else shutil.get_terminal_size((PIPE_WIDTH, 24)).columns,
        )

    def line(self, text: str = "", style: str = "") -> None:
        """Print a line of our own words; foreign strings in it went through ``shown``."""
        self.console.print(text, style=style or None)

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, align: str = "<"
    ) -> None:
        """Print a table; cells are made safe here.

        Parameters
        ----------
        heads : sequence of str
            Head of each column.
        rows : iterable of sequence of cells
            Cells, as many as heads; a cell of several lines is a tuple of them.
        align : str
            ``<`` for each column that holds text and may be wrapped, ``=`` for text that may not,
            ``>`` for numbers, which are set right; numbers where it ends.
        """
        from rich import box
        from rich.table import Table
        from rich.text import Text

        sides = align.ljust(len(heads), ">")
        titles = [Text(shown(head)) for head in heads]
        cells = [[_cell_text(cell) for cell in row] for row in rows]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        widths, is_tight = _widths(self.console.width, sides, [titles, *cells])
        for at, width in enumerate(widths):
            table.add_column(
                titles[at],
                justify="right" if sides[at] == ">" else "left",
                overflow="fold",
                no_wrap=sides[at] != "<" and width is None and not is_tight,
                width=width,
            )
        for row_cells in cells:
            table.add_row(*row_cells)
        self.console.print(table)

    def heading(self, text: str, note: str = "") -> None:
        """Print a heading, after an empty line, with a note in a quieter voice behind it."""
        from rich.text import Text

        said = (shown(text), "bold"), (f"  {shown(note)}" if note else "", "dim")
        self.console.print()
        self.console.print(Text.assemble(*said))

    def entry(self, text: str, lead: str = "", indent: int = 2) -> None:
        """Print a text behind a lead in bold, wrapped below itself; both are made safe here."""
        self._indented(shown(text, None), f"{shown(lead)} " if lead else "", indent, hang=2)

    def unbroken(self, text: str, indent: int = 0) -> None:
        """Print a line, made safe here, that is never wrapped: a path in it can be copied."""
        self.console.print(" " * indent + shown(text, None), soft_wrap=True)

    @property
    def is_wide(self) -> bool:
        """Whether a line holds more than the usual eighty columns by far."""
        return self.console.width >= WIDE

    def problems(self, problems: Sequence[Problem], *, most: int | None = PROBLEMS_SHOWN) -> None:
        """Print problems, errors before warnings, by file.

        Parameters
        ----------
        problems : sequence of Problem
            In any order.
        most : int or None
            How many of one severity are listed; the rest is counted.
        """
        for severity in Severity:
            chosen = [problem for problem in problems if problem.severity is severity]
            if chosen:
                self._problems_of(severity, chosen, most)

    def failure(self, problems: Sequence[Problem]) -> None:
        """Print why a command did not do its work: one line a problem when none has a place."""
        if any(problem.place for problem in problems):
            self.problems(problems)
            return
        for problem in problems:
            said = told(problem, self.t)
            self._indented(said.rule, self.t(f"word.severity.{said.severity.value}") + ": ", 0)
            self._indented(said.mend, "", 2)

    def _problems_of(self, severity: Severity, problems: list[Problem], most: int | None) -> None:
        ordered = sorted(problems, key=_order)[:most]
        colour = "red" if severity is Severity.ERROR else "yellow"
        self.line(self.t.plural(f"cli.problems.{severity.value}", len(problems)), f"bold {colour}")
        for file, group in groupby(ordered, key=lambda problem: problem.file):
            if file is not None:
                self.line(f"  {shown(file)}", "bold")
            mend = ""
            for said in (told(problem, self.t) for problem in group):
                self._indented(said.rule, self._place(said), 4)
                # The same advice in row after row is said once.
                if said.mend != mend:
                    self._indented(said.mend, "", 6)
                mend = said.mend
        left = len(problems) - len(ordered)
        if left:
            self.line("  " + self.t.plural("cli.problems.more", left), "dim")

    def _place(self, said: Told) -> str:
        place = [
            self.t("cli.problems.row", row=said.row) if said.row is not None else "",
            shown(said.column) if said.column is not None else "",
        ]
        where = ", ".join(part for part in place if part)
        return f"{where}: " if where else ""

    def _indented(self, text: str, lead: str, indent: int, *, hang: int = 0) -> None:
        """Print a text wrapped at an indent; lines after the first hang further in."""
        from rich.text import Text

        whole = Text.assemble((lead, "bold"), text)
        for line in whole.wrap(self.console, max(self.console.width - indent - hang, 20)):
            line.rstrip()
            self.console.print(Text(" " * indent).append_text(line), soft_wrap=True)
            indent, hang = indent + hang, 0


def _cell_text(cell: Cell) -> Text:
    from rich.text import Text

    lines = cell if isinstance(cell, tuple) and not isinstance(cell, Said) else (cell,)
    said = [line if isinstance(line, Said) else Said(line) for line in lines]
    return Text("\n").join(Text(shown(line.text), line.style) for line in said)


def _widths(room: int, sides: str, rows: Sequence[Sequence[Text]]) -> tuple[list[int | None], bool]:
    """Widths of columns, None where they need not be told, and whether numbers are long.

    Where words of text have no room the heads of numbers are wrapped. Numbers that leave text
    hardly any room are wrapped too, so that no column vanishes.
    """
    columns = list(zip(*rows, strict=True))
    wished = [max(map(_longest_line, cells)) for cells in columns]
    loose = [at for at, side in enumerate(sides) if side == "<"]
    # The frame, and between columns its rule with a space on either side.
    left = room - 2 - 3 * (len(sides) - 1) - sum(wished) + sum(wished[at] for at in loose)
    words = [max(map(_longest_word, columns[at])) for at in loose]
    widths: list[int | None] = [None] * len(sides)
    spare = {
        at: wished[at] - max(_longest_word(head), *map(_longest_line, cells), 0)
        for at, (head, *cells) in enumerate(columns)
        if sides[at] == ">"
    }
    for at in sorted(spare, key=lambda at: -spare[at]):
        given = min(spare[at], max(sum(words) - left, 0))
        if given > 0:
            widths[at], left = wished[at] - given, left + given
    found = text_widths(left, [wished[at] for at in loose], words)
    told = [min(word, LEAST) for word in words] if found is None else found
    for at, width in zip(loose, told, strict=True):
        widths[at] = width
    return widths, found is None


def _longest_line(cell: Text) -> int:
    return max(line.cell_len for line in cell.split(allow_blank=True))


def _longest_word(cell: Text) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, cell.plain.split()), default=0)


def _order(problem: Problem) -> tuple[str, int, str]:
    return problem.file or "", problem.row or 0, problem.column or ""
