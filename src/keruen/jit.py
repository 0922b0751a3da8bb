"""Compiled kernels: the only import of numba, and where compiled code is kept.

numba's own cache notices an edit in the file of a function, not in the functions it calls from
other files, and fails on a read-only installation. Compiled code is therefore kept in a folder of
the user whose name is a hash of all sources that kernels are made from: the files that import this
one and, file by file, what those import from the package. Where that folder cannot be written
kernels are compiled anew in each process. Floating point follows the rules of IEEE 754: nothing is
re-ordered, so that a kernel and its plain twin give the same bits.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
from numba.core import config

from keruen.folders import user_cache

_Function = TypeVar("_Function", bound=Callable[..., Any])

_config: Final[Any] = config

_KEPT: Final = 8
"""So many generations of compiled code are kept, the newest by use."""


def kernel(function: _Function) -> _Function:
    """Compile a function of numbers and flat arrays at its first call.

    Parameters
    ----------
    function : callable
        Of module level, in the part of Python that numba compiles; may call other kernels.

    Returns
    -------
    callable
        The compiled function; :func:`plain` gives back the one that Python itself runs.

    Examples
    --------
    >>> @kernel
    ... def twice(number):
    ...     return 2 * number
    >>> plain(twice)(21)
    42
    """
    return _compiled(function, {})


def flat_kernel(function: _Function) -> _Function:
    """Compile a kernel that only reads and writes arrays it is given, and makes none.

    It does without the counts of references by which arrays are freed. They cost little in a loop
    over arrays, and most of the time of a kernel that calls others many times a microsecond.
    """
    return _compiled(function, {"_nrt": False})


def part(function: _Function) -> _Function:
    """Compile a flat kernel that is written into those that call it, instead of being called."""
    return _compiled(function, {"_nrt": False, "forceinline": True})


def _compiled(function: _Function, options: dict[str, Any]) -> _Function:
    folder = compiled_folder()
    before = _config.CACHE_DIR
    try:
        if folder is None:
            return cast("_Function", numba.njit(**options)(function))
        _config.CACHE_DIR = str(folder)
        try:
            return cast("_Function", numba.njit(cache=True, **options)(function))
        except RuntimeError:
            # A function typed at a prompt or in a doctest has no file, hence no place in the cache.
            return cast("_Function", numba.njit(**options)(function))
    finally:
        _config.CACHE_DIR = before


def plain(function: _Function) -> _Function:
    """Give the function that Python itself runs: the readable twin of a kernel."""
    return cast("_Function", getattr(function, "py_func", function))


def is_kept(function: Callable[..., Any]) -> bool:
    """Whether code of a kernel, compiled in an earlier process or this one, lies in the folder.

    By the names that numba gives its files; where they do not say so, or nothing is kept, False.
    """
    folder = compiled_folder()
    if folder is None:
        return False
    source = plain(function)
    name = f"{Path(source.__code__.co_filename).stem}.{source.__qualname__}"
    return any(folder.glob(f"*/{glob.escape(name)}-*.nbi"))


@cache
def compiled_folder() -> Path | None:
    """Folder of the code compiled from these sources; None where it cannot be written.

    Folders of older sources are removed, but for the newest few.
    """
    cache_root = user_cache()
    if cache_root is None:
        return None
    root = cache_root / "compiled"
    folder = root / _source_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
    except OSError:
        return None
    if not os.access(folder, os.W_OK):
        return None
    _forget_old(root, folder)
    return folder


@cache
def _source_hash() -> str:
    digest = hashlib.blake2b(digest_size=12)
    digest.update(f"{numba.__version__} {sys.version}".encode())
    package = Path(__file__).resolve().parent
    for path in kernel_sources(package):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


_IMPORTS: Final = re.compile(
    r"^\s*(?:from (keruen[\w.]*) import (\([^)]*\)|[^\n]*)|import (keruen[\w.]*))", re.MULTILINE
)


def kernel_sources(package: Path) -> list[Path]:
    """Files that compiled code can depend on.

    Parameters
    ----------
    package : Path
        Folder of the package.

    Returns
    -------
    list of Path
        Files that import this module, and all that these import, in turn, from the package; sorted.
    """
    texts = {path: path.read_text("utf-8") for path in package.rglob("*.py")}
    waiting = [path for path, text in texts.items() if "keruen.jit" in text]
    known: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in known:
            continue
        known.add(path)
        for module, names, whole in _IMPORTS.findall(texts[path]):
            root = package.joinpath(*(module or whole).split(".")[1:])
            inside = [root / name for name in re.findall(r"\w+", names)]
            for place in (root, *inside):
                files = (place.with_suffix(".py"), place / "__init__.py")
                waiting += [file for file in files if file in texts]
    return sorted(known)


def _forget_old(root: Path, current: Path) -> None:
    try:
        others = [path for path in root.iterdir() if path.is_dir() and path != current]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in others[_KEPT - 1 :]:
            shutil.rmtree(path, ignore_errors=True)
    except OSError:
        return
