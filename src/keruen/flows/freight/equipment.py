"""Equipment of an equilibrium by kind and zone: what came, what went, what is short, its price."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.flows.freight.cargo import EMPTY, TEU
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.returns import Returned
from keruen.flows.freight.solve import Flows, is_loaded
from keruen.model import Model

FloatArray = NDArray[np.float64]

EQUIPMENT_COLUMNS: Final = (
    *("equipment", "zone", "unit", "received_per_year", "sent_per_year"),
    *("empty_in_per_year", "empty_out_per_year", "refused_in_per_year", "refused_out_per_year"),
    *("left_per_year", "price_usd", "saving_usd", "acquire_usd", "acquired_usd_per_year"),
)
EVEN: Final = 1e-3
"""Part of what a zone sends below which a shortage is none: empties are planned on the loads of the
turn before."""

NOISE: Final = 1e-5
"""Part of what would return between two zones below which being turned away is but the gap of the
equilibrium."""


def acquiring(model: Model, freight: Freight) -> dict[str, float]:
    """Dollars that one more unit costs where it is short, by kind: a TEU, or a tonne of load.

    Returns
    -------
    dict of str to float
        ``acquire_usd`` of ``equipment``, of wagons and lorries over what one carries; not a number
        where the study tells none.
    """
    found = {}
    for one in freight.cargo:
        if one.loaded != EMPTY:
            continue
        usd = model.number("equipment", one.equipment, "acquire_usd")
        load_t = model.number("equipment", one.equipment, "unit_t") or 1.0
        unit = 1.0 if one.unit == TEU else load_t
        found[one.equipment] = np.nan if usd is None else usd / unit
    return found


class _Moves(NamedTuple):
    """Units of a kind by zone: loaded and empty, in and out, and empties turned away."""

    received: FloatArray
    sent: FloatArray
    empty_in: FloatArray
    empty_out: FloatArray
    refused_in: FloatArray
    refused_out: FloatArray

    @property
    def left(self) -> FloatArray:
        """What came less what went."""
        return self.received + self.empty_in - self.sent - self.empty_out


def _moves(flows: Flows, equipment: str) -> _Moves:
    """What moves of a kind, as routes carry it; direct links are for being turned away."""
    kind = np.array([one.equipment == equipment for one in flows.freight.cargo], dtype=np.bool_)
    own, loaded = kind[flows.pairs.user], is_loaded(flows)
    carried = flows.amount - flows.refused

    def summed(ends: NDArray[np.int64], amount: FloatArray, those: NDArray[np.bool_]) -> FloatArray:
        count = len(flows.freight.zones)
        return np.bincount(ends[those], amount[those], count).astype(np.float64)

    origin, destination = flows.pairs.origin, flows.pairs.destination
    full, bare = own & loaded, own & ~loaded
    away = np.where(flows.refused > NOISE * flows.amount, flows.refused, 0.0)
    return _Moves(
        summed(destination, carried, full),
        summed(origin, carried, full),
        summed(destination, carried, bare),
        summed(origin, carried, bare),
        summed(destination, away, bare),
        summed(origin, away, bare),
    )


def _price(found: Returned, moves: _Moves, acquire: float) -> FloatArray:
    """What a unit is worth at each zone: what it saves, at most what acquiring one costs.

    Where units are acquired, one more saves just that; where empties leave, none is.
    """
    if np.isnan(acquire):
        return found.price
    short = (moves.left < -EVEN * moves.sent) & (moves.empty_out + moves.refused_out <= 0.0)
    return np.where(short, acquire, np.minimum(found.price, acquire))


def equipment_table(flows: Flows, acquire: dict[str, float]) -> pd.DataFrame:
    """Equipment by kind and zone: loaded in and out, empty in and out, left over, its price.

    Parameters
    ----------
    flows : Flows
        The equilibrium.
    acquire : dict of str to float
        Dollars that one more unit costs, by kind (:func:`acquiring`).

    Returns
    -------
    DataFrame
        :data:`EQUIPMENT_COLUMNS`; units are TEU of containers and tonnes of capacity of wagons.
        Empties are those carried, and apart those that would return and are turned away. What is
        left is what came, loaded and empty, less what went: it stays or leaves the network
        otherwise. Below nought more went than came: so much is acquired, at ``acquire_usd`` a unit.
        ``saving_usd`` is what one more unit would save in moving empties, ``price_usd`` at most
        what acquiring one costs.
    """
    zones, cargo = list(flows.freight.zones), flows.freight.cargo
    units = {one.equipment: one.unit for one in cargo if one.loaded == EMPTY}
    frames: list[pd.DataFrame] = []
    for equipment, found in sorted(flows.equipment.items()):
        moves, usd = _moves(flows, equipment), acquire.get(equipment, np.nan)
        numbers = (
            *(*moves, moves.left, _price(found, moves, usd), found.price),
            *(np.full(len(zones), usd), np.maximum(-moves.left, 0.0) * usd),
        )
        table = dict(zip(EQUIPMENT_COLUMNS[3:], numbers, strict=True))
        who = {"equipment": equipment, "zone": zones, "unit": units[equipment]}
        frames.append(pd.DataFrame({**who, **table}).loc[np.sum(moves, axis=0) > 0.0])
    if not frames:
        return pd.DataFrame(columns=list(EQUIPMENT_COLUMNS))
    return pd.concat(frames, ignore_index=True)


class Empties(NamedTuple):
    """Units of a kind of equipment in a year, all zones together.

    Parameters
    ----------
    equipment, unit : str
        The kind, and what it is counted in: TEU, or tonnes of load.
    loaded, carried, refused : float
        Units that move loaded, that move empty, and that would return empty and are turned away.
    acquired, usd : float
        Units that are acquired where more goes than comes, and what they cost; not a number where
        the study tells no price.
    """

    equipment: str
    unit: str
    loaded: float
    carried: float
    refused: float
    acquired: float
    usd: float

    @property
    def planned(self) -> float:
        """Units that would return empty."""
        return self.carried + self.refused

    @property
    def refused_share(self) -> float:
        """Part of the empties that would return which is turned away."""
        return self.refused / self.planned if self.planned > 0.0 else 0.0


def empties(table: pd.DataFrame) -> list[Empties]:
    """Sum a table of :func:`equipment_table` of one year over zones, by kind.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "equipment": "boxes",
    ...         "unit": "TEU",
    ...         "received_per_year": [1.0, 9.0],
    ...         "empty_in_per_year": [3.0, 0.0],
    ...         "refused_in_per_year": [2.0, 0.0],
    ...         "left_per_year": [-4.0, 4.0],
    ...         "acquired_usd_per_year": [2800.0, 0.0],
    ...     }
    ... )
    >>> found = empties(table)[0]
    >>> found.loaded, found.refused_share, found.acquired, found.usd
    (10.0, 0.4, 4.0, 2800.0)
    """
    found = []
    for equipment in dict.fromkeys(table["equipment"]):
        own = table[table["equipment"] == equipment]
        one = Empties(
            str(equipment),
            str(own["unit"].iloc[0]),
            loaded=float(own["received_per_year"].sum()),
            carried=float(own["empty_in_per_year"].sum()),
            refused=float(own["refused_in_per_year"].sum()),
            acquired=float(-own["left_per_year"].clip(upper=0.0).sum()),
            usd=float(own["acquired_usd_per_year"].sum(skipna=False)),
        )
        found.append(one)
    return found
