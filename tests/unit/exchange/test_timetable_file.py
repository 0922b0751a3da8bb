from __future__ import annotations

from pathlib import Path

import pytest

from keruen.errors import FailedError, StudyError
from keruen.exchange import timetable_file
from keruen.exchange.timetable_file import clock, minutes_of, read_timetable, route_of
from support.given_timetables import HEADER, NODES, PAIR, given, line_by_hand

Place = tuple[str, int | None, str | None]


def refused(folder: Path, text: str, *, whole: bool = True) -> list[Place]:
    """Code, record and column of what is wrong."""
    with pytest.raises(StudyError) as told:
        given(folder, text, whole=whole)
    assert all(one.file == "trains.csv" for one in told.value.problems)
    return [(one.code, one.row, one.column) for one in told.value.problems]


def test_trains_in_the_order_of_the_file(tmp_path: Path) -> None:
    odd, even = given(tmp_path, PAIR).trains
    assert (odd.name, odd.odd, even.name, even.odd) == ("1", True, "2", False)
    assert [(one.place, one.arrival_min, one.departure_min) for one in odd.calls] == [
        (0, None, 360.0),
        (2, 407.0, 410.0),
        (3, 435.0, None),
    ]
    passed = even.calls[1]
    assert (passed.arrival_min, passed.departure_min, passed.stops) == (406.0, 406.0, False)
    assert [one.stops for one in odd.calls] == [True, True, True]


def test_minutes_the_next_day_columns_in_any_order_and_other_classes(tmp_path: Path) -> None:
    text = (
        "departure,node,arrival,train,train_class\n1430,d,,9,passenger\n\n"
        "24:05,b,1443.5,9,passenger\n,a,25:10:30,9,passenger\n"
    )
    (train,) = given(tmp_path, text).trains
    assert train.train_class == 1
    assert train.calls[1][1:3] == (1443.5, 1445.0)
    assert train.calls[2].arrival_min == 1510.5


def test_a_place_within_a_section_may_be_named_and_need_not_be(tmp_path: Path) -> None:
    text = PAIR.replace("1,freight,b", "1,freight,ab_1,06:26,\n1,freight,b")
    assert [call.place for call in given(tmp_path, text).trains[0].calls] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("1,freight,b", "1,freight,far", ("timetable_node_elsewhere", 3, "node")),
        ("1,freight,b", "1,freight,bb", ("timetable_unknown_node", 3, "node")),
        ("1,freight,b,06:47,06:50\n", "", ("timetable_jumps", 3, "node")),
        ("2,freight,a,07:35,", "2,freight,d,07:35,", ("timetable_node_twice", 7, "node")),
        ("1,freight,d", "1,freight,a", ("timetable_node_twice", 4, "node")),
        ("06:47,06:50", "06:47,06:46", ("timetable_runs_backward", 3, "departure")),
        ("1,freight,d,07:15", "1,freight,d,00:15", ("timetable_runs_backward", 4, "arrival")),
        ("1,freight,d,07:15", "1,freight,d,06:50", ("timetable_runs_backward", 4, "arrival")),
        ("1,freight,d,07:15,", "1,freight,d,,07:15", ("timetable_never_arrives", 4, "arrival")),
        ("1,freight,a,,06:00", "1,freight,a,06:00,", ("timetable_never_departs", 2, "departure")),
        ("1,freight,d,07:15,\n", "", ("timetable_ends_midway", 3, "node")),
        ("1,freight,a,,06:00\n", "", ("timetable_begins_midway", 2, "node")),
        ("1,freight,d,07:15,", "1,freight,d,,", ("timetable_no_time", 4, "arrival")),
        ("06:47,06:50", "6.47,06h50", ("timetable_bad_time", 3, "departure")),
        ("06:47", "06:60", ("timetable_bad_time", 3, "arrival")),
        ("07:35", "99999", ("timetable_bad_time", 7, "arrival")),
        ("1,freight,b", "1,frieght,b", ("not_allowed", 3, "train_class")),
        ("1,freight,b", "1,domestic,b", ("timetable_class_changes", 3, "train_class")),
        ("1,freight,b", ",freight,b", ("missing_value", 3, "train")),
        ("1,freight,b", "1\u202e,freight,b", ("control_character", 3, "train")),
        ("1,freight,b", f"{'1' * 41},freight,b", ("text_too_long", 3, "train")),
        ("1,freight,b", "1,,b", ("missing_value", 3, "train_class")),
        ("1,freight,b", "1,freight,", ("missing_value", 3, "node")),
        ("node,", "place,", ("timetable_unknown_column", 1, "place")),
        ("node,", "train,", ("missing_column", 1, "node")),
    ],
)
def test_what_is_wrong_is_told_where(tmp_path: Path, old: str, new: str, found: Place) -> None:
    assert old in PAIR
    assert found in refused(tmp_path, PAIR.replace(old, new, 1))


def test_a_train_that_turns_back_comes_by_no_place_twice(tmp_path: Path) -> None:
    text = HEADER + "1,freight,b,,06:00\n1,freight,a,07:00,\n1,freight,d,09:00,\n"
    assert refused(tmp_path, text) == [("timetable_turns_back", 4, "node")]


def test_a_train_of_tomorrow_and_one_of_a_single_row(tmp_path: Path) -> None:
    late = PAIR.replace("06:00", "24:10").replace("06:47,06:50", "25:00,25:00")
    late = late.replace("1,freight,d,07:15", "1,freight,d,25:30")
    assert refused(tmp_path, late) == [("timetable_begins_late", 2, "departure")]
    alone = refused(tmp_path, HEADER + "1,freight,a,,06:00\n")
    assert alone == [("timetable_never_arrives", 2, "node")]


def test_every_problem_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = PAIR.replace("1,freight,b", "1,freight,x").replace("06:20", "6h").replace("07:35", "x")
    codes = refused(tmp_path, text)
    assert codes == [
        ("timetable_unknown_node", 3, "node"),
        ("timetable_jumps", 4, "node"),
        ("timetable_bad_time", 5, "departure"),
        ("timetable_bad_time", 7, "arrival"),
    ]
    many = HEADER + "1,freight,x,6h,\n" * 300
    told = refused(tmp_path, many)
    assert len(told) == 201
    assert told[-1][0] == "and_more"


def test_a_train_over_a_part_where_that_is_allowed(tmp_path: Path) -> None:
    text = HEADER + "1,freight,b,,06:00\n1,freight,d,06:40,\n"
    (train,) = given(tmp_path, text, whole=False).trains
    assert (train.first, train.last) == (2, 3)
    assert [code for code, _, _ in refused(tmp_path, text)] == ["timetable_begins_midway"]


def test_a_change_of_gauge_ends_every_train(tmp_path: Path) -> None:
    broken = line_by_hand(breaks=(2,))
    with pytest.raises(StudyError) as told:
        given(tmp_path, PAIR, broken)
    assert {one.code for one in told.value.problems} == {"timetable_passes_gauge_break"}
    assert told.value.problems[0].params["node"] == "b"
    text = (
        HEADER + "1,freight,b,,06:00\n1,freight,d,06:40,\n2,freight,b,,07:00\n2,freight,a,08:00,\n"
    )
    assert len(given(tmp_path, text, broken).trains) == 2


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty_file"),
        (HEADER.encode(), "timetable_empty"),
        (PAIR.encode().replace(b"freight,a", "freight,\u0430".encode("cp1251")), "not_utf8"),
        (PAIR.replace(",", ";").encode(), "wrong_separator"),
        (PAIR.encode().replace(b"06:50\n", b"06:50,x\n"), "ragged_row"),
        (PAIR.encode() + b'"', "broken_quoting"),
    ],
)
def test_files_that_are_no_timetable(tmp_path: Path, raw: bytes, code: str) -> None:
    file = tmp_path / "trains.csv"
    file.write_bytes(raw)
    with pytest.raises(StudyError) as told:
        read_timetable(file, route_of(line_by_hand(), NODES, whole=True))
    assert code in [one.code for one in told.value.problems]


def test_bounds_of_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetable_file, "MOST_TRAINS", 1)
    assert refused(tmp_path, PAIR) == [("timetable_too_long", None, None)]
    monkeypatch.setattr(timetable_file, "MAX_BYTES", 10)
    with pytest.raises(FailedError) as told:
        given(tmp_path, PAIR)
    assert [one.code for one in told.value.problems] == ["too_large"]
    with pytest.raises(FailedError):
        read_timetable(tmp_path / "none.csv", route_of(line_by_hand(), NODES, whole=True))


@pytest.mark.parametrize(
    "text", ["", "24", "0:5", "1:60", "-5", "10:00:60", "1e3", "06:00 ", "٠٦:٠٠"]
)
def test_what_is_a_time(text: str) -> None:
    assert minutes_of(text) == (24.0 if text == "24" else None)


def test_a_clock_reads_back() -> None:
    for minutes in (0.0, 59.5, 1439.0, 1510.5, 14400.0):
        assert minutes_of(clock(minutes)) == minutes
