"""Kernels compiled once, for all processes of the tests."""

from __future__ import annotations

from pathlib import Path


def share_compiled(caches: Path) -> None:
    """Let a folder of caches hold the kernels of this work tree; a hash of the sources names them.

    Where that is refused, whoever has the folder for its own compiles for itself.
    """
    compiled = Path(__file__).resolve().parents[2] / "build" / "keruen" / "compiled"
    try:
        compiled.mkdir(parents=True, exist_ok=True)
        (caches / "keruen").mkdir(parents=True)
        (caches / "keruen" / "compiled").symlink_to(compiled, target_is_directory=True)
    except OSError:
        return
