"""Pictures of a railway line of a study: what the charts are told, in the reader's language."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keruen.capacity.drawn_run import DrawnRun
from keruen.capacity.gap_running import profile_of
from keruen.capacity.hauling import read_track
from keruen.capacity.line_description import StudyLine
from keruen.capacity.line_timetable import CLASSES, WINDOW_START_MIN
from keruen.capacity.reader import ElementReader
from keruen.capacity.train_day import TrainDay
from keruen.i18n import Translator
from keruen.model import Model
from keruen.model.names import name_of
from keruen.rail.dispatch.network import Cause
from keruen.rail.dispatch.polylines import meetings
from keruen.report import svg
from keruen.report.charts.marey_spec import Closure, MareySpec, MareyWords, Place, Tracks, TrainLine
from keruen.report.charts.occupancy import OccupancySpec, Part, SectionBar, Use
from keruen.report.charts.speed_spec import EnergyBars, Ground, SpeedSpec, SpeedStop, heights_m
from keruen.report.palette import stylesheet

MINUTES_PER_DAY: Final = 1440.0
_WEIGHTS: Final = {"passing_loop": 0, "station": 1}
"""How much the name of a node counts where names are crowded; of other kinds more."""
_SIZE: Final = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)" width="[0-9.]+" height="[0-9.]+"')
_MARGIN: Final = 18
_HEAD: Final = 72
_FEET: Final = _HEAD + _MARGIN
"""Room about a picture that stands alone, px: beside it, above it, above and below it."""


def file_of(drawn: str, title: str, note: str) -> str:
    """Make a picture a file of its own: with a margin, its title above, and its colours within.

    Parameters
    ----------
    drawn : str
        A picture as it stands in a page.
    title, note : str
        Written above it.
    """
    found = _SIZE.search(drawn)
    if found is None:
        raise ValueError("a picture has a size")
    width, height = map(float, found.groups())
    box = f"{-_MARGIN} {-_HEAD} {svg.number(width + 2 * _MARGIN)} {svg.number(height + _FEET)}"
    size = f'width="{svg.number(width + 2 * _MARGIN)}" height="{svg.number(height + _FEET)}"'
    framed = drawn.replace(found[0], f'viewBox="{box}" {size}', 1)
    words = svg.text(0, 28 - _HEAD, title, svg.TextStyle(17, classes="k-b"))
    words += svg.text(0, 48 - _HEAD, note, svg.TextStyle(12, classes="k-m"))
    head, mark, tail = framed.partition("</desc>")
    paper = "svg{background:var(--k-paper)}"
    return svg.standing_alone(head + mark + words + tail, stylesheet() + paper)


def title_of(t: Translator, model: Model, table: str, row: str) -> str:
    """Name of a line or section with the day looked at."""
    return f"{name_of(model, table, row, t.language)}, {t.date(model.on, 'long')}"


def caption_of(t: Translator, day: TrainDay, pairs: float, policy: str) -> str:
    """Say which trains a picture of a day shows, and what is assumed of its windows.

    Parameters
    ----------
    t : Translator
        Language.
    day : TrainDay
        The day.
    pairs : float
        Ordinary freight trains, pairs a day.
    policy : str
        Who goes first, as ``word.policy`` names it.
    """
    named = t(f"word.policy.{policy}")
    told = t("report.rail.dispatched", pairs=t.number(pairs, 0), policy=named)
    return f"{told} {t('report.rail.windows')}" if day.described.has_windows else told


def clock(minutes: float) -> str:
    """Time of day of minutes since some midnight.

    >>> clock(1500.0)
    '01:00'
    """
    whole = round(minutes)
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"


def without_windows(line: StudyLine) -> str:
    """Ending of the code of a message that speaks of maintenance windows where there are any."""
    return "" if line.has_windows else "_without_windows"


def marey_picture(t: Translator, model: Model, day: TrainDay) -> MareySpec:
    """Space-time diagram of the days looked at of a dispatched line."""
    km = np.append(0.0, np.cumsum(day.described.lengths_km))
    begin, end = day.span_min
    met = meetings(train.path for train in day.trains)
    title, windows = title_of(t, model, "lines", day.line), without_windows(day.described)
    return MareySpec(
        title=t("report.rail.marey", line=title),
        description=t(f"report.rail.marey_told{windows}", line=title, trains=len(day.trains)),
        places=_places(t, model, day.described, km),
        trains=tuple(
            TrainLine(
                train.number,
                train.train_class,
                train.odd,
                tuple(train.path.time_min.tolist()),
                tuple(train.path.km.tolist()),
                tuple(train.path.cause.tolist()),
            )
            for train in day.trains
        ),
        start_min=begin,
        end_min=end,
        clock=clock,
        duration=lambda minutes: t.unit(round(minutes), "min"),
        words=_marey_words(t),
        km_unit=t.unit_name("km"),
        number=lambda value: t.number(value, 0),
        windows=_windows(day.described, km, day.span_min),
        tracks=_tracks(t, day.described, km),
        meets=tuple((one.time_min, one.km) for one in met.meets),
        overtakes=tuple((one.time_min, one.km) for one in met.overtakes),
    )


def _marey_words(t: Translator) -> MareyWords:
    return MareyWords(
        trains=t("report.rail.trains"),
        waits=t("report.rail.waits"),
        marks=t("report.rail.marks"),
        odd=t("report.rail.forward"),
        even=t("report.rail.backward"),
        classes=tuple(t(f"word.line_train.{name}") for name in CLASSES),
        causes={int(one): t(f"word.wait.{one.name.lower()}") for one in Cause if one},
        meet=t("report.rail.meet"),
        overtake=t("report.rail.overtake"),
        window=t("report.rail.window"),
        empty=t("report.rail.no_train"),
    )


def _places(
    t: Translator, model: Model, line: StudyLine, km: NDArray[np.float64]
) -> tuple[Place, ...]:
    """Nodes by name; places within sections have none."""
    places = []
    for position, place in enumerate(line.description.places):
        around = line.sections[max(position - 1, 0) : position + 1]
        inner = len(around) == 2 and around[0] == around[1]
        name = "" if inner else name_of(model, "nodes", place.name, t.language)
        kind = "" if inner else model.text("nodes", place.name, "kind")
        weight = 2 * _WEIGHTS.get(kind, 2)
        weight += bool(kind and model.text("nodes", place.name, "unlocode"))
        places.append(
            Place(name, float(km[position]), not inner and kind != "passing_loop", weight)
        )
    return tuple(places)


def _windows(
    described: StudyLine,
    km: NDArray[np.float64],
    span: tuple[float, float],
) -> tuple[Closure, ...]:
    """Maintenance windows of each day shown, neighbouring gaps alike as one."""
    line = described.description
    lasting = [line.allowances.of_gap(gap.tracks).window_min for gap in line.gaps]
    closures = []
    for minutes, group in groupby(range(len(lasting)), key=lambda gap: lasting[gap]):
        gaps = list(group)
        if minutes <= 0.0:
            continue
        for day in range(round((span[1] - span[0]) / MINUTES_PER_DAY)):
            start = span[0] + day * MINUTES_PER_DAY + WINDOW_START_MIN
            ends = float(km[gaps[0]]), float(km[gaps[-1] + 1])
            closures.append(Closure(*ends, start, start + minutes))
    return tuple(closures)


def _tracks(t: Translator, line: StudyLine, km: NDArray[np.float64]) -> tuple[Tracks, ...]:
    gaps = line.description.gaps
    stretches = []
    for tracks, group in groupby(range(len(gaps)), key=lambda gap: gaps[gap].tracks):
        own = list(group)
        label = t.plural("report.rail.tracks", tracks)
        stretches.append(Tracks(float(km[own[0]]), float(km[own[-1] + 1]), tracks, label))
    return tuple(stretches)


def occupancy_picture(t: Translator, model: Model, day: TrainDay) -> OccupancySpec:
    """Occupied share of the days looked at, of the busiest gap of each section."""
    line, shares = day.described, day.occupied
    windows = [
        line.description.allowances.of_gap(gap.tracks).window_min / MINUTES_PER_DAY
        for gap in line.description.gaps
    ]
    totals = shares.sum(axis=1) + windows
    bars = []
    for row in dict.fromkeys(line.sections):
        own = [gap for gap, section in enumerate(line.sections) if section == row]
        worst = max(own, key=lambda gap: totals[gap])
        bars.append(
            SectionBar(
                name_of(model, "sections", row, t.language),
                (*shares[worst].tolist(), windows[worst]),
                t.percent(float(totals[worst])),
                t.plural("report.rail.tracks", line.description.gaps[worst].tracks),
            )
        )
    title, told = title_of(t, model, "lines", day.line), without_windows(line)
    return OccupancySpec(
        title=t("report.rail.occupancy", line=title),
        description=t(f"report.rail.occupancy_told{told}", line=title),
        parts=(
            *(Part(t(f"word.line_train.{name}")) for name in CLASSES),
            Part(t("report.rail.window"), Use.WINDOW),
        ),
        sections=tuple(bars),
        share=t.percent,
        axis=t("report.rail.share"),
        empty=t("report.rail.no_train"),
        worst_first=False,
    )


def speed_picture(t: Translator, model: Model, found: DrawnRun) -> SpeedSpec:
    """Speed of the ordinary train and its energy by kilometre."""
    bounds, limits, ground = _ground(t, model, found)
    title = title_of(t, model, found.table, found.row)
    per_km = t.unit_name("km")
    return SpeedSpec(
        title=t("report.rail.speed", line=title),
        description=t(
            "report.rail.speed_told", line=title, minutes=t.unit(round(found.time_min), "min")
        ),
        km=tuple(found.km.tolist()),
        speed_km_per_h=tuple(found.speed_km_per_h.tolist()),
        speed=t("report.rail.speed_name"),
        speed_unit=t.unit_name("km/h"),
        km_unit=per_km,
        number=t.number,
        empty=t("report.rail.no_train"),
        limit_km=bounds,
        limit_km_per_h=limits,
        limit=t("report.rail.limit"),
        stops=tuple(
            SpeedStop(
                float(leg.kilometres.from_km[0]),
                name_of(model, "nodes", leg.node, t.language),
            )
            for leg in found.legs[1:]
        ),
        stop=t("report.rail.change"),
        energies=_energies(t, found),
        ground=ground,
    )


def _energies(t: Translator, found: DrawnRun) -> tuple[EnergyBars, ...]:
    """At the wheels, from the wire where it is electric, and fuel where it is not."""
    wanted = (
        ("wheel", "kWh", "wheel_kwh", (False, True)),
        ("wire", "kWh", "wire_kwh", (False,)),
        ("fuel", "l", "fuel_l", (True,)),
    )
    bars = []
    for name, unit, column, kinds in wanted:
        own = [leg.kilometres for leg in found.legs if leg.is_diesel in kinds]
        if own:
            begin, end, amount = (
                tuple(np.concatenate([getattr(one, key) for one in own]).tolist())
                for key in ("from_km", "to_km", column)
            )
            label = t(f"report.rail.energy.{name}")
            unit_name = f"{t.unit_name(unit)}/{t.unit_name('km')}"
            bars.append(EnergyBars(label, unit_name, begin, end, amount))
    return tuple(bars)


def _ground(
    t: Translator, model: Model, found: DrawnRun
) -> tuple[tuple[float, ...], tuple[float, ...], Ground | None]:
    """Limits, and heights where the study knows the profile of the whole way."""
    bounds, limits, gradients = [0.0], [], []
    for passed in found.passed:
        track = read_track(ElementReader(model, "sections", passed.section))
        if track is None:  # it was read to run over it
            raise AssertionError(passed.section)
        profile = profile_of(track, backward=passed.backward)
        start = bounds[-1]
        bounds += (start + (profile.km[1:] - profile.km[0])).tolist()
        limits += profile.limit_km_per_h.tolist()
        gradients += profile.gradient_permille.tolist()
    if found.assumes_profile:
        return tuple(bounds), tuple(limits), None
    heights = heights_m(bounds, gradients)
    steepest = t.number(float(np.abs(gradients).max()), 1)
    told = t("report.rail.steepest", permille=steepest)
    ground = Ground(
        tuple(bounds), heights, t("report.rail.ground"), t.unit_name("m"), steepest=told
    )
    return tuple(bounds), tuple(limits), ground
