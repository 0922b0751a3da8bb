from __future__ import annotations

from pathlib import Path

import pytest

from keruen.model import Model
from keruen.model.money import real_usd
from support.tiny_study import tiny_model, tiny_tables


def model(tmp_path: Path, *, deflated: bool = True, order: int = 1) -> Model:
    """The tiny study at prices of 2024."""
    tables = tiny_tables()
    rates = ((2023, 460), (2021, 430), (2025, 500))
    tables["exchange_rates"] = [
        {"currency": "KZT", "year": year, "per_usd": rate} for year, rate in rates[::order]
    ]
    indices = ((2021, 88), (2023, 98), (2024, 100)) if deflated else ()
    tables["deflators"] = [
        {"currency": "USD", "year": year, "index": index} for year, index in indices[::order]
    ]
    return tiny_model(tmp_path, tables)


def test_dollars_are_deflated_to_the_price_base(tmp_path: Path) -> None:
    own = model(tmp_path)
    assert real_usd(own, 88.0, "USD", 2021) == pytest.approx(100.0)
    assert real_usd(own, 88.0, "USD", 2024) == pytest.approx(88.0)


def test_another_currency_is_exchanged_first(tmp_path: Path) -> None:
    assert real_usd(model(tmp_path), 460.0, "KZT", 2023) == pytest.approx(100.0 / 98.0)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("year", "found"),
    [(2022, 1.0 * 100 / 88), (2010, 1.0 * 100 / 88), (2030, 430.0 / 500.0)],
)
def test_years_beyond_the_tables_take_the_nearest_and_of_two_the_earlier(
    tmp_path: Path, order: int, year: int, found: float
) -> None:
    assert real_usd(model(tmp_path, order=order), 430.0, "KZT", year) == pytest.approx(found)


def test_a_currency_without_a_rate_has_no_worth(tmp_path: Path) -> None:
    assert real_usd(model(tmp_path), 1.0, "CNY", 2023) is None


def test_without_deflators_prices_stay_as_they_are(tmp_path: Path) -> None:
    assert real_usd(model(tmp_path, deflated=False), 88.0, "USD", 2021) == 88.0
