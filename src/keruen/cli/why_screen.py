"""What a person sees of ``keruen why``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Said, Screen
from keruen.i18n.amounts import figures, millions, tenths, whole

if TYPE_CHECKING:
    from keruen.model import Model
    from keruen.study.why import Why

MOST_USERS: Final = 12
"""Users that are listed; the rest is in the JSON."""
_MILLION: Final = 1e6
_THOUSAND: Final = 1e3
_NATIVE: Final = {"train": "trains/year", "t": "t/year", "TEU": "TEU/year"}


def show_why(screen: Screen, base: Model, found: Why, year: int) -> None:
    """Print everything asked about an element."""
    names = Names(screen.t, found.model, base)
    name = names.element(found.subject.table, found.subject.row)
    screen.heading(name, f"{found.subject.table}/{found.subject.row}, {year}")
    _show_standings(screen, found)
    _show_users(screen, names, found)
    _show_without(screen, names, found)
    _show_projects(screen, names, found)
    _show_lever(screen, names, found)


def _show_standings(screen: Screen, found: Why) -> None:
    t = screen.t
    if not found.standings:
        screen.entry(t("cli.why.place"))
        return
    rows: list[list[Cell]] = [
        [
            t(f"word.direction.{one.direction}"),
            whole(t, one.load),
            whole(t, one.capacity if math.isfinite(one.capacity) else None),
            t.percent(one.load / one.capacity if math.isfinite(one.capacity) else None),
            tenths(t, one.wait_h),
            figures(t, one.price_usd),
            figures(t, one.price_usd_per_t),
        ]
        for one in found.standings
    ]
    heads = [t("cli.why.direction"), t.unit_name(_NATIVE[found.standings[0].native_unit])]
    heads += [t(f"cli.why.{head}") for head in ("capacity", "use", "wait", "price", "price_t")]
    screen.table(heads, rows)
    screen.line(t("cli.why.price_note"), "dim")


def _show_users(screen: Screen, names: Names, found: Why) -> None:
    t = screen.t
    if found.users.empty:
        screen.entry(t("cli.why.nobody"))
        return
    screen.heading(t("cli.why.users"))
    rows: list[list[Cell]] = []
    for user in found.users.head(MOST_USERS).to_dict("records"):
        loaded = user["loaded"] == "loaded"
        cargo = names.row("commodities" if loaded else "equipment", user["commodity"])
        rows.append(
            [
                cargo if loaded else t("cli.why.empty", what=cargo),
                names.row("zones", user["origin"]),
                names.row("zones", user["destination"]),
                whole(t, user["flow_t_per_year"] / _THOUSAND) if loaded else "",
                whole(t, user["flow_teu_per_year"]) if user["flow_teu_per_year"] > 0.0 else "",
                t.percent(user["share"], 1),
                t.percent(user["relation_share"]),
            ]
        )
    heads = ("cargo", "from", "to", "kt", "teu", "share", "relation_share")
    screen.table([t(f"cli.why.{head}") for head in heads], rows, align="<<<")
    left = len(found.users) - len(rows)
    if left:
        screen.entry(t.plural("cli.why.more_users", left), indent=0)


def _show_without(screen: Screen, names: Names, found: Why) -> None:
    t, without = screen.t, found.without
    if without is None:
        return
    screen.heading(t("cli.why.without"))
    screen.entry(
        t(
            "cli.why.without_sums",
            users=millions(t, without.users_t),
            served=millions(t, without.whole.served_t - found.whole.served_t),
            refused=millions(t, without.whole.refused_t - found.whole.refused_t),
            gain=t.number(without.gain_usd / _MILLION, 1),
        )
    )
    screen.entry(t("cli.why.rent", rent=t.number(without.rent_usd / _MILLION, 1)))
    if without.takers.empty:
        return
    rows: list[list[Cell]] = []
    for row in without.takers.to_dict("records"):
        said = names.element(row["element_table"], row["element_row"])
        rows.append(
            [
                (said, Said(row["element_row"], "dim")),
                t(f"word.direction.{row['direction']}"),
                whole(t, row["flow_t_per_year"] / _THOUSAND),
                whole(t, row["flow_teu_per_year"]),
                figures(t, row["price_usd"]),
            ]
        )
    heads = ("taker", "direction", "more_kt", "more_teu", "price_after")
    screen.table([t(f"cli.why.{head}") for head in heads], rows, align="<<")


def _show_projects(screen: Screen, names: Names, found: Why) -> None:
    t = screen.t
    screen.heading(t("cli.why.projects"))
    if not found.projects:
        screen.entry(t("cli.why.no_projects"))
    else:
        _show_effects(screen, names, found)
        screen.line(t("cli.why.change_note"), "dim")
        if screen.is_wide:
            screen.line(t("cli.why.change_cost_note"), "dim")
    if found.left_out:
        screen.entry(t("cli.why.left_out", projects=t.list(found.left_out)), indent=0)


def _show_effects(screen: Screen, names: Names, found: Why) -> None:
    """Print what each project would change; a place has no price, a narrow screen no cost."""
    t, flow = screen.t, float(found.users["flow_t_per_year"].sum())
    priced = bool(found.standings)
    rows: list[list[Cell]] = []
    for one in found.projects:
        prices = [each.price_usd for each in one.standings]
        said = f"{one.project}, {t(f'cli.why.relation.{one.relation}')}"
        row: list[Cell] = [(names.project(one.project), Said(said, "dim")), one.open_date[:4]]
        row.append(t.number((one.flow_t - flow) / _THOUSAND, 0))
        row.append(t.number((one.whole.refused_t - found.whole.refused_t) / _THOUSAND, 0))
        if priced:
            row.append(figures(t, max(prices)) if prices else "")
        if screen.is_wide:
            row.append(t.number((one.whole.cost_usd - found.whole.cost_usd) / _MILLION, 1))
        rows.append([*row, t.number(one.gain_usd / _MILLION, 1)])
    heads = ["project", "opens", "d_flow", "d_refused"]
    heads += ["price_after"] if priced else []
    heads += ["d_cost"] if screen.is_wide else []
    heads = [t(f"cli.why.{head}") for head in (*heads, "gain")]
    screen.table(heads, rows, align="<=")


def _scope_name(names: Names, found: Why, one: str) -> str:
    """What a lever moves, by name: the element, a corridor, an end of a relation, a country."""
    kind = "" if found.lever is None else found.lever.scope_kind
    if kind == "element":
        return names.element(found.subject.table, one)
    tables = {"corridor": ("corridors",), "relation": ("zones", "zone_groups")}.get(kind, ())
    return next((name for table in tables if (name := names.row(table, one)) != one), one)


def _show_lever(screen: Screen, names: Names, found: Why) -> None:
    t, lever = screen.t, found.lever
    if lever is None:
        return
    code = lever.lever.replace("-", "_")
    scope = [_scope_name(names, found, one) for one in lever.scope]
    screen.heading(t(f"cli.why.lever.{code}"), ", ".join(one or "*" for one in scope))
    subsidy = lever.unit != "share"
    priced = any(one.price_usd is not None for one in lever.points)
    rows: list[list[Cell]] = []
    for one in lever.points:
        rows.append(
            [
                t.number(one.value, 0) if subsidy else t.percent(one.value),
                t.number(one.flow_t / _THOUSAND, 1),
                whole(t, one.flow_teu),
                *([whole(t, one.relation_teu)] if subsidy else []),
                t.number(one.whole.refused_t / _THOUSAND, 1),
                *([figures(t, one.price_usd), tenths(t, one.wait_h)] if priced else []),
                t.number(one.gain_usd / _MILLION, 1),
            ]
        )
    heads = ["lever_usd" if subsidy else "lever_value", "kt", "teu"]
    heads += ["relation_teu"] if subsidy else []
    heads += ["refused", *(("price", "wait") if priced else ()), "gain"]
    screen.table([t(f"cli.why.{head}") for head in heads], rows, align=">")
    screen.line(t("cli.why.lever_note"), "dim")
    if lever.elasticity is not None:
        key = "elasticity" if not subsidy else "elasticity_cost"
        screen.entry(t(f"cli.why.{key}", value=t.number(lever.elasticity, 3)), indent=0)
