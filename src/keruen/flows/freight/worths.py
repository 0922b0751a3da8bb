"""What goods of a relation are worth, where that is not the mean of their commodity."""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.flows.freight.cargo import HOURS_PER_DAY
from keruen.flows.freight.relation import Relation, relation_of
from keruen.model import Model

MARK: Final = "="
"""Begins the part of a segment's name that says what its goods are worth."""


class Worth(NamedTuple):
    """Goods of a commodity between some zones.

    Parameters
    ----------
    row : str
        Row of ``cargo_values``.
    commodity : str
        Commodity.
    relation : Relation
        Between which zones it holds.
    ratio : float
        Value of a unit over that of the commodity.
    dearer_usd_per_h : float
        What an hour of a unit costs its owner more than an hour of the commodity's mean unit.
    """

    row: str
    commodity: str
    relation: Relation
    ratio: float
    dearer_usd_per_h: float

    @property
    def mark(self) -> str:
        """Its part of the name of a segment."""
        return f"{MARK}{self.row}"

    def concerns(self, commodity: str, ends: tuple[frozenset[str], frozenset[str]]) -> bool:
        """Whether it holds for a commodity between zones of these groups."""
        return self.commodity == commodity and self.relation.covers(*ends)


def worths_of(model: Model) -> tuple[Worth, ...]:
    """Values of goods by relation, by id; none where the commodity itself has no value.

    Parameters
    ----------
    model : Model
        With ``cargo_values`` and ``commodities``.
    """
    frame = model["cargo_values"].sort_index()
    found = []
    for row, cells in zip(map(str, frame.index), frame.to_dict("records"), strict=True):
        commodity = str(cells["commodity"])
        mean = model.number("commodities", commodity, "cargo_value_usd_per_unit")
        decay = model.number("commodities", commodity, "time_cost_share_per_day")
        if mean and decay is not None:
            own = float(cells["cargo_value_usd_per_unit"])
            dearer = (own - mean) * decay / HOURS_PER_DAY
            found.append(Worth(row, commodity, relation_of(cells), own / mean, dearer))
    return tuple(found)
