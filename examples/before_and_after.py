"""What one project changes: capacity of its elements and of every corridor, on one day.

Usage: python examples/before_and_after.py STUDY_FOLDER PROJECT YEAR
"""

from __future__ import annotations

import sys
from pathlib import Path

from keruen.capacity import Capacities
from keruen.capacity.ladder import corridor_ladder
from keruen.errors import OutOfServiceError
from keruen.model import load_model
from keruen.study.money import project_cost_usd


def corridor_volumes(known: Capacities) -> dict[str, float]:
    """Capacity of each corridor that has a way, tonnes a year."""
    volumes = {}
    for corridor in map(str, known.model["corridors"].index):
        try:
            volumes[corridor] = corridor_ladder(known, corridor).capacity_t
        except OutOfServiceError:
            continue
    return volumes


def comparison(folder: Path, project: str, year: int) -> str:
    """The comparison as text."""
    study = load_model(folder)
    before = corridor_volumes(Capacities(study.in_year(year)))
    after = corridor_volumes(Capacities(study.with_open([project]).in_year(year)))
    cost = project_cost_usd(study, project)
    worth = (
        "not known"
        if cost is None
        else f"{cost / 1e6:.0f} million USD of {study.settings.price_year}"
    )
    lines = [f"{study.text('projects', project, 'name_en')}, open in {year}; cost {worth}"]
    for corridor in sorted({*before, *after}):
        old, new = before.get(corridor, 0.0), after.get(corridor, 0.0)
        mark = "" if old == new else "  <-"
        lines.append(f"  {corridor}: {old / 1e6:.2f} -> {new / 1e6:.2f} Mt a year{mark}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(comparison(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
