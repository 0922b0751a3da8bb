"""Freight of a run: what moves and what is turned away, what is scarce, volumes by year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import pandas as pd

from keruen.flows.freight.cargo import TEU
from keruen.flows.freight.equipment import Empties, empties
from keruen.i18n.amounts import rounded
from keruen.report.charts.staircase import StaircaseSpec, Stairs, draw_staircase
from keruen.report.page.amounts import unit_of_measure
from keruen.report.page.calibration import Calibration, calibration
from keruen.report.page.context import Context
from keruen.report.page.flow_fit import Fit, Parameters, fit, parameters
from keruen.report.page.flow_map import flow_maps
from keruen.report.page.maps import DrawnMap
from keruen.report.page.matter import Row, rows
from keruen.report.page.pictures import paired
from keruen.study.targets import FACT

MOST_SCARCE: Final = 25
"""So many scarce elements stand in the table."""
LEAST_TOLD: Final = 0.005
"""Part of the empties of a kind turned away from which on a sentence tells it."""
_SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Price:
    """A scarcity price of one year: by the native unit and by the net tonne; empty where none."""

    by_unit: str
    by_tonne: str


@dataclass(frozen=True, slots=True)
class ScarceRow:
    """An element that more want to use than it carries."""

    name: str
    kind: str
    prices: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """A chart of what targets name, with a sentence for each target."""

    heading: str
    sentences: tuple[str, ...]
    picture: str


@dataclass(frozen=True, slots=True)
class Place:
    """A zone and what one more unit of equipment is worth there."""

    zone: str
    price: str


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """A kind of equipment: what moves, is turned away, is acquired; where one is worth most."""

    name: str
    unit: str
    loaded: str
    empty: str
    share: str
    away: str
    away_share: str
    acquired: str
    cost: str
    dearest: Place | None
    cheapest: Place | None


@dataclass(frozen=True, slots=True)
class FlowSection:
    """Everything about freight in a run."""

    year: int
    price_year: int
    sentences: tuple[str, ...]
    empties: tuple[str, ...]
    maps: tuple[DrawnMap, ...]
    years: tuple[int, ...]
    scarce: tuple[ScarceRow, ...]
    more_scarce: str
    volumes: tuple[Volume, ...]
    fit: Fit | None
    parameters: Parameters | None
    calibration: Calibration | None
    equipment: tuple[EquipmentRow, ...]


def flows(context: Context) -> FlowSection | None:
    """Tell the freight of a run; None where it computed none."""
    sums = context.matter.table("flow_sums")
    if sums.empty:
        return None
    told = [int(year) for year in sums["year"]]
    base = context.matter.model.settings.base_year
    year = base if base in told else told[0]
    years = tuple(dict.fromkeys((year, told[-1])))
    scarce = _scarce(context, years)
    more = len(scarce) - MOST_SCARCE
    return FlowSection(
        year=year,
        price_year=context.matter.model.settings.price_year,
        sentences=_sentences(context, sums, years),
        empties=tuple(one for each in years for one in _empty_sentences(context, each)),
        maps=flow_maps(context, year),
        years=years,
        scarce=scarce[:MOST_SCARCE],
        more_scarce=context.t.plural("report.more", more) if more > 0 else "",
        volumes=_volumes(context),
        fit=fit(context),
        parameters=parameters(context),
        calibration=calibration(context),
        equipment=_equipment(context, year),
    )


def power_of_ten(value: float) -> str:
    """A tiny number as people write it.

    >>> power_of_ten(3.3e-7), power_of_ten(0.0)
    ('3·10⁻⁷', '0')
    """
    if value <= 0.0:
        return "0"
    digit, power = f"{value:.0e}".split("e")
    return f"{digit}·10{str(int(power)).translate(_SUPERSCRIPT)}"


def _sentences(context: Context, sums: pd.DataFrame, years: tuple[int, ...]) -> tuple[str, ...]:
    t, amounts = context.t, context.amounts
    found = []
    for row in rows(sums[sums["year"].isin(years)]):
        away = float(row["refused_t_per_year"])
        demand = float(row["demand_t_per_year"])
        code = "sentence" if away > 1e-6 * demand else "sentence_all"
        found.append(
            t(
                f"report.flows.{code}",
                year=row["year"],
                demand=amounts.tonnes(demand),
                served=amounts.tonnes(float(row["served_t_per_year"])),
                refused=amounts.tonnes(away),
                share=t.percent(away / demand if demand > 0.0 else 0.0),
            )
        )
    gap = float(sums["gap"].max())
    found.append(t("report.flows.gap", gap=power_of_ten(gap)))
    elsewhere = float(sums["route_set_error"].max())
    if elsewhere > gap:
        found.append(t("report.flows.elsewhere", share=t.percent(elsewhere, 1)))
    loose = [str(row["year"]) for row in rows(sums) if not row["converged"]]
    if loose:
        found.append(t("report.flows.loose", years=t.list(loose)))
    return tuple(found)


def scarce_rows(table: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of ``flow_links`` are scarce; runs of before told prices only."""
    if "scarce" not in table.columns:
        return table["price_usd"] > 0.0
    return table["scarce"].astype(bool)


def _scarce(context: Context, years: tuple[int, ...]) -> tuple[ScarceRow, ...]:
    """Elements with a price in any of the years, by what cargo pays for them in all."""
    table = context.matter.table("flow_links")
    priced = table[scarce_rows(table) & table["year"].isin(years)]
    own: dict[tuple[str, str, str], dict[int, Row]] = {}
    for row in rows(priced):
        key = (str(row["element_table"]), str(row["element_row"]), str(row["direction"]))
        own.setdefault(key, {})[int(row["year"])] = row
    paid = {
        key: [
            float(one["price_usd"]) * float(one["load_per_year"]) if one else 0.0
            for one in map(by_year.get, years)
        ]
        for key, by_year in own.items()
    }
    order = sorted(own, key=lambda key: ([-amount for amount in paid[key]], key))
    return tuple(
        ScarceRow(
            context.names.directed(*key),
            context.t(f"report.element.{key[0]}"),
            tuple(_price(context, own[key].get(year)) for year in years),
        )
        for key in order
    )


def _price(context: Context, row: Row | None) -> Price:
    if row is None:
        return Price("", "")
    unit = context.t(f"report.flows.native.{row['native_unit']}")
    by_unit = context.amounts.number(float(row["price_usd"]))
    return Price(
        context.t("report.flows.per_unit", price=by_unit, unit=unit),
        context.amounts.number(float(row["price_usd_per_t"])),
    )


def _volumes(context: Context) -> tuple[Volume, ...]:
    """One chart for each measure that targets name; facts are of one year and have their cards."""
    volumes = context.matter.table("flow_volumes")
    if volumes.empty:
        return ()
    known = set(volumes["measure"])
    model = context.matter.model
    named: dict[str, list[Row]] = {}
    for row in rows(context.matter.table("targets")):
        target = str(row["id"])
        if row["kind"] == FACT or target not in model["targets"].index:
            continue
        measure = model.text("targets", target, "measure")
        if measure in known:
            named.setdefault(measure, []).append(row)
    return tuple(
        _volume(context, volumes[volumes["measure"] == measure].sort_values("year"), own)
        for measure, own in named.items()
    )


def _volume(context: Context, own: pd.DataFrame, targets: list[Row]) -> Volume:
    t = context.t
    measure, unit = str(own["measure"].iloc[0]), str(own["unit"].iloc[0])
    written = unit_of_measure(unit)
    years, values = own["year"], own["value"].clip(lower=0.0)
    by_year = {int(year): float(value) for year, value in zip(years, values, strict=True)}
    most = max([*by_year.values(), *(float(row["wanted"]) for row in targets)])
    shown, scale = context.amounts.scaled(unit, most)
    name = t.list(context.names.of("targets", str(row["id"])) for row in targets)
    steps = tuple((float(year), value * scale) for year, value in by_year.items())
    levels = dict.fromkeys(
        (
            float(row["wanted"]) * scale,
            t(
                f"report.flows.wanted.{row['kind']}",
                value=context.amounts.stated(float(row["wanted"]), written),
            ),
        )
        for row in targets
    )
    spec = StaircaseSpec(
        title=name,
        description=t("report.flows.volume_told", what=name),
        unit=shown,
        first=float(context.matter.years[0]),
        last=context.matter.years[-1] + 0.99,
        series=(Stairs(t("report.flows.computed"), steps, strong=True),),
        number=context.amounts.number,
        levels=tuple(levels),
    )
    picture = paired(lambda width, prefix: draw_staircase(spec, width, prefix), f"flow-{measure}")
    return Volume(name, tuple(_reached(context, row, by_year, written) for row in targets), picture)


def _reached(context: Context, row: Row, values: dict[int, float], unit: str) -> str:
    """Say what flows come to in the year a target is for, and when they reach it first."""
    wanted = float(row["wanted"])
    first = next((year for year in sorted(values) if values[year] >= wanted * (1 - 1e-9)), None)
    told = int(row["year"] or 0)
    year = told if told in values else max(values)
    code = "report.flows.target_never" if first is None else "report.flows.target_first"
    return context.t(
        code,
        name=context.names.of("targets", str(row["id"])),
        year=year,
        value=context.amounts.computed(values[year], unit),
        wanted=context.amounts.stated(wanted, unit),
        first=first,
        last=max(values),
    )


def _equipment(context: Context, year: int) -> tuple[EquipmentRow, ...]:
    table = context.matter.table("flow_equipment")
    if table.empty:
        return ()
    own = table[table["year"] == year]
    return tuple(
        _equipment_row(context, one, own[own["equipment"] == one.equipment]) for one in empties(own)
    )


def _equipment_row(context: Context, kind: Empties, own: pd.DataFrame) -> EquipmentRow:
    t, amounts, unit = context.t, context.amounts, f"{kind.unit}/year"
    priced = own[own["price_usd"].notna()]
    # Of zones with one price the dearest lacks most, the cheapest has most to spare.
    order = ["price_usd", "left_per_year", "zone"]
    priced = priced.sort_values(order, ascending=[True, False, True])

    def place(at: int) -> Place | None:
        if priced.empty:
            return None
        row = priced.iloc[at]
        price = t.unit(rounded(float(row["price_usd"])), "USD")
        return Place(context.names.of("zones", str(row["zone"])), price)

    moved = kind.loaded + kind.carried
    known = kind.acquired > 0.0 and math.isfinite(kind.usd)
    cost = amounts.dollars(rounded(kind.usd)) if known else ""
    return EquipmentRow(
        context.names.of("equipment", kind.equipment),
        t("report.flows.native.TEU" if kind.unit == TEU else "report.flows.tonne_of_load"),
        amounts.computed(kind.loaded, unit),
        amounts.computed(kind.carried, unit),
        t.percent(kind.carried / moved if moved > 0.0 else None),
        amounts.computed(kind.refused, unit),
        t.percent(kind.refused_share if kind.planned > 0.0 else None),
        amounts.computed(kind.acquired, unit),
        t("report.flows.acquired_for", cost=cost) if cost else "",
        place(-1),
        place(0) if len(priced) > 1 else None,
    )


def _empty_sentences(context: Context, year: int) -> list[str]:
    """Say which empties of a year are turned away, where these are more than next to none."""
    table, amounts = context.matter.table("flow_equipment"), context.amounts
    own = table[table["year"] == year] if not table.empty else table
    found = []
    for one in empties(own) if not own.empty else []:
        if one.refused_share >= LEAST_TOLD:
            told = {
                "name": context.names.of("equipment", one.equipment),
                "year": year,
                "planned": amounts.computed(one.planned, f"{one.unit}/year"),
                "refused": amounts.computed(one.refused, f"{one.unit}/year"),
                "share": context.t.percent(one.refused_share),
            }
            found.append(context.t("report.flows.empty_sentence", **told))
    return found
