from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from keruen.errors import UsageError
from keruen.model import Model, load_model
from keruen.model.place_names import find_named, nearest_name, plain_text

PLACES = ("zones", "nodes")


@pytest.fixture(scope="module")
def kazakhstan(repository: Path) -> Model:
    return load_model(repository / "src/keruen/studies/kazakhstan")


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ("cn_xian", "cn_xian"),
        ("KZDOS", "dostyk"),
        ("kz dos", "dostyk"),
        ("708507", "dostyk"),
        ("Достық", "dostyk"),
        ("ДОСТЫК", "dostyk"),
        ("xi’an", "xian"),
        ("Сиань", "xian"),
        ("西安", "xian"),
        ("Yiwu", "cn_east"),
    ],
)
def test_a_place_by_any_of_its_names(kazakhstan: Model, said: str, row: str) -> None:
    assert find_named(kazakhstan, PLACES, said, "ORIGIN").row == row


def test_cargo_by_name(kazakhstan: Model) -> None:
    assert find_named(kazakhstan, ("commodities",), "сырая нефть", "--commodity").row == "crude_oil"


def test_a_near_miss_is_told_with_the_nearest_name(kazakhstan: Model) -> None:
    with pytest.raises(UsageError) as raised:
        find_named(kazakhstan, PLACES, "Dostik", "ORIGIN")
    problem = raised.value.problems[0]
    assert (problem.code, problem.params["better"]) == ("unknown_name", "Dostyk")


@pytest.mark.parametrize("said", ["Актау", "порт Актау", "Актау-порты", "Aktau"])
def test_a_near_miss_in_words_comes_before_one_in_letters(kazakhstan: Model, said: str) -> None:
    """Atyrau is nearer to Aktau by its letters, and another city."""
    with pytest.raises(UsageError) as raised:
        find_named(kazakhstan, PLACES, said, "ORIGIN")
    better = str(raised.value.problems[0].params["better"])
    assert find_named(kazakhstan, PLACES, better, "ORIGIN").row.startswith("aktau")


def test_the_nearest_name_by_words() -> None:
    known = ["port of ailaq", "ailaq", "ailaq north yard", "qaqpa", "qaqpa yard two", "qaqpa yard"]
    assert nearest_name("ailaq port of", known) == "port of ailaq"
    assert nearest_name("north yard", known) == "ailaq north yard"
    assert nearest_name("qaqpa border", known) == "qaqpa yard"
    assert nearest_name("qapqa", known) == "qaqpa"
    assert nearest_name("big yard of qaqpa", known) == "qaqpa yard"
    assert nearest_name("nothing", known) == nearest_name("", known) == ""


def test_a_name_of_two_places_is_told_with_both(kazakhstan: Model) -> None:
    nodes = kazakhstan["nodes"].copy()
    nodes.loc[["dostyk", "aktogay"], "name_en"] = "Twin Peak"
    twice = replace(kazakhstan, tables={**kazakhstan.tables, "nodes": nodes})
    with pytest.raises(UsageError) as raised:
        find_named(twice, PLACES, "twin peak", "DEST")
    problem = raised.value.problems[0]
    assert (problem.code, problem.params["count"]) == ("ambiguous_name", 2)
    assert set(str(problem.params["choices"]).split(", ")) == {"dostyk", "aktogay"}
    assert find_named(twice, PLACES, "dostyk", "DEST").row == "dostyk"


def test_a_zone_comes_before_the_node_at_which_it_joins(kazakhstan: Model) -> None:
    nodes = kazakhstan["nodes"].copy()
    nodes.loc["xian", "name_en"] = kazakhstan.text("zones", "cn_xian", "name_en")
    alike = replace(kazakhstan, tables={**kazakhstan.tables, "nodes": nodes})
    assert find_named(alike, PLACES, "Xian and Shaanxi", "DEST") == ("zones", "cn_xian")


@pytest.mark.parametrize("text", ["", "  ", "–", "\u0301"])
def test_nothing_names_nothing(kazakhstan: Model, text: str) -> None:
    with pytest.raises(UsageError):
        find_named(kazakhstan, PLACES, text, "ORIGIN")


def test_plain_text_is_its_own_plain_text() -> None:
    for text in ("Ақтау порты", "Malá Strana", "ÖSKEMEN-1", "阿拉山口"):
        assert plain_text(plain_text(text)) == plain_text(text)
