"""The jobs in ``examples/`` run on the template and say what they promise."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATE = "src/keruen/templates/corridor"


def run(repository: Path, script: str, *arguments: str) -> str:
    command = [sys.executable, f"examples/{script}", TEMPLATE, *arguments]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_bottleneck_brief_lists_steps_in_order(repository: Path) -> None:
    out = run(repository, "bottleneck_brief.py", "east_west", "2030")
    volumes = [float(v) for v in re.findall(r"^  \d+\. +([\d.]+) Mt", out, re.MULTILINE)]
    assert len(volumes) >= 2
    assert volumes == sorted(volumes)
    assert f"{volumes[0]:.2f} Mt a year" in out.splitlines()[0]


@pytest.mark.parametrize("project", ["port_cranes", "dredging"])
def test_before_and_after_never_loses_capacity(repository: Path, project: str) -> None:
    out = run(repository, "before_and_after.py", project, "2030")
    found = re.search(r"east_west: ([\d.]+) -> ([\d.]+) Mt", out)
    assert found is not None
    assert float(found[2]) >= float(found[1])


def test_when_will_we_reach_names_what_holds_it(repository: Path) -> None:
    assert re.search(
        r"First year: \d{4}", run(repository, "when_will_we_reach.py", "east_west", "1")
    )
    never = run(repository, "when_will_we_reach.py", "east_west", "1e12")
    assert "held by" in never
    assert "First year: none by" in never


def test_quote_for_a_box_tells_days_and_dollars(repository: Path) -> None:
    out = run(repository, "quote_for_a_box.py", "East", "Batys", "container", "2026")
    whole = re.search(r"1\. ([\d.]+) days \(sd ([\d.]+)\), (\d+) USD", out)
    assert whole is not None
    legs = re.findall(r"([\d.]+) h +(\d+) USD", out)
    assert len(legs) >= 5
    assert sum(float(hours) for hours, _ in legs) / 24 == pytest.approx(float(whole[1]), abs=0.1)
    # The pair is subsidised by 50 USD besides what the legs cost.
    assert sum(int(usd) for _, usd in legs) - 50 == pytest.approx(int(whole[3]), abs=5)
