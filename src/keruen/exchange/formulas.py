r"""Text that a spreadsheet would run as a formula, made harmless and back.

A spreadsheet that opens a CSV file takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a
formula, quotation marks or not; a tab or a line end before it is passed over. One that splits at
semicolons, as Kazakh and Russian settings do, takes what follows a semicolon or a line end inside a
text for a cell of its own. In all these places an apostrophe is put in front. Apostrophes that
stand there already get one more, so that taking one away restores every text.

The characters are those of weakness CWE-1236 and of ASVS requirement 1.2.10, with the full-width
forms that East Asian input methods give.
"""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = "=+\\-@＝＋－＠"
_UNSAFE: Final = re.compile(rf"(\A *|(?<=[;\t\r\n]) *)(?=('*)([{_SIGNS}]))|\A(?='*[\t\r\n\0])")
_MADE_SAFE: Final = re.compile(rf"(\A *|(?<=[;\t\r\n]) *)'(?='*[{_SIGNS}])|\A'(?='*[\t\r\n\0])")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


def neutralised(text: str) -> str:
    r"""Text that no spreadsheet runs; plain numbers stay as they are.

    >>> neutralised("=1+1"), neutralised("a;@b"), neutralised("'+7 727")
    ("'=1+1", "a;'@b", "''+7 727")
    >>> neutralised("-12.5"), neutralised("Достық – Мойынты"), neutralised("'s-Hertogenbosch")
    ('-12.5', 'Достық – Мойынты', "'s-Hertogenbosch")
    """
    if _NUMBER.fullmatch(text):
        return text
    return _UNSAFE.sub(lambda found: (found[1] or "") + "'", text)


def restored(text: str) -> str:
    r"""Text that :func:`neutralised` made safe, as it was.

    >>> restored("'=1+1"), restored("a;'@b"), restored("'Aktau'")
    ('=1+1', 'a;@b', "'Aktau'")
    """
    return _MADE_SAFE.sub(lambda found: found[1] or "", text)
