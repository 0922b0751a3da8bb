"""Step results kept in a user folder, so that a run repeats only what its inputs changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from keruen.folders import user_cache

KEPT: Final = 64
"""Entries kept; the least recently used go first."""


def cache_folder() -> Path | None:
    """Folder for step results of this user; None where there is no home to put it in."""
    root = user_cache()
    return root / "steps" if root else None


def as_stored(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables as they come back from a file, so that a result is the same fresh and kept."""
    return {
        name: pa.Table.from_pandas(frame, preserve_index=False).to_pandas()
        for name, frame in tables.items()
    }


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables as Parquet files ``NAME.parquet`` into a folder that exists."""
    for name, frame in tables.items():
        table = pa.Table.from_pandas(frame, preserve_index=False)
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Read every Parquet file of a folder, by name."""
    return {path.stem: pq.read_table(path).to_pandas() for path in sorted(folder.glob("*.parquet"))}


class StepCache:
    """Results of steps by the hash of what went into them.

    A folder that cannot be written makes a cache that forgets; a broken entry is thrown away.

    Parameters
    ----------
    folder : Path or None
        Where entries are kept; None for no cache.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, key: str) -> dict[str, pd.DataFrame] | None:
        """Tables of an entry, or None."""
        if self._folder is None or not (self._folder / key).is_dir():
            return None
        try:
            tables = read_tables(self._folder / key)
        except (OSError, pa.ArrowException):
            tables = {}
        if not tables:
            shutil.rmtree(self._folder / key, ignore_errors=True)
            return None
        with suppress(OSError):
            os.utime(self._folder / key)
        return tables

    def put(self, key: str, tables: Mapping[str, pd.DataFrame]) -> None:
        """Keep the tables of a step; a cache is a convenience, so that no failure is told."""
        if self._folder is None:
            return
        scratch: Path | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=self._folder))
            write_tables(tables, scratch)
            if not (self._folder / key).exists():
                scratch.rename(self._folder / key)
            self._prune()
        except OSError:
            pass
        finally:
            if scratch is not None and scratch.exists():
                shutil.rmtree(scratch, ignore_errors=True)

    def _prune(self) -> None:
        if self._folder is None:
            return
        entries = [entry for entry in self._folder.iterdir() if not entry.name.startswith(".")]
        entries.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
        for entry in entries[KEPT:]:
            shutil.rmtree(entry, ignore_errors=True)
