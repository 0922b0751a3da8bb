from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.given_dispatch import given_line_timetable
from keruen.capacity.line_dispatch import UNDISTURBED, Disturbed, LineDispatch, dispatch_line
from keruen.capacity.line_records import line_records
from keruen.rail.dispatch.network import Cause, Policy
from support.given_timetables import HEADER, PAIR, given, line_by_hand

ALONE = HEADER + "9,passenger,a,,23:30\n9,passenger,b,23:57,24:12\n9,passenger,d,24:40,\n"


def ran(folder: Path, text: str, days: int = 1, disturbed: Disturbed = UNDISTURBED) -> LineDispatch:
    line = line_by_hand()
    timetable = given_line_timetable("main", line, given(folder, text, line, whole=False), days)
    return dispatch_line(timetable, Policy.FIRST_COME, 5, disturbed)


def test_trains_that_meet_nobody_run_as_their_timetable_says(tmp_path: Path) -> None:
    found = ran(tmp_path, ALONE)
    rows = [row for row in line_records(found, None) if row[0] == "9"]
    assert [(row[3], row[4], float(row[7]), float(row[8]), row[11]) for row in rows] == [
        ("section", "ab", 1410.0, pytest.approx(1425.091, abs=2e-3), ""),
        ("section", "ab", pytest.approx(1425.091, abs=2e-3), 1437.0, ""),
        ("place", "b", 1437.0, 1452.0, "dwell"),
        ("section", "bd", 1452.0, 1480.0, ""),
    ]
    assert found.delays_min().tolist() == [0.0]


def test_the_same_trains_every_day_by_name(tmp_path: Path) -> None:
    found = ran(tmp_path, PAIR, days=2)
    assert found.finished.sum() == 4
    assert {row[0] for row in line_records(found, None)} == {"1/1", "1/2", "2/1", "2/2"}
    assert found.timetable.freight_pairs == 1.0


def test_a_train_over_a_part_of_the_line(tmp_path: Path) -> None:
    found = ran(tmp_path, HEADER + "1,domestic,d,,06:00\n1,domestic,b,06:30,\n")
    assert [row[4:7] for row in line_records(found, None)] == [("bd", "d", "b")]


def test_disturbances_are_drawn_by_the_seed_and_are_no_delay(tmp_path: Path) -> None:
    late = Disturbed(entry_delay_min=10.0)
    found, again = (ran(tmp_path, ALONE, 7, late) for _ in range(2))
    assert found.finish_ms.tolist() == again.finish_ms.tolist()
    waits = found.waits_min()[Cause.DISTURBANCE]
    assert waits.size == 7
    assert len(set(waits.tolist())) == 7
    assert found.delays_min().max() == 0.0
    slow = ran(tmp_path, ALONE, 7, Disturbed(running_share=0.5))
    plain = ran(tmp_path, ALONE, 7)
    longer = (slow.finish_ms - plain.finish_ms)[plain.finished] / 6e4
    assert 0.0 < longer.min() < longer.max() < 0.5 * 70.0
    assert Cause.DISTURBANCE not in slow.waits_min()


def test_means_of_the_distributions(tmp_path: Path) -> None:
    many = HEADER + "".join(
        f"{n},passenger,b,,{14 * n}\n{n},passenger,d,{14 * n + 14},\n" for n in range(100)
    )
    found = ran(tmp_path, many, 7, Disturbed(entry_delay_min=10.0))
    waits = found.waits_min()[Cause.DISTURBANCE]
    assert waits.mean() == pytest.approx(10.0, rel=0.15)
    assert waits.std() == pytest.approx(10.0, rel=0.2)
