"""What binds on a corridor in a year, at what volume, and which listed projects lift it.

Usage: python examples/bottleneck_brief.py STUDY_FOLDER CORRIDOR YEAR
"""

from __future__ import annotations

import sys
from pathlib import Path

from keruen.capacity import Capacities
from keruen.capacity.ladder import corridor_ladder, lifting_projects
from keruen.capacity.needs import fleet_needs
from keruen.model import load_model

STEPS = 5


def brief(folder: Path, corridor: str, year: int) -> str:
    """The brief as text."""
    study = load_model(folder)
    known = Capacities(study.in_year(year))
    ladder = corridor_ladder(known, corridor)
    lifted = lifting_projects(study, known.model, ladder)
    lines = [f"{corridor} in {year}: {ladder.capacity_t / 1e6:.2f} Mt a year"]
    for step in ladder.steps[:STEPS]:
        element = f"{step.kind}/{step.element}"
        projects = ", ".join(lifted.get(element, ())) or "no listed project"
        volume = f"{step.binds_at_t / 1e6:7.2f} Mt"
        lines.append(f"  {step.rank}. {volume}  {element} ({step.limit}); lifted by: {projects}")
    if not ladder.steps:
        return lines[0]
    lines.append("Fleet for that volume:")
    for need in fleet_needs(known, corridor, ladder.capacity_t):
        lines.append(f"  {need.element}: {need.units_needed} of {need.units:g}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(brief(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
