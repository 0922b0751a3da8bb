"""Money of a study's tables in US dollars of its price base."""

from __future__ import annotations

from typing import Final

from keruen.appraisal.money import to_real_usd
from keruen.model.model import Model

DOLLAR: Final = "USD"


def _nearest(model: Model, table: str, column: str, currency: str, year: int) -> float | None:
    """Number of a currency in the year nearest to one; of two as near that before."""
    frame = model[table]
    named = zip(frame["currency"].tolist(), frame["year"].tolist(), strict=True)
    years = sorted(int(known) for own, known in named if own == currency)
    if not years:
        return None
    nearest = min(years, key=lambda known: abs(known - year))
    return model.number(table, f"{currency}/{nearest}", column)


def _index(model: Model, year: int) -> float | None:
    """Dollar price index of a year; the nearest year known stands for those beyond."""
    return _nearest(model, "deflators", "index", DOLLAR, year)


def _rate(model: Model, currency: str, year: int) -> float | None:
    if currency == DOLLAR:
        return 1.0
    return _nearest(model, "exchange_rates", "per_usd", currency, year)


def real_usd(model: Model, amount: float, currency: str, year: int) -> float | None:
    """An amount in dollars at the price base of the study.

    Parameters
    ----------
    model : Model
        Any model of the study.
    amount : float
        Amount.
    currency : str
        Its currency.
    year : int
        Year of its prices.

    Returns
    -------
    float or None
        None when the currency has no rate. Rates and indices of years beyond the tables are those
        of the nearest year.
    """
    rate = _rate(model, currency, year)
    if rate is None:
        return None
    index, base = _index(model, year), _index(model, model.settings.price_year)
    if index is None or base is None:
        index = base = 100.0
    return to_real_usd(amount, rate, index, base)
