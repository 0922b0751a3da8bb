from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.given_timetable import THRESHOLD, compressed_timetable, path_of
from keruen.errors import FailedError
from keruen.rail.line_capacity import Level
from keruen.rail.timetable import occupied_min
from support.given_timetables import HEADER, PAIR, given, line_by_hand


def codes(line_text: str, folder: Path) -> list[str]:
    return [
        one.code for one in compressed_timetable(line_by_hand(), given(folder, line_text)).problems
    ]


def test_time_over_a_section_is_parted_in_proportion_to_running_times(tmp_path: Path) -> None:
    line = line_by_hand()
    odd, even = (path_of(line.description, one) for one in given(tmp_path, PAIR).trains)
    # 47 min from a to b, 2 to start and 1 to stop: 44 in the proportion of 24 to 20.
    assert odd.run_min == pytest.approx((24.0, 20.0, 22.0))
    assert odd.entry_min == pytest.approx((360.0, 386.0, 410.0))
    assert odd.stops == (True, False, True, True)
    # 26 min from d to b with a start; 49 from b to a with a stop, 48 as 20 to 24.
    assert even.run_min == pytest.approx((48 * 24 / 44, 48 * 20 / 44, 24.0))
    assert even.entry_min == pytest.approx((406 + 48 * 20 / 44, 406.0, 380.0))
    arrives = [
        path.entry_min[gap] + occupied_min(line.description, path, gap)
        for path, gap in ((odd, 1), (odd, 2), (even, 2), (even, 0))
    ]
    assert arrives == pytest.approx([407.0, 435.0, 406.0, 455.0])


def test_sections_by_hand(tmp_path: Path) -> None:
    found = compressed_timetable(line_by_hand(), given(tmp_path, PAIR))
    first, second, third = found.sections
    assert (first.first_place, first.last_place, third.last_place) == (0, 1, 3)
    # a to the loop: 26 and 48*24/44+1 min; crossing costs 1 at a, where the odd train has stood,
    # and 4 at the loop, which the even one passes.
    assert first.occupancy_min == pytest.approx(26 + 48 * 24 / 44 + 1 + 4 + 1)
    # b to d: 25 min and 26; 1 at d, where the even train has stood, and 1 at b, the odd one.
    assert third.occupancy_min == pytest.approx(25 + 26 + 1 + 1)
    assert second.occupancy_min == pytest.approx(21 + 48 * 20 / 44 + 4 + 4)
    assert first.consumption_share == pytest.approx(first.occupancy_min / 1440)
    assert [one.trains for one in found.sections] == [2, 2, 2]
    assert not found.problems


def test_levels_scale_the_timetable_where_it_takes_most(tmp_path: Path) -> None:
    found = compressed_timetable(line_by_hand(window_min=720.0), given(tmp_path, PAIR))
    by_level = {one.level: one for one in found.levels}
    first, _, third = found.sections
    assert by_level[Level.MAXIMAL].trains_per_day == pytest.approx(2 / first.consumption_share)
    assert by_level[Level.MAXIMAL].section == "ab"
    # The window is that of the last gap alone, and decides there.
    assert third.admissible[Level.AVAILABLE] == pytest.approx(0.5)
    assert by_level[Level.AVAILABLE].section == "bd"
    assert by_level[Level.AVAILABLE].trains_per_day == pytest.approx(1 / third.consumption_share)
    assert first.admissible[Level.PRACTICAL] == THRESHOLD.share
    for level, one in by_level.items():
        assert one.result.pairs_per_day == pytest.approx(one.trains_per_day / 2)
        assert one.trains_per_day == min(s.trains_per_day(level) for s in found.sections)


def test_stretches_of_one_gauge_are_lines_of_their_own(tmp_path: Path) -> None:
    broken = line_by_hand(breaks=(2,))
    text = HEADER + "1,freight,b,,06:00\n1,freight,d,06:25,\n"
    (section,) = compressed_timetable(broken, given(tmp_path, text, broken)).sections
    assert (section.first_place, section.last_place) == (2, 3)
    assert section.occupancy_min == pytest.approx(8.0)  # one train after the other: the headway


def test_no_time_to_run_is_an_error_and_haste_a_warning(tmp_path: Path) -> None:
    with pytest.raises(FailedError) as told:
        compressed_timetable(
            line_by_hand(), given(tmp_path, PAIR.replace("06:47,06:50", "06:03,06:50"))
        )
    (problem,) = told.value.problems
    assert (problem.code, problem.file, problem.row, problem.column) == (
        "timetable_no_time_to_run",
        "trains.csv",
        3,
        "arrival",
    )
    assert problem.params["needed"] == 47.0
    assert codes(PAIR.replace("07:15", "07:14"), tmp_path) == []
    assert codes(PAIR.replace("07:15", "07:13"), tmp_path) == ["timetable_quicker_than_run"]


def test_trains_on_one_track_at_one_time_are_warned_of(tmp_path: Path) -> None:
    # The even train leaves d before the odd one has come.
    text = PAIR.replace("2,freight,d,,06:20", "2,freight,d,,07:00")
    text = text.replace("2,freight,b,,06:46", "2,freight,b,,07:26").replace("07:35", "08:15")
    assert codes(text, tmp_path) == ["timetable_meets_in_gap"]


def test_no_room_to_cross(tmp_path: Path) -> None:
    short = line_by_hand(useful_m=500.0)
    text = PAIR.replace("2,freight,b,,06:46", "2,freight,b,06:46,06:48")
    with pytest.raises(FailedError) as told:
        compressed_timetable(short, given(tmp_path, text, short))
    (problem,) = told.value.problems
    assert (problem.code, problem.row, problem.params["row"]) == (
        "timetable_no_room_to_cross",
        3,
        6,
    )
    # Passing it one after the other they need no room, and a passenger train finds it.
    assert compressed_timetable(short, given(tmp_path, PAIR, short)).sections
    fast = text.replace("2,freight", "2,passenger")
    assert compressed_timetable(short, given(tmp_path, fast, short)).sections


def test_an_order_that_cannot_be_kept_is_told_and_leaves_no_train(tmp_path: Path) -> None:
    short = line_by_hand(useful_m=500.0)
    # The second train begins later, and is at b before the first; for fear of the third, which
    # they cannot cross there, the line is one section.
    text = (
        HEADER
        + "1,freight,a,,06:00\n1,freight,b,07:10,\n1,freight,d,07:40,\n"
        + "3,freight,a,,06:10\n3,freight,b,06:58,\n3,freight,d,07:22,\n"
        + "2,freight,d,,12:00\n2,freight,b,12:30,\n2,freight,a,13:20,\n"
    )
    found = compressed_timetable(short, given(tmp_path, text, short))
    assert "timetable_order_not_kept" in [one.code for one in found.problems]
    assert found.levels[0].trains_per_day == 0.0
