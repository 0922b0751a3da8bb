"""The common options: the same name, the same meaning and the same refusal on every command."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import typer

from keruen.cli.usage import chosen, wrong_usage
from keruen.i18n import Translator, languages

FIRST_YEAR, LAST_YEAR = 1900, 2200
LARGEST_SEED = 2**63 - 1
LEVELS = ("maximal", "available", "practical")
"""Levels of capacity: ``keruen.rail.line_capacity.Level``, which takes long to import."""


class Options:
    """Makers of the parameters of commands, with help in the language of ``t``.

    They are given as defaults of a command's parameters, because its annotations are read as text
    and cannot hold a translator.
    """

    def __init__(self, t: Translator) -> None:
        self._t = t

    def argument(self, metavar: str, code: str, *, required: bool = True) -> Any:
        """Make a positional argument."""
        default = ... if required else None
        return typer.Argument(default, metavar=metavar, help=self._t(code), parser=str)

    def flag(self, name: str, code: str) -> Any:
        """Make an option that is either there or not."""
        return typer.Option(False, name, help=self._t(code), show_default=False)

    def value(self, name: str, metavar: str, code: str, parser: Any = str) -> Any:
        """Make an option with a value."""
        return typer.Option(None, name, metavar=metavar, help=self._t(code), parser=parser)

    def two_files(self, name: str, code: str) -> Any:
        """Make an option with two files."""
        return typer.Option(None, name, metavar="NET TRIPS", help=self._t(code))

    def choice(self, name: str, metavar: str, code: str, allowed: Sequence[str]) -> Any:
        """Make an option whose value is one of a few words, which its help names."""
        text = self._t(code, allowed=", ".join(allowed))
        parser = partial(_choice, name, tuple(allowed))
        return typer.Option(None, name, metavar=metavar, help=text, parser=parser)

    @property
    def study(self) -> Any:
        """STUDY: a path or the name of a bundled study."""
        return self.argument("STUDY", "cli.argument.study")

    @property
    def run(self) -> Any:
        """RUN: the folder of a run."""
        return self.argument("RUN", "cli.argument.run")

    @property
    def study_or_run(self) -> Any:
        """STUDY|RUN: a study, or the folder of a run."""
        return self.argument("STUDY|RUN", "cli.argument.study_or_run")

    @property
    def volume(self) -> Any:
        """``--volume``: net tonnes a year of a corridor."""
        return self.value("--volume", "T", "cli.option.volume", parse_tonnes)

    @property
    def level(self) -> Any:
        """``--level``: level of capacity."""
        return self.choice("--level", "LEVEL", "cli.option.level", LEVELS)

    @property
    def json(self) -> Any:
        """``--json``: one JSON object on standard output and nothing else."""
        return self.flag("--json", "cli.option.json")

    @property
    def lang(self) -> Any:
        """``--lang``: language of everything a person reads."""
        text = self._t("cli.option.lang", known=", ".join(languages()))
        return typer.Option(None, "--lang", metavar="LANG", help=text, parser=str)

    @property
    def output(self) -> Any:
        """``-o``, ``--output``: where to write what is made."""
        return self._file("cli.option.output")

    @property
    def output_required(self) -> Any:
        """``-o``, ``--output`` where a command cannot do without."""
        return self._file("cli.option.output_required")

    @property
    def forecast_output(self) -> Any:
        """``-o``, ``--output``: folder of a run, or a new one, for the tables of a forecast."""
        return self._file("cli.option.forecast_output")

    @property
    def forecast(self) -> Any:
        """``--forecast``: folder of a forecast, or of a run with one."""
        return self.value("--forecast", "PATH", "cli.option.forecast", Path)

    @property
    def records(self) -> Any:
        """``-o``, ``--output``: where to write what every train did."""
        return self._file("cli.option.dispatch_records")

    @property
    def page(self) -> Any:
        """``-o``, ``--output``: HTML page to write."""
        return self._file("cli.option.page")

    @property
    def cells(self) -> Any:
        """``-o``, ``--output``: CSV file for the cells that a calibration proposes."""
        return self._file("cli.option.cells")

    @property
    def timetable(self) -> Any:
        """``--timetable``: file with the trains of a day."""
        return self.value("--timetable", "FILE", "cli.option.timetable", Path)

    def _file(self, code: str) -> Any:
        text = self._t(code)
        return typer.Option(None, "-o", "--output", metavar="PATH", help=text, parser=Path)

    @property
    def seed(self) -> Any:
        """``--seed``: seed of the random numbers."""
        return self.value("--seed", "N", "cli.option.seed", parse_seed)

    @property
    def scenario(self) -> Any:
        """``--scenario``: id of the scenario."""
        return self.value("--scenario", "ID", "cli.option.scenario")

    @property
    def year(self) -> Any:
        """``--year``: year looked at, meaning its 1 July."""
        return self.value("--year", "YYYY", "cli.option.year", parse_year)

    @property
    def date(self) -> Any:
        """``--date``: day looked at."""
        return self.value("--date", "YYYY-MM-DD", "cli.option.date", parse_date)

    @property
    def date_required(self) -> Any:
        """``--date`` where a command cannot do without."""
        return self.value("--date", "YYYY-MM-DD", "cli.option.date_required", parse_date)

    @property
    def as_of(self) -> Any:
        """``--as-of``: ignore observations known later."""
        return self.value("--as-of", "YYYY-MM-DD", "cli.option.as_of", parse_as_of)


def parse_year(text: str) -> int:
    """Read ``--year``.

    >>> parse_year("2030")
    2030
    """
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise wrong_usage("bad_year", value=text, minimum=FIRST_YEAR, maximum=LAST_YEAR)
    return int(text)


def parse_seed(text: str) -> int:
    """Read ``--seed``: a whole number that fits 63 bits."""
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > LARGEST_SEED:
        raise wrong_usage("bad_seed", value=text, maximum=LARGEST_SEED)
    return int(text)


def parse_date(text: str) -> dt.date:
    """Read ``--date``."""
    return _parse_day("--date", text)


def parse_as_of(text: str) -> dt.date:
    """Read ``--as-of``."""
    return _parse_day("--as-of", text)


def parse_tonnes(text: str) -> float:
    """Read a volume in tonnes a year: a number above nought.

    >>> parse_tonnes("10e6")
    10000000.0
    """
    value = number_above_nought(text)
    if value is None:
        raise wrong_usage("bad_volume", value=text)
    return value


def number_above_nought(text: str) -> float | None:
    """Read a finite number above nought; None where the text is none.

    >>> number_above_nought("2.5"), number_above_nought("-1"), number_above_nought("many")
    (2.5, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0.0 < value < math.inf else None


def one_moment(year: int | None, date: dt.date | None) -> None:
    """Refuse ``--year`` together with ``--date``: they name two moments."""
    if year is not None and date is not None:
        raise wrong_usage("year_and_date")


def _choice(option: str, allowed: tuple[str, ...], text: str) -> str:
    return chosen(option, text, allowed)


def _parse_day(option: str, text: str) -> dt.date:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise wrong_usage("bad_date", option=option, value=text)
