"""The freight of the template of a corridor, worked out once for all tests of a process."""

from __future__ import annotations

import atexit
import csv
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from keruen.flows.freight.years import FreightYears
from keruen.model import Model, load_model
from keruen.model.templates import new_study
from keruen.study.metrics import Days
from keruen.study.targets import days_of


@cache
def corridor_folder() -> Path:
    """The template, written once."""
    place = TemporaryDirectory()
    atexit.register(place.cleanup)
    folder = Path(place.name) / "corridor"
    new_study(folder, "corridor")
    return folder


@cache
def corridor() -> tuple[FreightYears, Days]:
    """Its freight by year, and its capacities by day."""
    return freight_of(load_model(corridor_folder()))


def freight_of(model: Model) -> tuple[FreightYears, Days]:
    """Freight of a study by year, and its capacities by day."""
    days = days_of(model)
    return FreightYears(model, days), days


def shuffled(folder: Path, seed: int) -> Path:
    """Write the template with the rows of every table in another order."""
    new_study(folder, "corridor")
    dice = Random(seed)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        dice.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
    return folder
