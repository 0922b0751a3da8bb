"""A broken study ends a whole run with located problems, or runs: no traceback, no half folder."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from keruen.cli.main import run
from keruen.study.store import read_run
from support.mutations import Files, mutate

SOURCE = Path(__file__).parents[2] / "src" / "keruen" / "templates" / "corridor"
IN_THE_SUITE = 24
"""Runs of the suite; as a script with FIRST LAST FOLDER this file makes as many as told."""


def files_of_template() -> Files:
    return {path.name: path.read_bytes() for path in SOURCE.iterdir() if path.is_file()}


def one_run(seed: int, folder: Path) -> str:
    """Break the template with a seed, run it, and say how it ended.

    Raises
    ------
    AssertionError
        When the answer is none of the contract's, or something half-made is left.
    """
    files = files_of_template()
    done = mutate(Random(seed), files)
    study, out = folder / "study", folder / "out"
    study.mkdir(parents=True)
    for name, content in files.items():
        (study / name).write_bytes(content)
    status = run(["run", str(study), "-o", str(out), "--json"])
    assert status in (0, 1, 2, 3), (seed, status, done)
    left = sorted(path.name for path in folder.iterdir())
    if status == 0:
        assert left == ["out", "study"], (seed, left)
        assert read_run(out).manifest["study"]
        assert (out / "report.html").stat().st_size > 0
    else:
        assert left == ["study"], (seed, left)
    return {0: "ran", 1: "told", 2: "usage", 3: "failed"}[status]


@pytest.mark.parametrize("seed", range(IN_THE_SUITE))
def test_a_broken_study_is_told_or_runs(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    end = one_run(seed, tmp_path)
    answer = json.loads(capsys.readouterr().out)
    assert answer["command"] == "run"
    if end != "ran":
        assert answer["result"] is None
        assert answer["problems"]
        assert all(problem["rule"] and problem["mend"] for problem in answer["problems"])
    if end == "told":
        assert any(problem["file"] for problem in answer["problems"])


def main(first: int, last: int, folder: Path) -> Counter[str]:
    """Make many runs outside the suite and count how they ended."""
    return Counter(one_run(seed, folder / str(seed)) for seed in range(first, last))


if __name__ == "__main__":
    import contextlib
    import io
    import sys

    with contextlib.redirect_stdout(io.StringIO()):
        ends = main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    sys.stderr.write(f"{dict(ends)}\n")
