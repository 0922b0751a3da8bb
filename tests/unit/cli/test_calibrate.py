from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import line, template


@pytest.fixture(scope="module")
def corridor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template("corridor")(tmp_path_factory.mktemp("world") / "corridor")


def test_cells_are_written_beside_the_study_and_never_over_a_file(
    corridor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cells.csv"
    called = call(capsys, "calibrate", str(corridor), "-o", str(file), "--json")
    assert called.status == 0
    assert called.envelope["result"]["files"] == [str(file)]
    written = file.read_text(encoding="utf-8")
    assert "route_aversions,sea_feared,cost_usd_per_unit" in written
    again = call(capsys, "calibrate", str(corridor), "-o", str(file), "--json")
    assert (again.status, again.codes) == (2, ["target_exists"])
    assert file.read_text(encoding="utf-8") == written


def test_a_study_with_nothing_free_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, "calibrate", str(line(tmp_path / "line")), "--json")
    assert (called.status, called.codes) == (3, ["no_calibration"])


def test_what_reads_prior_has_learnt_little(
    corridor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = call(capsys, "calibrate", str(corridor), "--json").envelope["result"]
    one = result["parameters"][0]
    assert one["reads"] == "prior"
    assert one["information_bits"] < 0.2
    assert result["at_rest"]
    assert [row["computed"]["without_year"] is None for row in result["fit"]] == [False] * 3
