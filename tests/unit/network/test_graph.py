from __future__ import annotations

from pathlib import Path

import pytest

from keruen.errors import FailedError, OutOfServiceError
from keruen.network import Graph, compile_graph
from support.tiny_study import Row, Tables, tiny_model, tiny_tables


def net(*sections: tuple[str, str, str, float]) -> Tables:
    """Nodes a to f and single-track rails between them."""
    tables = {
        name: rows
        for name, rows in tiny_tables().items()
        if name in ("sources", "lines", "line_classes", "traffic_classes", "signalling")
    }
    tables["nodes"] = [{"id": node, "kind": "station", "country": "KZ"} for node in "abcdef"]
    rail: Row = {**tiny_tables()["sections"][0]}
    tables["sections"] = [
        {**rail, "id": row, "from_node": start, "to_node": end, "length_km": length}
        for row, start, end, length in sections
    ]
    return tables


def graph(tmp_path: Path, tables: Tables, mode: str = "rail") -> Graph:
    return compile_graph(tiny_model(tmp_path, tables), mode)


def test_the_shortest_way_with_its_directions(tmp_path: Path) -> None:
    tables = net(("ab", "a", "b", 10), ("cb", "c", "b", 10), ("ac", "a", "c", 25))
    way = graph(tmp_path, tables).shortest("a", "c")
    assert way.nodes == ("a", "b", "c")
    assert way.sections == ("ab", "cb")
    assert way.forward == (True, False)
    assert way.length_km == 20.0
    back = graph(tmp_path, tables).shortest("c", "a")
    assert (back.sections, back.forward) == (("cb", "ab"), (True, False))


def test_a_way_to_where_one_is_has_no_length(tmp_path: Path) -> None:
    way = graph(tmp_path, net(("ab", "a", "b", 10))).shortest("a", "a")
    assert (way.nodes, way.sections, way.length_km) == (("a",), (), 0.0)


def test_of_two_sections_the_shorter_counts_and_of_equal_ones_the_first_by_id(
    tmp_path: Path,
) -> None:
    longer = net(("ab1", "a", "b", 12), ("ab2", "b", "a", 10))
    assert graph(tmp_path, longer).shortest("a", "b").sections == ("ab2",)
    for rows in ((("x", "a", "b", 10.0), ("w", "b", "a", 10.0)),):
        for order in (1, -1):
            assert graph(tmp_path, net(*rows[::order])).shortest("a", "b").sections == ("w",)


def test_equal_ways_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = [("ab", "a", "b", 10.0), ("bd", "b", "d", 10.0), ("ac", "a", "c", 10.0)]
    rows.append(("cd", "c", "d", 10.0))
    ways = []
    for order in (1, -1):
        tables = net(*rows[::order])
        tables["nodes"] = tables["nodes"][::order]
        ways.append(graph(tmp_path, tables).shortest("a", "d"))
    assert ways[0] == ways[1]


def test_other_modes_and_avoided_sections_are_no_way(tmp_path: Path) -> None:
    tables = net(("ab", "a", "b", 10), ("bc", "b", "c", 10))
    with pytest.raises(OutOfServiceError, match="no_way_between") as failure:
        graph(tmp_path, tables, "road").shortest("a", "b")
    assert failure.value.problems[0].params == {"start": "a", "end": "b"}
    avoiding = compile_graph(tiny_model(tmp_path, tables), "rail", frozenset({"bc"}))
    assert avoiding.shortest("a", "b").length_km == 10
    with pytest.raises(OutOfServiceError):
        avoiding.shortest("a", "c")


def test_an_unknown_node_is_told(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="no_such_row") as failure:
        graph(tmp_path, net(("ab", "a", "b", 10))).shortest("a", "nowhere")
    assert failure.value.problems[0].params == {"row": "nowhere", "table": "nodes"}
    assert not isinstance(failure.value, OutOfServiceError)


def test_the_nearest_of_some_nodes(tmp_path: Path) -> None:
    found = graph(tmp_path, net(("ab", "a", "b", 10), ("bc", "b", "c", 5), ("de", "d", "e", 1)))
    assert found.nearest("c", ("a", "b")) == "b"
    assert found.nearest("c", ("a", "c")) == "c"
    assert found.nearest("c", ("d", "e")) is None
    assert found.nearest("c", ()) is None
    assert found.nearest("b", ("c", "b", "b")) == "b"
