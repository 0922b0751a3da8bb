from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import line, template


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return template("corridor")(tmp_path / "corridor")


def test_demand_and_its_totals(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    envelope = call(capsys, "flows", str(study), "--demand", "--json").envelope
    result = envelope["result"]
    assert (envelope["year"], result["fitted_year"]) == (2024, 2024)
    exact = next(one for one in result["control_totals"] if one["id"] == "transit")
    assert exact["computed"] == pytest.approx(700_000.0)
    west = [one for one in result["demand"] if one["destination"] == "west" and one["loaded"]]
    grain = sum(one["quantity_t_per_year"] or 0.0 for one in west)
    boxes = sum(one["quantity_teu_per_year"] or 0.0 for one in west)
    assert grain + 9.5 * boxes == pytest.approx(700_000.0)
    assert all(one["served"] for one in result["demand"])


def test_a_later_year_grows(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now, later = (
        call(capsys, "flows", str(study), "--demand", "--year", year, "--json").envelope["result"]
        for year in ("2024", "2030")
    )
    boxes = [
        sum(one["quantity_teu_per_year"] or 0.0 for one in result["demand"] if one["loaded"])
        for result in (now, later)
    ]
    assert boxes[1] == pytest.approx(boxes[0] * 1.03**6)
    assert later["fitted_year"] == 2024


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_screen(
    study: Path,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    called = call(capsys, "flows", str(study), "--demand", "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 80
    for piece in ("boxes_west", "XA", {"en": "Grain", "kk": "Астық"}[language]):
        assert piece in called.out
    assert "cli." not in called.out


def test_a_study_without_zones_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "flows", str(line(tmp_path / "line")), "--demand")
    assert called.status == 0
    assert "no zones" in called.out
