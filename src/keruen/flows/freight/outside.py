"""What it costs to go another way than by the network: by sea from China to Europe, say."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from keruen.flows.freight.cargo import HOURS_PER_DAY, Cargo
from keruen.model import Model
from keruen.model.cells import as_date


class Option(NamedTuple):
    """Another way for a relation.

    Parameters
    ----------
    row : str
        Row of ``outside_options``.
    commodity : str
        Commodity.
    groups : tuple of str
        Groups of zones of origin and destination; empty for all.
    both : bool
        Whether it holds back as well.
    usd, hours : float
        Cost and time of a unit from door to door.
    """

    row: str
    commodity: str
    groups: tuple[str, str]
    both: bool
    usd: float
    hours: float


class Outside(NamedTuple):
    """Other ways of a day."""

    options: tuple[Option, ...]

    def cost(self, cargo: Cargo, groups: tuple[frozenset[str], ...]) -> float | None:
        """Cost of the cheapest other way with the time it takes; None where there is none.

        Parameters
        ----------
        cargo : Cargo
            Class of cargo, whose time has a price.
        groups : tuple of frozenset of str
            Groups of the zones of origin and destination.
        """

        def between(option: Option) -> bool:
            named = option.groups
            ways = [groups, groups[::-1]] if option.both else [groups]
            return any(
                all(not one or one in own for one, own in zip(named, way, strict=True))
                for way in ways
            )

        costs = [
            option.usd + option.hours * cargo.value_usd_per_h
            for option in self.options
            if option.commodity == cargo.commodity and between(option)
        ]
        return min(costs, default=None)


def outside_on(model: Model, day: date) -> Outside:
    """Other ways in force on a day, by id."""
    frame = model["outside_options"].sort_index()
    found = []
    for row, cells in zip(map(str, frame.index), frame.to_dict("records"), strict=True):
        since, until = as_date(cells["from_date"]), as_date(cells["to_date"])
        if (since is not None and since > day) or (until is not None and until < day):
            continue
        cost, days = (
            model.number("outside_options", row, name) or 0.0
            for name in ("cost_usd_per_unit", "time_days")
        )
        ends = (str(cells["from_group"] or ""), str(cells["to_group"] or ""))
        both = cells["ways"] == "both"
        hours = days * HOURS_PER_DAY
        found.append(Option(row, str(cells["commodity"]), ends, both, cost, hours))
    return Outside(tuple(found))
