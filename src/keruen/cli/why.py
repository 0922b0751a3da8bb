"""``keruen why``: who uses an element, what it is worth, what projects and levers would change."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.options import Options
from keruen.cli.pages import Command
from keruen.cli.progress import Advance, progress
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import find_study, study_name
from keruen.cli.usage import wrong_usage
from keruen.cli.why_screen import show_why

if TYPE_CHECKING:
    from keruen.flows.freight.cases import Whole
    from keruen.flows.freight.standing import Standing
    from keruen.model import Model
    from keruen.study.levers import Response
    from keruen.study.why import Effect, Why, Without

LEVERS: Final = ("through-tariff", "border-hours", "guaranteed-sailing", "subsidy")
"""Levers: ``keruen.study.levers.LEVERS``, which takes long to import."""
SUBSIDY: Final = "subsidy"
GAP: Final = 1e-6
"""Relative gap of every equilibrium."""


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("why", cls=Command, help=t("cli.why.help"))
    def why(
        *,
        study: str = options.study,
        element: str = options.argument("ELEMENT", "cli.argument.element"),
        lever: str | None = options.choice("--lever", "LEVER", "cli.option.lever", LEVERS),
        origin: str | None = options.value("--from", "ZONE", "cli.option.from_zone"),
        destination: str | None = options.value("--to", "ZONE", "cli.option.to_zone"),
        year: int | None = options.year,
        scenario: str | None = options.scenario,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("why", json, study_name(study), scenario, year)

        def body() -> Answer:
            for option, end in (("--from", origin), ("--to", destination)):
                if end is not None and lever != SUBSIDY:
                    raise wrong_usage(
                        "option_needs_option", option=option, needs=f"--lever {SUBSIDY}"
                    )
            folder = find_study(study)
            from keruen.study.levers import Ends
            from keruen.study.pipeline import Request, prepare

            base, _ = prepare(Request(folder, scenario))
            ends = Ends(origin or "", destination or "") if origin or destination else None
            when = base.settings.base_year if year is None else year
            with progress(t) as advance:
                found = look(base, (element, when, lever, ends), advance)
            known = replace(asked, year=when)
            from keruen.flows.freight.unsettled import settling_problems

            told = settling_problems(found.flows, GAP)
            return Answer(answer(found), told, asked=known, view=(base, found, when))

        def show(screen: Screen, given: Answer) -> None:
            show_why(screen, *given.view)

        return runner.run(asked, body, show)


def look(base: Model, question: tuple[Any, ...], advance: Advance) -> Why:
    """Work out what was asked for."""
    from keruen.flows.equilibrium import Settings
    from keruen.flows.freight.years import FreightYears
    from keruen.study.targets import days_of
    from keruen.study.why import Question, why

    days = days_of(base)
    return why(
        FreightYears(base, days, Settings(gap=GAP)),
        days,
        Question(*question),
        lambda share: advance("why", share),
    )


def answer(found: Why) -> dict[str, object]:
    """Shape the result of the JSON contract."""
    standings = found.standings
    country = found.model["zones"]["country"].to_dict()
    assignment = found.flows.within.assignment
    return {
        "element": found.subject.row,
        "table": found.subject.table,
        "gap": assignment.relative_gap,
        "converged": found.flows.within.converged,
        "native_unit": standings[0].native_unit if standings else None,
        "load_per_year": sum(one.load for one in standings) if standings else None,
        "capacity_per_year": total_capacity(standings),
        "utilisation_share": busiest(standings),
        "price_usd": max((one.price_usd for one in standings), default=None),
        "flow_t_per_year": float(found.users["flow_t_per_year"].sum()),
        "flow_teu_per_year": float(found.users["flow_teu_per_year"].sum()),
        "directions": [direction(one) for one in standings],
        "users": [
            {
                **user,
                "loaded": user["loaded"] == "loaded",
                "origin_country": str(country[user["origin"]]),
                "destination_country": str(country[user["destination"]]),
            }
            for user in found.users.to_dict("records")
        ],
        "whole": whole(found.whole),
        "without": None if found.without is None else without(found.without),
        "projects": [effect(one) for one in found.projects],
        "projects_left_out": found.left_out,
        "lever": None if found.lever is None else response(found.lever),
    }


def total_capacity(standings: tuple[Standing, ...]) -> float | None:
    """Capacity of all directions; None where one of them knows no bound."""
    whole = sum(one.capacity for one in standings)
    return whole if standings and math.isfinite(whole) else None


def busiest(standings: tuple[Standing, ...]) -> float | None:
    """Utilisation of the busier direction; None where none has a capacity."""
    return max(
        (one.load / one.capacity for one in standings if math.isfinite(one.capacity)), default=None
    )


def direction(one: Standing) -> dict[str, object]:
    """One entry of ``directions``."""
    return {"direction": one.direction, "native_unit": one.native_unit, **one.numbers()}


def whole(one: Whole) -> dict[str, object]:
    """Sums of the whole study."""
    return {
        "demand_t_per_year": one.wanted_t,
        "served_t_per_year": one.served_t,
        "refused_t_per_year": one.refused_t,
        "cost_usd_per_year": one.cost_usd,
    }


def without(one: Without) -> dict[str, object]:
    """What would be without the element."""
    return {
        "users_t_per_year": one.users_t,
        **whole(one.whole),
        "gain_usd_per_year": one.gain_usd,
        "rent_usd_per_year": one.rent_usd,
        "takers": [
            {
                "table": row["element_table"],
                "element": row["element_row"],
                "direction": row["direction"],
                "more_t_per_year": row["flow_t_per_year"],
                "more_teu_per_year": row["flow_teu_per_year"],
                "price_usd": row["price_usd"],
            }
            for row in one.takers.to_dict("records")
        ],
    }


def effect(one: Effect) -> dict[str, object]:
    """One entry of ``projects``."""
    return {
        "project": one.project,
        "relation": one.relation,
        "open_date": one.open_date or None,
        "cost_usd": one.cost_usd,
        "flow_t_per_year": one.flow_t,
        "flow_teu_per_year": one.flow_teu,
        "capacity_per_year": total_capacity(one.standings),
        "utilisation_share": busiest(one.standings),
        "price_usd": max((each.price_usd for each in one.standings), default=None),
        "whole": whole(one.whole),
        "gain_usd_per_year": one.gain_usd,
    }


def response(one: Response) -> dict[str, object]:
    """Shape the response to a lever."""
    return {
        "lever": one.lever,
        "unit": one.unit,
        "scope_kind": one.scope_kind,
        "scope": one.scope,
        "links": one.links,
        "elasticity": one.elasticity,
        "points": [
            {
                "value": point.value,
                "flow_t_per_year": point.flow_t,
                "flow_teu_per_year": point.flow_teu,
                "relation_teu_per_year": point.relation_teu,
                "price_usd": point.price_usd,
                "wait_h": point.wait_h,
                **whole(point.whole),
                "gain_usd_per_year": point.gain_usd,
            }
            for point in one.points
        ],
    }
