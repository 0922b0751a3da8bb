"""Every element of the study: what it can carry in the first and in the last year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from keruen.capacity.record import ENGINE
from keruen.report.page.amounts import MILLION
from keruen.report.page.context import Context, Note
from keruen.report.page.corridors import limit
from keruen.report.page.matter import Row, rows

_LEVEL: Final = "practical"
_UNBOUNDED: Final = "unbounded"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is read and as it is sorted; the sort key is empty for what is absent."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element in one direction."""

    name: str
    kind: str
    limit: str
    own: tuple[Figure, Figure]
    gross: tuple[str, str]
    tonnes: tuple[Figure, Figure]
    teu: tuple[Figure, Figure]
    basis: str
    basis_key: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Elements:
    """The table, the years it compares, and how many elements are without bound."""

    first: int
    last: int
    rows: tuple[ElementRow, ...]
    kinds: tuple[str, ...]
    unbounded: int


def elements(context: Context) -> Elements:
    """Tell all elements at the practical level, by kind and name."""
    years = context.matter.years
    table = context.matter.table("capacity")
    empty = Elements(years[0], years[-1], (), (), 0)
    if table.empty:
        return empty
    own = table[(table["level"] == _LEVEL) & table["year"].isin((years[0], years[-1]))]
    found: dict[tuple[str, str, str], dict[int, Row]] = defaultdict(dict)
    for row in rows(own):
        found[(str(row["kind"]), str(row["id"]), str(row["direction"]))][int(row["year"])] = row
    bases = _bases(context)
    bounded, unbounded = [], set()
    for (kind, key, _), by_year in found.items():
        if any(row["limit"] == _UNBOUNDED for row in by_year.values()):
            unbounded.add((kind, key))
        else:
            bounded.append(_row(context, by_year, bases.get((kind, key), _Basis())))
    kinds = tuple(dict.fromkeys(row.kind for row in bounded))
    return Elements(years[0], years[-1], tuple(bounded), kinds, len(unbounded))


@dataclass(slots=True)
class _Basis:
    """How many numbers an element rests on, how many of them assumed, and their sources."""

    inputs: int = 0
    assumed: int = 0
    sources: frozenset[str] = frozenset()


def _bases(context: Context) -> dict[tuple[str, str], _Basis]:
    table = context.matter.table("inputs")
    if table.empty:
        return {}
    # What the engine worked out on the way is no basis of its own.
    given = table[table["source"] != ENGINE]
    latest = given[given["year"].isin((table["year"].min(), table["year"].max()))]
    single = latest.drop_duplicates(["kind", "id", "name"], keep="last")
    single = single.assign(assumed=single["confidence"] == "assumed")
    by_element = single.groupby(["kind", "id"], sort=False)
    assumed, whole = by_element["assumed"].sum(), by_element.size()
    sources = latest.groupby(["kind", "id"], sort=False)["source"].agg(frozenset)
    return {
        (str(kind), str(row)): _Basis(
            int(whole.loc[(kind, row)]), int(assumed.loc[(kind, row)]), sources.loc[(kind, row)]
        )
        for kind, row in whole.index
    }


def _row(context: Context, by_year: dict[int, Row], basis: _Basis) -> ElementRow:
    shown = by_year[min(by_year)]
    years = context.matter.years
    ends = (by_year.get(years[0]), by_year.get(years[-1]))
    kind = str(shown["kind"])
    return ElementRow(
        name=context.names.directed(kind, str(shown["id"]), str(shown["direction"])),
        kind=context.t(f"report.element.{kind}"),
        limit=limit(context, shown["limit"]),
        own=(_own(context, ends[0]), _own(context, ends[1])),
        gross=(_gross(context, ends[0]), _gross(context, ends[1])),
        tonnes=(_volume(context, ends[0], "t_per_year"), _volume(context, ends[1], "t_per_year")),
        teu=(_volume(context, ends[0], "teu_per_year"), _volume(context, ends[1], "teu_per_year")),
        basis=context.t("report.elements.basis", assumed=basis.assumed, inputs=basis.inputs),
        basis_key=f"{basis.assumed / basis.inputs:.4f}" if basis.inputs else "",
        notes=context.notes.of(basis.sources),
    )


def _own(context: Context, row: Row | None) -> Figure:
    """Capacity in the element's own unit: trains a day, else what it counts, a year."""
    if row is None:
        return Figure(context.t("report.elements.absent"), "")
    trains, native = row["trains_per_day"], row["native_per_year"]
    if trains is not None:
        return Figure(context.amounts.computed(trains, "trains/day"), f"{trains * 365:.6g}")
    if native is not None:
        unit = context.t(f"report.native.{row['native_unit']}")
        text = context.t("report.elements.a_year", number=context.amounts.number(native), unit=unit)
        return Figure(text, f"{native:.6g}")
    return Figure(context.t.number(None), "")


def _gross(context: Context, row: Row | None) -> str:
    """What a section carries before background trains are taken off, where there are any."""
    if row is None or row["kind"] != "sections" or row["gross_trains_per_day"] is None:
        return ""
    if abs(row["gross_trains_per_day"] - row["trains_per_day"]) < 1e-9:
        return ""
    return context.t(
        "report.elements.gross", number=context.amounts.number(row["gross_trains_per_day"])
    )


def _volume(context: Context, row: Row | None, column: str) -> Figure:
    if row is None or row[column] is None:
        return Figure(context.t.number(None), "")
    value = float(row[column])
    shown = value / MILLION if column == "t_per_year" else value
    return Figure(context.amounts.number(shown), f"{value:.6g}")
