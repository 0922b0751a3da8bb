from __future__ import annotations

from keruen.schema import Column, ColumnType, Table, load_schema
from keruen.units import UNITS


def every_column() -> list[tuple[Table, Column]]:
    return [
        (table, column)
        for table in load_schema().tables.values()
        for column in table.columns.values()
    ]


def test_the_schema_is_loaded_once() -> None:
    assert load_schema() is load_schema()
    assert "sections" in load_schema()
    assert "section" not in load_schema()


def test_named_and_sourced_tables_have_the_columns_of_all() -> None:
    nodes = list(load_schema()["nodes"].columns)
    assert nodes[:5] == ["id", "name_en", "name_kk", "name_ru", "name_zh"]
    assert nodes[-3:] == ["source", "confidence", "note"]
    assert "name_en" not in load_schema()["sections"].columns
    assert "source" not in load_schema()["sources"].columns


def test_units_and_bounds_are_what_they_can_be() -> None:
    for table, column in every_column():
        place = f"{table.name}.{column.name}"
        assert column.unit in UNITS | {""}, place
        bounds = (column.minimum, column.usual_minimum, column.usual_maximum, column.maximum)
        given = [bound for bound in bounds if bound is not None]
        assert given == sorted(given), place
        assert not given or column.type.is_numeric, place
        assert not column.unit or column.type.is_numeric, place


# What running times are computed from; a class that leaves it empty keeps its typed speed.
COMPUTED_FROM = {"permitted_speed_km_per_h", "gradient_share", "running_allowance_share"}


def test_references_and_classes_lead_somewhere() -> None:
    schema = load_schema()
    for table, column in every_column():
        place = f"{table.name}.{column.name}"
        if column.referenced_table is not None:
            assert column.referenced_table in schema, place
        if column.table_column is not None:
            assert table.columns[column.table_column].type is ColumnType.TABLE, place
        if column.inherits:
            target = table.columns[column.inherits].referenced_table
            assert target is not None, place
            assert column.name in schema[target].columns, place
            required = schema[target].columns[column.name].required
            assert required is (column.name not in COMPUTED_FROM), place
            assert not column.required, place


def test_defaults_are_values_of_their_column() -> None:
    for table, column in every_column():
        if column.default and column.values:
            assert column.default in column.values, f"{table.name}.{column.name}"


def test_keys_come_first_and_are_required() -> None:
    for table in load_schema().tables.values():
        assert tuple(list(table.columns)[: len(table.key)]) == table.key
        assert all(table.columns[name].required for name in table.key)


def test_enumerations_name_their_values_once() -> None:
    for table, column in every_column():
        place = f"{table.name}.{column.name}"
        assert len(set(column.values)) == len(column.values), place
        if column.type is ColumnType.ENUM:
            assert column.values, place
