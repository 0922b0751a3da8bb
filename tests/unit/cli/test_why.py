from __future__ import annotations

from pathlib import Path

import pytest

from keruen.cli.why import LEVERS
from keruen.study import levers
from support.command_line import call
from support.worlds import template


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return template("corridor")(tmp_path / "corridor")


def test_the_levers_are_those_of_the_engine() -> None:
    assert levers.LEVERS == LEVERS


def test_users_and_projects_of_an_element(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    envelope = call(capsys, "why", str(study), "ailaq_container", "--json").envelope
    assert (envelope["year"], envelope["status"]) == (2024, "ok")
    result = envelope["result"]
    assert (result["table"], result["native_unit"]) == ("handling", "TEU")
    assert sum(one["share"] for one in result["users"]) == pytest.approx(1.0)
    load, capacity = result["load_per_year"], result["capacity_per_year"]
    assert result["utilisation_share"] == pytest.approx(load / capacity)
    assert result["without"]["served_t_per_year"] < result["whole"]["served_t_per_year"]
    assert result["projects"][0]["project"] == "port_cranes"
    assert result["lever"] is None


def test_a_relation_needs_a_subsidy(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "why", str(study), "orta", "--from", "east", "--json")
    assert called.envelope["problems"][0]["code"] == "option_needs_option"


def test_a_name_of_two_things_is_asked_back(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes = study / "nodes.csv"
    nodes.write_text(
        nodes.read_text(encoding="utf-8").replace("Orta,", "Tepe,", 1), encoding="utf-8"
    )
    (problem,) = call(capsys, "why", str(study), "Tepe", "--json").envelope["problems"]
    assert problem["code"] == "ambiguous_element"
    assert "nodes/orta" in problem["rule"]
    assert "nodes/tepe" in problem["rule"]
