"""Money of a study's tables in US dollars of its price base."""

from __future__ import annotations

from typing import Final

from keruen.appraisal.money import to_real_usd
from keruen.model.model import Model

DOLLAR: Final = "USD"


def _index(model: Model, year: int) -> float | None:
    """Dollar price index of a year; the nearest year known stands for those beyond."""
    own = model["deflators"][model["deflators"]["currency"] == DOLLAR].sort_values("year")
    if own.empty:
        return None
    years = own["year"].astype(int).tolist()
    nearest = min(years, key=lambda known: abs(known - year))
    return model.number("deflators", f"{DOLLAR}/{nearest}", "index")


def _rate(model: Model, currency: str, year: int) -> float | None:
    if currency == DOLLAR:
        return 1.0
    own = model["exchange_rates"][model["exchange_rates"]["currency"] == currency]
    if own.empty:
        return None
    years = sorted(own["year"].astype(int).tolist())
    nearest = min(years, key=lambda known: abs(known - year))
    return model.number("exchange_rates", f"{currency}/{nearest}", "per_usd")


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
