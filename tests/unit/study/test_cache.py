from __future__ import annotations

import os
import sys
from pathlib import Path

import pandas as pd
import pytest

from keruen.study import cache
from keruen.study.cache import StepCache, cache_folder, read_tables, write_tables

TABLES = {
    "numbers": pd.DataFrame({"id": ["a", "b"], "value": [1.5, None], "all": [None, None]}),
    "empty": pd.DataFrame(columns=["x", "y"]),
}


def same(found: dict[str, pd.DataFrame] | None) -> None:
    assert found is not None
    assert set(found) == set(TABLES)
    assert found["numbers"]["value"].tolist()[0] == 1.5
    assert found["numbers"]["value"].isna().tolist() == [False, True]
    assert list(found["empty"].columns) == ["x", "y"]


def test_what_was_put_is_got(tmp_path: Path) -> None:
    store = StepCache(tmp_path / "deep" / "cache")
    assert store.get("key") is None
    store.put("key", TABLES)
    same(store.get("key"))
    assert [path.name for path in (tmp_path / "deep" / "cache").iterdir()] == ["key"]


def test_without_a_folder_nothing_is_kept() -> None:
    store = StepCache(None)
    store.put("key", TABLES)
    assert store.get("key") is None


def test_a_broken_entry_is_thrown_away_and_made_again(tmp_path: Path) -> None:
    store = StepCache(tmp_path)
    store.put("key", TABLES)
    (tmp_path / "key" / "numbers.parquet").write_bytes(b"PAR1 and no more")
    assert store.get("key") is None
    store.put("key", TABLES)
    same(store.get("key"))


def test_an_empty_entry_is_none(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()
    assert StepCache(tmp_path).get("key") is None


def test_a_folder_that_cannot_be_written_makes_a_cache_that_forgets(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    store = StepCache(tmp_path / "file" / "cache")
    store.put("key", TABLES)
    assert store.get("key") is None


def test_a_full_disk_leaves_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(tables: object, folder: Path) -> None:
        (folder / "half").write_bytes(b"1")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "write_tables", full)
    StepCache(tmp_path).put("key", TABLES)
    assert list(tmp_path.iterdir()) == []


def test_the_least_recently_used_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEPT", 2)
    store = StepCache(tmp_path)
    for age, key in enumerate(("old", "middle")):
        store.put(key, TABLES)
        os.utime(tmp_path / key, (1_000_000 + age, 1_000_000 + age))
    same(store.get("old"))  # used again, so that the middle one is now the oldest
    store.put("new", TABLES)
    assert {path.name for path in tmp_path.iterdir()} == {"old", "new"}


def test_a_second_writer_does_no_harm(tmp_path: Path) -> None:
    first, second = StepCache(tmp_path), StepCache(tmp_path)
    first.put("key", TABLES)
    second.put("key", TABLES)
    same(second.get("key"))
    assert len(list(tmp_path.iterdir())) == 1


def test_the_folder_of_a_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "keruen" / "steps"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "keruen" / "steps"
    monkeypatch.delenv("HOME")
    assert cache_folder() is None


def test_tables_come_back_by_name(tmp_path: Path) -> None:
    write_tables(TABLES, tmp_path)
    same(read_tables(tmp_path))
