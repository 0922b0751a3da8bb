from __future__ import annotations

from datetime import date

import pytest

from keruen.cli.naming import Names
from keruen.errors import Problem, Severity
from keruen.i18n import translator
from keruen.model import Model, load_model
from keruen.schema import load_schema
from support.worlds import template


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(template("corridor")(tmp_path_factory.mktemp("world") / "corridor"))


@pytest.mark.parametrize(
    ("kind", "row", "language", "name"),
    [
        ("sections", "tau_qaqpa", "en", "Tau – Qaqpa"),
        ("handling", "jaga_container", "en", "Port of Jaga: berths (containers)"),
        ("handling", "gauge_tracks_west", "kk", None),
        ("station_tracks", "orta_tracks", "en", "Orta: station tracks"),
        ("handling", "nowhere", "en", "nowhere"),
    ],
)
def test_elements_say_what_they_are(
    kind: str, row: str, language: str, name: str | None, base: Model
) -> None:
    said = Names(translator(language), base).element(kind, row)
    if name is None:
        assert said.endswith(": табан ауыстыру жолдары (контейнерлер)")
    else:
        assert said == name


def test_what_a_project_brings_has_its_name_on_the_day_it_is_there(base: Model) -> None:
    changes = base["project_changes"]
    inserts = changes[changes["op"] == "insert"]
    named = inserts[(inserts["column"] == "name_en") | inserts["column"].isin(["from_node"])]
    assert not named.empty
    table, row = str(named["table"].iloc[0]), str(named["row"].iloc[0])
    late = base.with_open([str(named["project"].iloc[0])]).at(date(2030, 12, 31))
    t = translator("en")
    assert Names(t, base).row(table, row) == row
    assert Names(t, late, base).row(table, row) != row


def test_every_server_and_cargo_has_a_word() -> None:
    handling = load_schema()["handling"]
    for language in ("en", "kk"):
        t = translator(language)
        assert all(t.has(f"word.server.{kind}") for kind in handling.columns["kind"].values)
        cargo = set(handling.columns["serves"].values) - {"any", "train"}
        assert all(t.has(f"word.serves.{serves}") for serves in cargo)


def test_demand_that_cannot_move_is_told_by_names(base: Model) -> None:
    params = {"commodity": "container", "origin": "east", "destination": "nowhere", "pairs": 2}
    told = Problem(Severity.WARNING, "demand_without_way", "zones.csv", params=params)
    said = Names(translator("kk"), base).problem(told)
    assert said.params == {
        "commodity": base.text("commodities", "container", "name_kk"),
        "origin": "Шығыс",
        "destination": "nowhere",
        "pairs": 2,
    }
    other = Problem(Severity.WARNING, "loading_needed", params={"commodity": "container"})
    assert Names(translator("kk"), base).problem(other) is other
