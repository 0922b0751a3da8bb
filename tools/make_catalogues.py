"""Compile the message catalogues: every ``keruen/i18n/locales/*/LC_MESSAGES/*.po`` to its ``.mo``.

    python tools/make_catalogues.py           compile, say what changed
    python tools/make_catalogues.py --check   change nothing, fail where a .mo is stale

The same sources give the same bytes, so the compiled files are committed.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[1] / "src" / "keruen" / "i18n" / "locales"


class Bare(Catalog):
    """A catalogue whose header says nothing that changes: no dates, no version of a tool."""

    def __init__(self, source: Catalog) -> None:
        super().__init__(locale=source.locale, charset="utf-8")
        self.forms = source.plural_forms
        for message in source:
            if message.id:
                self[message.id] = message

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Plural-Forms", self.forms),
        ]

    mime_headers = property(_get_mime_headers)


def compiled(source: Path) -> bytes:
    """Compile one catalogue; fuzzy messages are left out, so that a test sees them missing."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parents[1].name, abort_invalid=True)
    target = io.BytesIO()
    write_mo(target, Bare(catalogue))
    return target.getvalue()


def stale(locales: Path = LOCALES) -> dict[Path, bytes]:
    """Find the ``.mo`` files that are not what their ``.po`` compiles to, with the right bytes."""
    wanted = {
        path.with_suffix(".mo"): compiled(path) for path in locales.glob("*/LC_MESSAGES/*.po")
    }
    if not wanted:
        raise SystemExit(f"no catalogue below {locales}")
    return {
        path: content
        for path, content in sorted(wanted.items())
        if not path.exists() or path.read_bytes() != content
    }


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    os.replace(name, path)


def main(arguments: list[str]) -> int:
    """Run the tool."""
    changes = stale()
    for path, content in changes.items():
        print(f"{path.relative_to(LOCALES)} is not that of its .po")
        if "--check" not in arguments:
            write(path, content)
    return 1 if changes and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
