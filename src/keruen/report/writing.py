"""Write the reports of a run into its folder, one file a language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from keruen.i18n import Translator, translator
from keruen.report.page import Sibling, read_matter, render_matter
from keruen.study.store import Run, write_text

_STEM: Final = "report"


def file_name(language: str, first: str) -> str:
    """Name of a report: the first language's carries none.

    >>> file_name("en", "en"), file_name("kk", "en")
    ('report.html', 'report.kk.html')
    """
    return f"{_STEM}.html" if language == first else f"{_STEM}.{language}.html"


def render(run: Run, t: Translator, siblings: Sequence[Sibling] = ()) -> str:
    """Write the report of a run as one HTML text that asks nothing of any other place.

    Parameters
    ----------
    run : Run
        A run folder with its copy of the study.
    t : Translator
        Language of the report.
    siblings : sequence of Sibling
        The same report in other languages, to be linked.

    Raises
    ------
    StudyError
        When the copy of the study is damaged.
    FailedError
        When it is gone.
    """
    return render_matter(read_matter(run), t, siblings)


def write_reports(run: Run, languages: Sequence[str]) -> tuple[Path, ...]:
    """Write the reports of a run: ``report.html`` in the first language, the others beside it.

    Parameters
    ----------
    run : Run
        A run folder; also one still in its scratch place, so that this can finish it.
    languages : sequence of str
        Languages, each once.

    Returns
    -------
    tuple of Path
        Files written, in the order of the languages; each is whole or not there.

    Raises
    ------
    UsageError
        When there are no words in one of the languages.
    StudyError, FailedError
        As :func:`render`; and when a file cannot be written.
    """
    wanted = tuple(dict.fromkeys(languages))
    translators = [translator(language) for language in wanted]
    siblings = [Sibling(file_name(language, wanted[0]), language) for language in wanted]
    matter = read_matter(run)
    written = []
    for t, own in zip(translators, siblings, strict=True):
        path = run.path / own.file
        write_text(path, render_matter(matter, t, [s for s in siblings if s != own]))
        written.append(path)
    return tuple(written)
