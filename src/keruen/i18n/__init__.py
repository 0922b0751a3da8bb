"""Words for people: codes with parameters become sentences, numbers and dates in a language.

Nothing here is global. A caller asks for ``translator("kk")`` once and passes it on; what is shown
to a person goes through :func:`shown` first, so that a name from a file cannot command a terminal.
"""

from __future__ import annotations

from keruen.i18n.catalogues import LANGUAGES_FOLDER, languages
from keruen.i18n.fill import MissingParameter, filled, parameters
from keruen.i18n.problems import Told, told
from keruen.i18n.safe import shown
from keruen.i18n.translator import ABSENT, Translator, UnknownCode, translator, unit_code

__all__ = [
    "ABSENT",
    "LANGUAGES_FOLDER",
    "MissingParameter",
    "Told",
    "Translator",
    "UnknownCode",
    "filled",
    "languages",
    "parameters",
    "shown",
    "told",
    "translator",
    "unit_code",
]
