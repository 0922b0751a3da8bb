from __future__ import annotations

import random

from keruen.events.calendar import DAY_MS, window_end


def test_the_end_of_a_window_is_the_first_time_that_does_not_meet_it() -> None:
    dice = random.Random(3)
    hour = DAY_MS // 24
    for _ in range(500):
        start, length = dice.randrange(24) * hour, dice.randrange(1, 12) * hour
        lasting, time = dice.randrange(1, 6) * hour, dice.randrange(96) * hour

        def meets(
            begin: int, start: int = start, length: int = length, lasting: int = lasting
        ) -> bool:
            return any(
                begin < day * DAY_MS + start + length and begin + lasting > day * DAY_MS + start
                for day in range(-2, 7)
            )

        end = window_end(time, lasting, start, length)
        assert (end == time) != meets(time)
        assert not meets(end) or length + lasting > DAY_MS
        assert all(meets(between) for between in range(time, end, hour))


def test_no_window_lets_everything_through() -> None:
    assert window_end(5, 10**12, 0, 0) == 5
