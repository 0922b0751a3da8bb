"""What a run was made from: code, versions, inputs."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

PACKAGES = ("numpy", "pandas", "pyarrow", "scipy")
SUFFIXES = (".py", ".csv", ".j2")
DATA_FOLDERS = frozenset({"studies", "templates", "__pycache__"})


def _sources(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            if entry.name not in DATA_FOLDERS:
                found += _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(SUFFIXES):
            found.append((prefix + entry.name, entry.read_bytes()))
    return found


@cache
def code_hash() -> str:
    """SHA-256 over every source and schema file of the package, by path."""
    digest = hashlib.sha256()
    for name, content in _sources(files("keruen")):
        digest.update(name.encode())
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that results depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def digest_of(parts: Mapping[str, object]) -> str:
    """SHA-256 of a mapping in canonical JSON.

    >>> digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})
    True
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
