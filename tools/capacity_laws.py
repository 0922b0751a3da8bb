"""Print where an improvement of a line takes capacity away, how much, and why.

    python tools/capacity_laws.py --seeds 1000

No peer here: each method is held against itself, before and after. The lines, the improvements and
how causes are found stand in tests/support/capacity_lines.py and capacity_anomalies.py; what the
table says is read in docs/explanation/capacity-anomalies.md.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support.capacity_anomalies import METHODS, Change, changes, covered, report

_CHUNK = 10
_COLUMNS = (
    "method",
    "improvement",
    "cases",
    "median change",
    "lost",
    "median loss",
    "worst (seed)",
    "causes",
)


def _changes(seeds: range, methods: tuple[str, ...]) -> list[Change]:
    return list(changes(seeds, methods))


def main(seeds: int, methods: tuple[str, ...], processes: int) -> None:
    """Print what the lines have and the table of the report, in Markdown."""
    chunks = [range(first, min(first + _CHUNK, seeds)) for first in range(0, seeds, _CHUNK)]
    found: list[Change] = []
    with ProcessPoolExecutor(processes) as pool:
        done = pool.map(_changes, chunks, [methods] * len(chunks))
        for number, part in enumerate(done, start=1):
            found += part
            if number % 10 == 0:
                print(f"{number * _CHUNK} seeds", file=sys.stderr)
    print(f"lines drawn from seeds 0 to {seeds - 1}; of these with")
    for name, count in sorted(covered(range(seeds)).items()):
        print(f"  {name}: {count}")
    print(f"| {' | '.join(_COLUMNS)} |")
    print("|---" * len(_COLUMNS) + "|")
    order = list(METHODS)
    for row in report(sorted(found, key=lambda one: (order.index(one.method), one.seed))):
        causes = ", ".join(f"{name} {count}" for name, count in row.causes) or "-"
        worst = f"{row.worst_loss:.1%} ({row.worst_seed})" if row.lost else "-"
        lost = f"{row.lost} ({row.lost / row.cases:.1%})"
        print(
            f"| {row.method} | {row.improvement} | {row.cases} | {row.median_share:+.1%} | {lost} "
            f"| {row.median_loss:.1%} | {worst} | {causes} |"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    main(asked.seeds, tuple(asked.methods), asked.processes)
