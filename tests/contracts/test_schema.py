"""What is published of the schema and the studies agrees with what the program does."""

from __future__ import annotations

from pathlib import Path

import frictionless
import pytest

from keruen.model import load_model, read_study
from keruen.model.cells import ID_PATTERN as READ_PATTERN
from keruen.model.files import decode
from keruen.model.package import FILE, descriptor_json
from keruen.model.text import parse_csv
from keruen.schema import load_schema
from keruen.schema.descriptors import ID_PATTERN as PUBLISHED_PATTERN

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "keruen"
STUDIES = sorted(
    path.parent
    for folder in ("templates", "studies")
    for path in (PACKAGE / folder).glob("*/study.yaml")
)


def test_the_studies_were_found() -> None:
    assert {path.name for path in STUDIES} >= {"kazakhstan", "corridor", "rail-line", "berth"}


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.name)
def test_every_study_that_ships_has_no_error(study: Path) -> None:
    reading = read_study(study)
    assert [(p.code, p.place) for p in reading.errors] == []
    assert reading.model is not None


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.name)
def test_every_descriptor_is_as_generated(study: Path) -> None:
    found = (study / FILE).read_text(encoding="utf-8")
    assert found == descriptor_json(study), "write it again with keruen.model.write_descriptor"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of another project's dependencies
@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.name)
def test_frictionless_reads_every_study(study: Path) -> None:
    report = frictionless.validate(str(study / FILE))
    assert report.flatten(["rowNumber", "fieldName", "type", "note"]) == []
    assert report.valid
    tables = [table for table in load_schema().tables.values() if (study / table.file).exists()]
    assert report.stats["tasks"] == len(tables)


def test_frictionless_finds_what_is_broken(tmp_path: Path) -> None:
    from keruen.model import new_study

    new_study(tmp_path / "study")
    nodes = tmp_path / "study" / "nodes.csv"
    nodes.write_text(nodes.read_text(encoding="utf-8").replace("east", "oest", 1), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "study" / FILE))
    assert "foreign-key" in {error_type for (error_type,) in report.flatten(["type"])}


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.name)
def test_files_of_studies_are_plain(study: Path) -> None:
    for table in load_schema().tables.values():
        path = study / table.file
        if not path.exists():
            continue
        raw = path.read_bytes()
        assert b"\r" not in raw, path.name
        assert raw.endswith(b"\n"), path.name
        text, problems = decode(raw, path.name)
        assert problems == []
        parsed, problems = parse_csv(text, path.name)
        assert problems == []
        assert parsed is not None


def test_identifiers_are_published_as_they_are_read() -> None:
    assert READ_PATTERN.pattern == PUBLISHED_PATTERN


def test_the_corridor_template_fills_every_table_and_nearly_every_column() -> None:
    model = load_model(PACKAGE / "templates" / "corridor")
    empty = {
        f"{name}.{column}"
        for name in load_schema().tables
        for column in model[name].columns
        if model[name][column].isna().all() or (model[name][column] == "").all()
    }
    beside = ("note", "name_ru", "name_zh", "in_service_from", "in_service_to")
    left = sorted(place for place in empty if not place.endswith(beside))
    assert len(left) < 30, left
