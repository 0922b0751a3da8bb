"""What elements, projects and sources are called on the screen, in one language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from keruen.i18n import Translator

if TYPE_CHECKING:
    from keruen.errors import Problem
    from keruen.model import Model

_OF_DEMAND: Final = ("demand_without_way", "demand_shut_out")
_NAMED: Final = {"commodity": "commodities", "origin": "zones", "destination": "zones"}
"""Parameters of problems of demand that are ids, and the tables of these."""


class Names:
    """Names of rows.

    Parameters
    ----------
    t : Translator
        Language.
    models : Model
        Where a row is looked for, in this order: the model of a day knows what projects bring, the
        base what is out of service that day.
    """

    def __init__(self, t: Translator, *models: Model) -> None:
        self.t = t
        self.models = models

    def row(self, table: str, row: str) -> str:
        """Name of a row; its key when it has none."""
        from keruen.model.names import name_of

        for model in self.models:
            if table in model.tables and row in model[table].index:
                return name_of(model, table, row, self.t.language)
        return row

    def text(self, table: str, row: str, stem: str) -> str:
        """A text that a row has in several languages, such as its definition."""
        from keruen.model.names import in_language

        for model in self.models:
            if row in model[table].index:
                return in_language(model, table, row, stem, self.t.language)
        return ""

    def element(self, kind: str, row: str) -> str:
        """Name of an element: what stands in a terminal or at a node says what it is."""
        name = self.row(kind, row)
        if kind == "station_tracks":
            return self.t("cli.name.part", place=name, part=self.t("word.server.station_tracks"))
        if kind != "handling":
            return name
        for model in self.models:
            if row in model[kind].index:
                server, serves = (model.text(kind, row, c) for c in ("kind", "serves"))
                part = self.t(f"word.server.{server}")
                if serves not in ("any", "train"):
                    cargo = self.t(f"word.serves.{serves}")
                    part = self.t("cli.name.serving", part=part, cargo=cargo)
                return self.t("cli.name.part", place=name, part=part)
        return name

    def problem(self, problem: Problem) -> Problem:
        """A problem about demand between zones, with names in place of their ids."""
        named = {
            name: self.row(table, str(problem.params[name]))
            for name, table in _NAMED.items()
            if problem.code in _OF_DEMAND and name in problem.params
        }
        return replace(problem, params={**problem.params, **named}) if named else problem

    def project(self, project: str) -> str:
        """Name of a project."""
        return self.row("projects", project)
