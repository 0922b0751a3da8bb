"""The first year a corridor can carry a volume with what is decided, and what stands in the way.

Usage: python examples/when_will_we_reach.py STUDY_FOLDER CORRIDOR TONNES
"""

from __future__ import annotations

import sys
from pathlib import Path

from keruen.capacity import Capacities
from keruen.capacity.ladder import corridor_ladder
from keruen.errors import OutOfServiceError
from keruen.model import load_model


def answer(folder: Path, corridor: str, wanted_t: float) -> str:
    """The answer as text, a line a year."""
    study = load_model(folder)
    lines = [f"{corridor}: {wanted_t / 1e6:.2f} Mt a year"]
    reached = None
    for year in study.settings.years:
        try:
            ladder = corridor_ladder(Capacities(study.in_year(year)), corridor)
        except OutOfServiceError:
            lines.append(f"  {year}: no way")
            continue
        if ladder.capacity_t >= wanted_t:
            reached = year
            break
        blockers = [s.element for s in ladder.steps if s.binds_at_t < wanted_t]
        lines.append(
            f"  {year}: {ladder.capacity_t / 1e6:.2f} Mt, held by {', '.join(blockers[:3])}"
        )
    lines.append(f"First year: {reached or 'none by ' + str(study.settings.last_year)}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(answer(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
