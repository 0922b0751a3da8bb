"""What rows are called in a language: their own names, or words made of what they lie between."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

from keruen.i18n import Translator
from keruen.model import Model
from keruen.report.page.matter import Matter
from keruen.schema import ColumnType, load_schema

BASE_LANGUAGE: Final = "en"
_SHORT: Final = re.compile(r"[A-Za-z]{1,3}[0-9]{1,3}")


class Said(NamedTuple):
    """A text from the study and the language it is in."""

    text: str
    language: str


def short_code(row: str) -> str:
    """An id short enough to stand before a name, in capitals; else nothing.

    >>> short_code("s02"), short_code("main_line")
    ('S02', '')
    """
    return row.upper() if _SHORT.fullmatch(row) else ""


class Names:
    """Names of the rows of a study in one language.

    Parameters
    ----------
    matter : Matter
        The run and its study.
    t : Translator
        Of the language.
    """

    def __init__(self, matter: Matter, t: Translator) -> None:
        self._matter = matter
        self._t = t
        self._known: dict[tuple[str, str], str] = {}

    def of(self, table: str, row: str) -> str:
        """Name of a row; its id where nothing better is known."""
        key = (table, row)
        if key not in self._known:
            model = self._matter.model_of(table, row)
            self._known[key] = row if model is None else self._name(model, table, row)
        return self._known[key]

    def element(self, reference: str) -> str:
        """Name of ``table/row``; a row key may hold strokes itself."""
        table, _, row = reference.partition("/")
        return self.of(table, row)

    def all(self, table: str, keys: tuple[str, ...]) -> str:
        """Join the names of several rows."""
        return self._t.list(self.of(table, key) for key in keys)

    def text(self, table: str, row: str, stem: str) -> Said:
        """A text that stands in several languages (``stem_en``, ``stem_kk``), else in English."""
        model = self._matter.model_of(table, row)
        for language in (self._t.language, BASE_LANGUAGE):
            column = f"{stem}_{language}"
            if model is not None and column in model[table].columns:
                found = model.text(table, row, column)
                if found:
                    return Said(found, language)
        return Said("", self._t.language)

    def directed(self, table: str, row: str, direction: str) -> str:
        """Name of an element and, where it matters, the direction meant."""
        name = self.of(table, row)
        if direction not in ("forward", "backward"):
            return name
        if table == "sections":
            model = self._matter.model_of(table, row)
            end = "to_node" if direction == "forward" else "from_node"
            node = "" if model is None else self.of("nodes", model.text(table, row, end))
            return self._t("report.name.towards", name=name, node=node)
        return self._t(
            "report.name.directed", name=name, direction=self._t(f"report.bound.{direction}")
        )

    def column(self, table: str, column: str) -> str:
        """What a column is called; its id where the catalogue has no words for it."""
        code = f"report.quantity.{column}"
        return self._t(code) if self._t.has(code) else f"{table}.{column}"

    def cell(self, table: str, row: str, column: str) -> str:
        """Name of one cell: its row and what it says of it."""
        if table == "project_changes":
            model = self._matter.model_of(table, row)
            if model is not None:
                return self._change(model, row)
        return self._t(
            "report.name.cell", row=self.of(table, row), column=self.column(table, column)
        )

    def _change(self, model: Model, row: str) -> str:
        table = model.text("project_changes", row, "table")
        changed = self.of(table, model.text("project_changes", row, "row"))
        column = self.column(table, model.text("project_changes", row, "column"))
        project = self.of("projects", model.text("project_changes", row, "project"))
        cell = self._t("report.name.cell", row=changed, column=column)
        return self._t("report.name.change", project=project, cell=cell)

    def _name(self, model: Model, table: str, row: str) -> str:
        maker = _MAKERS.get(table)
        if maker is not None:
            return maker(self, model, row)
        for language in (self._t.language, BASE_LANGUAGE):
            column = f"name_{language}"
            if column in model[table].columns:
                found = model.text(table, row, column)
                if found:
                    return found
        return self._of_key(model, table, row)

    def _of_key(self, model: Model, table: str, row: str) -> str:
        """Name a row by what its key refers to."""
        declared = load_schema()[table]
        if declared.key == ("id",):
            return row
        parts = []
        for column in declared.key:
            value = model.text(table, row, column)
            target = declared.columns[column].referenced_table
            known = f"report.bound.{value}"
            if target:
                value = self.of(target, value)
            elif declared.columns[column].type is ColumnType.DATE:
                value = self._t.date(date.fromisoformat(value[:10]))
            elif column == "direction" and self._t.has(known):
                value = self._t(known)
            parts.append(value)
        return ", ".join(parts)

    @cached_property
    def _ends(self) -> Counter[tuple[str, str]]:
        sections = self._matter.final["sections"]
        pairs = zip(sections["from_node"], sections["to_node"], strict=True)
        return Counter((str(a), str(b)) for a, b in pairs)

    def section(self, model: Model, row: str) -> str:
        """Name a section by its ends, and by its gauge or mode where several join them."""
        ends = (model.text("sections", row, "from_node"), model.text("sections", row, "to_node"))
        name = self._t(
            "report.name.between", start=self.of("nodes", ends[0]), end=self.of("nodes", ends[1])
        )
        if self._ends[ends] < 2:
            return name
        mode = model.text("sections", row, "mode")
        gauge = model.number("sections", row, "gauge_mm")
        if gauge is None:
            what = self._t(f"report.mode.{mode}")
        else:
            what = self._t("report.name.gauge", gauge=int(gauge))
        return self._t("report.name.qualified", name=name, what=what)

    @cached_property
    def _groups(self) -> Counter[tuple[str, str]]:
        handling = self._matter.final["handling"]
        pairs = zip(handling["terminal"], handling["kind"], strict=True)
        return Counter((str(terminal), str(kind)) for terminal, kind in pairs)

    def handling(self, model: Model, row: str) -> str:
        """Name a group of servers by terminal and kind, and by cargo where several are alike."""
        terminal, kind = (model.text("handling", row, column) for column in ("terminal", "kind"))
        part = self._t(f"report.handling.{kind}")
        if self._groups[(terminal, kind)] > 1:
            serves = self._t(f"report.serves.{model.text('handling', row, 'serves')}")
            part = self._t("report.name.qualified", name=part, what=serves)
        return self._t("report.name.part", whole=self.of("terminals", terminal), part=part)

    def station(self, model: Model, row: str) -> str:
        """Name a group of station tracks by its station."""
        node = self.of("nodes", model.text("station_tracks", row, "node"))
        return self._t("report.name.part", whole=node, part=self._t("report.handling.tracks"))

    def allocation(self, model: Model, row: str) -> str:
        """Name a share of a pool by the pool and its line."""
        pool = self.of("vessel_pools", model.text("vessel_allocations", row, "pool"))
        line = self.of("vessel_lines", model.text("vessel_allocations", row, "line"))
        return self._t("report.name.part", whole=pool, part=line)

    def coordinate(self, model: Model, row: str) -> str:
        """Name a coordinate by its node."""
        return self.of("nodes", model.text("coordinates", row, "node"))

    def source(self, model: Model, row: str) -> str:
        """Name a source by its title."""
        return model.text("sources", row, "title")

    def scenario_change(self, model: Model, row: str) -> str:
        """Name a change of a scenario by the scenario and what it changes."""
        table = model.text("scenario_changes", row, "table")
        changed = self.of(table, model.text("scenario_changes", row, "row"))
        scenario = self.of("scenarios", model.text("scenario_changes", row, "scenario"))
        return self._t("report.name.change", project=scenario, cell=changed)


_MAKERS: Final[Mapping[str, Callable[[Names, Model, str], str]]] = {
    "sections": Names.section,
    "handling": Names.handling,
    "station_tracks": Names.station,
    "vessel_allocations": Names.allocation,
    "coordinates": Names.coordinate,
    "sources": Names.source,
    "scenario_changes": Names.scenario_change,
    "project_changes": Names._change,
}
"""Tables whose rows have no name of their own."""
