"""``keruen rail diagram``: a picture of a line as a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.export import show
from keruen.cli.moment import study_on_its_day
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.rail_dispatch import (
    POLICIES,
    Ran,
    Wanted,
    completed,
    days_of,
    dispatched,
    pairs_of,
)
from keruen.cli.runner import Runner
from keruen.cli.studies import study_name
from keruen.cli.usage import wrong_usage
from keruen.i18n import Translator

if TYPE_CHECKING:
    from keruen.errors import Problem

SPEED: Final = "speed"
KINDS: Final = ("marey", SPEED, "occupancy")
WIDTH_PX: Final = 1264.0
"""Width of a picture: that of the report's page."""


def register_diagram(app: typer.Typer, runner: Runner) -> None:
    """Add ``keruen rail diagram``."""
    t, options = runner.t, Options(runner.t)

    @app.command("diagram", cls=Command, help=t("cli.rail.diagram.help"))
    def diagram(
        *,
        study: str = options.study,
        line: str | None = options.argument("LINE", "cli.argument.line", required=False),
        output: Any = options.output_required,
        kind: str | None = options.choice("--kind", "KIND", "cli.option.kind", KINDS),
        policy: str | None = options.choice("--policy", "POLICY", "cli.option.policy", POLICIES),
        days: int | None = options.value("--days", "N", "cli.option.days", days_of),
        trains: int | None = options.value("--trains", "N", "cli.option.trains", pairs_of),
        timetable: Any = options.timetable,
        backward: bool = options.flag("--backward", "cli.option.backward"),
        seed: Any = options.seed,
        year: int | None = options.year,
        date: Any = options.date,
        scenario: str | None = options.scenario,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("rail diagram", json, study_name(study), scenario, year, date, seed=seed)
        given = {"--policy": policy, "--days": days, "--trains": trains, "--seed": seed}
        given["--timetable"] = timetable

        def body() -> Answer:
            if output is None:
                raise wrong_usage("missing_option", option="--output")
            from keruen.exchange.placing import refuse_taken_file

            if timetable is not None and trains is not None:
                raise wrong_usage("option_beside_timetable", option="--trains")
            if kind == SPEED:
                for option, value in given.items():
                    if value is not None:
                        raise wrong_usage("option_not_of_kind", option=option, kind=kind)
            elif backward:
                raise wrong_usage("option_not_of_kind", option="--backward", kind=kind or "marey")
            refuse_taken_file(output)
            moment = (seed, year, date, scenario)
            wanted = Wanted(study, line, policy, days, trains, *moment, timetable)
            if kind == SPEED:
                picture, known = speed(t, wanted, asked, backward=backward)
                problems: tuple[Problem, ...] = ()
            else:
                ran = dispatched(t, wanted, quiet=json)
                problems, known = ran.problems, completed(asked, ran)
                picture = of_day(t, ran, occupied=kind == "occupancy")
            return Answer({"files": written(output, picture)}, problems=problems, asked=known)

        return runner.run(asked, body, show)


def of_day(t: Translator, ran: Ran, *, occupied: bool) -> str:
    """Space-time diagram, or occupancy by section, of the trains dispatched."""
    from keruen.capacity.train_day import train_day
    from keruen.report import rail_pictures as pictures
    from keruen.report.charts.marey import draw_marey
    from keruen.report.charts.occupancy import draw_occupancy

    day = train_day(ran.found)
    if occupied:
        bars = pictures.occupancy_picture(t, ran.model, day)
        title, drawn = bars.title, draw_occupancy(bars, WIDTH_PX, "occupancy")
    else:
        lines = pictures.marey_picture(t, ran.model, day)
        title, drawn = lines.title, draw_marey(lines, WIDTH_PX, "marey")
    pairs, policy = ran.found.timetable.freight_pairs, ran.found.policy.name.lower()
    told = pictures.caption_of(t, day, pairs, policy)
    return pictures.file_of(drawn, title, told)


def speed(t: Translator, wanted: Wanted, asked: Asked, *, backward: bool) -> tuple[str, Asked]:
    """Speed and energy of the ordinary train."""
    model, known = study_on_its_day(wanted.study, asked)
    from keruen.capacity.drawn_run import drawn_run
    from keruen.capacity.line_run import line_run
    from keruen.capacity.lookup import choose_line
    from keruen.report import rail_pictures as pictures
    from keruen.report.charts.speed_profile import draw_speed_profile

    found = line_run(model, f"lines/{choose_line(model, wanted.line)}", backward=backward)
    shown = pictures.speed_picture(t, model, drawn_run(found))
    told = t(f"report.rail.profile.{'assumed' if found.assumes_profile else 'known'}")
    picture = pictures.file_of(draw_speed_profile(shown, WIDTH_PX, "speed"), shown.title, told)
    return picture, known


def written(output: Path, picture: str) -> tuple[Path, ...]:
    """Write a picture; it appears whole or not at all."""
    from keruen.exchange.placing import place_file

    def fill(file: Path) -> None:
        file.write_text(picture, encoding="utf-8")

    return place_file(output, fill)
