from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from keruen.report.labels import CLUTTER, DOT, Box, Label, place_labels

FRAME = Box(0, 0, 300, 200)


def label(key: int, x: float, y: float, priority: float = 0.0, width: float = 40) -> Label:
    return Label(key, x, y, width, 12, 4, priority)


labels = st.lists(
    st.builds(
        Label,
        st.integers(0, 999),
        st.floats(-20, 320),
        st.floats(-20, 220),
        st.floats(5, 120),
        st.just(12.0),
        st.sampled_from([0.0, 4.0]),
        st.floats(0, 5),
    ),
    max_size=25,
    unique_by=lambda entry: entry.key,
)


@given(labels)
def test_labels_overlap_neither_each_other_nor_the_edge(wanted: list[Label]) -> None:
    symbols = [Box(100, 100, 110, 110)]
    placed = place_labels(wanted, FRAME, symbols)
    for first, second in itertools.combinations(placed, 2):
        assert not first.box.meets(second.box)
    for place in placed:
        assert FRAME.holds((place.box.left, place.box.top))
        assert FRAME.holds((place.box.right, place.box.bottom))
        assert not place.box.meets(symbols[0])
    assert len({place.key for place in placed}) == len(placed)


def test_a_free_label_stands_to_the_right_of_its_point() -> None:
    (place,) = place_labels([label(7, 100, 100)], FRAME)
    assert place.key == 7
    assert place.anchor == "start"
    assert place.box.left == 104
    assert (place.box.top + place.box.bottom) / 2 == 100


def test_the_more_important_label_wins_the_only_place() -> None:
    narrow = Box(0, 0, 60, 14)
    placed = place_labels([label(0, 10, 7, 1), label(1, 10, 7, 9)], narrow)
    assert [place.key for place in placed] == [1]


def test_a_label_keeps_off_a_line_where_it_can() -> None:
    line = [(100.0, 100.0), (200.0, 100.0)]
    (place,) = place_labels([label(0, 100, 100)], FRAME, lines=[line])
    assert place.anchor == "end"


def test_no_label_rather_than_one_that_hides_the_lines() -> None:
    rows = [[(0.0, y), (300.0, y)] for y in range(0, 201, 5)]
    assert place_labels([label(0, 150, 100, width=CLUTTER * DOT)], FRAME, lines=rows) == []


def test_the_name_of_an_area_is_centred_and_may_drift() -> None:
    sea = Label(0, 150, 100, 60, 12, 0.0, 0.0)
    (free,) = place_labels([sea], FRAME)
    assert (free.box.left + free.box.right) / 2 == 150
    assert free.anchor == "middle"
    (moved,) = place_labels([sea], FRAME, lines=[[(100.0, 100.0), (200.0, 100.0)]])
    assert not moved.box.holds((150, 100))
