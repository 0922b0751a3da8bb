"""What every part of a page is written with: the run, a language, names, amounts, footnotes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from keruen.i18n import Translator
from keruen.report.page.amounts import Amounts
from keruen.report.page.matter import Matter
from keruen.report.page.names import Names


class Note(NamedTuple):
    """A footnote: the number of a source in the list at the end, and its title."""

    number: int
    title: str


class Notes:
    """Numbers of the sources of a study, in the order of its table."""

    def __init__(self, matter: Matter) -> None:
        sources = matter.model["sources"]
        self._notes = {
            str(row): Note(number, f"{title} ({publisher})")
            for number, (row, title, publisher) in enumerate(
                zip(sources.index, sources["title"], sources["publisher"], strict=True), start=1
            )
        }

    def of(self, sources: Iterable[str | None]) -> tuple[Note, ...]:
        """Footnotes of sources, by number, each once; unknown and empty ids have none."""
        return tuple(
            sorted({self._notes[s] for s in sources if s is not None and s in self._notes})
        )


class Context(NamedTuple):
    """Everything a section of the page needs."""

    matter: Matter
    t: Translator
    names: Names
    amounts: Amounts
    notes: Notes

    def row_notes(self, table: str, row: str, *columns: str) -> tuple[Note, ...]:
        """Footnotes of cells of a row, or of the row itself when no column is named."""
        model = self.matter.model_of(table, row)
        if model is None:
            return ()
        if not columns:
            return self.notes.of([model.text(table, row, "source")])
        owners = (model.owner(table, row, column) for column in columns)
        return self.notes.of(owner.source for owner in owners if owner is not None)

    def confidence(self, word: str) -> str:
        """Say a confidence."""
        return self.t(f"word.confidence.{word}")


def context_of(matter: Matter, t: Translator) -> Context:
    """Make the context of a page in a language."""
    return Context(matter, t, Names(matter, t), Amounts(t), Notes(matter))
