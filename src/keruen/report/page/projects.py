"""Projects with their dates, costs and parties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keruen.report.page.context import Context, Note
from keruen.report.page.matter import plain
from keruen.report.page.names import BASE_LANGUAGE, Said
from keruen.study.money import project_cost_usd


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project."""

    id: str
    name: str
    kind: str
    status: str
    is_committed: bool
    part_of: str
    opens: str
    opens_key: str
    cost: str
    cost_key: str
    cost_stated: str
    cost_reason: Said
    parties: tuple[str, ...]
    changes: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Projects:
    """All projects and the year of the prices."""

    rows: tuple[ProjectRow, ...]
    price_year: int
    committed: int
    candidates: int


def projects(context: Context) -> Projects:
    """Tell all projects by opening date, those without one last."""
    model = context.matter.model
    found = [_row(context, str(key)) for key in model["projects"].index]
    found.sort(key=lambda row: (row.opens_key or "9999", row.name))
    committed = sum(row.is_committed for row in found)
    return Projects(tuple(found), model.settings.price_year, committed, len(found) - committed)


def _row(context: Context, key: str) -> ProjectRow:
    model, t = context.matter.model, context.t
    opens: date | None = plain(model["projects"].at[key, "open_date"])
    cost = project_cost_usd(model, key)
    amount = model.number("projects", key, "cost_amount")
    currency = model.text("projects", key, "cost_currency")
    part_of = model.text("projects", key, "part_of")
    status = model.text("projects", key, "status")
    price_year = model.number("projects", key, "cost_price_year")
    same = currency == "USD" and price_year == model.settings.price_year
    stated = ""
    if amount is not None and not same:
        stated = t(
            "report.cost.stated",
            cost=context.amounts.money(amount, currency or "USD"),
            year="—" if price_year is None else int(price_year),
        )
    return ProjectRow(
        id=key,
        name=context.names.of("projects", key),
        kind=t(f"report.project.{model.text('projects', key, 'kind')}"),
        status=t(f"report.status.{status}"),
        is_committed=status == "committed",
        part_of=context.names.of("projects", part_of) if part_of else "",
        opens=t.date(opens),
        opens_key="" if opens is None else opens.isoformat(),
        cost=context.amounts.dollars(cost) if cost is not None else "",
        cost_key="" if cost is None else f"{cost:.6g}",
        cost_stated=stated,
        cost_reason=Said(model.text("projects", key, "cost_reason"), BASE_LANGUAGE),
        parties=_parties(context, key),
        changes=len(model.rows("project_changes", project=key)),
        notes=context.notes.of(
            [model.text("projects", key, "source"), _owner(context, key, "cost_amount")]
        ),
    )


def _owner(context: Context, key: str, column: str) -> str:
    owner = context.matter.model.owner("projects", key, column)
    return "" if owner is None else owner.source


def _parties(context: Context, key: str) -> tuple[str, ...]:
    model = context.matter.model
    return tuple(
        context.t(
            "report.project.party",
            name=context.names.of("operators", model.text("project_parties", row, "operator")),
            role=context.t(f"report.role.{model.text('project_parties', row, 'role')}"),
        )
        for row in model.rows("project_parties", project=key)
    )
