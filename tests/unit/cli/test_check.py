from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.small_study import NODES, write_study
from support.worlds import template


@pytest.fixture
def right(tmp_path: Path) -> Path:
    return write_study(tmp_path / "right")


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    rows = "".join(f"n{i},staton,KZ,N,register,official\n" for i in range(80))
    return write_study(tmp_path / "wrong", nodes=NODES + rows)


def test_a_study_that_is_right(right: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "check", str(right))
    assert called.status == 0
    assert called.out == "small can be used: 0 errors, 0 warnings; 3 tables, 4 rows.\n"
    assert called.err == ""


def test_the_verdict_in_kazakh(right: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "check", str(right), "--lang", "kk")
    assert called.out == "small қолдануға жарамды: 0 қате, 0 ескерту; 3 кесте, 4 жол.\n"


def test_the_sources_are_counted(right: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "check", str(right), "--sources")
    rows = [line.split() for line in called.out.splitlines() if "%" in line]
    counted = call(capsys, "check", str(right), "--json").envelope["result"]["sources"]
    assert {name: int(cells) for name, cells, _ in rows} == counted
    assert sum(counted.values()) > 0
    assert sum(float(share.rstrip("%")) for *_, share in rows) == pytest.approx(100, abs=0.2)


def test_problems_are_listed_and_cut(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "check", str(wrong))
    assert called.status == 1
    assert called.err == ""
    assert called.out.startswith("80 errors\n  nodes.csv\n    row 4, kind: ")
    assert "… and 30 more" in called.out
    assert called.out.splitlines()[-1].startswith("small cannot be used yet: 80 errors")
    every = call(capsys, "check", str(wrong), "--all")
    assert "more" not in every.out
    assert every.out.count(", kind: ") == 80


def test_a_folder_that_is_no_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "check", str(tmp_path), "--json")
    assert (called.status, called.envelope["status"]) == (3, "failed")
    assert called.codes == ["not_a_study"]
    assert called.envelope["study"] == tmp_path.name


def test_demand_that_no_way_serves_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = template("corridor")(tmp_path / "corridor")
    lines = study / "vessel_lines.csv"
    text = lines.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("ailaq_jaga_container,"))
    assert row.endswith(",,,own_estimate,assumed,")
    gone = row.replace(",,,own_estimate", ",,2023-01-01,own_estimate")
    lines.write_text(text.replace(row, gone), encoding="utf-8")
    called = call(capsys, "check", str(study), "--json")
    assert (called.status, called.codes) == (0, ["demand_without_way"])
    assert called.envelope["result"]["warnings"] == 1
    (told,) = called.envelope["problems"]
    assert (told["file"], told["row"], told["column"]) == ("zones.csv", 2, "id")
    assert "“The east” to “The west”" in told["rule"]


def test_what_flows_refuse_is_an_error_of_the_check_and_nothing_else_stops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = template("corridor")(tmp_path / "corridor")
    tariffs, cells = study / "tariffs.csv", study / "provenance.csv"
    text = tariffs.read_text(encoding="utf-8")
    tariffs.write_text(text.replace("sea,,0.03,USD", "sea,,-30,USD"), encoding="utf-8")
    lines = cells.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("tariffs,sea_any,")]
    cells.write_text("".join(kept), encoding="utf-8")
    for command, status in (("check", 1), ("flows", 3), ("capacity", 0)):
        called = call(capsys, command, str(study), "--json")
        assert called.status == status
        places = [
            (one["file"], one["row"], one["column"])
            for one in called.envelope["problems"]
            if one["code"] == "cost_below_nought"
        ]
        assert places == ([("tariffs.csv", 8, "amount")] if status else [])
