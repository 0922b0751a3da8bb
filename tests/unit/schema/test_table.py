from __future__ import annotations

from keruen.schema import ColumnType, load_schema


def test_facts_are_cells_with_an_owner() -> None:
    facts = [column.name for column in load_schema()["sections"].facts]
    assert facts[:3] == ["line", "mode", "from_node"]
    assert {"id", "source", "confidence", "note"}.isdisjoint(facts)
    assert load_schema()["sources"].facts == ()
    assert load_schema()["closures"].facts[0].name == "closed_share"


def test_references() -> None:
    sections = load_schema()["sections"].columns
    assert sections["from_node"].referenced_table == "nodes"
    assert sections["length_km"].referenced_table is None
    row = load_schema()["provenance"].columns["row"]
    assert (row.referenced_table, row.table_column) == (None, "table")
    assert sections["from_node"].table_column is None


def test_files_and_numeric_types() -> None:
    assert load_schema()["sections"].file == "sections.csv"
    numeric = {kind for kind in ColumnType if kind.is_numeric}
    assert numeric == {ColumnType.NUMBER, ColumnType.INTEGER}
