"""The first screen: every claim and target, what was computed, and whether it holds."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from keruen.model.statements import is_statement
from keruen.report.charts.ranges import RangeSpec, Verdict, draw_range
from keruen.report.page.context import Context, Note
from keruen.report.page.matter import Row, rows, words
from keruen.report.page.names import Said, short_code
from keruen.schema import ColumnType, load_schema
from keruen.study.money import project_cost_usd
from keruen.study.targets import IN_LADDERS_ALONE

_BLOCKERS_SHOWN: Final = 4
_TURNS_SHOWN: Final = 4
_RANGE_WIDTH: Final = 330.0


@dataclass(frozen=True, slots=True)
class Turning:
    """An assumed number that turns a verdict alone: its name, its range, the value at each end."""

    name: str
    low: str
    high: str
    value_at_low: str
    value_at_high: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One target told in full; the table at a glance takes its lines from here too."""

    id: str
    system: str
    kind: str
    name: str
    definition: Said
    verdict: str
    chip: str
    sentence: str
    stated_label: str
    stated: str
    by_year: str
    computed: str
    computed_range: str
    full: str
    span: str
    level: str
    observed: str
    observed_label: str
    observed_definition: Said
    first_year: str
    is_met_once: bool
    blocked_by: tuple[str, ...]
    more_blockers: str
    unblocked_by: tuple[str, ...]
    unblocking_cost: str
    firmness: str
    is_firm: bool
    is_finding: bool
    remark: str
    turns: tuple[Turning, ...]
    more_turns: str
    picture: str
    notes: tuple[Note, ...]
    observed_notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """Verdicts of a run: a sentence, counts by verdict, and the cards in order."""

    summary: str
    doubt: str
    counts: tuple[tuple[str, str, int], ...]
    cards: tuple[Card, ...]


def answers(context: Context) -> Answers:
    """Tell the verdicts: those of the systems of the statement first, in their order."""
    found = list(rows(context.matter.table("targets")))
    targets = context.matter.model["targets"]
    known = [row for row in found if row["id"] in targets.index]
    order = {
        str(system): place for place, system in enumerate(context.matter.model["systems"].index)
    }
    systems = {
        row["id"]: context.matter.model.text("targets", row["id"], "system") for row in known
    }
    known.sort(key=lambda row: order.get(systems[row["id"]], len(order)))
    cards = tuple(_card(context, row) for row in known)
    counts = Counter(card.verdict for card in cards)
    turned = sum(not card.is_firm for card in cards)
    given = sum(card.verdict == Verdict.MET and not card.is_finding for card in cards)
    t = context.t
    if not cards:
        return Answers(t("report.verdicts.none"), "", (), ())
    return Answers(
        t(
            "report.verdicts.summary",
            total=len(cards),
            met=counts["met"],
            missed=counts["missed"],
            undetermined=counts["undetermined"],
        ),
        " ".join(_doubts(context, given, turned)),
        tuple((v.value, t(f"report.verdict.{v.value}"), counts[v.value]) for v in Verdict),
        cards,
    )


def _doubts(context: Context, given: int, turned: int) -> list[str]:
    """How many verdicts are no findings, and how many could turn."""
    t = context.t
    said = [t.plural("report.verdicts.given", given)] if given else []
    return [
        *said,
        t.plural("report.verdicts.doubt", turned) if turned else t("report.verdicts.no_doubt"),
    ]


def _card(context: Context, row: Row) -> Card:
    t, names, amounts = context.t, context.names, context.amounts
    key, unit = str(row["id"]), _unit(row)
    system = context.matter.model.text("targets", key, "system")
    turns = _turns(context, row)
    observed, observed_definition, observed_notes = _observed(context, key)
    blockers = words(row["blocked_by"])
    firmness, is_firm = _firmness(context, row, len(turns))
    is_finding = not (row["is_stated"] or row["fitted"])
    return Card(
        id=key,
        system=short_code(system),
        kind=t(f"report.kind.{row['kind']}"),
        name=names.of("targets", key),
        definition=names.text("targets", key, "definition"),
        verdict=str(row["verdict"]),
        chip=t(f"report.verdict.{row['verdict']}"),
        sentence=_sentence(context, row, turned=bool(turns) and is_finding),
        stated_label=t(f"report.stated.{row['kind']}"),
        stated=amounts.stated(row["wanted"], unit),
        by_year="" if row["by_year"] is None else str(int(row["by_year"])),
        computed="" if row["computed"] is None else amounts.computed(row["computed"], unit),
        computed_range=_range(context, row, unit),
        full=_full(context, row),
        span=_span(context, row, unit),
        level=t(f"report.level.{row['level']}"),
        observed=observed,
        observed_label=_observed_label(context, key),
        observed_definition=observed_definition,
        first_year=_first_year(context, row),
        is_met_once=row["first_year"] is not None,
        blocked_by=tuple(names.element(blocker) for blocker in blockers[:_BLOCKERS_SHOWN]),
        more_blockers=_more(context, len(blockers) - _BLOCKERS_SHOWN),
        unblocked_by=tuple(names.of("projects", p) for p in words(row["unblocked_by"])),
        unblocking_cost=_cost(context, row),
        firmness=firmness,
        is_firm=is_firm,
        is_finding=is_finding,
        remark=_remark(context, row, is_firm=is_firm),
        turns=turns[:_TURNS_SHOWN],
        more_turns=_more(context, len(turns) - _TURNS_SHOWN),
        picture=_picture(context, row, unit),
        notes=context.row_notes("targets", key, "wanted"),
        observed_notes=observed_notes,
    )


def _unit(row: Row) -> str:
    """Unit a target is read in: a share without a unit is a percentage."""
    return "share" if row["metric"] == "share" else str(row["unit"])


def _sentence(context: Context, row: Row, *, turned: bool) -> str:
    """What was found, and that assumed ranges leave it open where they do."""
    verdict, reason = str(row["verdict"]), str(row["reason"])
    if verdict == Verdict.UNDETERMINED:
        return context.t(f"report.reason.{reason}", year=row["year"])
    said = context.t(f"report.finding.{row['kind']}.{verdict}", year=row["year"])
    return f"{said} {context.t(f'report.finding.open.{verdict}')}" if turned else said


def _remark(context: Context, row: Row, *, is_firm: bool) -> str:
    """Two words beside a verdict that is no finding or not firm."""
    if row["is_stated"]:
        return context.t("report.firmness.as_stated")
    if row["fitted"]:
        return context.t("report.firmness.as_fitted")
    return "" if is_firm else context.t("report.firmness.short")


def _full(context: Context, row: Row) -> str:
    """What the capacity of a corridor is the capacity of, and what flows know of it."""
    binding = str(row["binding"] or "")
    if not binding or not str(row["metric"]).startswith("corridor_capacity"):
        return ""
    said = context.t("report.verdicts.full", element=context.names.element(binding))
    if binding.partition("/")[0] not in IN_LADDERS_ALONE:
        return said
    return f"{said} {context.t('report.verdicts.full_in_ladders')}"


def _range(context: Context, row: Row, unit: str) -> str:
    low, high = row["computed_low"], row["computed_high"]
    return "" if low is None or high is None else context.amounts.span(low, high, unit)


def _span(context: Context, row: Row, unit: str) -> str:
    """The range in the scale of its value, without the unit."""
    low, high = row["computed_low"], row["computed_high"]
    return "" if low is None or high is None else context.amounts.bare_span(low, high, unit)


def _first_year(context: Context, row: Row) -> str:
    if row["first_year"] is not None:
        return str(int(row["first_year"]))
    if row["verdict"] == Verdict.UNDETERMINED:
        return ""
    years = context.matter.years
    return context.t("report.verdicts.never", first=years[0], last=years[-1])


def _more(context: Context, count: int) -> str:
    return context.t.plural("report.more", count) if count > 0 else ""


def _cost(context: Context, row: Row) -> str:
    if not row["unblocked_by"]:
        return ""
    model, t = context.matter.model, context.t
    costs = [project_cost_usd(model, project) for project in words(row["unblocked_by"])]
    known = [cost for cost in costs if cost is not None]
    if not known:
        return t("report.cost.unknown")
    said = t(
        "report.cost.in_prices",
        cost=context.amounts.dollars(sum(known)),
        year=model.settings.price_year,
    )
    unknown = len(costs) - len(known)
    return t.plural("report.cost.partly", unknown, cost=said) if unknown else said


def _firmness(context: Context, row: Row, turns: int) -> tuple[str, bool]:
    """Whether assumed ranges could turn the verdict, in words."""
    if row["verdict"] == Verdict.UNDETERMINED:
        return "", True
    if row["is_stated"]:
        return context.t("report.firmness.stated"), True
    if row["fitted"]:
        cells = context.t.list(
            context.names.cell(*_parts(cell)) for cell in words(str(row["fitted"]))
        )
        return context.t("report.firmness.fitted", cells=cells), True
    if row["surpassed_by"]:
        seen = str(row["surpassed_by"])
        year = context.matter.model.text("observations", seen, "to_date")[:4]
        value = observed_value(context, seen)
        return context.t("report.firmness.surpassed", value=value, year=year), False
    if turns:
        return context.t.plural("report.firmness.turned", turns), False
    low, high = row["computed_low"], row["computed_high"]
    if low is None or high is None:
        return context.t("report.firmness.no_range"), True
    if low < row["wanted"] <= high:
        return context.t("report.firmness.together"), False
    return context.t("report.firmness.firm"), True


def _turns(context: Context, row: Row) -> tuple[Turning, ...]:
    table = context.matter.table("target_turns")
    if table.empty:
        return ()
    own = table[table["target"] == row["id"]]
    return tuple(_turning(context, turn, _unit(row)) for turn in rows(own))


def _turning(context: Context, turn: Row, unit: str) -> Turning:
    cell = (str(turn["table"]), str(turn["row"]), str(turn["column"]))
    stands_in = _stands_in(turn, cell)
    return Turning(
        context.names.cell(*stands_in),
        cell_text(context, *cell, str(turn["low"])),
        cell_text(context, *cell, str(turn["high"])),
        _at_end(context, turn["value_at_low"], unit),
        _at_end(context, turn["value_at_high"], unit),
        context.row_notes(*stands_in),
    )


def _stands_in(turn: Row, cell: tuple[str, str, str]) -> tuple[str, str, str]:
    """Where the study says the number: the change that set the cell, or the cell itself."""
    named = _parts(str(turn.get("stands_in") or ""))
    return named if named[2] else cell


def _parts(reference: str) -> tuple[str, str, str]:
    """Table, row and column of a cell written ``table/row/column``."""
    table, _, rest = reference.partition("/")
    row, _, column = rest.rpartition("/")
    return table, row, column


def _at_end(context: Context, value: float | None, unit: str) -> str:
    return context.t("report.no_way") if value is None else context.amounts.computed(value, unit)


def cell_text(context: Context, table: str, row: str, column: str, text: str) -> str:
    """Write the text of a cell with its unit, or as the name of what it refers to.

    Text that is of no kind known here stays as it is.
    """
    matter, declared = context.matter, load_schema()[table].columns[column]
    if table == "project_changes" and column == "value":
        changed = matter.model.text(table, row, "table")
        target = matter.model.text(table, row, "column")
        key = matter.model.text(table, row, "row")
        plain_set = matter.model.text(table, row, "op") in ("set", "insert", "add")
        if changed in load_schema() and target in load_schema()[changed].columns and plain_set:
            return cell_text(context, changed, key, target, text)
    if declared.referenced_table and matter.model_of(declared.referenced_table, text):
        return context.names.of(declared.referenced_table, text)
    try:
        if declared.type is ColumnType.DATE:
            return context.t.date(date.fromisoformat(text[:10]))
        if declared.type.is_numeric or declared.type is ColumnType.VALUE:
            return context.amounts.stated(float(text), declared.unit or "1")
    except ValueError:
        pass
    return text


def _observed(context: Context, key: str) -> tuple[str, Said, tuple[Note, ...]]:
    model = context.matter.model
    observation = model.text("targets", key, "observation")
    if not observation or observation not in model["observations"].index:
        return "", Said("", context.t.language), ()
    return (
        observed_value(context, observation),
        context.names.text("observations", observation, "definition"),
        context.row_notes("observations", observation, "value"),
    )


def _observed_label(context: Context, key: str) -> str:
    """What an observation is called that stands beside a target: counted, or only stated."""
    model = context.matter.model
    said = is_statement(model, model.text("targets", key, "observation"))
    return context.t("report.verdicts.said" if said else "report.verdicts.observed")


def observed_value(context: Context, observation: str) -> str:
    """Write the value of an observation with its unit."""
    model = context.matter.model
    unit = model.text("observations", observation, "unit")
    if unit == "1" and model.text("observations", observation, "quantity") == "share":
        unit = "share"
    return context.amounts.stated(model.number("observations", observation, "value"), unit)


def _picture(context: Context, row: Row, unit: str) -> str:
    """Draw the computed range beside what was stated; nothing where there is nothing to compare."""
    value, wanted = row["computed"], row["wanted"]
    if value is None or not math.isfinite(value) or value < 0 or wanted < 0:
        return ""
    low = min(value, value if row["computed_low"] is None else row["computed_low"])
    high = max(value, value if row["computed_high"] is None else row["computed_high"])
    if not math.isfinite(high) or low < 0:
        return ""
    t, amounts = context.t, context.amounts
    name = context.names.of("targets", str(row["id"]))
    stated = t(
        "report.picture.stated",
        what=t(f"report.stated.{row['kind']}"),
        value=amounts.stated(wanted, unit),
    )
    top = amounts.computed(high, unit)
    same = amounts.bare(low, high, unit) == amounts.bare(high, high, unit)
    spec = RangeSpec(
        title=t("report.picture.range", name=name),
        description=t(
            "report.picture.range_told",
            value=amounts.computed(value, unit),
            range=amounts.span(low, high, unit),
            stated=stated,
        ),
        low=(low, top if same else amounts.bare(low, high, unit)),
        mode=(value, amounts.computed(value, unit)),
        high=(high, top),
        wanted=(wanted, stated),
        verdict=Verdict(str(row["verdict"])),
    )
    return draw_range(spec, _RANGE_WIDTH, f"range-{row['id']}")
