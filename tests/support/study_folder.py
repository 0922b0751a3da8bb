"""A template copied to a folder of its own, and files of it edited as an editor would."""

from __future__ import annotations

import csv
from pathlib import Path

from keruen.errors import Problem
from keruen.model import Reading, read_study
from keruen.model.templates import new_study
from keruen.schema import load_schema
from support.template_draft import Edit, Row


class StudyFolder:
    """A study on disk that a test breaks."""

    def __init__(self, path: Path, template: str = "smallest") -> None:
        self.path = path
        new_study(path, template)

    def file(self, name: str) -> Path:
        return self.path / name

    def text(self, name: str) -> str:
        return self.file(name).read_text(encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace a text that must be there, once."""
        text = self.text(name)
        assert old in text
        self.file(name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def edit(self, table: str, edit: Edit) -> None:
        """Edit the rows of a table; columns are those of the schema."""
        path = self.file(f"{table}.csv")
        rows: list[Row] = []
        if path.exists():
            with path.open(encoding="utf-8", newline="") as stream:
                rows = list(csv.DictReader(stream))
        edit(rows)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(
                stream, list(load_schema()[table].columns), restval="", lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(rows)

    def read(self) -> Reading:
        return read_study(self.path)

    def told(self) -> list[tuple[str, str]]:
        """Code and place of every problem."""
        return [(problem.code, problem.place) for problem in self.read().problems]

    def problems(self, code: str) -> list[Problem]:
        return [problem for problem in self.read().problems if problem.code == code]
