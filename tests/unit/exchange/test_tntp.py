from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from keruen.errors import FailedError, KeruenError, Severity, StudyError
from keruen.exchange.tntp import Weights, read_network, read_tntp, read_trips
from keruen.flows import Settings, assign

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES>\t3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 3
<TOLL FACTOR> 0.5
<DISTANCE FACTOR> 0.25
<ORIGINAL HEADER>~ \tInit node \tTerm node \t;
<END OF METADATA>

~ \tinit_node\tterm_node\tcapacity\tlength\tfree\tb\tpower\tspeed\ttoll\ttype\t;
\t1\t3\t10\t4\t1\t0.15\t4\t0\t2\t1\t;
\t3\t2\t1.5e1\t8.0\t2\t.15\t4\t0\t0\t1\t;
\t1\t2\t1\t0\t9\t0\t0\tx\t0\t9\t;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 12.5
<END OF METADATA>

Origin \t1
    1 :      0.0;     2 :     12.5;

Origin 2
    1 : 0 ;
"""


def written(folder: Path, net: str = NET, trips: str = TRIPS) -> tuple[Path, Path]:
    (folder / "a_net.tntp").write_text(net, encoding="utf-8")
    (folder / "a_trips.tntp").write_text(trips, encoding="utf-8")
    return folder / "a_net.tntp", folder / "a_trips.tntp"


def problems(net: Path, trips: Path) -> list[tuple[str, str, int | None, str | None]]:
    with pytest.raises(KeruenError) as caught:
        read_tntp(net, trips)
    return [(one.code, one.file or "", one.row, one.column) for one in caught.value.problems]


def test_what_a_problem_is(tmp_path: Path) -> None:
    found = read_tntp(*written(tmp_path))
    links = found.network.links
    assert links.tail.tolist() == [0, 2, 0]
    assert links.head.tolist() == [2, 1, 1]
    assert links.rows[1].tolist() == [2.0, 15.0, 0.15, 4.0]
    assert found.network.passable.tolist() == [False, False, True]
    assert found.users.fixed.tolist() == [[0.5 * 2.0 + 0.25 * 4.0, 2.0, 0.0]]
    assert found.demand.amount.tolist() == [12.5]
    assert found.warnings == ()


def test_tolls_and_lengths_count_in_the_equilibrium(tmp_path: Path) -> None:
    found = read_tntp(*written(tmp_path))
    answer = assign(found.network, found.users, found.demand, Settings(gap=1e-12))
    # Through node 3 it is 1 + 2 + 2 + 2 = 7 and more with the load; 9 the other way.
    through = answer.volume[0]
    times = 1.0 * (1 + 0.15 * (through / 10) ** 4) + 2.0 * (1 + 0.15 * (through / 15) ** 4)
    assert answer.cost[0] == pytest.approx(times + 4.0)
    assert answer.cost[0] <= 9.0
    assert 10.0 < through <= 12.5


def test_weights_may_be_given_instead(tmp_path: Path) -> None:
    net, _ = written(tmp_path)
    assert read_network(net, Weights(0.0, 1.0))[1].fixed.tolist() == [[4.0, 8.0, 0.0]]
    bare, _ = written(tmp_path, "".join(NET.split("<TOLL FACTOR> 0.5\n<DISTANCE FACTOR> 0.25\n")))
    assert not read_network(bare)[1].fixed.any()
    assert read_network(bare, Weights(toll=2.0))[1].fixed.tolist() == [[4.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "column"),
    [
        ("\t1\t3\t10", "\t1\t3\tten", "tntp_not_number", 11, "capacity"),
        ("\t1\t3\t10", "\t1\t3\tnan", "tntp_not_number", 11, "capacity"),
        ("\t1\t3\t10", "\t1\t3\t1_0", "tntp_not_number", 11, "capacity"),
        ("\t1\t3\t10", "\t1\t3\t1e999", "tntp_not_number", 11, "capacity"),
        ("\t1\t3\t10", "\t1\t3\t-10", "tntp_below_zero", 11, "capacity"),
        ("\t1\t3\t10", "\t1\t3\t1e300", "tntp_too_large", 11, "capacity"),
        ("\t1\t3\t10", "\t1\t3\t1e-300", "tntp_too_small", 11, "capacity"),
        ("\t1\t3\t10", "\t1\t3\t1e-15\t0\t1\t1\t99\t0\t0\t1;~", "tntp_time_overflow", 11, "power"),
        ("8.0\t2\t.15", "8.0\t2e16\t.15", "tntp_too_large", 12, "free_flow_time"),
        ("2\t.15\t4", "2\t.15\t400", "tntp_too_large", 12, "power"),
        ("NODES>\t3", "NODES>\t900000000", "tntp_nodes_many", 2, None),
        ("ZONES> 2", "ZONES> 4", "tntp_zones_many", 1, None),
        ("NODE> 3", "NODE> 5", "tntp_first_through", 3, None),
        ("FACTOR> 0.5", "FACTOR> 1e300", "tntp_bad_tag", 5, None),
        ("\t1\t3\t10", "\t1\t4\t10", "tntp_node_range", 11, "term_node"),
        ("\t1\t3\t10", "\t0\t3\t10", "tntp_node_range", 11, "init_node"),
        ("\t1\t3\t10", "\t1.5\t3\t10", "tntp_not_number", 11, "init_node"),
        ("\t1\t3\t10", "\t1\t3", "tntp_field_count", 11, None),
        ("\t3\t2\t1.5e1", "\t3\t2\t7\t1.5e1", "tntp_field_count", 12, None),
        ("\tx\t0\t9\t;", "\tx\t0\t9\t; 7 ;", "tntp_field_count", 13, None),
        (NET[NET.index("\t1\t3\t10") :], "", "tntp_no_links", 8, None),
        ("LINKS> 3", "LINKS> many", "tntp_bad_tag", 4, None),
        ("<NUMBER OF LINKS>", "<NUMBER OF NODES>", "tntp_doubled_tag", 4, None),
        ("<TOLL FACTOR> 0.5", "<TOLL FACTOR> -1", "tntp_bad_tag", 5, None),
        ("<TOLL FACTOR>", "TOLL FACTOR", "tntp_no_tag", 5, None),
        ("<END OF METADATA>\n\n", "", "tntp_no_end", None, None),
    ],
)
def test_a_malformed_network_is_told_by_line(
    tmp_path: Path, old: str, new: str, code: str, row: int | None, column: str | None
) -> None:
    assert NET.count(old) == 1
    assert (code, "a_net.tntp", row, column) in problems(*written(tmp_path, NET.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "column"),
    [
        ("2 :     12.5", "2 :     much", "tntp_not_number", 6, "flow"),
        ("2 :     12.5", "2 :    -12.5", "tntp_below_zero", 6, "flow"),
        ("2 :     12.5", "3 :     12.5", "tntp_node_range", 6, "destination"),
        ("2 :     12.5", "2       12.5", "tntp_trip_form", 6, None),
        ("1 : 0 ;", "1 : 3 ; 1 : 4 ;", "tntp_doubled_trip", 9, "destination"),
        ("2 :     12.5", "2 : 5; 2 : 7; 1 : x", "tntp_doubled_trip", 6, "destination"),
        ("Origin \t1\n", "", "tntp_no_origin", 5, None),
        ("Origin \t1", "Origin", "tntp_origin_form", 5, None),
        ("Origin 2", "Origin 7", "tntp_node_range", 8, "origin"),
        ("ZONES> 2", "ZONES> 3", "tntp_zones_differ", 1, None),
        ("2 :     12.5", "2 :     1e308; 1 : 1e308", "tntp_too_large", 6, "flow"),
        ("1 : 0 ;", "1 : 1e15 ;", "tntp_sum_large", 9, "flow"),
        ("1 : 0 ;", "1 : 0 ; 2", "tntp_trip_form", 9, None),
        ("1 : 0 ;", "1 : 0 2", "tntp_not_number", 9, "flow"),
        ("<TOTAL OD FLOW> 12.5", "<DEMAND MULTIPLIER> x", "tntp_bad_tag", 2, None),
        ("<TOTAL OD FLOW> 12.5", "<DEMAND MULTIPLIER> 1e15", "tntp_sum_large", 2, None),
    ],
)
def test_a_malformed_trip_table_is_told_by_line(
    tmp_path: Path, old: str, new: str, code: str, row: int, column: str | None
) -> None:
    assert TRIPS.count(old) == 1
    assert (code, "a_trips.tntp", row, column) in problems(
        *written(tmp_path, trips=TRIPS.replace(old, new))
    )


def test_all_of_both_files_is_told_at_once(tmp_path: Path) -> None:
    net = NET.replace("\t1\t3\t10", "\t9\t3\tten").replace("1.5e1", "-1")
    found = problems(*written(tmp_path, net, TRIPS.replace("12.5;", "x;")))
    assert found == [
        ("tntp_node_range", "a_net.tntp", 11, "init_node"),
        ("tntp_not_number", "a_net.tntp", 11, "capacity"),
        ("tntp_below_zero", "a_net.tntp", 12, "capacity"),
        ("tntp_not_number", "a_trips.tntp", 6, "flow"),
    ]


def test_what_is_too_much_is_counted(tmp_path: Path) -> None:
    body = "\t1\t3\tbad\t4\t1\t0.15\t4\t0\t2\t1\t;\n" * 300
    found = problems(*written(tmp_path, NET.replace("LINKS> 3", "LINKS> 303") + body))
    assert len(found) == 201
    assert found[-1][0] == "and_more"


def warned(net: Path, trips: Path) -> list[tuple[str, str, int | None]]:
    warnings = read_tntp(net, trips).warnings
    assert {one.severity for one in warnings} <= {Severity.WARNING}
    return [(one.code, one.file or "", one.row) for one in warnings]


def test_metadata_that_the_rest_of_the_file_tells_may_be_missing(tmp_path: Path) -> None:
    for name, row in (("NODES", 7), ("ZONES", 7), ("LINKS", 7)):
        lines = [line for line in NET.splitlines() if name not in line]
        files = written(tmp_path, "\n".join(lines))
        assert warned(*files) == [("tntp_missing_tag", "a_net.tntp", row)] * (name != "ZONES")
        assert read_tntp(*files).network.passable.tolist() == [False, False, True]
    bare = TRIPS.replace("<NUMBER OF ZONES> 2\n", "")
    assert warned(*written(tmp_path, trips=bare)) == [("tntp_missing_tag", "a_trips.tntp", 2)]
    neither = NET.replace("<NUMBER OF ZONES> 2\n", "")
    assert read_tntp(*written(tmp_path, neither, bare)).demand.amount.tolist() == [12.5]
    assert read_network(written(tmp_path, neither)[0])[2] == 3


def test_without_a_first_through_node_every_node_may_be_passed(tmp_path: Path) -> None:
    files = written(tmp_path, NET.replace("<FIRST THRU NODE> 3\n", ""))
    found = read_tntp(*files)
    assert found.network.passable.all()
    (warning,) = found.warnings
    assert (warning.code, warning.row) == ("tntp_missing_tag", 7)
    assert warning.params == {"tag": "FIRST THRU NODE", "value": 1}


@pytest.mark.parametrize(("stated", "code"), [(2, "tntp_links_more"), (4, "tntp_links_fewer")])
def test_the_links_are_those_of_the_file(tmp_path: Path, stated: int, code: str) -> None:
    files = written(tmp_path, NET.replace("LINKS> 3", f"LINKS> {stated}"))
    assert warned(*files) == [(code, "a_net.tntp", 4)]
    assert read_tntp(*files).network.links.tail.size == 3


@pytest.mark.parametrize(
    ("trips", "code", "flows"),
    [
        ("2 : 5; 2 : 7.5", "tntp_trips_added", [12.5]),
        ("2 : 5; 2 : 12.5", "tntp_trips_last", [12.5]),
        ("2 : 12.5; 2 : 0", "tntp_trips_added", [12.5]),
        ("2 : 4; 2 : 4; 2 : 4.5", "tntp_trips_added", [12.5]),
    ],
)
def test_the_total_tells_what_pairs_mean_that_stand_twice(
    tmp_path: Path, trips: str, code: str, flows: list[float]
) -> None:
    files = written(tmp_path, trips=TRIPS.replace("2 :     12.5", trips))
    assert read_tntp(*files).demand.amount.tolist() == flows
    assert warned(*files) == [(code, "a_trips.tntp", 6)] * trips.count(";")


def test_factors_of_the_trip_table_count_before_those_of_the_network(tmp_path: Path) -> None:
    both = TRIPS.replace("<TOTAL", "<TOLL FACTOR> 2\n<DISTANCE FACTOR> 0.25\n<TOTAL")
    files = written(tmp_path, trips=both)
    assert warned(*files) == [("tntp_factor_differs", "a_trips.tntp", 2)]
    assert read_tntp(*files).users.fixed.tolist() == [[2.0 * 2.0 + 0.25 * 4.0, 2.0, 0.0]]
    given = read_tntp(*files, Weights(toll=3.0))
    assert given.users.fixed.tolist() == [[3.0 * 2.0 + 0.25 * 4.0, 2.0, 0.0]]
    assert given.warnings == ()
    bare = "".join(NET.split("<TOLL FACTOR> 0.5\n<DISTANCE FACTOR> 0.25\n"))
    only = read_tntp(*written(tmp_path, bare, both))
    assert only.users.fixed.tolist() == [[2.0 * 2.0 + 0.25 * 4.0, 2.0, 0.0]]
    assert only.warnings == ()


def test_trips_are_multiplied_and_the_total_is_that_before(tmp_path: Path) -> None:
    files = written(tmp_path, trips=TRIPS.replace("<TOTAL", "<DEMAND MULTIPLIER> 0.5\n<TOTAL"))
    assert read_tntp(*files).demand.amount.tolist() == [6.25]
    assert warned(*files) == []


def test_a_tag_that_is_not_read_is_told(tmp_path: Path) -> None:
    net = NET.replace("<TOLL FACTOR> 0.5", "<TOLL FACTR> 0.5")
    assert warned(*written(tmp_path, net)) == [("tntp_unknown_tag", "a_net.tntp", 5)]


def test_a_heading_tells_the_order_of_the_fields(tmp_path: Path) -> None:
    wanted = read_tntp(*written(tmp_path))
    place = NET.index("~ \tinit_node")
    head, lines = NET[:place], NET[place:].splitlines()[1:]
    moved = "~\tFrom\tTo\tLength (mi)\tCapacity\tFree Flow Time\tB\tPower\tToll\tNotes\t;\n"
    for line in lines:
        tail, to, capacity, length, free, b, power, _, toll, kind, _ = line.split()
        moved += f"{tail}\t{to}\t{length}\t{capacity}\t{free}\t{b}\t{power}\t{toll}\t{kind};\n"
    found = read_tntp(*written(tmp_path, head + moved))
    assert [(one.code, one.row) for one in found.warnings] == [("tntp_field_order", 10)]
    assert found.network.links.rows.tolist() == wanted.network.links.rows.tolist()
    assert found.users.fixed.tolist() == wanted.users.fixed.tolist()


def test_links_side_by_side_and_circles_are_links_like_others(tmp_path: Path) -> None:
    more = "\t1\t3\t10\t4\t1\t0.15\t4\t0\t2\t1\t;\n\t3\t3\t1\t1\t1\t1\t1\t0\t0\t1\t;\n"
    found = read_tntp(*written(tmp_path, NET.replace("LINKS> 3", "LINKS> 5") + more))
    answer = assign(found.network, found.users, found.demand, Settings(gap=1e-12))
    assert answer.converged
    assert answer.volume[0] == pytest.approx(answer.volume[3])
    assert answer.volume[[0, 2, 3]].sum() == pytest.approx(12.5)
    assert answer.volume[4] == 0.0


def test_the_objective_holds_tolls_and_lengths(tmp_path: Path) -> None:
    found = read_tntp(*written(tmp_path))
    answer = assign(found.network, found.users, found.demand, Settings(gap=1e-12))
    free, capacity, b, power = found.network.links.rows.T
    paid = np.array([0.5 * 2.0 + 0.25 * 4.0, 0.25 * 8.0, 0.0])
    flow = answer.volume
    wanted = paid * flow + free * flow * (1.0 + b * (flow / capacity) ** power / (power + 1.0))
    assert answer.objective == pytest.approx(wanted.sum(), rel=1e-12)
    assert answer.total_cost == pytest.approx(((answer.delay + paid) * flow).sum(), rel=1e-12)


def test_a_total_that_differs_is_a_warning(tmp_path: Path) -> None:
    _, trips = written(tmp_path, trips=TRIPS.replace("<TOTAL OD FLOW> 12.5", "<TOTAL OD FLOW> 99"))
    demand, warnings = read_trips(trips)
    assert demand.amount.tolist() == [12.5]
    assert [(one.code, one.severity, one.row) for one in warnings] == [
        ("tntp_total_differs", Severity.WARNING, 2)
    ]


def test_a_file_without_trips_has_none(tmp_path: Path) -> None:
    _, trips = written(tmp_path, trips="<NUMBER OF ZONES> 2\n<END OF METADATA>\n")
    assert read_trips(trips)[0].amount.size == 0


def test_a_link_without_capacity_is_closed_and_the_rest_read(tmp_path: Path) -> None:
    found = read_tntp(*written(tmp_path, NET.replace("\t1\t3\t10", "\t1\t3\t0")))
    (warning,) = found.warnings
    told = (warning.code, warning.severity, warning.file, warning.row, warning.column)
    assert told == ("tntp_no_capacity", Severity.WARNING, "a_net.tntp", 11, "capacity")
    assert found.file_links.open.tolist() == [False, True, True]
    assert found.file_links.row.tolist() == [11, 12, 13]
    assert found.network.links.tail.tolist() == [2, 0]
    answer = assign(found.network, found.users, found.demand, Settings(gap=1e-12))
    assert answer.volume.tolist() == [0.0, 12.5]


def test_where_no_link_is_open_nothing_moves(tmp_path: Path) -> None:
    one = NET.replace("\t1\t3\t10", "\t1\t3\t0").replace("1.5e1", "0")
    found = read_tntp(*written(tmp_path, one.replace("\t1\t0\t9\t0\t0", "\t0\t0\t9\t1\t1")))
    assert not found.file_links.open.any()
    answer = assign(found.network, found.users, found.demand, Settings(gap=1e-12))
    assert answer.amount.tolist() == [0.0]
    assert [one.code for one in answer.problems] == ["flow_pair_unreachable"]


def test_a_connector_needs_no_capacity(tmp_path: Path) -> None:
    for old, new in (("10\t4\t1\t0.15", "0\t4\t1\t0"), ("10\t4\t1\t0.15", "0\t4\t0\t0.15")):
        found = read_tntp(*written(tmp_path, NET.replace(old, new)))
        assert found.warnings == ()
        assert found.file_links.open.all()


def test_pairs_know_their_lines(tmp_path: Path) -> None:
    found = read_tntp(*written(tmp_path, trips=TRIPS.replace("1 : 0 ;", "1 : 3 ;")))
    assert found.trip_rows.tolist() == [6, 9]


def test_writing_that_differs_reads_the_same(tmp_path: Path) -> None:
    wanted = read_tntp(*written(tmp_path))
    freely = TRIPS.replace(
        "Origin \t1\n    1 :      0.0;     2 :     12.5;",
        "\n\tORIGIN 1 ~ one\n1:0.0;2 :1.25E+01;~x\n\n",
    )
    heading = NET.index("~ \tinit_node")
    for net, trips in (
        (NET.replace("<END OF METADATA>", "<end of  metadata>  "), TRIPS),
        (NET.replace("\t9\t;", "\t9\t; ~ a connector"), freely),
        (NET.replace("\t1\t;\n", "\t1\n"), TRIPS.replace(";\n", "\n")),
        (NET.replace("\t", "  ").replace("\n", "   \r\n"), TRIPS.replace("\n", " \t\r\n\r\n")),
        ("\ufeff" + NET, "\ufeff" + TRIPS + "\x1a"),
        (NET[:heading] + NET[heading + 1 :], TRIPS.replace("Origin \t1\n", "Origin 1 ")),
        (NET, TRIPS.replace(" : ", " , ").replace("2 :     12.5", "2 , 12.5")),
        (NET.replace("\t10\t4\t1\t", "\t1.0E+01\t4.\t1.000e0\t"), TRIPS.replace("12.5;", "+12.5;")),
    ):
        (tmp_path / "a_net.tntp").write_bytes(net.encode())
        (tmp_path / "a_trips.tntp").write_bytes(trips.encode())
        found = read_tntp(tmp_path / "a_net.tntp", tmp_path / "a_trips.tntp")
        assert found.warnings == ()
        assert found.network.links.rows.tolist() == wanted.network.links.rows.tolist()
        assert found.users.fixed.tolist() == wanted.users.fixed.tolist()
        assert found.demand.amount.tolist() == [12.5]


def test_trips_without_semicolons_are_read_and_told(tmp_path: Path) -> None:
    files = written(tmp_path, trips=TRIPS.replace(" 0.0;     2", " 0.0     2"))
    assert read_tntp(*files).demand.amount.tolist() == [12.5]
    assert warned(*files) == [("tntp_no_semicolon", "a_trips.tntp", 6)]


def test_what_stands_behind_a_link_is_told_and_not_read(tmp_path: Path) -> None:
    found = read_tntp(*written(tmp_path, NET.replace("\t9\t;", "\t9\t; 7 8")))
    assert [(one.code, one.row) for one in found.warnings] == [("tntp_behind_link", 13)]
    assert found.network.links.tail.size == 3


def test_powers_and_times_of_nought_and_fractions_find_their_equilibrium(tmp_path: Path) -> None:
    net = NET.replace("<FIRST THRU NODE> 3", "<FIRST THRU NODE> 1")
    net = net.replace("2\t.15\t4", "0\t.15\t4").replace("10\t4\t1\t0.15\t4", "10\t4\t1\t0.5\t2.5")
    found = read_tntp(*written(tmp_path, net))
    assert found.network.passable.all()
    answer = assign(found.network, found.users, found.demand, Settings(gap=1e-12))
    assert answer.converged
    assert answer.cost[0] == pytest.approx(4.0 + 1.0 + 0.5 * (12.5 / 10.0) ** 2.5)


@pytest.mark.parametrize(
    ("link", "flow"),
    [
        ("1e-15\t1e15\t1e15\t1e15\t1\t0\t1e15", 1e15),
        ("1e-15\t0\t1e-300\t1e-300\t1e-300\t0\t0", 1e-300),
        ("1e30\t0\t1e15\t1e15\t100\t0\t0", 1e15),
        ("1e-15\t0\t1e15\t1e15\t4\t0\t0", 1e14),
    ],
)
def test_the_ends_of_what_is_read_are_computed_with(tmp_path: Path, link: str, flow: float) -> None:
    net = NET.replace("10\t4\t1\t0.15\t4\t0\t2", link)
    net = net.replace("\t1\t2\t1\t0\t9\t0\t0\tx", "\t1\t2\t1\t0\t9\t1\t1\tx")
    found = read_tntp(*written(tmp_path, net, TRIPS.replace("12.5", str(flow))))
    answer = assign(found.network, found.users, found.demand, Settings(gap=1e-6))
    assert np.isfinite(answer.relative_gap)
    assert np.isfinite(answer.delay).all()
    assert answer.volume[2] + answer.volume[0] == pytest.approx(flow)


def test_a_folder_is_told_with_the_files_in_it(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(FailedError) as caught:
        read_tntp(tmp_path, tmp_path)
    assert [(one.code, one.params["better"]) for one in caught.value.problems] == [
        ("tntp_folder", "a_net.tntp"),
        ("tntp_folder", "a_trips.tntp"),
    ]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    net, trips = written(tmp_path)
    with pytest.raises(FailedError):
        read_tntp(tmp_path / "none.tntp", trips)
    net.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FailedError):
        read_network(net)
    with pytest.raises(StudyError):
        read_network(written(tmp_path, "")[0])
    assert np.isfinite(read_trips(trips)[0].amount).all()
