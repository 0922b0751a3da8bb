from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from keruen.capacity import Capacities
from keruen.capacity.lookup import ElementKey, choose_line, elements_of, find_elements
from keruen.errors import FailedError, UsageError
from keruen.model import Model, load_model
from support.worlds import template

DAY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(template("corridor")(tmp_path_factory.mktemp("world") / "corridor"))


def test_an_element_is_found_by_id_and_by_table_and_id(base: Model) -> None:
    day = base.at(DAY)
    wanted = (ElementKey("handling", "jaga_container"),)
    assert find_elements(base, day, "jaga_container") == wanted
    assert find_elements(base, day, "handling/jaga_container") == wanted


def test_an_id_of_two_tables_means_both(base: Model) -> None:
    day = base.at(DAY)
    tables = {**day.tables, "fleets": day["fleets"].rename(index={"crews": "jaga_container"})}
    both = find_elements(base, replace(day, tables=tables), "jaga_container")
    assert both == (
        ElementKey("handling", "jaga_container"),
        ElementKey("fleets", "jaga_container"),
    )


@pytest.mark.parametrize("name", ["jaga_containr", "handling/jaga_containr"])
def test_a_near_miss_is_suggested(name: str, base: Model) -> None:
    with pytest.raises(UsageError) as refused:
        find_elements(base, base.at(DAY), name)
    (problem,) = refused.value.problems
    assert problem.code == "unknown_element"
    assert problem.params == {"value": name, "better": "jaga_container"}


def test_the_right_id_in_the_wrong_table_is_unknown(base: Model) -> None:
    with pytest.raises(UsageError):
        find_elements(base, base.at(DAY), "fleets/jaga_container")


def test_what_a_project_brings_later_is_known_but_not_in_service(base: Model) -> None:
    changes = base["project_changes"]
    inserts = changes[(changes["op"] == "insert") & changes["table"].isin(["sections", "handling"])]
    rows = {str(row) for row in inserts["row"]}
    assert rows, "the template has no project that inserts an element"
    early = base.at(date(2024, 1, 1))
    for row in rows:
        with pytest.raises(FailedError) as failed:
            find_elements(base, early, row)
        (problem,) = failed.value.problems
        assert problem.code == "element_not_in_service"
        assert problem.params == {"value": row, "date": "2024-01-01"}


def test_elements_of_a_corridor_are_its_sections_and_what_stands_on_the_way(base: Model) -> None:
    known = Capacities(base.at(DAY))
    found = elements_of(known.corridor("east_west"))
    assert ElementKey("handling", "ailaq_container") in found
    assert {key.kind for key in found} >= {"sections", "handling", "vessel_lines"}
    for key in found:
        assert key.row in known.model[key.kind].index


def test_a_line_is_chosen_when_there_is_one(tmp_path: Path, base: Model) -> None:
    one = load_model(template("rail-line")(tmp_path / "line")).at(DAY)
    assert choose_line(one, None) == choose_line(one, "steppe") == "steppe"
    with pytest.raises(UsageError) as several:
        choose_line(base.at(DAY), None)
    assert several.value.problems[0].code == "line_needed"
    with pytest.raises(UsageError) as unknown:
        choose_line(one, "stepe")
    assert unknown.value.problems[0].params == {"value": "stepe", "better": "steppe"}
    with pytest.raises(UsageError) as none:
        choose_line(load_model(template("berth")(tmp_path / "berth")).at(DAY), None)
    assert none.value.problems[0].code == "no_railway_line"
