"""A table of a million rows is read in bounded memory, and very many bad rows are told shortly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.study_folder import StudyFolder

ROWS = {True: 1_000_000, False: 100_000}
MEMORY_MB = 2000

SCRIPT = """
import json, resource, sys
from pathlib import Path
from keruen.model import read_study
reading = read_study(Path(sys.argv[1]))
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({
    "counts": reading.counts, "megabytes": kilobytes / 1024, "usable": reading.model is not None,
    "problems": sorted({(p.code, p.column) for p in reading.problems}),
    "told": len(reading.problems),
    "more": sum(p.params["more"] for p in reading.problems if p.code == "and_more"),
}))
"""


def read_apart(study: Path) -> dict[str, object]:
    """Read a study in a process of its own, whose memory can be measured."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(study)], capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured otherwise there")
@pytest.mark.parametrize("good", [True, False], ids=["good", "bad"])
def test_very_many_rows(good: bool, tmp_path: Path) -> None:
    study = StudyFolder(tmp_path / "study")
    with study.file("coordinates.csv").open("w", encoding="utf-8") as stream:
        stream.write("node,lat_deg,lon_deg,licence,source,confidence\n")
        for i in range(ROWS[good]):
            row = f"n_{i},{45 + i * 1e-7:.7f},{70 + i * 1e-7:.7f},CC0,own_estimate,derived\n"
            stream.write(row if good else f"N {i},north {i},7{i},CC0,own {i},sure {i}\n")
    found = read_apart(study.path)
    assert found["counts"]["coordinates"] == ROWS[good]  # type: ignore[index]
    assert float(str(found["megabytes"])) < MEMORY_MB
    # Every node is unknown, since only three are in nodes.csv.
    assert ["dangling_reference", "node"] in found["problems"]  # type: ignore[operator]
    assert int(str(found["told"])) < 2000
    assert int(str(found["more"])) >= ROWS[good] - 200
    assert found["usable"] is False
