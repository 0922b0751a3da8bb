from __future__ import annotations

import json
from pathlib import Path

import pytest

from keruen.schema import load_schema
from support.command_line import call


def test_all_tables_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    result = call(capsys, "schema", "--json").envelope["result"]
    assert set(result["tables"]) == set(load_schema().tables)
    out = call(capsys, "schema").out
    assert all(name in out for name in load_schema().tables)


@pytest.mark.parametrize("language", ["en", "kk"])
def test_columns_of_a_table(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = call(capsys, "schema", "--table", "lines", "--lang", language).out
    assert max(map(len, out.splitlines())) <= 80
    assert all(name in out for name in load_schema()["lines"].columns)


@pytest.mark.parametrize("form", ["contract", "json-schema", "frictionless"])
def test_a_format_is_printed_or_written(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = json.loads(call(capsys, "schema", "--format", form).out)
    target = tmp_path / "schema.json"
    called = call(capsys, "schema", "--format", form, "-o", str(target), "--json")
    assert called.envelope["result"]["path"] == str(target)
    assert json.loads(target.read_text(encoding="utf-8")) == printed
    if form != "contract":
        result = call(capsys, "schema", "--format", form, "--json").envelope["result"]
        assert result["document"] == printed


def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, "schema", "-o", str(tmp_path / "no" / "s.json"), "--json")
    assert (called.status, called.codes) == (3, ["cannot_write"])
