from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from keruen.errors import UsageError
from keruen.model import Model, load_model, read_study, write_study
from keruen.model.settings import parse_settings
from keruen.model.write import cell_text, settings_yaml, study_files, table_csv
from keruen.schema import load_schema
from support.template_draft import TEMPLATES


def same(a: Model, b: Model) -> bool:
    for name, frame in a.tables.items():
        pd.testing.assert_frame_equal(frame, b[name])
    assert a.settings == b.settings
    assert a.owners == b.owners
    assert a.defaulted == b.defaulted
    return True


@pytest.mark.parametrize("template", ["smallest", "rail-line", "berth", "corridor"])
def test_what_is_written_reads_as_the_same(template: str, tmp_path: Path) -> None:
    model = load_model(TEMPLATES / template)
    files = write_study(model, tmp_path / "copy")
    copy = load_model(tmp_path / "copy")
    assert same(model, copy)
    assert sorted(files) == sorted(entry.name for entry in (tmp_path / "copy").iterdir())
    assert study_files(copy) == study_files(model)


@pytest.mark.parametrize("template", ["smallest", "rail-line", "berth", "corridor"])
def test_templates_stand_as_they_would_be_written(template: str) -> None:
    for name, text in study_files(load_model(TEMPLATES / template)).items():
        if name != "study.yaml":
            assert (TEMPLATES / template / name).read_text(encoding="utf-8") == text, name


def test_files_end_their_lines_with_a_line_feed(tmp_path: Path) -> None:
    write_study(load_model(TEMPLATES / "smallest"), tmp_path / "copy")
    for path in (tmp_path / "copy").iterdir():
        raw = path.read_bytes()
        assert raw.endswith(b"\n")
        assert b"\r" not in raw


def test_a_study_is_not_written_over_another(tmp_path: Path) -> None:
    model = load_model(TEMPLATES / "smallest")
    write_study(model, tmp_path / "copy")
    with pytest.raises(UsageError):
        write_study(model, tmp_path / "copy")
    with pytest.raises(ValueError, match="base"):
        write_study(model.in_year(2025), tmp_path / "other")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["copy"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (40.0, "40"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "1e-07"),
        (1e15, "1000000000000000.0"),
        (1e22, "1e+22"),
        (float("nan"), ""),
        (pd.NA, ""),
        (None, ""),
        (2, "2"),
    ],
)
def test_numbers_are_written_short(value: object, text: str) -> None:
    assert cell_text(value, load_schema()["observations"].columns["value"]) == text


def test_only_what_needs_quotes_has_them() -> None:
    table = load_schema()["corridor_points"]
    texts = ['a,b "c"', "line\nend", "=1+1", ""]
    frame = pd.DataFrame(
        {
            "corridor": pd.Series(texts, dtype=object),
            "sequence": pd.Series([1, 2, 3, pd.NA], dtype="Int64"),
            "node": "n",
            "mode": "rail",
        }
    )
    assert table_csv(frame, table, {}) == (
        "corridor,sequence,node,mode\n"
        '"a,b ""c""",1,n,rail\n"line\nend",2,n,rail\n=1+1,3,n,rail\n,,n,rail\n'
    )


def test_settings_are_written_in_the_order_of_the_schema() -> None:
    settings, _ = parse_settings((TEMPLATES / "corridor/study.yaml").read_text(encoding="utf-8"))
    assert settings is not None
    text = settings_yaml(settings)
    assert parse_settings(text) == (settings, [])
    keys = [line.split(":")[0] for line in text.splitlines() if line[0] not in " -"]
    declared = [key for key in load_schema().settings if key in keys]
    assert keys == declared
    assert read_study(TEMPLATES / "corridor").model is not None
