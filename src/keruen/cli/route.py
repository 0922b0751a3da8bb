"""``keruen route``: the chains between two places that are worth considering."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from keruen.cli.answer import Answer, Asked
from keruen.cli.naming import Names
from keruen.cli.options import Options, number_above_nought
from keruen.cli.pages import Command
from keruen.cli.progress import progress
from keruen.cli.route_screen import show_route
from keruen.cli.runner import Runner
from keruen.cli.screen import Screen
from keruen.cli.studies import find_study, study_name
from keruen.cli.usage import wrong_usage
from keruen.errors import FailedError, Problem, Severity
from keruen.i18n import Translator

if TYPE_CHECKING:
    from keruen.flows.freight.emissions import Activity, Emission
    from keruen.flows.freight.forwarding import Quote, Way
    from keruen.flows.freight.legs import Leg
    from keruen.flows.freight.outside import Option
    from keruen.flows.freight.solve import Flows

GAP: Final = 1e-4
"""Gap of the equilibrium: a ten-thousandth of all cost is far below what a price is known to."""
MOST: Final = 4
LARGEST_MOST: Final = 20
LEAST_QUANTITY: Final = 1e-6
LARGEST_QUANTITY: Final = 1e9
"""A gram of cargo by the tonne, and more than all of a corridor in a year."""


def parse_most(text: str) -> int:
    """Read ``--most``: a small whole number.

    >>> parse_most("3")
    3
    """
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= LARGEST_MOST:
        raise wrong_usage("bad_most", value=text, maximum=LARGEST_MOST)
    return int(text)


def parse_quantity(text: str) -> float:
    """Read ``--quantity``: a number above nought, not beyond all that is ever moved.

    >>> parse_quantity("2.5")
    2.5
    """
    value = number_above_nought(text)
    if value is None or not LEAST_QUANTITY <= value <= LARGEST_QUANTITY:
        raise wrong_usage(
            "bad_quantity", value=text, minimum=LEAST_QUANTITY, maximum=LARGEST_QUANTITY
        )
    return value


def register(app: typer.Typer, runner: Runner) -> None:
    """Add the command."""
    t, options = runner.t, Options(runner.t)

    @app.command("route", cls=Command, help=t("cli.route.help"))
    def route(
        *,
        study: str = options.study,
        origin: str = options.argument("ORIGIN", "cli.argument.origin"),
        destination: str = options.argument("DEST", "cli.argument.destination"),
        commodity: str | None = options.value("--commodity", "C", "cli.option.commodity"),
        year: int | None = options.year,
        scenario: str | None = options.scenario,
        most: int | None = options.value("--most", "N", "cli.option.most", parse_most),
        quantity: float | None = options.value(
            "--quantity", "N", "cli.option.quantity", parse_quantity
        ),
        output: Any = options.page,
        json: bool = options.json,
        lang: str | None = options.lang,
    ) -> int:
        asked = Asked("route", json, study_name(study), scenario, year)

        def body() -> Answer:
            if commodity is None:
                raise wrong_usage("missing_option", option="--commodity")
            if output is not None:
                from keruen.exchange.placing import refuse_taken_file

                refuse_taken_file(output)
            with progress(t) as advance:
                advance("route", 0.0)
                words = (study, origin, destination, commodity)
                return _answer(t, asked, words, (most or MOST, quantity or 1.0), output)

        return runner.run(asked, body, show)


def _answer(
    t: Translator,
    asked: Asked,
    words: tuple[str, str, str, str],
    sizes: tuple[int, float],
    output: Path | None,
) -> Answer:
    """Find the chains, shape them, and write the page where one is asked for."""
    study, origin, destination, commodity = words
    folder = find_study(study)
    from keruen.flows.equilibrium import Settings
    from keruen.flows.freight.forwarding import Wanted, quote
    from keruen.flows.freight.unsettled import settling_problems
    from keruen.flows.freight.years import FreightYears, mid_year
    from keruen.model.place_names import find_named
    from keruen.study.pipeline import Request, prepare
    from keruen.study.targets import days_of

    base, _ = prepare(Request(folder, asked.scenario))
    most, quantity = sizes
    tables = ("zones", "nodes")
    wanted = Wanted(
        find_named(base, tables, origin, "ORIGIN"),
        find_named(base, tables, destination, "DEST"),
        find_named(base, ("commodities",), commodity, "--commodity").row,
        most,
    )
    year = base.settings.base_year if asked.year is None else asked.year
    days = days_of(base)
    flows = FreightYears(base, days, Settings(gap=GAP)).flows(year)
    model = days(mid_year(year)).model
    unsettled = settling_problems(flows, GAP)
    try:
        found = quote(base, model, flows, wanted)
    except FailedError as failure:
        # Where flows found no rest, that no chain was found may be the fault of that.
        raise FailedError([*unsettled, *failure.problems]) from None
    names = Names(t, model, base)
    shape = Shape(names, quantity)
    result = shape.result(found, flows, wanted, base.settings.price_year)
    problems = (*unsettled, *lacking(names, found))
    if output is not None:
        from keruen.exchange.placing import place_file
        from keruen.report.route_page import render_route

        page = render_route(t, model, result, mid_year(year))
        result["files"] = place_file(output, lambda file: _write(file, page))
    known = replace(asked, year=year)
    return Answer(result, problems, asked=known, view=mid_year(year))


def _write(file: Path, page: str) -> None:
    file.write_text(page, encoding="utf-8")


def activity_told(names: Names, one: Activity) -> str:
    """An activity of cargo in words, with the code of its country.

    >>> from keruen.flows.freight.emissions import Activity
    >>> from keruen.i18n import translator
    >>> rails = Activity("moving", "rail", "diesel", "KZ", "container")
    >>> activity_told(Names(translator("en")), rails)
    'moving (rail, diesel, KZ, containers)'
    """
    t, any_cargo = names.t, one.cargo_class in ("", "any")
    kind = t(f"word.activity.{one.kind}")
    words = (
        one.mode and t(f"word.leg.{one.mode}"),
        one.traction and t(f"word.traction.{one.traction}"),
        one.country,
        "" if any_cargo else t(f"word.serves.{one.cargo_class}"),
        one.pool and names.row("vessel_pools", one.pool),
    )
    what = ", ".join(word for word in words if word)
    return t("cli.route.activity", kind=kind, what=what) if what else kind


def lacking(names: Names, found: Quote) -> Iterator[Problem]:
    """Tell each activity that has no emission factor, once."""
    activities = dict.fromkeys(
        one for way in found.ways for emission in way.emissions for one in emission.lacking
    )
    for one in activities:
        params = {"activity": activity_told(names, one)}
        yield Problem(Severity.WARNING, "no_emission_factor", "emission_factors.csv", params=params)


TELLING: Final = ("border", "sea", "gauge_change")
"""Legs by which chains are told apart."""
KNOWN: Final = ("city", "port", "border_point", "inland_terminal", "junction", "yard", "station")
"""Kinds of nodes, the best known first."""


def _marks(chain: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """What tells a chain from others: borders by the place entered, ships by their way."""
    found = {}
    for at, leg in enumerate(chain["legs"]):
        if leg["mode"] in TELLING and not _is_left(chain["legs"], at):
            ends = (str(leg["mode"]), " ".join(sorted((leg["from"], leg["to"]))))
            found[ends] = (
                f"{leg['from_name']} – {leg['to_name']}"
                if leg["mode"] == "sea"
                else str(leg["to_name"])
            )
    return found


def _is_left(legs: Sequence[Mapping[str, Any]], at: int) -> bool:
    """Whether a leg is the side of a border that is left, with the other side behind a way."""
    first, *rest = legs[at : at + 3]
    if first["mode"] != "border" or first["from"] != first["to"] or len(rest) < 2:
        return False
    way, other = rest
    met = (first["to"], way["to"]) == (way["from"], other["from"])
    return bool(met and other["mode"] == "border" and other["from"] == other["to"])


def by_way_of(chains: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """What tells each chain from the others, in words; what all have in common is left out.

    Chains of the same borders and ships are told apart by a place on the way of their own, which
    ``places`` of a chain offers: names by node, the best known first.
    """
    marks = [_marks(chain) for chain in chains]
    common = set.intersection(*(set(one) for one in marks)) if len(marks) > 1 else set()
    told: list[list[str]] = []
    for own in marks:
        special = {key: name for key, name in own.items() if key not in common}
        told.append(list(dict.fromkeys((special or own).values())))
    found = [list(names) for names in told]
    for number, names in enumerate(told):
        alike = [other for other, them in enumerate(told) if them == names and other != number]
        if alike or not names:
            taken = {node for other in alike for node in chains[other]["places"]}
            places = chains[number]["places"]
            found[number] += [name for node, name in places.items() if node not in taken][:1]
    return found


class Shape:
    """Shapes the result of the JSON contract.

    Parameters
    ----------
    names : Names
        Names of rows in the language asked for.
    quantity : float
        Units; all money and gases are of so many.
    """

    def __init__(self, names: Names, quantity: float) -> None:
        self._names = names
        self._quantity = quantity

    def result(self, found: Quote, flows: Flows, wanted: Any, price_year: int) -> dict[str, Any]:
        """The whole result."""
        cargo = found.cargo
        names = self._names
        chains = [self._chain(way, found) for way in found.ways]
        for chain, via in zip(chains, by_way_of(chains), strict=True):
            chain["via"] = via
            del chain["places"]
        away = None if not found.demand else found.refused / found.demand
        return {
            "origin": self._end(found.ends[0]),
            "destination": self._end(found.ends[1]),
            "language": names.t.language,
            "commodity": wanted.commodity,
            "commodity_name": names.row("commodities", wanted.commodity),
            "unit": cargo.unit,
            "quantity": self._quantity,
            "t_per_unit": cargo.t_per_unit,
            "price_year": price_year,
            "time_value_usd_per_h": cargo.value_usd_per_h,
            "gap": flows.within.assignment.relative_gap,
            "converged": flows.within.converged,
            "demand_per_year": found.demand,
            "turned_away_share": away,
            "chains_found": found.found,
            "chains": chains,
            "other_ways": [self._other(one) for one in found.other],
            "files": (),
        }

    def _other(self, option: Option) -> dict[str, Any]:
        return {
            "id": option.row,
            "name": self._names.row("outside_options", option.row),
            "time_h": option.hours,
            "cost_usd": option.usd * self._quantity,
        }

    def _end(self, named: Any) -> dict[str, str]:
        table, row = named
        return {"table": table, "id": row, "name": self._names.row(table, row)}

    def _chain(self, way: Way, found: Quote) -> dict[str, Any]:
        quantity = self._quantity
        legs = [self._leg(leg, one) for leg, one in zip(way.legs, way.emissions, strict=True)]
        items = dict.fromkeys(("haulage", "sea", "handling", "border", "scarcity"), 0.0)
        for leg in way.legs:
            for name, usd in leg.usd.items():
                items[name] += usd * quantity
        items["subsidy"] = found.of_pair_usd * quantity
        at_borders = [leg.sojourn_h for leg in way.legs if leg.mode == "border"]
        known = sum(one.kg for one in way.emissions) * quantity
        whole = way.co2e_kg
        return {
            "legs": legs,
            "time_h": way.time_h,
            "time_sd_h": way.time_sd_h,
            "border_sojourn_h": math.fsum(at_borders),
            "wait_h": math.fsum(leg.wait_h for leg in way.legs),
            "length_km": math.fsum(leg.length_km for leg in way.legs),
            "cost_usd": math.fsum(items.values()),
            "items_usd": items,
            "time_cost_usd": found.cargo.value_usd_per_h * way.time_h * quantity,
            "felt_usd": math.fsum(leg.felt_usd for leg in way.legs) * quantity,
            "co2e_kg": None if whole is None else whole * quantity,
            "co2e_known_kg": known,
            "probability_share": way.chain.share,
            "places": self._places(way),
        }

    def _places(self, way: Way) -> dict[str, str]:
        """Nodes between the ends of a chain by how well they are known, then by their middle."""
        model = self._names.models[0]
        nodes: dict[str, None] = {}
        for leg in way.legs:
            for table, row in leg.elements:
                if table in ("sections", "vessel_lines"):
                    ends = (model.text(table, row, end) for end in ("from_node", "to_node"))
                    nodes.update(dict.fromkeys(ends))
        inner = [node for node in nodes if node not in (way.legs[0].start[1], way.legs[-1].end[1])]
        middle = len(inner) / 2.0

        def rank(place: tuple[int, str]) -> tuple[int, float]:
            kind = model.text("nodes", place[1], "kind")
            known = KNOWN.index(kind) if kind in KNOWN else len(KNOWN)
            return known, abs(place[0] - middle)

        ordered = sorted(enumerate(inner), key=rank)
        return {node: self._names.row("nodes", node) for _, node in ordered}

    def _leg(self, leg: Leg, emission: Emission) -> dict[str, Any]:
        names, quantity = self._names, self._quantity
        return {
            "mode": leg.mode,
            "from": leg.start[1],
            "to": leg.end[1],
            "from_name": names.row(*leg.start),
            "to_name": names.row(*leg.end),
            "country": leg.country,
            "elements": [{"table": table, "row": row} for table, row in leg.elements],
            "length_km": leg.length_km,
            "time_h": leg.time_h,
            "time_sd_h": math.sqrt(leg.variance_h2),
            "moving_h": leg.moving_h,
            "standing_h": leg.standing_h,
            "wait_h": leg.wait_h,
            "cost_usd": leg.cost_usd * quantity,
            "items_usd": {name: usd * quantity for name, usd in leg.usd.items()},
            "priced": leg.is_priced,
            "co2e_kg": None if emission.lacking else emission.kg * quantity,
            "co2e_known_kg": emission.kg * quantity,
            "factors": list(emission.rows),
        }


def show(screen: Screen, given: Answer) -> None:
    """Print the chains, and the page that was written."""
    result: Any = given.result
    show_route(screen, result, given.view)
    for file in result["files"]:
        screen.unbroken(str(file), 2)
