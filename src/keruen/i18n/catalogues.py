"""The message catalogues on disk: one folder a language, one file for each first word of a code.

``cli.check.help`` stands in ``cli.mo``, ``problem.below_minimum.rule`` in ``problem.mo``. A
language is added by dropping its folder beside the others.
"""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path
from typing import Final

LANGUAGES_FOLDER: Final = Path(__file__).parent / "locales"


def languages() -> tuple[str, ...]:
    """Languages that have catalogues, English first.

    >>> languages()[:2]
    ('en', 'kk')
    """
    found = (folder.parent.name for folder in LANGUAGES_FOLDER.glob("*/LC_MESSAGES"))
    return tuple(sorted(found, key=lambda language: (language != "en", language)))


def read_catalogues(language: str) -> dict[str, GNUTranslations]:
    """Read the compiled catalogues of a language, by the first word of the codes they hold."""
    catalogues = {}
    for path in sorted((LANGUAGES_FOLDER / language / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            catalogues[path.stem] = GNUTranslations(file)
    return catalogues
