"""Where compiled code is kept, and what happens where it cannot be."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from keruen import jit
from keruen.rail.dispatch.loop import advance


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    jit.compiled_folder.cache_clear()
    yield tmp_path / "keruen" / "compiled"
    jit.compiled_folder.cache_clear()


def test_the_tests_use_what_make_test_compiles(repository: Path) -> None:
    stats = getattr(advance, "stats", None)
    if stats is None or not os.access(repository, os.W_OK):
        pytest.skip("nothing is compiled, or it cannot be kept in the work tree")
    assert Path(stats.cache_path).resolve().is_relative_to(repository / "build")


def test_the_folder_is_named_after_the_sources(cache: Path) -> None:
    folder = jit.compiled_folder()
    assert folder is not None
    assert folder.parent == cache
    assert len(folder.name) == 24
    assert folder.is_dir()


def test_only_the_newest_generations_are_kept(cache: Path) -> None:
    for age in range(12):
        old = cache / f"{age:024x}"
        old.mkdir(parents=True)
        os.utime(old, (1_000_000 - age, 1_000_000 - age))
    folder = jit.compiled_folder()
    assert folder is not None
    assert {path.name for path in cache.iterdir()} == {
        folder.name,
        *(f"{age:024x}" for age in range(7)),
    }


def test_a_place_that_cannot_be_written_is_done_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))
    jit.compiled_folder.cache_clear()
    assert jit.compiled_folder() is None

    @jit.kernel
    def twice(number: int) -> int:
        return 2 * number

    assert not jit.is_kept(twice)
    assert twice(21) == jit.plain(twice)(21) == 42
    jit.compiled_folder.cache_clear()


def test_a_kernel_is_kept_once_it_is_compiled(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "from keruen.jit import kernel\n\n@kernel\ndef twice(x):\n    return 2 * x\n"
    (tmp_path / "kept_once.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("kept_once")
    assert not jit.is_kept(module.twice)
    assert module.twice(21) == 42
    assert jit.is_kept(module.twice)
    assert cache.is_dir()


def test_what_is_no_kernel_is_its_own_plain_twin() -> None:
    assert jit.plain(len) is len


def test_only_what_kernels_are_made_from_names_the_folder(tmp_path: Path) -> None:
    files = {
        "jit.py": "",
        "units.py": "HOUR = 3600",
        "rail/__init__.py": "",
        "rail/run.py": "from keruen.jit import kernel\nfrom keruen.rail import steps\n",
        "rail/steps.py": "from keruen.units import (\n    HOUR,\n)\n",
        "cli/main.py": "from keruen.rail.run import run\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in jit.kernel_sources(tmp_path)]
    assert found == ["jit.py", "rail/__init__.py", "rail/run.py", "rail/steps.py", "units.py"]
