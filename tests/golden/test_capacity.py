"""Capacity of the small studies that ship, against what was looked at and kept.

After a change that is meant, ``python tests/golden/test_capacity.py`` writes the files anew; read
the difference before keeping it.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.ladder import corridor_ladder
from keruen.capacity.overview import capacity
from keruen.capacity.registry import Capacities
from keruen.model import load_model
from keruen.model.templates import new_study
from keruen.rail.line_capacity import Level

KEPT = Path(__file__).parent / "capacity"
TEMPLATES = ("berth", "corridor", "rail-line", "smallest")
DAY = date(2026, 7, 1)
HEADER = ("what", "id", "direction", "level", "limit", "figure", "value")
FIGURES = ("trains_per_day", "gross_trains_per_day", "teu_per_year", "t_per_year")


def rows(template: str, folder: Path) -> Iterator[tuple[str, ...]]:
    """Every figure of a template on a day, and the ladders of its corridors."""
    new_study(folder / template, template)
    known = Capacities(load_model(folder / template).at(DAY))
    for record in sorted(capacity(known), key=lambda r: (r.kind, r.id, r.direction, r.level)):
        key = (record.kind, record.id, record.direction, record.level, record.limit)
        for figure in FIGURES:
            value = getattr(record, figure)
            if value is not None:
                yield (*key, figure, repr(float(value)))
    for corridor in known.passable():
        for level in Level:
            for step in corridor_ladder(known, corridor.id, level).steps:
                place, element = f"{corridor.id} {step.rank}", f"{step.kind}/{step.element}"
                key = (place, element, step.direction, level.value, step.limit)
                yield (*key, "binds_at_t", repr(step.binds_at_t))


@pytest.mark.parametrize("template", TEMPLATES)
def test_capacity_is_what_it_was(template: str, tmp_path: Path) -> None:
    with (KEPT / f"{template}.csv").open(encoding="utf-8", newline="") as stream:
        header, *kept = list(csv.reader(stream))
    found = list(rows(template, tmp_path))
    assert tuple(header) == HEADER
    assert [row[:-1] for row in found] == [tuple(row[:-1]) for row in kept]
    for row, before in zip(found, kept, strict=True):
        assert float(row[-1]) == pytest.approx(float(before[-1]), rel=1e-9), row


def write() -> None:
    for template in TEMPLATES:
        with tempfile.TemporaryDirectory() as folder:
            content = list(rows(template, Path(folder)))
        with (KEPT / f"{template}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerows((HEADER, *content))


if __name__ == "__main__":
    write()
