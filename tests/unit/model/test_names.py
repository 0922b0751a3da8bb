from __future__ import annotations

from pathlib import Path

import pytest

from keruen.model import Model, load_model
from keruen.model.names import in_language, name_of
from support.worlds import template


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(template("corridor")(tmp_path_factory.mktemp("world") / "corridor"))


@pytest.mark.parametrize(
    ("table", "row", "language", "name"),
    [
        ("nodes", "tau", "en", "Tau"),
        ("nodes", "tau", "kk", "Тау"),
        ("sections", "tau_qaqpa", "en", "Tau – Qaqpa"),
        ("handling", "jaga_container", "en", "Port of Jaga"),
        ("station_tracks", "orta_tracks", "en", "Orta"),
        ("nodes", "nowhere", "en", "nowhere"),
        ("no_table", "row", "en", "row"),
    ],
)
def test_a_row_has_a_name(table: str, row: str, language: str, name: str, model: Model) -> None:
    assert name_of(model, table, row, language) == name


def test_english_stands_in_for_a_missing_language(tmp_path: Path) -> None:
    folder = template("corridor")(tmp_path / "corridor")
    nodes = folder / "nodes.csv"
    text = nodes.read_text(encoding="utf-8")
    nodes.write_text(text.replace("Тау", ""), encoding="utf-8")
    model = load_model(folder)
    assert name_of(model, "nodes", "tau", "kk") == "Tau"
    assert name_of(model, "nodes", "tau", "zh") == "Tau"


def test_a_text_that_a_table_lacks_is_empty(model: Model) -> None:
    assert in_language(model, "nodes", "tau", "definition", "en") == ""
    row = str(model["targets"].index[0])
    assert in_language(model, "targets", row, "definition", "kk") == model.text(
        "targets", row, "definition_kk"
    )
