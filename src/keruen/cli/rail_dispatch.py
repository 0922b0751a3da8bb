"""``keruen rail dispatch``: the trains of a line on some days, as a dispatcher lets them run."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.moment import study_on_its_day
from keruen.cli.naming import Names
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.progress import tell_compiling
from keruen.cli.rail_timetable import read_given
from keruen.cli.runner import Runner
from keruen.cli.screen import Cell, Screen
from keruen.cli.studies import study_name
from keruen.cli.usage import wrong_usage
from keruen.i18n import Translator, shown
from keruen.i18n.amounts import figures, tenths, whole

if TYPE_CHECKING:
    from keruen.capacity.line_dispatch import LineDispatch
    from keruen.capacity.line_timetable import LineTimetable
    from keruen.errors import Problem
    from keruen.model import Model

FIRST_COME: Final = "first_come"
POLICIES: Final = (FIRST_COME, "priority", "look_ahead")
"""Names of ``keruen.rail.dispatch.network.Policy``, which takes long to import."""
MOST_DAYS: Final = 7
MOST_PAIRS: Final = 300
"""Bounds of ``--days`` and ``--trains``."""
MOST_DELAY_MIN: Final = 1440.0
MOST_SHARE: Final = 2.0
"""Bounds of ``--entry-delay-min`` and ``--running-spread``."""


class Wanted(NamedTuple):
    """What was asked of a line: options of ``rail dispatch`` and ``rail diagram``."""

    study: str
    line: str | None
    policy: str | None
    days: int | None
    pairs: int | None
    seed: int | None
    year: int | None
    date: dt.date | None
    scenario: str | None
    timetable: Path | None = None
    entry_delay_min: float | None = None
    running_share: float | None = None


class Ran(NamedTuple):
    """The day, how trains ran, the same under first come, the seed, and what to warn of.

    ``wanted`` is what was asked for.
    """

    model: Model
    found: LineDispatch
    first_come: LineDispatch
    seed: int
    wanted: Wanted
    problems: tuple[Problem, ...] = ()


def register_dispatch(app: typer.Typer, runner: Runner) -> None:
    """Add ``keruen rail dispatch``."""
    t, options = runner.t, Options(runner.t)

    @app.command("dispatch", cls=Command, help=t("cli.rail.dispatch.help"))
    def dispatch(
        *,
        study: str = options.study,
        line: str | None = options.argument("LINE", "cli.argument.line", required=False),
        policy: str | None = options.choice("--policy", "POLICY", "cli.option.policy", POLICIES),
        days: int | None = options.value("--days", "N", "cli.option.days", days_of),
        trains: int | None = options.value("--trains", "N", "cli.option.trains", pairs_of),
        timetable: Any = options.timetable,
        entry_delay: float | None = options.value(
            "--entry-delay-min", "MEAN", "cli.option.entry_delay", delay_of
        ),
        spread: float | None = options.value(
            "--running-spread", "SHARE", "cli.option.running_spread", share_of
        ),
        output: Any = options.records,
        seed: Any = options.seed,
        year: int | None = options.year,
        date: Any = options.date,
        scenario: str | None = options.scenario,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("rail dispatch", json, study_name(study), scenario, year, date, seed=seed)

        def body() -> Answer:
            if timetable is not None and trains is not None:
                raise wrong_usage("option_beside_timetable", option="--trains")
            moment = (seed, year, date, scenario)
            given = (timetable, entry_delay, spread)
            wanted = Wanted(study, line, policy, days, trains, *moment, *given)
            if output is not None:
                from keruen.exchange.placing import refuse_taken_file

                refuse_taken_file(output)
            ran = dispatched(t, wanted, quiet=json)
            files = () if output is None else write_records(output, ran)
            return Answer(
                {**answer(ran), "files": files},
                problems=ran.problems,
                asked=completed(asked, ran),
                view=ran,
            )

        return runner.run(asked, body, show)


def days_of(text: str) -> int:
    """Read ``--days``."""
    return _bounded("--days", 1, MOST_DAYS, text)


def pairs_of(text: str) -> int:
    """Read ``--trains``."""
    return _bounded("--trains", 0, MOST_PAIRS, text)


def delay_of(text: str) -> float:
    """Read ``--entry-delay-min``."""
    return _amount("--entry-delay-min", MOST_DELAY_MIN, text)


def share_of(text: str) -> float:
    """Read ``--running-spread``."""
    return _amount("--running-spread", MOST_SHARE, text)


def _amount(option: str, high: float, text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,9})?", text) or float(text) > high:
        raise wrong_usage("bad_amount", option=option, value=text, minimum=0, maximum=high)
    return float(text)


def _bounded(option: str, low: int, high: int, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
        raise wrong_usage("bad_count", option=option, value=text, minimum=low, maximum=high)
    return int(text)


def dispatched(t: Translator, wanted: Wanted, *, quiet: bool) -> Ran:
    """Run the trains asked for; unless quiet, say when that has to be compiled first."""
    asked = Asked("", False, None, wanted.scenario, wanted.year, wanted.date)
    model, _ = study_on_its_day(wanted.study, asked)
    from keruen.capacity.line_dispatch import Disturbed, dispatch_line
    from keruen.capacity.lookup import choose_line
    from keruen.rail.dispatch.network import Policy

    seed = model.settings.seed if wanted.seed is None else wanted.seed
    chosen = choose_line(model, wanted.line)
    timetable = _timetable(model, chosen, wanted, seed)
    name = wanted.policy or FIRST_COME
    if not quiet:
        tell_compiling(t, name)
    disturbed = Disturbed(wanted.entry_delay_min or 0.0, wanted.running_share or 0.0)
    run = partial(dispatch_line, timetable, seed=seed, disturbed=disturbed)
    first_come = run(Policy.FIRST_COME)
    policy = Policy[name.upper()]
    found = first_come if policy is Policy.FIRST_COME else run(policy)
    problems = _warnings(model, chosen, found, wanted.pairs)
    return Ran(model, found, first_come, seed, wanted, problems)


def _timetable(model: Model, line: str, wanted: Wanted, seed: int) -> LineTimetable:
    """Trains drawn, or those of a file."""
    from keruen.capacity.line_timetable import line_timetable

    days = wanted.days or 1
    if wanted.timetable is None:
        return line_timetable(model, line, wanted.pairs, days, seed)
    from keruen.capacity.given_dispatch import given_line_timetable
    from keruen.capacity.line_description import line_description

    described = line_description(model, line)
    given = read_given(model, described, wanted.timetable, whole=False)
    return given_line_timetable(line, described, given, days)


def _warnings(
    model: Model, line: str, found: LineDispatch, pairs: int | None
) -> tuple[Problem, ...]:
    """Trains turned away, breaks of gauge, and more trains asked for than the line takes."""
    from keruen.capacity.line_dispatch import rejection_problems
    from keruen.capacity.line_order import gauge_warnings
    from keruen.capacity.line_refusals import located
    from keruen.capacity.line_timetable import overload_problems

    refused = rejection_problems(found.timetable, found.rejections)
    asked = () if pairs is None else overload_problems(model, line, pairs)
    return (*gauge_warnings(model, line), *located(model, line, refused), *asked)


def write_records(output: Path, ran: Ran) -> tuple[Path, ...]:
    """Write what every train did as a CSV file; it appears whole or not at all."""
    from keruen.capacity.line_records import COLUMNS, line_records
    from keruen.exchange.placing import place_file

    def fill(file: Path) -> None:
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(line_records(ran.found, ran.model.on))

    return place_file(output, fill)


def completed(asked: Asked, ran: Ran) -> Asked:
    """What was asked, with the day and the seed that hold."""
    return replace(asked, date=ran.model.on if asked.year is None else None, seed=ran.seed)


def answer(ran: Ran) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    from keruen.capacity.line_dispatch import turned_away

    found, timetable = ran.found, ran.found.timetable
    refused = turned_away(timetable, found.rejections)
    rejected = sum(one.trains for one in refused)
    looked_at = timetable.looked_at_ms
    return {
        "line": timetable.line,
        "policy": found.policy.name.lower(),
        "guard": found.guard,
        "days": round((looked_at[1] - looked_at[0]) / 86_400_000),
        "freight_pairs_per_day": timetable.freight_pairs,
        "timetable": None if ran.wanted.timetable is None else ran.wanted.timetable.name,
        "entry_delay_mean_min": ran.wanted.entry_delay_min or None,
        "running_spread_share": ran.wanted.running_share or None,
        "trains_entered": int(timetable.counted.sum()) - rejected,
        "trains_finished": int(found.finished.sum()),
        "trains_rejected": rejected,
        "locked": found.is_locked,
        "most_at_once": found.outcome.most_at_once,
        "delay_min": distribution(found.delays_min()),
        "weighted_delay_min": found.weighted_delay_min,
        "first_come_weighted_delay_min": ran.first_come.weighted_delay_min,
        "waits_min": {
            cause_name(cause): distribution(lasting) for cause, lasting in found.waits_min().items()
        },
        "classes": by_class(found),
        "rejected": [
            {
                "class": class_name(one.relation.train_class),
                "direction": "forward" if one.relation.odd else "backward",
                "trains": one.trains,
                "reason": one.reason.removeprefix("dispatch_"),
                "place": one.place or None,
                "section": one.section or None,
            }
            for one in refused
        ],
    }


def by_class(found: LineDispatch) -> list[dict[str, object]]:
    """Trains, delays and speed of each class that has trains in the days looked at."""
    from keruen.capacity.line_timetable import CLASSES

    timetable = found.timetable
    rows: list[dict[str, object]] = []
    for number, name in enumerate(CLASSES):
        done = found.finished & (timetable.class_of == number)
        if not done.any():
            continue
        minutes = (found.finish_ms - timetable.trains.earliest_ms)[done] / 6e4
        rows.append(
            {
                "id": name,
                "trains_finished": int(done.sum()),
                "time_min": distribution(minutes),
                "delay_min": distribution(found.delays_min(number)),
                "speed_km_per_h": found.speed_km_per_h(number),
            }
        )
    return rows


def class_name(train_class: int) -> str:
    """Id of a class of trains."""
    from keruen.capacity.line_timetable import CLASSES

    return CLASSES[train_class]


def cause_name(cause: int) -> str:
    """Id of a cause of waits."""
    from keruen.rail.dispatch.network import Cause

    return Cause(cause).name.lower()


def distribution(values: Sequence[float] | Any) -> dict[str, float | None]:
    """Mean, spread and quantiles; without values nothing but their number.

    >>> distribution([1.0, 3.0])["mean"], distribution([])
    (2.0, {'mean': None, 'sd': None, 'p05': None, 'p50': None, 'p95': None, 'n': 0})
    """
    import numpy as np

    count = len(values)
    if not count:
        return {**dict.fromkeys(("mean", "sd", "p05", "p50", "p95")), "n": 0}
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    spread = float(np.std(values, ddof=1)) if count > 1 else None
    own = {"mean": float(np.mean(values)), "sd": spread, "p05": low, "p50": middle, "p95": high}
    return {**own, "n": count}


def show(screen: Screen, given: Answer) -> None:
    """Print the days as a whole, each class of trains, and waits by cause."""
    ran: Ran = given.view
    result: Mapping[str, Any] = given.result or {}
    t, names = screen.t, Names(screen.t, ran.model)
    screen.line(shown(names.row("lines", result["line"])), "bold")
    screen.line(t.date(ran.model.on, "long"), "dim")
    rows: list[list[Cell]] = [
        [t("cli.rail.dispatch.policy"), t(f"word.policy.{result['policy']}")],
        [t("cli.rail.dispatch.days"), whole(t, result["days"])],
        [t("cli.rail.dispatch.freight"), figures(t, result["freight_pairs_per_day"])],
        [t("cli.rail.dispatch.entered"), whole(t, result["trains_entered"])],
        [t("cli.rail.dispatch.finished"), whole(t, result["trains_finished"])],
        [t("cli.rail.dispatch.rejected"), whole(t, result["trains_rejected"])],
        [t("cli.rail.dispatch.weighted"), whole(t, result["weighted_delay_min"])],
    ]
    if result["timetable"] is not None:
        rows.insert(1, [t("cli.rail.dispatch.timetable"), result["timetable"]])
    if result["entry_delay_mean_min"] is not None:
        delay = figures(t, result["entry_delay_mean_min"])
        rows.append([t("cli.rail.dispatch.entry_delay"), delay])
    if result["running_spread_share"] is not None:
        share = t.percent(result["running_spread_share"], 1)
        rows.append([t("cli.rail.dispatch.spread"), share])
    if result["policy"] != FIRST_COME:
        first = whole(t, result["first_come_weighted_delay_min"])
        rows.append([t("cli.rail.dispatch.first_come"), first])
    screen.table([t("cli.rail.dispatch.quantity"), t("cli.rail.dispatch.value")], rows)
    for reason in _refused(screen, names, result):
        screen.entry(f"{t('cli.rail.dispatch.rejected')}: {reason}", indent=0)
    _show_classes(screen, result["classes"])
    _show_waits(screen, result["waits_min"])
    windows = ran.found.timetable.described.has_windows
    assumed = "assumed" if windows else "assumed_without_windows"
    screen.entry(t(f"cli.rail.dispatch.{assumed}"), indent=0)
    if ran.wanted.entry_delay_min or ran.wanted.running_share:
        screen.entry(t("cli.rail.dispatch.disturbed"), indent=0)
    if result["locked"]:
        screen.entry(t("cli.rail.dispatch.locked"), indent=0)
    for file in result["files"]:
        screen.line(t.plural("cli.export.written", 1))
        screen.unbroken(str(file), 2)


def _refused(screen: Screen, names: Names, result: Mapping[str, Any]) -> Iterator[str]:
    """Which trains cannot run, why and where: once for both directions."""
    t = screen.t
    found: dict[tuple[str, str, str], int] = {}
    for one in result["rejected"]:
        place = names.row("nodes", one["place"]) if one["place"] else ""
        place = place or (names.element("sections", one["section"]) if one["section"] else "")
        key = (one["class"], one["reason"], place)
        found[key] = found.get(key, 0) + one["trains"]
    for (train_class, reason, place), trains in found.items():
        told = {
            "trains": whole(t, trains),
            "train": t(f"word.line_train.{train_class}"),
            "reason": t(f"word.refusal.{reason}"),
        }
        if place:
            yield t("cli.rail.dispatch.refused_at", place=place, **told)
        else:
            yield t("cli.rail.dispatch.refused", **told)


def _show_classes(screen: Screen, classes: Sequence[Mapping[str, Any]]) -> None:
    t = screen.t
    rows: list[list[Cell]] = [
        [
            t(f"word.line_train.{one['id']}"),
            whole(t, one["trains_finished"]),
            tenths(t, one["speed_km_per_h"]),
            whole(t, one["time_min"]["mean"]),
            whole(t, one["delay_min"]["mean"]),
            whole(t, one["delay_min"]["p95"]),
        ]
        for one in classes
    ]
    heads = ("class", "trains", "speed", "time", "delay", "delay_p95")
    screen.table([t(f"cli.rail.dispatch.{head}") for head in heads], rows, align="<")


def _show_waits(screen: Screen, waits: Mapping[str, Mapping[str, Any]]) -> None:
    if not waits:
        return
    t = screen.t
    rows: list[list[Cell]] = [
        [
            t(f"word.wait.{cause}"),
            whole(t, found["n"]),
            tenths(t, found["mean"]),
            whole(t, found["mean"] * found["n"]),
        ]
        for cause, found in waits.items()
    ]
    heads = ("cause", "waits", "mean", "sum")
    screen.table([t(f"cli.rail.dispatch.{head}") for head in heads], rows, align="<")
