from __future__ import annotations

from pathlib import Path

import pytest

from keruen.study.money import project_cost_usd
from support.tiny_study import Tables, project, tiny_model, tiny_tables


def priced(**cells: object) -> Tables:
    """The tiny study at prices of 2024 with one project of these costs."""
    tables = tiny_tables()
    tables["projects"] = [project("p", **cells)]
    tables["exchange_rates"] = [
        {"currency": "KZT", "year": year, "per_usd": rate}
        for year, rate in ((2023, 460), (2021, 430), (2025, 500))
    ]
    tables["deflators"] = [
        {"currency": "USD", "year": year, "index": index}
        for year, index in ((2021, 88), (2023, 98), (2024, 100))
    ]
    return tables


def cost(tmp_path: Path, tables: Tables) -> float | None:
    return project_cost_usd(tiny_model(tmp_path, tables), "p")


def test_dollars_are_deflated_to_the_price_base(tmp_path: Path) -> None:
    found = cost(tmp_path, priced(cost_amount=88e6, cost_price_year=2021))
    assert found == pytest.approx(100e6)


def test_another_currency_is_exchanged_first(tmp_path: Path) -> None:
    tables = priced(cost_amount=460e6, cost_price_year=2023, cost_currency="KZT")
    assert cost(tmp_path, tables) == pytest.approx(1e6 * 100 / 98)


def test_without_an_amount_or_a_rate_no_cost_is_known(tmp_path: Path) -> None:
    blank = {"cost_amount": "", "cost_currency": "", "cost_price_year": ""}
    assert cost(tmp_path / "blank", priced(**blank, cost_reason="secret")) is None
