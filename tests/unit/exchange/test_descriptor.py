from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from keruen.exchange.cells import CellKind
from keruen.exchange.content import OSM_NOTICE
from keruen.exchange.descriptor import resource, write_descriptor
from keruen.schema import load_schema
from support.exports import changed, content, corridor


def test_a_table_of_the_schema_is_described_by_it() -> None:
    columns = {
        name: CellKind.NUMBER if column.type.is_numeric else CellKind.STRING
        for name, column in load_schema()["provenance"].columns.items()
    }
    described = resource("provenance", "provenance.csv", columns)
    assert described["schema"]["primaryKey"] == ["table", "row", "column"]
    assert described["description"] == load_schema()["provenance"].description
    length = resource("sections", "sections.csv", {"length_km": CellKind.NUMBER})
    assert length["schema"]["fields"] == [
        {"name": "length_km", "type": "number", "description": "Length.", "unit": "km"}
    ]
    assert "primaryKey" not in length["schema"], "its key is not among the columns"


def test_licences_sources_and_notices_are_named(tmp_path: Path) -> None:
    model = corridor()
    row = str(model["coordinates"].index[0])
    mixed = changed(model, "coordinates", "licence", row, "ODbL-1.0")
    mixed = changed(mixed, "sources", "address", str(model["sources"].index[0]), "example.org/x")
    settings = replace(
        model.settings, licence="CC-BY-4.0; names CC-BY-SA-3.0, cited-not-copied-1.0"
    )
    write_descriptor(tmp_path, content(model=replace(mixed, settings=settings)), [])
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    names = [licence["name"] for licence in package["licenses"]]
    assert names == ["CC-BY-4.0", "CC-BY-SA-3.0", "ODbL-1.0"]
    assert package["attribution"][0] == OSM_NOTICE
    assert [source["source"] for source in package["sources"]] == list(model["sources"].index)
    assert all("path" not in source for source in package["sources"]), "no address of the web"
    assert package["facts"]["study"] == model.settings.name
