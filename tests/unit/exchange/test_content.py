from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import keruen
from keruen.exchange.content import OSM_NOTICE, facts, notices, title
from support.exports import changed, content, corridor


def test_facts_name_the_study_its_money_and_the_program() -> None:
    said = facts(replace(content(model=corridor().at(date(2026, 7, 1))), about={"run": "r1"}))
    settings = corridor().settings
    assert said["study"] == settings.name
    assert said["title_kk"] == settings.title["kk"]
    assert said["currency"] == settings.currency
    assert said["date"] == "2026-07-01"
    assert said["keruen"] == keruen.__version__
    assert said["run"] == "r1"
    assert all(said.values())
    assert "scenario" not in said


def test_openstreetmap_is_named_where_a_coordinate_is_of_it() -> None:
    model = corridor()
    assert OSM_NOTICE not in notices(model)
    row = str(model["coordinates"].index[0])
    owed = notices(changed(model, "coordinates", "licence", row, "ODbL-1.0"))
    assert owed[0] == OSM_NOTICE
    assert any(line.startswith("ODbL-1.0: ") for line in owed)
    assert any(line.startswith("CC-BY-4.0: ") for line in owed)


def test_an_unnamed_publisher_is_named_by_the_key_of_the_source() -> None:
    model = corridor()
    source = str(model["coordinates"]["source"].iloc[0])
    assert notices(changed(model, "sources", "publisher", source, ""))[0].endswith(source)


def test_a_study_without_coordinates_owes_nothing() -> None:
    model = corridor()
    none = MappingProxyType({**model.tables, "coordinates": model["coordinates"].iloc[:0]})
    assert notices(replace(model, tables=none)) == ()


def test_the_title_is_english_or_the_first() -> None:
    model = corridor()
    assert title(content()) == model.settings.title["en"]
    kazakh = replace(model.settings, title={"kk": "Дәліз"})
    assert title(content(model=replace(model, settings=kazakh))) == "Дәліз"
