from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.cli.columns import text_widths


@pytest.mark.parametrize(
    ("room", "wished", "words", "widths"),
    [
        (40, [10, 20], [5, 5], [10, 20]),
        (24, [10, 20], [5, 5], [10, 14]),
        (16, [10, 20], [10, 4], [10, 6]),
        (13, [10, 20], [10, 4], [9, 4]),
        (20, [16, 30], [12, 27], [12, 8]),
        (11, [10, 20], [10, 4], None),
        (0, [], [], []),
    ],
)
def test_the_widest_gives_way_first_and_few_words_are_broken(
    room: int, wished: list[int], words: list[int], widths: list[int] | None
) -> None:
    assert text_widths(room, wished, words) == widths


@given(
    st.integers(0, 120),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted), max_size=6),
)
def test_columns_fill_the_room_and_no_more(room: int, columns: list[list[int]]) -> None:
    words, wished = [low for low, _ in columns], [high for _, high in columns]
    widths = text_widths(room, wished, words)
    least = [min(word, 8) for word in words]
    if sum(least) > room:
        assert widths is None
        return
    assert widths is not None
    assert sum(widths) == min(room, sum(wished))
    bounds = zip(least, widths, wished, strict=True)
    assert all(low <= width <= high for low, width, high in bounds)
    broken = [word for word, width in zip(words, widths, strict=True) if width < word]
    if sum(words) <= room:
        assert not broken
    else:
        assert max(words) in broken
