from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from keruen.errors import FailedError
from keruen.exchange import export, read_tables
from keruen.exchange.csv_tables import number_text
from support.exports import HOSTILE, corridor, hostile_table


def written(tables: dict[str, pd.DataFrame], tmp_path: Path) -> Path:
    export("csv", tables, corridor(), tmp_path / "out")
    return tmp_path / "out"


def as_read(frame: pd.DataFrame) -> pd.DataFrame:
    """A table of the model in the types that the reader gives: text is object, gaps are empty."""
    plain = frame.reset_index(drop=True)
    for name in plain.columns:
        if plain[name].dtype == object or isinstance(plain[name].dtype, pd.StringDtype):
            plain[name] = plain[name].astype(object).fillna("")
    return plain


def test_hostile_tables_come_back_equal(tmp_path: Path) -> None:
    table = hostile_table()
    back = read_tables(written({"hostile": table}, tmp_path))["hostile"]
    assert_frame_equal(back, table.astype({"flag": "boolean"}))
    assert np.signbit(back["number"].iloc[4]), "negative nought is a number of its own"


def test_every_table_of_a_study_comes_back_equal(tmp_path: Path) -> None:
    tables = dict(corridor().tables)
    back = read_tables(written(tables, tmp_path))
    assert list(back) == list(tables)
    for name, frame in tables.items():
        # An empty column or table has no type but that of the schema.
        some = [column for column in frame.columns if frame[column].notna().any()]
        whole = as_read(frame)[some].set_axis(some, axis=1)
        assert_frame_equal(back[name][some], whole, check_dtype=False)
        assert list(back[name].columns) == list(frame.columns), "the header is the schema's"


def test_pandas_reads_the_same_and_no_cell_begins_a_formula(tmp_path: Path) -> None:
    file = written({"hostile": hostile_table()}, tmp_path) / "hostile.csv"
    raw = file.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8")
    read = pd.read_csv(file, keep_default_na=False, dtype={"text": str}, lineterminator="\n")
    for cell, text in zip(read["text"], HOSTILE, strict=True):
        assert cell.replace("'", "") == text.replace("'", "")
        assert cell == "-12.5" or not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝"))
    typed = pd.read_csv(file, lineterminator="\n")
    expected = hostile_table()["number"]
    np.testing.assert_array_equal(typed["number"].to_numpy(), expected.to_numpy())
    assert typed["number"].iloc[0] == -1.5, "a negative number stays a number"


def test_texts_of_every_kind_survive_in_one_column_tables(tmp_path: Path) -> None:
    tables = {
        "blank": pd.DataFrame({"x": ["", "a", ""]}),
        "empty": pd.DataFrame({"x": pd.Series([], dtype=object), "=y": pd.Series([], dtype=float)}),
        "=name": pd.DataFrame({"=header;@x": ["1"]}),
        "infinite": pd.DataFrame({"x": [np.inf, -np.inf, np.nan]}),
    }
    folder = written(tables, tmp_path)
    back = read_tables(folder)
    assert list(back) == list(tables)
    assert back["blank"]["x"].tolist() == ["", "a", ""]
    assert back["empty"].shape == (0, 2)
    assert list(back["=name"].columns) == ["=header;@x"]
    assert (folder / "_name.csv").read_text("utf-8").startswith("\"'=header")
    np.testing.assert_array_equal(back["infinite"]["x"], [np.inf, -np.inf, np.nan])


@given(st.floats(allow_nan=False))
def test_numbers_are_written_exactly(number: float) -> None:
    text = number_text(number)
    read = float(text)
    assert read == number
    assert np.signbit(read) == np.signbit(number)


@given(st.lists(st.text(), min_size=1, max_size=5), st.data())
def test_any_texts_come_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    other = data.draw(st.lists(st.text(alphabet="=+-@;,\"'\t\r\n a"), min_size=len(texts)))
    frame = pd.DataFrame({"a": texts, "b": other[: len(texts)]}, dtype=object)
    folder = tmp_path_factory.mktemp("any") / "out"
    export("csv", {"t": frame}, corridor(), folder)
    assert_frame_equal(read_tables(folder)["t"], frame)


def test_the_descriptor_is_what_frictionless_reads(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    tables = {**corridor().tables, "capacity": hostile_table().drop(columns="number")}
    folder = written(tables, tmp_path)
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    problems = report.flatten(["title", "rowNumber", "fieldName", "note"])
    assert report.valid, problems[:10]
    assert len(report.tasks) == len(tables)


def test_a_lone_surrogate_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": pd.Series(["\ud800"], dtype=object)})
    with pytest.raises(FailedError) as raised:
        export("csv", {"t": frame}, corridor(), tmp_path / "out")
    assert raised.value.problems[0].code == "cannot_write"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("datapackage.json", "{", "not_an_export"),
        ("datapackage.json", "[]", "not_an_export"),
        ("datapackage.json", '{"resources": [{"title": "t"}]}', "not_an_export"),
        ("t.csv", "b\nx\n", "not_an_export"),
        ("t.csv", 'a\n"x\n', "not_an_export"),
        ("t.csv", "", "not_an_export"),
        ("t.csv", "a\nx,y\n", "not_an_export"),
    ],
)
def test_a_changed_export_is_told(tmp_path: Path, file: str, text: str, code: str) -> None:
    folder = written({"t": pd.DataFrame({"a": ["x"]})}, tmp_path)
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(FailedError) as raised:
        read_tables(folder)
    assert raised.value.problems[0].code == code


def test_a_descriptor_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    folder = written({"t": pd.DataFrame({"a": ["x"]})}, tmp_path)
    (tmp_path / "secret.csv").write_text("a\nsecret\n", encoding="utf-8")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    package["resources"][0]["path"] = "../secret.csv"
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(FailedError):
        read_tables(folder)


def test_a_folder_that_is_no_export_or_lacks_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FailedError) as raised:
        read_tables(tmp_path)
    assert raised.value.problems[0].code == "unreadable"
    folder = written({"t": pd.DataFrame({"a": ["x"]})}, tmp_path)
    (folder / "t.csv").unlink()
    with pytest.raises(FailedError) as raised:
        read_tables(folder)
    assert raised.value.problems[0].code == "unreadable"
