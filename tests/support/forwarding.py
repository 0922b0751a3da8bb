"""The flows of the template of a corridor in one year, worked out once in a process."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from keruen.flows.equilibrium import Settings
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.years import FreightYears, mid_year
from keruen.model import Model, load_model
from keruen.study.metrics import Days
from keruen.study.targets import days_of
from support.worlds import template

YEAR = 2026


class Solved(NamedTuple):
    """The study, the model of the day, and the flows."""

    base: Model
    model: Model
    flows: Flows


class Corridor(NamedTuple):
    """The study, its capacities by day, and its freight by year."""

    base: Model
    days: Days
    years: FreightYears

    def model(self, year: int = YEAR) -> Model:
        """The model of the day that stands for a year."""
        return self.days(mid_year(year)).model


@cache
def corridor() -> Corridor:
    """The template, read once, with every equilibrium worked out once."""
    world = TemporaryDirectory(prefix="keruen-test-")
    # Problems are located in the files of the study, so that these stay to the end.
    atexit.register(world.cleanup)
    base = load_model(template("corridor")(Path(world.name) / "corridor"))
    days = days_of(base)
    return Corridor(base, days, FreightYears(base, days, Settings(gap=1e-6)))


@cache
def corridor_flows() -> Solved:
    """Flows of 2026."""
    study = corridor()
    return Solved(study.base, study.model(), study.years.flows(YEAR))
