from __future__ import annotations

import json

import jsonschema  # type: ignore[import-untyped]
import pytest

from keruen.schema import load_schema
from keruen.schema.descriptors import (
    contract_tables,
    data_package,
    resource,
    row_json_schema,
    settings_json_schema,
)

COLUMN_KEYS = {
    "name",
    "type",
    "unit",
    "required",
    "default",
    "minimum",
    "maximum",
    "values",
    "references",
    "inherits",
    "description",
}


def test_every_column_stands_in_the_answer_of_the_command() -> None:
    tables = contract_tables()["tables"]
    assert list(tables) == list(load_schema().tables)
    for name, table in load_schema().tables.items():
        assert [column["name"] for column in tables[name]["columns"]] == list(table.columns)
        assert all(set(column) >= COLUMN_KEYS for column in tables[name]["columns"])
    assert json.dumps(tables, allow_nan=False)
    length = next(c for c in tables["sections"]["columns"] if c["name"] == "length_km")
    assert (length["unit"], length["minimum"], length["default"]) == ("km", 0.01, None)
    assert list(contract_tables(["nodes", "lines"])["tables"]) == ["nodes", "lines"]


@pytest.mark.parametrize("name", list(load_schema().tables))
def test_json_schemas_of_rows_are_valid_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(row_json_schema(name))


def fits(row: object, schema: dict[str, object]) -> bool:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return bool(jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(row))


def test_rows_fit_their_schema_or_do_not() -> None:
    node = {"id": "a", "kind": "yard", "country": "KZ", "name_en": "A", "source": "s"}
    good = {**node, "confidence": "official"}
    schema = row_json_schema("nodes")
    assert fits(good, schema)
    assert not fits(node, schema)
    assert not fits({**good, "id": "../x"}, schema)
    assert not fits({**good, "kind": "statoin"}, schema)
    assert not fits({**good, "country": "Kazakhstan"}, schema)
    assert not fits({**good, "colour": "red"}, schema)
    gauge = row_json_schema("sections")["properties"]["gauge_mm"]
    assert fits(1520, gauge)
    assert not fits(1530, gauge)
    assert not fits("1520", gauge)
    assert row_json_schema("handling")["properties"]["hours_per_day"]["default"] == 24
    day = row_json_schema("sections")["properties"]["in_service_from"]
    assert fits("2025-09-30", day)
    assert not fits("30.09.2025", day)


def test_settings_fit_their_schema_or_do_not() -> None:
    schema = settings_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    good = {
        "format": 1,
        "name": "small",
        "title": {"en": "Small"},
        "languages": ["en", "kk"],
        "base_year": 2024,
        "base_date": "2024-01-01",
        "first_year": 2024,
        "last_year": 2030,
        "currency": "USD",
        "price_year": 2024,
        "seed": 7,
    }
    assert fits(good, schema)
    assert fits({**good, "title": "Small", "time_axis": {"hours": 8760}}, schema)
    assert not fits({**good, "time_axis": {"days": 365}}, schema)
    assert not fits({**good, "languages": []}, schema)
    assert not fits({**good, "languages": ["fr"]}, schema)
    assert not fits({**good, "format": 2}, schema)
    assert not fits({**good, "currency": "dollar"}, schema)
    del good["seed"]
    assert not fits(good, schema)


def test_resources_say_types_units_keys_and_references() -> None:
    found = resource("sections", ["sections", "nodes", "sources"])["schema"]
    fields = {field["name"]: field for field in found["fields"]}
    assert fields["length_km"]["type"] == "number"
    assert fields["length_km"]["unit"] == "km"
    assert fields["length_km"]["constraints"] == {
        "required": True,
        "minimum": 0.01,
        "maximum": 40000,
    }
    assert fields["in_service_from"]["type"] == "date"
    assert fields["gauge_mm"]["constraints"]["enum"][0] == 1000
    assert "constraints" not in fields["note"]
    assert found["primaryKey"] == ["id"]
    assert {"fields": ["from_node"], "reference": {"resource": "nodes", "fields": ["id"]}} in found[
        "foreignKeys"
    ]
    # Tables that a study leaves out are not referred to.
    assert not [key for key in found["foreignKeys"] if key["fields"] == ["line"]]


def test_a_table_may_refer_to_itself() -> None:
    (key,) = (
        key
        for key in resource("projects", ["projects"])["schema"]["foreignKeys"]
        if key["fields"] == ["part_of"]
    )
    assert key["reference"] == {"resource": "", "fields": ["id"]}


def test_a_required_column_with_a_default_may_be_empty() -> None:
    for table in load_schema().tables.values():
        for column, field in zip(
            table.columns.values(), resource(table.name, [])["schema"]["fields"], strict=True
        ):
            required = bool(field.get("constraints", {}).get("required"))
            assert required == (column.required and not column.default)


def test_packages_have_what_their_files_have() -> None:
    package = data_package("small", "", "CC-BY-4.0; some rows ODbL", {"nodes": ["kind", "id"]})
    assert "title" not in package
    assert package["licenses"] == [{"name": "CC-BY-4.0", "title": "CC-BY-4.0; some rows ODbL"}]
    (nodes,) = package["resources"]
    assert [field["name"] for field in nodes["schema"]["fields"]] == ["kind", "id"]
    assert "licenses" not in data_package("small", "", "", {})
