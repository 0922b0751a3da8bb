"""Costs of a study's projects in US dollars of one price base."""

from __future__ import annotations

from keruen.model import Model
from keruen.model.money import real_usd


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
        None when no cost is known or its currency cannot be converted
        (:func:`keruen.model.money.real_usd`).
    """
    amount = model.number("projects", project, "cost_amount")
    year = model.number("projects", project, "cost_price_year")
    if amount is None or year is None:
        return None
    return real_usd(model, amount, model.text("projects", project, "cost_currency"), int(year))
