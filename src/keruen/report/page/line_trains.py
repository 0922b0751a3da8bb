"""How trains run on a line: three methods, measures one by one, energy, and a day in pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import pandas as pd

from keruen.capacity.train_day import TrainDay
from keruen.errors import Problem, Severity
from keruen.i18n.problems import told
from keruen.rail.dispatch.network import Policy
from keruen.report.charts.marey import draw_marey
from keruen.report.charts.occupancy import draw_occupancy
from keruen.report.charts.speed_profile import draw_speed_profile
from keruen.report.page.context import Context, Note
from keruen.report.page.line_kept import kept_day, kept_run
from keruen.report.page.matter import LEVELS, Row, rows
from keruen.report.page.names import Said
from keruen.report.page.pictures import paired
from keruen.report.page.verdicts import observed_value
from keruen.report.rail_pictures import (
    caption_of,
    marey_picture,
    occupancy_picture,
    speed_picture,
)
from keruen.study.what_ifs import AS_IT_STANDS, DECIDED

_METHODS: Final = ("parallel_timetable", "compression", "dispatch")
_COMPARED: Final = "available"
_DAYS: Final = 365.0
_TONNES_PER_MT: Final = 1e6
_BROAD: Final = 900.0
"""Px of a picture that is drawn once: it fits a desk and scrolls on a phone."""
_ENERGY: Final = {
    "kWh/10000tkm": "wire_kwh_per_10000_gross_t_km",
    "kg/10000tkm": "fuel_kg_per_10000_gross_t_km",
}
"""Columns of runs by the unit in which others tell the same."""


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A line on a day, or under a measure: pairs a day by level, then by method."""

    name: str
    explained: str
    values: tuple[tuple[str, ...], ...]
    ratio: str
    carried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunRow:
    """The ordinary train on a day one way."""

    day: str
    direction: str
    locomotives: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RangeRow:
    """What is said elsewhere of energy, with its range."""

    definition: Said
    value: str
    notes: tuple[Note, ...]
    computed: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """Drawn days of trains under one policy."""

    day: str
    policy: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with what is said below it; a broad one is drawn once and scrolls."""

    drawn: str
    caption: str
    is_broad: bool


@dataclass(frozen=True, slots=True)
class DrawnDay:
    """The pictures of one day."""

    title: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class LineTrains:
    """Everything about how trains run on one line."""

    line: str
    level_names: tuple[str, ...]
    method_names: tuple[str, ...]
    days: tuple[MethodRow, ...]
    what_ifs: tuple[MethodRow, ...]
    answer: tuple[str, ...]
    runs: tuple[RunRow, ...]
    ranges: tuple[RangeRow, ...]
    policies: tuple[DayRow, ...]
    drawn: tuple[DrawnDay, ...]
    troubles: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.days or self.what_ifs or self.runs or self.policies or self.troubles)


def line_trains(context: Context, line: str, claimed: float | None) -> LineTrains:
    """Tell how trains run on a line.

    Parameters
    ----------
    context : Context
        Of the page.
    line : str
        Row of ``lines``.
    claimed : float or None
        Ratio of capacities that somebody claims.
    """
    return _Teller(context, line, claimed).tell()


class _Teller:
    """Reads the tables of one line."""

    def __init__(self, context: Context, line: str, claimed: float | None) -> None:
        self.context = context
        self.t = context.t
        self.line = line
        self.claimed = claimed
        self.methods = self._own("line_methods")
        self.what_ifs = self._own("line_what_ifs")
        self.runs = self._own("line_runs")
        self.days = self._own("line_days")

    def tell(self) -> LineTrains:
        t = self.t
        return LineTrains(
            self.line,
            tuple(t(f"report.level.{level}") for level in self._levels),
            tuple(t(f"report.trains.method.{method}") for method in _METHODS),
            tuple(self._by_day()),
            tuple(self._by_measure()),
            tuple(self._answer()),
            tuple(self._run_rows()),
            tuple(self._ranges()),
            tuple(self._policies()),
            tuple(self._drawn_days()),
            tuple(self._troubles()),
        )

    def _own(self, table: str) -> pd.DataFrame:
        frame = self.context.matter.table(table)
        return frame if frame.empty else frame[frame["line"] == self.line]

    @cached_property
    def _levels(self) -> tuple[str, ...]:
        known = set() if self.methods.empty else set(self.methods["level"])
        return tuple(level for level in LEVELS if level in known)

    def _by_day(self) -> Iterable[MethodRow]:
        if self.methods.empty:
            return
        for text in sorted(set(self.methods["date"])):
            own = self.methods[self.methods["date"] == text]
            values = self._values(own)
            day = self.t.date(date.fromisoformat(str(text)))
            yield MethodRow(day, "", values, "", ())

    def _values(self, own: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
        known = {(str(row["level"]), str(row["method"])): row["pairs_per_day"] for row in rows(own)}
        number = self.context.amounts.number
        return tuple(
            tuple(number(known.get((level, method))) for method in _METHODS)
            for level in self._levels
        )

    def _by_measure(self) -> Iterable[MethodRow]:
        if self.what_ifs.empty:
            return
        for name in dict.fromkeys(self.what_ifs["what_if"]):
            own = self.what_ifs[self.what_ifs["what_if"] == name]
            run = self._run(str(name))
            ratio = self._ratio(str(name))
            yield MethodRow(
                self.t(f"report.what_if.{name}"),
                self.t(f"report.what_if_told.{name}"),
                self._values(own),
                "" if name == AS_IT_STANDS else self.context.amounts.computed(ratio, "ratio"),
                tuple(self._carried(str(name), run)),
            )

    def _carried(self, what_if: str, run: Row | None) -> Iterable[str]:
        """Pairs left beside the background, what they are in tonnes, and time and energy."""
        number = self.context.amounts.number
        left = self._pairs(what_if, column="left_pairs_per_day")
        yield number(left)
        if run is None:
            yield from [number(None)] * 3
            return
        tonnes = None if left is None else left * run["trailing_t"] * _DAYS / _TONNES_PER_MT
        yield number(tonnes)
        yield number(run["running_min"])
        yield self._energy(run)

    def _pairs(
        self, what_if: str, method: str = _METHODS[0], column: str = "pairs_per_day"
    ) -> float | None:
        """Pairs of trains a day under a measure; None where the method has no answer."""
        own = self.what_ifs[
            (self.what_ifs["what_if"] == what_if)
            & (self.what_ifs["method"] == method)
            & (self.what_ifs["level"] == _COMPARED)
        ]
        return float(own[column].iloc[0]) if len(own) else None

    def _ratio(self, what_if: str, method: str = _METHODS[0]) -> float | None:
        """Pairs under a measure over those without any; None where there is no such number."""
        before, after = self._pairs(AS_IT_STANDS, method), self._pairs(what_if, method)
        return after / before if before and after is not None else None

    def _run(self, what_if: str) -> Row | None:
        if self.runs.empty:
            return None
        first = self.runs["date"].min()
        own = self.runs[
            (self.runs["what_if"] == what_if)
            & (self.runs["date"] == first)
            & (self.runs["direction"] == "forward")
        ]
        return next(rows(own), None)

    def _energy(self, run: Row) -> str:
        """Energy per 10,000 gross tonne-kilometres, from the wire or the tank."""
        said = []
        for column, unit in (
            ("wire_kwh_per_10000_gross_t_km", "kWh"),
            ("fuel_l_per_10000_gross_t_km", "l"),
        ):
            if run[column] is not None:
                said.append(self.context.amounts.computed(run[column], unit))
        return self.t.list(said)

    def _answer(self) -> Iterable[str]:
        """How much of the rise the second track alone explains."""
        if self.what_ifs.empty:
            return
        alone, whole = self._ratio("second_track"), self._ratio(DECIDED)
        if alone is None or whole is None:
            return

        def times(ratio: float) -> str:
            return self.context.amounts.computed(ratio, "ratio")

        yield self.t("report.trains.second_track", alone=times(alone), whole=times(whole))
        others = [self._ratio("second_track", method) for method in _METHODS[1:]]
        known = [times(ratio) for ratio in others if ratio is not None]
        if len(known) == len(others):
            yield self.t("report.trains.by_others", ratios=self.t.list(known))
        if self.claimed is not None:
            code = "reaches" if alone >= self.claimed else "falls_short"
            claimed = self.context.amounts.stated(self.claimed, "ratio")
            yield self.t(f"report.trains.{code}", times=claimed)
        both = self._ratio("second_track_and_block")
        if both is not None:
            yield self.t("report.trains.with_block", ratio=times(both))
        yield self.t("report.trains.apart")

    def _run_rows(self) -> Iterable[RunRow]:
        if self.runs.empty:
            return
        plain = self.runs[self.runs["what_if"] == AS_IT_STANDS]
        for text, own in plain.groupby("date", sort=True):
            ways = {str(row["direction"]): row for row in rows(own)}
            cells = {way: tuple(self._run_cells(row)) for way, row in ways.items()}
            if len(set(cells.values())) == 1:
                cells = {"both": next(iter(cells.values()))}
            for way in sorted(cells, reverse=True):
                row = ways.get(way) or next(iter(ways.values()))
                yield RunRow(
                    self.t.date(date.fromisoformat(str(text))),
                    self.t("report.trains.both") if way == "both" else self.t(f"report.rail.{way}"),
                    self._locomotives(str(row["locomotives"])),
                    cells[way],
                )

    def _locomotives(self, told_as: str) -> str:
        said = []
        for part in told_as.split():
            units, _, locomotive = part.partition("*")
            name = self.context.names.of("locomotives", locomotive)
            said.append(f"{self.t.number(int(units))} × {name}")
        return self.t.list(said)

    def _run_cells(self, row: Row) -> Iterable[str]:
        number = self.context.amounts.number
        speed = row["length_km"] / row["running_min"] * 60.0
        for value in (row["trailing_t"], row["running_min"], row["shortest_min"], speed):
            yield number(value)
        for column in (
            "wheel_kwh_per_10000_gross_t_km",
            "wire_kwh_per_10000_gross_t_km",
            "fuel_l_per_10000_gross_t_km",
            "fuel_kg_per_10000_gross_t_km",
        ):
            yield number(row[column])

    def _ranges(self) -> Iterable[RangeRow]:
        """Observations of energy for freight, whatever line they are of."""
        model = self.context.matter.model
        for key in model.rows("observations", quantity="energy"):
            if model.text("observations", key, "unit") not in _ENERGY:
                continue
            owner = model.owner("observations", key, "value")
            unit = model.text("observations", key, "unit")
            value = observed_value(self.context, key)
            if owner is not None and owner.low and owner.high:
                span = self.context.amounts.span(float(owner.low), float(owner.high), unit)
                value = span
            yield RangeRow(
                self.context.names.text("observations", key, "definition"),
                value,
                self.context.row_notes("observations", key, "value"),
                self._computed_energy(_ENERGY[unit]),
            )

    def _computed_energy(self, column: str) -> str:
        """What the ordinary train takes, first day and last; the mean of both ways."""
        if self.runs.empty:
            return self.context.amounts.number(None)
        plain = self.runs[self.runs["what_if"] == AS_IT_STANDS]
        of_days = plain.groupby("date", sort=True)[column].mean().dropna()
        found = dict.fromkeys(self.context.amounts.number(float(one)) for one in of_days)
        return " → ".join(found) or self.context.amounts.number(None)

    def _policies(self) -> Iterable[DayRow]:
        """Means over the days drawn, of the weighted delay with its range."""
        if self.days.empty:
            return
        number = self.context.amounts.number
        for (text, policy), own in self.days.groupby(["date", "policy"], sort=False):
            mean = own.drop(columns=["line", "date", "policy", "guard"]).mean()
            weighted = own["weighted_delay_min"]
            told = number(float(weighted.mean()))
            if len(own) > 1:
                told += f" ({number(float(weighted.min()))}–{number(float(weighted.max()))})"
            cells = [
                *(mean[name] for name in ("freight_pairs_per_day", "trains", "trains_finished")),
                *(mean[name] for name in ("freight_delay_min", "passenger_delay_min")),
                mean["freight_speed_km_per_h"],
            ]
            said = [number(None if pd.isna(one) else float(one)) for one in cells]
            yield DayRow(
                self.t.date(date.fromisoformat(str(text))),
                self.t(f"report.trains.policy.{policy}"),
                (number(float(len(own))), *said[:3], told, *said[3:]),
            )

    def _drawn_days(self) -> Iterable[DrawnDay]:
        drawn = set() if self.days.empty else set(self.days["date"])
        for text in sorted(map(str, drawn)):
            title = self.t("report.trains.day", day=self.t.date(date.fromisoformat(text)))
            yield DrawnDay(title, tuple(self._pictures(text)))

    def _pictures(self, text: str) -> Iterable[Picture]:
        matter, prefix = self.context.matter, f"trains-{self.line}-{text}"
        model = matter.model.at(date.fromisoformat(text))
        day = kept_day(matter, model, self.line, text)
        if day is not None:
            drawn = draw_marey(marey_picture(self.t, model, day), _BROAD, f"{prefix}-m")
            yield Picture(drawn, self._of_day(text, day), is_broad=True)
            bars = occupancy_picture(self.t, model, day)
            both = paired(lambda width, own: draw_occupancy(bars, width, own), f"{prefix}-o")
            yield Picture(both, bars.description, is_broad=False)
        run = kept_run(matter, model, self.line, text)
        if run is not None:
            shown = speed_picture(self.t, model, run)
            known = "assumed" if run.assumes_profile else "known"
            drawn = draw_speed_profile(shown, _BROAD, f"{prefix}-s")
            caption = f"{shown.description} {self.t(f'report.rail.profile.{known}')}"
            yield Picture(drawn, caption, is_broad=True)

    def _of_day(self, text: str, day: TrainDay) -> str:
        own = self.days[self.days["date"] == text]
        first = Policy.FIRST_COME.name.lower()
        drawn = next(rows(own[own["policy"] == first]))
        return caption_of(self.t, day, drawn["freight_pairs_per_day"], first)

    def _troubles(self) -> Sequence[str]:
        """What could not be computed, each reason once."""
        found = []
        for row in rows(self._own("line_troubles")):
            params = json.loads(str(row["params"]))
            problem = Problem(
                Severity.WARNING, str(row["code"]), row["file"] or None, params=params
            )
            said = told(problem, self.t)
            found.append(f"{said.rule} {said.mend}")
        return list(dict.fromkeys(found))
