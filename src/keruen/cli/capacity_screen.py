"""``keruen capacity`` for people: ladders, a summary by kind, the sheet of one element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from keruen.cli.capacity_sheet import show_sheet
from keruen.cli.naming import Names
from keruen.cli.screen import Cell, Said, Screen
from keruen.i18n import shown
from keruen.i18n.amounts import millions, tenths, whole

if TYPE_CHECKING:
    from keruen.capacity import Capacity
    from keruen.capacity.ladder import Ladder
    from keruen.cli.capacity import Found, Wanted


def show_capacity(screen: Screen, found: Found, wanted: Wanted) -> None:
    """Print what was found.

    Parameters
    ----------
    screen : Screen
        Where to.
    found : Found
        What was worked out.
    wanted : Wanted
        What was asked for.
    """
    t = screen.t
    names = Names(t, found.known.model, found.base)
    titles = found.base.settings.title
    title = titles.get(t.language) or titles.get("en") or found.base.settings.name
    screen.line(shown(title), "bold")
    said = [t.date(found.known.model.on, "long")]
    if found.base.scenario is not None:
        said.append(t("cli.capacity.scenario", name=names.row("scenarios", found.base.scenario)))
    screen.line(shown(" · ".join(said), None), "dim")
    if wanted.explain is not None:
        for kind, row in dict.fromkeys((r.kind, r.id) for r in found.records):
            own = [r for r in found.records if (r.kind, r.id) == (kind, row)]
            show_sheet(screen, names, found.known.model, own)
    if wanted.corridor is None and not wanted.every:
        show_corridors(screen, names, found)
    else:
        for ladder, lifted in found.ladders:
            show_ladder(screen, names, ladder, lifted)
    for corridor in found.closed:
        screen.heading(names.row("corridors", corridor), t("cli.capacity.closed"))
    show_needs(screen, names, found, wanted.volume_t)
    if wanted.explain is None:
        show_elements(screen, names, found, wanted)


def show_corridors(screen: Screen, names: Names, found: Found) -> None:
    """Print what binds each corridor first."""
    if not found.ladders:
        return
    t = screen.t
    level = t(f"word.level.{found.level.value}")
    screen.heading(t("cli.capacity.corridors"), t("cli.capacity.at_level", level=level))
    rows: list[list[Cell]] = []
    for ladder, _ in found.ladders:
        name: Cell = (names.row("corridors", ladder.corridor), Said(ladder.corridor, "dim"))
        if not ladder.steps:
            rows.append([name, t("cli.capacity.nothing_binds"), "", ""])
            continue
        step = ladder.steps[0]
        lines: list[str | Said] = [
            names.element(step.kind, step.element),
            Said(step.element, "dim"),
        ]
        lines.append(t(f"word.limit.{step.limit}"))
        boxes = step.binds_at_teu if _counts_boxes(ladder) else None
        rows.append([name, tuple(lines), millions(t, step.binds_at_t), whole(t, boxes)])
    heads = [t(f"cli.capacity.{head}") for head in ("of_corridor", "binds_first")]
    screen.table([*heads, t.unit_name("Mt/year"), t.unit_name("TEU/year")], rows, align="<<")


def show_ladder(
    screen: Screen, names: Names, ladder: Ladder, lifted: Mapping[str, Sequence[str]]
) -> None:
    """Print a ladder and the projects that lift its first steps."""
    t = screen.t
    level = t(f"word.level.{ladder.level.value}")
    screen.heading(names.row("corridors", ladder.corridor), t("cli.capacity.at_level", level=level))
    if not ladder.steps:
        screen.entry(t("cli.capacity.nothing_binds"))
        return
    boxes = _counts_boxes(ladder)
    heads = ["#", t("cli.capacity.element"), t("cli.capacity.limit"), t.unit_name("Mt/year")]
    heads += [t.unit_name("TEU/year")] if boxes else []
    rows: list[list[Cell]] = []
    for step in ladder.steps:
        name: Cell = (names.element(step.kind, step.element), Said(step.element, "dim"))
        figures = [millions(t, step.binds_at_t)]
        figures += [whole(t, step.binds_at_teu)] if boxes else []
        rows.append([str(step.rank), name, t(f"word.limit.{step.limit}"), *figures])
    screen.table(heads, rows, align="><<")
    _show_lifts(screen, names, ladder, lifted)


def _counts_boxes(ladder: Ladder) -> bool:
    return any(step.binds_at_teu > 0 for step in ladder.steps)


def _show_lifts(
    screen: Screen, names: Names, ladder: Ladder, lifted: Mapping[str, Sequence[str]]
) -> None:
    t = screen.t
    screen.line(t("cli.capacity.lifts"), "bold")
    for step in ladder.steps:
        projects = lifted.get(f"{step.kind}/{step.element}")
        if projects is not None:
            said = [f"{names.project(project)} ({project})" for project in projects]
            lead = f"{step.rank} {names.element(step.kind, step.element)}:"
            screen.entry("; ".join(said) if said else t("cli.capacity.lifted_by_none"), lead)


def show_needs(screen: Screen, names: Names, found: Found, volume_t: float | None) -> None:
    """Print the fleet that a volume needs."""
    if found.needs is None:
        return
    t = screen.t
    screen.heading(t("cli.capacity.needs", volume=t.unit(volume_t, "t/year")))
    if not found.needs:
        screen.entry(t("cli.capacity.no_needs"))
        return
    rows: list[list[Cell]] = []
    for need in found.needs:
        short = None if need.units_needed is None else max(0.0, need.units_needed - need.units)
        name = (names.element(need.kind, need.element), Said(need.element, "dim"))
        rows.append([name, t.number(need.units), t.number(need.units_needed), t.number(short)])
    heads = ("fleet", "units", "units_needed", "units_short")
    screen.table([t(f"cli.capacity.{head}") for head in heads], rows)


def show_elements(screen: Screen, names: Names, found: Found, wanted: Wanted) -> None:
    """Print elements: by kind in short, or every one of them."""
    t = screen.t
    level = t(f"word.level.{found.level.value}")
    note = t("cli.capacity.at_level", level=level)
    if not wanted.every:
        if wanted.corridor is not None:
            return
        screen.heading(t("cli.capacity.elements"), note)
        _show_kinds(screen, names, found)
        screen.line(t("cli.capacity.after_background"), "dim")
        screen.line(t("cli.capacity.hint"), "dim")
        return
    chosen = [record for record in found.records if record.level == found.level.value]
    for kind in dict.fromkeys(record.kind for record in chosen):
        screen.heading(t(f"word.kind.{kind}"), note)
        _show_list(screen, names, [record for record in chosen if record.kind == kind])
    screen.line(t("cli.capacity.after_background"), "dim")


def _show_kinds(screen: Screen, names: Names, found: Found) -> None:
    from keruen.capacity.summary import summarise

    t = screen.t
    rows: list[list[Cell]] = []
    for kind in summarise(found.records, found.level):
        trains = [tenths(t, value) for value in (kind.least, kind.middle, kind.most)]
        row = [t(f"word.kind.{kind.kind}"), whole(t, kind.elements), whole(t, kind.bounded)]
        row += trains
        if screen.is_wide:
            row.append(names.element(kind.kind, kind.tightest) if kind.tightest else "")
        rows.append([*row])
    heads = ["kind", "count", "bounded", "least", "middle", "most"]
    heads += ["tightest"] if screen.is_wide else []
    screen.table([t(f"cli.capacity.{head}") for head in heads], rows, align="<>>>>><"[: len(heads)])


def _show_list(screen: Screen, names: Names, records: Sequence[Capacity]) -> None:
    """Every record of one kind; columns that no record fills are left out."""
    t = screen.t
    columns = {
        t.unit_name("trains/day"): [tenths(t, r.trains_per_day) for r in records],
        t.unit_name("TEU/year"): [whole(t, r.teu_per_year) for r in records],
        t.unit_name("Mt/year"): [millions(t, r.t_per_year) for r in records],
    }
    absent = t.number(None)
    columns = {head: own for head, own in columns.items() if any(cell != absent for cell in own)}
    rows: list[list[Cell]] = []
    for position, record in enumerate(records):
        name, key = names.element(record.kind, record.id), Said(record.id, "dim")
        direction = t(f"word.direction.{record.direction}")
        limit = t(f"word.limit.{record.limit}")
        lead: list[Cell] = [(name, key, f"{direction} · {limit}")]
        if screen.is_wide:
            lead = [key, name, direction, limit]
        rows.append([*lead, *(own[position] for own in columns.values())])
    heads = ["id", "element", "direction", "limit"] if screen.is_wide else ["element"]
    align = "=<<<" if screen.is_wide else "<"
    screen.table([*(t(f"cli.capacity.{head}") for head in heads), *columns], rows, align=align)
