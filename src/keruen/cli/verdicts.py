"""Verdicts as the JSON contract has them, and as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from keruen.cli.envelope import records
from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Said, Screen
from keruen.i18n import Translator

if TYPE_CHECKING:
    import pandas as pd

    from keruen.model import Model

STYLES: Final = {"met": "green", "missed": "red", "undetermined": "yellow"}
BLOCKERS_SHOWN: Final = 5
CHANCES_SHOWN: Final = 4
CORRIDOR: Final = "corridor_capacity"
BY_FLOWS: Final = frozenset({"flows_free", "flows_touched", "flows_fitted"})
"""Reasons of verdicts on what flows say."""

COUNTED: Final = "counted"
STATED: Final = "stated"

Row = Mapping[str, Any]


def rows_of(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows of a result table as plain values: absent is None, whole numbers are whole."""
    whole = {"year", "by_year", "first_year"}
    for cells in records(frame):
        for name in whole & cells.keys():
            value = cells[name]
            cells[name] = int(value) if isinstance(value, int | float) else None
        yield cells


def verdicts(tables: Mapping[str, pd.DataFrame], names: Names) -> list[dict[str, Any]]:
    """Shape the ``targets`` of the JSON contract from the tables of a run.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With ``targets`` and ``target_turns``.
    names : Names
        Language of definitions and notes, and the study.
    """
    turns = list(rows_of(tables["target_turns"]))
    chances = chances_of(tables.get("forecast_probability"), names)
    found = []
    for row in rows_of(tables["targets"]):
        own = [turn for turn in turns if turn["target"] == row["id"]]
        found.append(_verdict(row, own, names, chances.get(row["id"], ())))
    return found


def chances_of(frame: pd.DataFrame | None, names: Names) -> dict[str, list[dict[str, Any]]]:
    """By target the share of draws of a forecast in which it is met, by year.

    Of targets that name what of the flows they count; of other targets a forecast says how often
    some volume comes to them, which is not whether they are met.
    """
    if frame is None or frame.empty:
        return {}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(frame.sort_values(["target", "measure", "year"])):
        if _is_measured(names, row["target"]):
            told = {"year": row["year"], "share": row["share"], "n": int(row["n"])}
            found.setdefault(row["target"], []).append(told)
    return found


def _is_measured(names: Names, target: str) -> bool:
    return any(
        target in model["targets"].index and model.text("targets", target, "measure")
        for model in names.models
    )


def _verdict(
    row: Row, turns: Sequence[Row], names: Names, chances: Sequence[Row]
) -> dict[str, Any]:
    row = {**row, "observed_is": _observed_is(row, names)}
    package = str(row["unblocked_by"] or "").split()
    blockers = [_element(blocker) for blocker in str(row["blocked_by"] or "").split()]
    return {
        "id": row["id"],
        "kind": row["kind"],
        "name": names.row("targets", row["id"]),
        "definition": names.text("targets", row["id"], "definition"),
        "metric": row["metric"],
        "subject": {"kind": row["subject_table"], "element": row["subject_row"]},
        "level": row["level"],
        "year": row["year"],
        "by_year": row["by_year"],
        "unit": row["unit"],
        "wanted": row["wanted"],
        "computed": row["computed"],
        "computed_low": row["computed_low"],
        "computed_high": row["computed_high"],
        "observed": row["observed"],
        "observed_is": row["observed_is"],
        "verdict": row["verdict"],
        "within_share": _within(row),
        "reason": row["reason"],
        "first_year": row["first_year"],
        "binding": _element(row["binding"]) if row["binding"] else None,
        "blocked_by": [blocker["element"] for blocker in blockers],
        "blocking": blockers,
        "unblocked_by": {"project": package[0], "cost_usd": row["unblocking_cost_usd"]}
        if len(package) == 1
        else None,
        "package": package,
        "package_cost_usd": row["unblocking_cost_usd"],
        "turned_by": [
            {"table": turn["table"], "row": turn["row"], "column": turn["column"]} for turn in turns
        ],
        "is_stated": bool(row["is_stated"]),
        "fitted": [_cell(cell) for cell in str(row["fitted"] or "").split()],
        "surpassed_by": row["surpassed_by"] or None,
        "probability_share": next((c["share"] for c in chances if c["year"] == row["year"]), None),
        "probability": list(chances),
        "note": note(row, len(turns), names.t),
    }


def _observed_is(row: Row, names: Names) -> str | None:
    """Whether what is held against a target was counted, or is what was stated itself."""
    from keruen.model.statements import is_statement

    if row["observed"] is None:
        return None
    for model in names.models:
        if row["id"] in model["targets"].index:
            seen = model.text("targets", row["id"], "observation")
            return STATED if is_statement(model, seen) else COUNTED
    return COUNTED


def _within(row: Row) -> float | None:
    """How near flows have to come to a statement of fact; None of what has to be reached."""
    from keruen.study.targets import REPRODUCED, is_reproduced

    return REPRODUCED if row["reason"] in BY_FLOWS and is_reproduced(str(row["kind"])) else None


def _cell(reference: str) -> dict[str, str]:
    table, _, rest = reference.partition("/")
    row, _, column = rest.rpartition("/")
    return {"table": table, "row": row, "column": column}


def _element(reference: str) -> dict[str, str]:
    kind, _, row = reference.partition("/")
    return {"kind": kind, "element": row}


def note(row: Row, turns: int, t: Translator) -> str:
    """Say in words what the numbers of a verdict leave open."""
    said = []
    if row["reason"] != "computed":
        said.append(t(f"cli.targets.{row['reason']}", year=row["year"]))
    elif row["verdict"] == "met":
        said.append(t("cli.targets.holds_since", year=row["first_year"]))
    elif row["first_year"] is not None:
        said.append(t("cli.targets.holds_later", year=row["first_year"]))
    else:
        said.append(t("cli.targets.holds_never"))
    if row["reason"] != "computed" and row["observed"] is not None:
        seen = "said" if row.get("observed_is") == STATED else "observed"
        said.append(t(f"cli.targets.{seen}", value=amount(t, row["observed"], row)))
    near = _within(row)
    if near is not None:
        said.append(t("cli.targets.within", share=t.percent(near)))
    if row["is_stated"]:
        said.append(t("cli.targets.stated"))
    if row["fitted"]:
        said.append(t("cli.targets.fitted"))
    if row["surpassed_by"]:
        said.append(t("cli.targets.surpassed", observation=row["surpassed_by"]))
    if turns:
        said.append(t.plural("cli.targets.turned", turns))
    return " ".join(said)


def amount(t: Translator, value: float | None, row: Row) -> str:
    """Write a value of a target with its unit; large tonnages in millions."""
    if value is None:
        return t.number(None)
    if row["metric"] == "share":
        return t.percent(value, 1)
    unit = str(row["unit"])
    if unit == "t/year" and abs(value) >= 1e5:
        return t.unit(value / 1e6, "Mt/year", 2)
    if unit == "ratio":
        return t("cli.targets.times", value=t.number(value, 2))
    decimals = 0 if float(value).is_integer() or abs(value) >= 1000 else 1
    return t.unit(value, unit, decimals)


def show_table(screen: Screen, found: Sequence[Row]) -> None:
    """Print the verdicts, two lines a target."""
    t = screen.t
    rows: list[list[Cell]] = []
    for target in found:
        verdict, since = str(target["verdict"]), target["first_year"]
        said = Said(t(f"word.verdict.{verdict}"), STYLES[verdict])
        name: Cell = (target["name"], Said(target["id"], "dim"))
        wanted, computed = (amount(t, target[key], target) for key in ("wanted", "computed"))
        if screen.is_wide:
            rows.append([said, name, wanted, computed, "" if since is None else str(since)])
        else:
            first = "" if since is None else t("cli.targets.since_year", year=since)
            rows.append([(said, Said(first, "dim")), name, (computed, Said(wanted, "dim"))])
    heads: tuple[str, ...] = ("verdict", "target", "computed_wanted")
    if screen.is_wide:
        heads = ("verdict", "target", "wanted", "computed", "since")
    screen.table([t(f"cli.targets.{head}") for head in heads], rows, align="=<")


def show_counts(screen: Screen, found: Sequence[Row]) -> None:
    """Print how many targets are met, missed and undetermined."""
    t = screen.t
    counts = {v: sum(target["verdict"] == v for target in found) for v in STYLES}
    screen.line(
        t(
            "cli.targets.counts",
            total=t.plural("cli.targets.total", len(found)),
            **{verdict: t.number(count) for verdict, count in counts.items()},
        ),
        "bold",
    )


def show_details(screen: Screen, found: Sequence[Row], names: Names) -> None:
    """Print for each target what it means, what stands in its way and what would help."""
    t = screen.t
    for target in found:
        screen.heading(str(target["name"]), str(target["id"]))
        screen.entry(str(target["definition"]))
        low, high = target["computed_low"], target["computed_high"]
        if target["computed"] is not None:
            level = t(f"word.level.{target['level']}")
            lead = t("cli.targets.computed_lead")
            said = t(
                "cli.targets.computed_of",
                value=amount(t, target["computed"], target),
                wanted=amount(t, target["wanted"], target),
                level=level,
                year=target["year"],
            )
            screen.entry(said, lead)
            _show_first_full(screen, target, names)
        if low is not None and high is not None:
            ends = {"low": amount(t, low, target), "high": amount(t, high, target)}
            screen.entry(t("cli.targets.range", **ends), t("cli.targets.range_lead"))
        _show_ways(screen, target, names)
        _show_chances(screen, target)
        verdict = t(f"word.verdict.{target['verdict']}")
        screen.entry(str(target["note"]), f"{verdict[:1].upper()}{verdict[1:]}.")


def _show_first_full(screen: Screen, target: Row, names: Names) -> None:
    """Print what the capacity of a corridor is the capacity of, and what flows know of it."""
    from keruen.study.targets import IN_LADDERS_ALONE

    t, binding = screen.t, target["binding"]
    if binding is None or not str(target["metric"]).startswith(CORRIDOR):
        return
    element = names.element(binding["kind"], binding["element"])
    said = [t("cli.targets.full", element=element)]
    if binding["kind"] in IN_LADDERS_ALONE:
        said.append(t("cli.targets.full_in_ladders"))
    screen.entry(" ".join(said), t("cli.targets.full_lead"))


def _show_chances(screen: Screen, target: Row) -> None:
    """Print in how many draws of a forecast a target is met, in its year and some others."""
    t, known = screen.t, [one for one in target["probability"] if one["share"] is not None]
    if not known:
        return
    last = len(known) - 1
    places = sorted({round(last * part / (CHANCES_SHOWN - 1)) for part in range(CHANCES_SHOWN)})
    said = [
        t("cli.targets.chance", year=one["year"], share=t.percent(one["share"]))
        for at, one in enumerate(known)
        if at in places or one["year"] == target["year"]
    ]
    lead = t("cli.targets.chance_lead")
    if target["within_share"] is not None:
        lead = t("cli.targets.chance_lead_within", share=t.percent(target["within_share"]))
    screen.entry("; ".join(said), lead)


def _show_ways(screen: Screen, target: Row, names: Names) -> None:
    t = screen.t
    blocking = target["blocking"]
    if blocking:
        said = [names.element(b["kind"], b["element"]) for b in blocking[:BLOCKERS_SHOWN]]
        if len(blocking) > len(said):
            said.append(t.plural("cli.targets.others", len(blocking) - len(said)))
        screen.entry("; ".join(said), t("cli.targets.blocked_lead"))
    if target["package"]:
        projects = "; ".join(names.project(project) for project in target["package"])
        cost = target["package_cost_usd"]
        price = t("cli.targets.no_cost") if cost is None else t.money(cost, short=True)
        way = t("cli.targets.way", projects=projects, cost=price)
        screen.entry(way, t("cli.targets.unblocked_lead"))
    elif target["verdict"] == "missed":
        screen.entry(t("cli.targets.no_way"), t("cli.targets.unblocked_lead"))


def names_at_the_end(t: Translator, base: Model) -> Names:
    """Names of a study's rows, those that projects bring by the end of its years included."""
    import datetime as dt

    return Names(t, base.at(dt.date(base.settings.last_year, 12, 31)), base)
