from __future__ import annotations

import pytest

from keruen.rail.dispatch.line_network import (
    END_TRACKS,
    Windows,
    line_network,
    line_path,
    milliseconds,
)
from keruen.rail.line import Block, LineAllowances
from support.lines import gap, line_of

LINE = line_of(
    gap(20.0, 21.0, block=Block.SEMI_AUTOMATIC),
    gap(10.0, 11.0),
    gap(12.0, 13.0, 2),
    tracks=3,
    useful_m=(700.0, 700.0, 700.0, 700.0),
    allowances=LineAllowances(60.0, 120.0),
)


@pytest.mark.parametrize(("even", "tracks"), [(True, 2), (False, 3)])
def test_places_become_points(even: bool, tracks: int) -> None:
    start, loop, joint, end = line_network(LINE, Windows(False), even_tracks=even).points
    assert start.track_lengths_m == end.track_lengths_m == (1000.0,) * END_TRACKS
    assert loop.track_lengths_m == (700.0,) * tracks
    assert joint.track_lengths_m == (1000.0, 1000.0, 700.0)


def test_gaps_become_sections_and_windows_are_kept_on_request() -> None:
    kept = line_network(LINE, Windows(True, 30.0), even_tracks=True).sections
    assert [one.window_ms for one in kept] == [milliseconds(m) for m in (60.0, 60.0, 120.0)]
    assert {one.window_start_ms for one in kept} == {1_800_000}
    assert [one.one_train for one in kept] == [True, False, False]
    assert [(one.start, one.end, one.tracks) for one in kept] == [(0, 1, 1), (1, 2, 1), (2, 3, 2)]
    assert {(one.crossing_ms, one.non_simultaneous_ms) for one in kept} == {(60_000, 240_000)}
    left = line_network(LINE, Windows(False), even_tracks=True).sections
    assert {one.window_ms for one in left} == {0}


def test_a_path_runs_either_way_or_over_a_part() -> None:
    odd, even = line_path(LINE, 0, True), line_path(LINE, 0, False)
    assert (odd.points, odd.sections) == ((0, 1, 2, 3), (0, 1, 2))
    assert (even.points, even.sections) == ((3, 2, 1, 0), (2, 1, 0))
    assert even.run_ms == tuple(milliseconds(m) for m in (13.0, 11.0, 21.0))
    part = line_path(LINE, 0, False, (1, 3))
    assert (part.points, part.sections) == ((3, 2, 1), (2, 1))
