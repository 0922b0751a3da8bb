"""What CONTRIBUTING.md tells a newcomer to add to a study can be added, and passes the check."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest

from keruen.model import Reading, read_study
from keruen.schema import load_schema

BLOCK = re.compile(r"^```csv (\w+\.csv)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(repository: Path) -> dict[str, str]:
    """The example of each table, by the name of its file."""
    return dict(BLOCK.findall((repository / "CONTRIBUTING.md").read_text(encoding="utf-8")))


def append(path: Path, block: str) -> None:
    """Add the rows of a block to a table, whose columns may stand in another order."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    header = next(csv.reader(lines), None) or list(
        csv.DictReader(io.StringIO(block)).fieldnames or ()
    )
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    if not lines:
        writer.writeheader()
    writer.writerows(csv.DictReader(io.StringIO(block)))
    path.write_text("\n".join([*lines, out.getvalue()]), encoding="utf-8")


@pytest.fixture
def study(repository: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "kazakhstan"
    shutil.copytree(repository / "src/keruen/studies/kazakhstan", folder)
    return folder


def errors_of(reading: Reading) -> list[str]:
    return [f"{p.place}: {p.code}" for p in reading.problems if p.is_error]


def test_the_examples_pass_the_check(repository: Path, study: Path) -> None:
    blocks = examples(repository)
    assert {"nodes.csv", "sections.csv", "projects.csv", "project_changes.csv"} <= set(blocks)
    for name, block in blocks.items():
        append(study / name, block)
    reading = read_study(study)
    assert errors_of(reading) == []
    model = reading.model
    assert model is not None
    sections = model.having(["double_example"]).in_year(2031)["sections"]
    assert sections.loc["aktogay_example_works", "tracks"] == 2
    assert model.in_year(2031)["sections"].loc["aktogay_example_works", "tracks"] == 1


def test_an_example_without_its_source_is_refused(repository: Path, study: Path) -> None:
    append(study / "nodes.csv", examples(repository)["nodes.csv"])
    assert [line for line in errors_of(read_study(study)) if line.startswith("nodes.csv:")]


def test_the_columns_of_the_examples_exist(repository: Path) -> None:
    schema = load_schema()
    for name, block in examples(repository).items():
        header = next(csv.reader(io.StringIO(block)))
        assert set(header) <= set(schema[name.removesuffix(".csv")].columns)
