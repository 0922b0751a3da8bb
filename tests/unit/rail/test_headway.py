from __future__ import annotations

import pytest

from keruen.errors import RangeError
from keruen.rail.headway import automatic_block_headway_min, semi_automatic_headway_min


def test_the_longest_three_blocks_in_a_row_decide() -> None:
    blocks = [2000.0, 2000.0, 2000.0, 2600.0, 2600.0, 2600.0, 1500.0]
    expected = 0.06 * (3 * 2600.0 + 1000.0) / 60.0 + 0.05
    assert automatic_block_headway_min(blocks, 1000.0, 60.0, 0.05) == pytest.approx(expected)


def test_a_short_section_counts_all_its_blocks() -> None:
    assert automatic_block_headway_min([1500.0, 2500.0], 1000.0, 60.0, 0.0) == pytest.approx(5.0)


def test_impossible_blocks_are_refused() -> None:
    with pytest.raises(RangeError):
        automatic_block_headway_min([], 1000.0, 60.0, 0.0)
    with pytest.raises(RangeError):
        automatic_block_headway_min([2000.0], 1000.0, 0.0, 0.0)
    with pytest.raises(RangeError):
        automatic_block_headway_min([2000.0, -1.0], 1000.0, 60.0, 0.0)


def test_semi_automatic_block_is_the_whole_section_and_an_interval() -> None:
    assert semi_automatic_headway_min(53.5, 4.0) == 57.5
    with pytest.raises(RangeError):
        semi_automatic_headway_min(-1.0, 4.0)
