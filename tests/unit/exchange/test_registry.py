from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from keruen.errors import ExitStatus, FailedError, KeruenError, UsageError
from keruen.exchange import EXPORTERS, Content, Exporter, export, registry
from keruen.rail.line_capacity import Level
from support.exports import corridor

TABLES = {"notes": pd.DataFrame({"a": ["x"]})}


def code_of(raised: pytest.ExceptionInfo[KeruenError]) -> str:
    return raised.value.problems[0].code


def test_the_formats_of_the_command() -> None:
    assert list(EXPORTERS) == ["csv", "xlsx", "gpkg", "gmns"]


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_format_writes_whole_files_and_names_them(name: str, tmp_path: Path) -> None:
    target = tmp_path / f"out{EXPORTERS[name].suffix}"
    files = export(name, TABLES, corridor(), target)
    assert files
    assert all(path.stat().st_size > 0 for path in files)
    there = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(there) == sorted(files)


@pytest.mark.parametrize("name", EXPORTERS)
def test_the_same_content_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    ends = (tmp_path / "one", tmp_path / "two")
    one, two = (
        export(name, TABLES, corridor(), end / f"out{EXPORTERS[name].suffix}") for end in ends
    )
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


@pytest.mark.parametrize("name", EXPORTERS)
def test_nothing_is_overwritten(name: str, tmp_path: Path) -> None:
    target = tmp_path / f"out{EXPORTERS[name].suffix}"
    export(name, TABLES, corridor(), target)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(UsageError) as raised:
        export(name, TABLES, corridor(), target)
    assert raised.value.status is ExitStatus.USAGE
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_an_unknown_format_is_told_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        export("xlsm", TABLES, corridor(), tmp_path / "out")
    assert code_of(raised) == "unknown_format"
    assert raised.value.problems[0].params["better"] == "xlsx"


@pytest.mark.parametrize(("name", "file"), [("xlsx", "out.csv"), ("gpkg", "out")])
def test_a_file_needs_its_suffix(name: str, file: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        export(name, TABLES, corridor(), tmp_path / file)
    assert code_of(raised) == "suffix_wanted"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "package", "extra"), [("xlsx", "xlsxwriter", "excel"), ("gpkg", "geopandas", "geo")]
)
def test_a_missing_extra_is_told_with_the_command_that_installs_it(
    name: str, package: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(FailedError) as raised:
        export(name, TABLES, corridor(), tmp_path / f"out{EXPORTERS[name].suffix}")
    assert raised.value.status is ExitStatus.FAILED
    assert code_of(raised) == "extra_missing"
    params = raised.value.problems[0].params
    assert params == {
        "extra": extra,
        "package": package,
        "command": f'pip install "keruen[{extra}]"',
    }
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_no_tables_are_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        export(name, {}, corridor(), tmp_path / f"out{EXPORTERS[name].suffix}")
    assert code_of(raised) == "nothing_to_export"
    assert list(tmp_path.iterdir()) == []


def test_the_year_is_that_given_or_of_the_day_or_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Content] = []
    spy = Exporter(lambda content, folder: seen.append(content))
    monkeypatch.setattr(registry, "EXPORTERS", {"spy": spy})
    model = corridor()
    export("spy", {}, model, tmp_path / "a", year=2030, level=Level.MAXIMAL, about={"run": "r"})
    export("spy", {}, model.at(date(2027, 3, 4)), tmp_path / "b")
    export("spy", {}, model, tmp_path / "c", level=None)
    assert [content.year for content in seen] == [2030, 2027, model.settings.first_year]
    assert [content.level for content in seen] == [Level.MAXIMAL, Level.AVAILABLE, None]
    assert seen[0].about == {"run": "r"}
