"""What it costs to go another way than by the network: by sea from China to Europe, say."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from keruen.flows.freight.cargo import HOURS_PER_DAY, Cargo
from keruen.flows.freight.relation import Relation, relation_of
from keruen.model import Model
from keruen.model.model import in_force


class Option(NamedTuple):
    """Another way for a relation.

    Parameters
    ----------
    row : str
        Row of ``outside_options``.
    commodity : str
        Commodity.
    relation : Relation
        Between which zones it leads.
    usd, hours : float
        Cost and time of a unit from door to door.
    """

    row: str
    commodity: str
    relation: Relation
    usd: float
    hours: float


class Outside(NamedTuple):
    """Other ways of a day."""

    options: tuple[Option, ...]

    def cost(self, cargo: Cargo, ends: tuple[frozenset[str], frozenset[str]]) -> float | None:
        """Cost of the cheapest other way with the time it takes; None where there is none.

        Parameters
        ----------
        cargo : Cargo
            Class of cargo, whose time has a price.
        ends : tuple of frozenset of str
            Groups of the zones of origin and destination.
        """
        costs = [one.usd + one.hours * cargo.value_usd_per_h for one in self.of(cargo, ends)]
        return min(costs, default=None)

    def of(self, cargo: Cargo, ends: tuple[frozenset[str], frozenset[str]]) -> tuple[Option, ...]:
        """Other ways of a class of cargo between zones of these groups."""
        return tuple(
            option
            for option in self.options
            if option.commodity == cargo.commodity and option.relation.covers(*ends)
        )


def outside_on(model: Model, day: date) -> Outside:
    """Other ways in force on a day, by id."""
    frame = in_force(model["outside_options"], day).sort_index()
    found = []
    for row, cells in zip(map(str, frame.index), frame.to_dict("records"), strict=True):
        cost, days = (
            model.number("outside_options", row, name) or 0.0
            for name in ("cost_usd_per_unit", "time_days")
        )
        relation, hours = relation_of(cells), days * HOURS_PER_DAY
        found.append(Option(row, str(cells["commodity"]), relation, cost, hours))
    return Outside(tuple(found))
