"""Money of different currencies and years brought to one real price base."""

from __future__ import annotations


def to_real_usd(amount: float, per_usd: float, index: float, base_index: float = 100.0) -> float:
    """Convert an amount to US dollars of the price base.

    ``amount / rate of the price year * index of the base / index of the price year``: first to
    dollars at the rate of the year of the prices, then deflated in dollars.

    Parameters
    ----------
    amount : float
        In the currency and prices of its year.
    per_usd : float
        Units of the currency for one dollar in that year.
    index, base_index : float
        Price index of the dollar in that year and in the base year.

    Returns
    -------
    float
        Dollars at base-year prices.

    Raises
    ------
    ValueError
        When a rate or an index is not positive.

    Examples
    --------
    >>> round(to_real_usd(543e9, 460.0, 94.0) / 1e9, 3)
    1.256
    """
    if min(per_usd, index, base_index) <= 0:
        raise ValueError("rates and indices are positive")
    return amount / per_usd * base_index / index
