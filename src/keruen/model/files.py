"""From files to text: bounded, inside the study's folder, in UTF-8 or told that it is not."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Final

from keruen.errors import Problem, Severity, error

MAX_BYTES: Final = 1 << 28
"""A table larger than this is refused: 256 MiB, some millions of rows."""
_MARKED: Final = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_GUESSED_FROM: Final = 1 << 16
_CYRILLIC: Final = re.compile(r"[А-яЁёІі]{3,}")
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)


def has_hidden_characters(text: str) -> bool:
    r"""Whether a text holds what is not seen: control characters and changes of direction.

    >>> has_hidden_characters("Dostyk\x1b[31m"), has_hidden_characters("Достық\nDostyk")
    (True, False)
    """
    return _HIDDEN.search(text) is not None


def read_bytes(
    folder: Path, name: str, limit: int = MAX_BYTES
) -> tuple[bytes | None, list[Problem]]:
    """Read a file of a study; what cannot be read becomes a problem.

    Parameters
    ----------
    folder : Path
        Folder of the study.
    name : str
        Name of the file in it.
    limit : int
        Size in bytes beyond which it is refused.

    Returns
    -------
    bytes or None
        None when there is a problem.
    list of Problem
        ``not_a_file``, ``outside_folder``, ``too_large`` or ``unreadable``.
    """
    path = folder / name
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            return None, [error("outside_folder", name)]
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return None, [error("not_a_file", name)]
        if found.st_size > limit:
            return None, [error("too_large", name, size=found.st_size, limit=limit)]
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except (OSError, RuntimeError) as failure:
        reason = getattr(failure, "strerror", None) or type(failure).__name__
        return None, [error("unreadable", name, reason=reason)]
    if len(raw) > limit:
        return None, [error("too_large", name, size=len(raw), limit=limit)]
    return raw, []


def decode(raw: bytes, file: str) -> tuple[str, list[Problem]]:
    r"""Decode bytes that should be UTF-8; anything else is told and read as well as it can be.

    Examples
    --------
    >>> decode(b"id,name\n", "a.csv")
    ('id,name\n', [])
    >>> text, problems = decode("id,Достык".encode("cp1251"), "a.csv")
    >>> text, problems[0].params["encoding"]
    ('id,Достык', 'Windows-1251')
    """
    for mark, encoding in _MARKED:
        if raw.startswith(mark):
            problem = error("not_utf8", file, line=1, encoding=encoding)
            return raw.decode(encoding, errors="replace"), [problem]
    problems: list[Problem] = []
    if raw.startswith(_UTF8_MARK):
        problems.append(Problem(Severity.WARNING, "byte_order_mark", file))
        raw = raw[len(_UTF8_MARK) :]
    try:
        return raw.decode("utf-8"), problems
    except UnicodeDecodeError as failure:
        line = raw.count(b"\n", 0, failure.start) + 1
    encoding = _guessed(raw)
    problems.append(error("not_utf8", file, line=line, encoding=encoding or "?"))
    return raw.decode(encoding or "utf-8", errors="replace"), problems


def _guessed(raw: bytes) -> str:
    """``Windows-1251`` when that makes Cyrillic words of most foreign bytes."""
    head = raw[:_GUESSED_FROM]
    foreign = sum(1 for byte in head if byte >= 0x80)
    words = _CYRILLIC.findall(head.decode("cp1251", errors="replace"))
    return "Windows-1251" if sum(map(len, words)) > 0.6 * foreign else ""
