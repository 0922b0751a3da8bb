from __future__ import annotations

from pathlib import Path

import pytest

from keruen.cli.flows_year import DEFINITION, answer
from keruen.study.freight import YearFlows, flows_of_year
from support.command_line import call
from support.forwarding import corridor
from support.worlds import line, template


@pytest.fixture(scope="module")
def found() -> YearFlows:
    study = corridor()
    return flows_of_year(study.base, study.days)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return template("corridor")(tmp_path / "corridor")


def test_the_shape_of_the_answer(found: YearFlows) -> None:
    shaped = answer(found)
    assert shaped["definition"] == DEFINITION
    assert shaped["converged"] is True
    links = shaped["links"]
    assert isinstance(links, list)
    assert len(links) == len(found.links)
    road = next(one for one in links if one["id"] == "qaqpa_ailaq_road")
    assert (road["capacity_per_year"], road["utilisation_share"]) == (None, None)
    berth = next(one for one in links if one["id"] == "ailaq_grain")
    assert 0.0 < berth["utilisation_share"] <= 1.0 + 1e-3
    empties = shaped["empties"]
    assert isinstance(empties, list)
    assert [one["equipment"] for one in empties] == ["boxes", "hoppers"]
    routes = shaped["routes"]
    assert isinstance(routes, list)
    assert {one["loaded"] for one in routes} == {True, False}
    assert all(one["chain"] for one in routes if not one["refused"])
    away = [one for one in routes if one["refused"]]
    assert all((one["chain"], one["cost_usd"], one["time_h"]) == ("", None, None) for one in away)
    assert all(0.0 <= one["left_out_share"] < 0.1 for one in routes)


def test_the_command_gives_the_year_asked_for(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    envelope = call(capsys, "flows", str(study), "--year", "2026", "--json").envelope
    result = envelope["result"]
    assert envelope["year"] == 2026
    assert result["capacity_excess_share"] <= 1e-3
    total = result["served_t_per_year"] + result["refused_t_per_year"]
    assert total == pytest.approx(result["demand_t_per_year"])


@pytest.mark.parametrize(
    ("language", "pieces"), [("en", ("Port of Ailaq",)), ("kk", ("Айлақ порты",))]
)
def test_the_screen(
    study: Path,
    language: str,
    pieces: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    called = call(capsys, "flows", str(study), "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 100
    assert "2024" in called.out
    assert "ailaq_grain" in called.out
    for piece in pieces:
        assert piece in called.out
    assert "cli." not in called.out
    assert "word." not in called.out


def test_a_study_without_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "flows", str(line(tmp_path / "line")), "--json")
    assert called.status == 3
    assert called.codes == ["no_freight"]


def beyond(study: Path) -> Path:
    """Ask for a million times what the network can carry."""
    totals, cells = study / "control_totals.csv", study / "provenance.csv"
    text = totals.read_text(encoding="utf-8")
    assert ",,40000,TEU/year" in text
    totals.write_text(text.replace(",,40000,TEU/year", ",,1e12,TEU/year"), encoding="utf-8")
    lines = cells.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("control_totals,boxes,value,")]
    cells.write_text("".join(kept), encoding="utf-8")
    return study


@pytest.mark.parametrize(
    "words",
    [
        ("flows", "STUDY"),
        ("route", "STUDY", "east", "west", "--commodity", "grain"),
        pytest.param(("why", "STUDY", "orta"), marks=pytest.mark.slow),
    ],
)
def test_flows_that_find_no_rest_are_findings(
    words: tuple[str, ...], study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beyond(study)
    arguments = [str(study) if word == "STUDY" else word for word in words]
    called = call(capsys, *arguments, "--json")
    first = called.envelope["problems"][0]
    assert (first["code"], first["severity"]) == ("flows_not_settled", "error")
    assert called.status == (1 if called.envelope["result"] else 3)
    if words[0] == "flows":
        assert called.envelope["result"]["converged"] is False
        gap, excess = (called.envelope["result"][one] for one in ("gap", "capacity_excess_share"))
        assert f" {gap:.3g} " in first["rule"]
        assert f" {float(f'{excess:.3g}'):.12g} " in first["rule"]
