from __future__ import annotations

import pytest

from keruen.appraisal.money import to_real_usd


def test_first_to_dollars_then_to_the_prices_of_the_base() -> None:
    assert to_real_usd(460.0, 460.0, 94.0) == pytest.approx(100 / 94)
    assert to_real_usd(100.0, 1.0, 83.0, 98.0) == pytest.approx(100 * 98 / 83)
    assert to_real_usd(100.0, 1.0, 98.0, 98.0) == 100.0


@pytest.mark.parametrize("numbers", [(1.0, 0.0, 100.0), (1.0, 1.0, 0.0), (1.0, 1.0, 1.0, -1.0)])
def test_rates_and_indices_are_positive(numbers: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="positive"):
        to_real_usd(*numbers)
