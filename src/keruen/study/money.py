"""Costs of a study's projects in US dollars of one price base."""

from __future__ import annotations

from keruen.appraisal.money import to_real_usd
from keruen.model import Model

DOLLAR = "USD"


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


def project_cost_usd(model: Model, project: str) -> float | None:
    """Cost of a project in dollars at the price base of the study.

    Parameters
    ----------
    model : Model
        Any model of the study.
    project : str
        Row of ``projects``.

    Returns
    -------
    float or None
        None when no cost is known or its currency cannot be converted. Rates and indices of years
        beyond the tables are those of the nearest year.
    """
    amount = model.number("projects", project, "cost_amount")
    year = model.number("projects", project, "cost_price_year")
    currency = model.text("projects", project, "cost_currency")
    if amount is None or year is None:
        return None
    rate = _rate(model, currency, int(year))
    index, base = _index(model, int(year)), _index(model, model.settings.price_year)
    if rate is None:
        return None
    if index is None or base is None:
        index = base = 100.0
    return to_real_usd(amount, rate, index, base)
