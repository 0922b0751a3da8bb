"""``keruen rail run``: the ordinary train over a section or a line, its time and energy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.moment import study_on_its_day
from keruen.cli.naming import Names
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.runner import Runner
from keruen.cli.screen import Cell, Said, Screen
from keruen.cli.studies import study_name
from keruen.i18n import shown
from keruen.i18n.amounts import figures, tenths, whole

if TYPE_CHECKING:
    from keruen.capacity.line_run import LineRun
    from keruen.model import Model


def register_run(app: typer.Typer, runner: Runner) -> None:
    """Add ``keruen rail run``."""
    t, options = runner.t, Options(runner.t)

    @app.command("run", cls=Command, help=t("cli.rail.run.help"))
    def run(
        *,
        study: str = options.study,
        name: str = options.argument("SECTION|LINE", "cli.argument.section_or_line"),
        train_type: str | None = options.value("--train-type", "ID", "cli.option.train_type"),
        backward: bool = options.flag("--backward", "cli.option.backward"),
        year: int | None = options.year,
        date: Any = options.date,
        scenario: str | None = options.scenario,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("rail run", json, study_name(study), scenario, year, date)

        def body() -> Answer:
            model, known = study_on_its_day(study, asked)
            from keruen.capacity.line_run import line_run

            found = line_run(model, name, train_type, backward=backward)
            return Answer(answer(found), asked=known, view=(model, found))

        def show(screen: Screen, given: Answer) -> None:
            model, found = given.view
            show_run(screen, model, found)

        return runner.run(asked, body, show)


def answer(found: LineRun) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    return {
        "kind": found.table,
        "id": found.row,
        "length_km": found.length_km,
        "time_min": found.time_min,
        "shortest_time_min": found.forced_min,
        "wheel_energy_kwh": found.wheel_kwh,
        "wire_energy_kwh": found.wire_kwh,
        "substation_energy_kwh": found.substation_kwh,
        "fuel_l": found.fuel_l,
        **per_gross_t_km(found),
        "profile_assumed": found.assumes_profile,
        "assumed_wave_km": found.assumed_wave_km,
        "locomotives": [
            {
                "id": leg.locomotive,
                "units": leg.hauled.units,
                "stated_units": leg.stated_units,
                "train_type": leg.train_type,
                "trailing_t": leg.hauled.trailing_t,
                "from_km": leg.stretches[0].from_km,
                "to_km": leg.stretches[-1].to_km,
                "allowance_kept": not leg.hurried,
            }
            for leg in found.legs
        ],
        "stops": [
            {"km": leg.stretches[0].from_km, "node": leg.stretches[0].passed.start}
            for leg in found.legs[1:]
        ],
        "sections": [
            {
                "id": one.passed.section,
                "direction": "backward" if one.passed.backward else "forward",
                "from_km": one.from_km,
                "to_km": one.to_km,
                "units_needed": one.units_needed,
                "time_min": one.running_min,
                "wheel_energy_kwh": one.wheel_kwh,
                "wire_energy_kwh": None if leg.hauled.is_diesel else one.wire_kwh,
                "fuel_l": one.fuel_l if leg.hauled.is_diesel else None,
            }
            for leg in found.legs
            for one in leg.stretches
        ],
        "profile": list(profile(found)),
    }


def per_gross_t_km(found: LineRun) -> dict[str, float | None]:
    """Energy per 10,000 tonne-kilometres of wagons and load, each over its own part of the way."""
    share = found.per_10000_gross_t_km
    return {
        "wheel_kwh_per_10000_gross_t_km": share(found.wheel_kwh),
        "wire_kwh_per_10000_gross_t_km": share(found.wire_kwh, is_diesel=False),
        "fuel_l_per_10000_gross_t_km": share(found.fuel_l, is_diesel=True),
    }


def profile(found: LineRun) -> Iterator[dict[str, float | None]]:
    """Speed and energy of each kilometre, told at its end; energy is that at the wheels."""
    for leg, one in zip(found.legs, found.kilometres(), strict=True):
        diesel = leg.hauled.is_diesel
        columns = (one.to_km, one.mean_speed_km_per_h, one.wheel_kwh, one.wire_kwh, one.fuel_l)
        for km, speed, wheel, wire, fuel in zip(*(c.tolist() for c in columns), strict=True):
            yield {
                "km": km,
                "speed_km_per_h": speed,
                "energy_kwh": wheel,
                "wire_energy_kwh": None if diesel else wire,
                "fuel_l": fuel if diesel else None,
            }


def show_run(screen: Screen, model: Model, found: LineRun) -> None:
    """Print the run as a whole, the trains on the way, and each section."""
    t, names = screen.t, Names(screen.t, model)
    screen.line(shown(names.row(found.table, found.row)), "bold")
    screen.line(t.date(model.on, "long"), "dim")
    screen.table([t("cli.rail.run.quantity"), t("cli.rail.run.value")], _totals(screen, found))
    _show_trains(screen, names, found)
    _show_more_units(screen, found)
    if found.table == "lines":
        _show_sections(screen, names, found)
    if found.assumed_wave_km is not None:
        screen.entry(t("cli.rail.run.assumed"), indent=0)
        screen.entry(t("cli.rail.run.wave", km=t.number(found.assumed_wave_km)), indent=0)
    if any(leg.hurried for leg in found.legs):
        screen.entry(t("cli.rail.run.hurried"), indent=0)


def _totals(screen: Screen, found: LineRun) -> list[list[Cell]]:
    t, per = screen.t, per_gross_t_km(found)
    amounts = (
        ("length", found.length_km, "km"),
        ("time", found.time_min, "min"),
        ("shortest", found.forced_min, "min"),
        ("speed", found.length_km / found.time_min * 60.0, "km_per_h"),
        ("wheel", found.wheel_kwh, "kwh"),
        ("wire", found.wire_kwh, "kwh"),
        ("wire_per", per["wire_kwh_per_10000_gross_t_km"], "kwh"),
        ("fuel", found.fuel_l, "l"),
        ("fuel_per", per["fuel_l_per_10000_gross_t_km"], "l"),
    )
    return [
        [t(f"cli.rail.run.{code}"), f"{figures(t, value)} {t(f'cli.rail.run.unit.{unit}')}"]
        for code, value, unit in amounts
        if value is not None
    ]


def _show_trains(screen: Screen, names: Names, found: LineRun) -> None:
    t = screen.t
    rows: list[list[Cell]] = []
    for leg in found.legs:
        head = leg.stretches[0]
        locomotive = names.row("locomotives", leg.locomotive)
        rows.append(
            [
                (names.row("nodes", head.passed.start), Said(leg.train_type, "dim")),
                (locomotive, Said(leg.locomotive, "dim")),
                whole(t, leg.hauled.units),
                whole(t, leg.hauled.trailing_t),
            ]
        )
    heads = ("from", "locomotive", "units", "trailing")
    screen.table([t(f"cli.rail.run.{head}") for head in heads], rows, align="<<")


def _show_more_units(screen: Screen, found: LineRun) -> None:
    """Say where more locomotives are taken than the study states."""
    from keruen.capacity.cannot_run import LEAST_CLIMBING_KM_PER_H

    t = screen.t
    for leg in found.legs:
        if leg.hauled.units > leg.stated_units:
            most = max(leg.stretches, key=lambda one: one.units_needed)
            speed = t.number(LEAST_CLIMBING_KM_PER_H)
            told = {"stated": leg.stated_units, "section": most.passed.section, "speed": speed}
            screen.entry(t("cli.rail.run.more_units", **told), indent=0)


def _show_sections(screen: Screen, names: Names, found: LineRun) -> None:
    t = screen.t
    rows: list[list[Cell]] = []
    for leg in found.legs:
        for one in leg.stretches:
            km = one.to_km - one.from_km
            supply = one.fuel_l if leg.hauled.is_diesel else one.wire_kwh
            unit = t(f"cli.rail.run.unit.{'l' if leg.hauled.is_diesel else 'kwh'}")
            rows.append(
                [
                    (names.row("nodes", one.passed.end), Said(one.passed.section, "dim")),
                    tenths(t, one.to_km),
                    tenths(t, one.running_min),
                    tenths(t, km / one.running_min * 60.0),
                    f"{figures(t, supply)} {unit}",
                ]
            )
    heads = ("to", "at_km", "minutes", "mean_speed", "energy")
    screen.table([t(f"cli.rail.run.{head}") for head in heads], rows, align="<")
