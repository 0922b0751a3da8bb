from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.errors import StudyError
from keruen.exchange.tntp_text import Findings
from keruen.exchange.tntp_trips import Items, read_table, settled

HEAD = "<NUMBER OF ZONES> 9\n<END OF METADATA>\n"


def table_of(folder: Path, body: str, head: str = HEAD) -> Path:
    path = folder / "a_trips.tntp"
    path.write_text(head + body, encoding="utf-8")
    return path


def items_of(*rows: tuple[int, int, float]) -> Items:
    origin, destination, flow = zip(*rows, strict=True)
    lines = range(1, len(rows) + 1)
    return Items(array("q", lines), array("q", origin), array("q", destination), array("d", flow))


@given(
    pairs=st.dictionaries(
        st.tuples(st.integers(1, 9), st.integers(1, 9)),
        st.floats(1e-9, 1e9, allow_subnormal=False),
        min_size=1,
    ),
    a_line=st.integers(1, 6),
    between=st.sampled_from([":", " : ", "\t:  ", ","]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    pairs: dict[tuple[int, int], float],
    a_line: int,
    between: str,
) -> None:
    body = ""
    wanted: list[tuple[int, int, float]] = []
    for origin in sorted({origin for origin, _ in pairs}):
        body += f"Origin {origin}\n"
        mine = [(to, flow) for (start, to), flow in pairs.items() if start == origin]
        for at in range(0, len(mine), a_line):
            body += " ".join(f"{to}{between}{flow!r};" for to, flow in mine[at : at + a_line])
            body += "\n"
        wanted += [(origin - 1, to - 1, flow) for to, flow in mine]
    path = table_of(tmp_path_factory.getbasetemp(), body)
    demand = read_table(path, 9).demand
    columns = (demand.origin.tolist(), demand.destination.tolist(), demand.amount.tolist())
    assert list(zip(*columns, strict=True)) == wanted


def test_lines_of_pairs_are_known(tmp_path: Path) -> None:
    found = read_table(table_of(tmp_path, "Origin 1\n2:1; 3:0;\n4:2;\nOrigin 5 6:7"), None)
    assert found.rows.tolist() == [4, 5, 6]
    assert found.demand.destination.tolist() == [1, 3, 5]
    assert found.factors == ((None, 0), (None, 0))


def test_pairs_once_are_left_as_they_are() -> None:
    findings = Findings("a")
    found = settled(items_of((2, 1, 5.0), (1, 2, 3.0)), None, findings)
    assert found.flow.tolist() == [5.0, 3.0]
    assert found.origin.tolist() == [2, 1]
    assert findings.problems() == []


@pytest.mark.parametrize(
    ("total", "code", "flow"),
    [
        (12.0, "tntp_trips_added", [1.0, 11.0]),
        (8.1, "tntp_trips_last", [1.0, 7.0]),
        (10.0, "tntp_doubled_trip", None),
        (None, "tntp_doubled_trip", None),
    ],
)
def test_a_total_tells_readings_apart(
    total: float | None, code: str, flow: list[float] | None
) -> None:
    findings = Findings("a")
    found = settled(items_of((1, 2, 4.0), (1, 3, 1.0), (1, 2, 7.0)), total, findings)
    (told,) = findings.problems()
    assert (told.code, told.row, told.column) == (code, 3, "destination")
    assert told.params == {"origin": 1, "destination": 2}
    assert bool(findings.errors) == (flow is None)
    if flow is not None:
        assert found.flow.tolist() == flow
        assert found.row.tolist() == [2, 3]


def test_zones_of_the_network_limit_those_of_the_table(tmp_path: Path) -> None:
    path = table_of(tmp_path, "Origin 1\n2:1; 7:1;\n", "<END OF METADATA>\n")
    assert read_table(path, None).demand.amount.tolist() == [1.0, 1.0]
    for zones, nodes in ((6, None), (None, 6), (6, 9)):
        with pytest.raises(StudyError) as caught:
            read_table(path, zones, nodes)
        codes = [one.code for one in caught.value.problems if one.is_error]
        assert codes == ["tntp_node_range"]
