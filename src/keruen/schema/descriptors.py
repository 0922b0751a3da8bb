"""The schema for other tools: JSON Schema, Frictionless descriptors, the answer of ``schema``.

Each function turns the declarations into plain dictionaries that can be written as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from keruen.schema.load import load_schema
from keruen.schema.table import Column, ColumnType, Schema, Table

JSON_SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
ID_PATTERN: Final = "[A-Za-z0-9][A-Za-z0-9_]{0,79}"
_PATTERNS: Final = {
    ColumnType.ID: ID_PATTERN,
    ColumnType.COUNTRY: "[A-Z]{2}",
    ColumnType.CURRENCY: "[A-Z]{3}",
}
_LANGUAGE_TEXTS: Final = {
    "oneOf": [
        {"type": "string", "minLength": 1},
        {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
    ]
}

Json = dict[str, Any]


def contract_tables(names: Iterable[str] | None = None) -> Json:
    """Tables as ``keruen schema --json`` prints them.

    Parameters
    ----------
    names : iterable of str or None
        Tables wanted; None for all.

    Returns
    -------
    dict
        ``{"tables": {name: {"key": [...], "description": ..., "columns": [...]}}}``.

    Examples
    --------
    >>> contract_tables(["nodes"])["tables"]["nodes"]["columns"][0]["name"]
    'id'
    """
    schema = load_schema()
    chosen = list(schema.tables) if names is None else list(names)
    return {"tables": {name: _contract_table(schema[name]) for name in chosen}}


def _contract_table(table: Table) -> Json:
    return {
        "description": table.description,
        "file": table.file,
        "key": list(table.key),
        "columns": [_contract_column(column) for column in table.columns.values()],
    }


def _contract_column(column: Column) -> Json:
    return {
        "name": column.name,
        "type": column.type.value,
        "unit": column.unit or None,
        "required": column.required,
        "default": column.default or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "usual_minimum": column.usual_minimum,
        "usual_maximum": column.usual_maximum,
        "values": list(column.values),
        "references": column.references or None,
        "inherits": column.inherits or None,
        "description": column.description,
    }


def _bounds(column: Column) -> Json:
    bounds = {"minimum": column.minimum, "maximum": column.maximum}
    return {name: _plain(bound) for name, bound in bounds.items() if bound is not None}


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def _typed(column: Column, text: str) -> str | float | int:
    """A default or an allowed value in the type of its column."""
    return _plain(float(text)) if column.type.is_numeric else text


def _json_type(column: Column) -> Json:
    if column.type.is_numeric:
        return {"type": column.type.value, **_bounds(column)}
    if column.type is ColumnType.DATE:
        return {"type": "string", "format": "date"}
    if column.type in _PATTERNS:
        return {"type": "string", "pattern": f"^{_PATTERNS[column.type]}$"}
    if column.type is ColumnType.TEXTS:
        return dict(_LANGUAGE_TEXTS)
    if column.type is ColumnType.LIST:
        values = {"type": "string", "enum": list(column.values)}
        return {"type": "array", "items": values, "minItems": 1}
    if column.type is ColumnType.MAPPING:
        return {"type": "object", "propertyNames": {"enum": list(column.values)}}
    return {"type": "string"}


def _property(column: Column) -> Json:
    """JSON Schema of one cell."""
    found = {"description": column.description, **_json_type(column)}
    if column.values and found["type"] not in ("array", "object"):
        found["enum"] = [_typed(column, value) for value in column.values]
    if column.unit:
        found["unit"] = column.unit
    if column.default:
        found["default"] = _typed(column, column.default)
    return found


def _object(columns: Mapping[str, Column]) -> Json:
    return {
        "type": "object",
        "properties": {name: _property(column) for name, column in columns.items()},
        "required": [name for name, column in columns.items() if column.required],
        "additionalProperties": False,
    }


def settings_json_schema() -> Json:
    """JSON Schema of ``study.yaml``.

    >>> settings_json_schema()["properties"]["name"]["pattern"]
    '^[A-Za-z0-9][A-Za-z0-9_]{0,79}$'
    """
    return {"$schema": JSON_SCHEMA, "title": "study.yaml", **_object(load_schema().settings)}


def row_json_schema(table: str) -> Json:
    """JSON Schema of one row of a table as an object of its filled cells.

    >>> row_json_schema("sections")["properties"]["length_km"]["unit"]
    'km'
    """
    declared = load_schema()[table]
    return {
        "$schema": JSON_SCHEMA,
        "title": declared.file,
        "description": declared.description,
        **_object(declared.columns),
    }


def _field(column: Column) -> Json:
    """Frictionless field of one column."""
    kind = (
        column.type.value if column.type.is_numeric or column.type is ColumnType.DATE else "string"
    )
    constraints: Json = {"required": True} if column.required and not column.default else {}
    constraints |= _bounds(column) if column.type.is_numeric else {}
    if column.values:
        constraints["enum"] = [_typed(column, value) for value in column.values]
    if column.type in _PATTERNS:
        constraints["pattern"] = _PATTERNS[column.type]
    field: Json = {"name": column.name, "type": kind, "description": column.description}
    if column.unit:
        field["unit"] = column.unit
    if constraints:
        field["constraints"] = constraints
    return field


def _foreign_keys(table: Table, present: frozenset[str], schema: Schema) -> list[Json]:
    keys: list[Json] = []
    for column in table.columns.values():
        target = column.referenced_table
        if target is not None and target in present and len(schema[target].key) == 1:
            # The standard calls a table's reference to itself by an empty name.
            name = "" if target == table.name else target
            reference = {"resource": name, "fields": list(schema[target].key)}
            keys.append({"fields": [column.name], "reference": reference})
    return keys


def resource(table: str, present: Iterable[str]) -> Json:
    """Frictionless resource of one table of a study.

    Parameters
    ----------
    table : str
        Its name.
    present : iterable of str
        Tables that the study has: references to others are left out.

    Examples
    --------
    >>> resource("sections", ["sections", "nodes"])["schema"]["primaryKey"]
    ['id']
    """
    schema = load_schema()
    declared = schema[table]
    found: Json = {
        "name": table,
        "profile": "tabular-data-resource",
        "path": declared.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": declared.description,
        "schema": {
            "fields": [_field(column) for column in declared.columns.values()],
            "missingValues": [""],
            "primaryKey": list(declared.key),
        },
    }
    keys = _foreign_keys(declared, frozenset(present), schema)
    if keys:
        found["schema"]["foreignKeys"] = keys
    return found


def data_package(name: str, title: str, licence: str, headers: Mapping[str, Sequence[str]]) -> Json:
    """Frictionless data package of a study.

    Parameters
    ----------
    name, title, licence : str
        Of the study; title and licence may be empty.
    headers : mapping of str to sequence of str
        Columns of the study's tables, by table and in the order of the file: a file may leave
        columns out.

    Returns
    -------
    dict
        Content of ``datapackage.json``.
    """
    package: Json = {"name": name, "profile": "tabular-data-package"}
    if title:
        package["title"] = title
    if licence:
        package["licenses"] = [{"name": licence.split(";", maxsplit=1)[0], "title": licence}]
    tables = [table for table in load_schema().tables if table in headers]
    package["resources"] = [_as_filed(resource(t, tables), headers[t]) for t in tables]
    return package


def _as_filed(found: Json, header: Sequence[str]) -> Json:
    """A resource with the columns that its file has, in their order."""
    schema = found["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    schema["fields"] = [fields[name] for name in header if name in fields]
    if "foreignKeys" in schema:
        schema["foreignKeys"] = [
            k for k in schema["foreignKeys"] if set(k["fields"]) <= set(header)
        ]
    return found
