"""What flows suppose everywhere: the row of ``flow_assumptions``, or the schema's defaults."""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.model import Model
from keruen.schema import load_schema
from keruen.units import HOURS_PER_DAY

TABLE: Final = "flow_assumptions"
ROW: Final = "flows"


class Assumptions(NamedTuple):
    """Numbers that hold on the whole network.

    Parameters
    ----------
    ship_lots : float
        Consignments that a ship takes and that come apart: what varies from ship to ship varies as
        their mean, so that half-used ships make cargo wait ``interval / (2 * ship_lots)``.
    wait_ceiling_share : float
        Utilisation at which the curve of waits goes on along its tangent. Beyond it the capacity
        and its price do what a longer queue would.
    road_km_per_day : float
        Way of a lorry in a day, stops and rest included.
    detour_ratio : float
        How many times as long as the shortest a way may be for a price between two places to hold
        on it.
    crossing_km : float
        How far apart the two stations of a crossing lie at most. Where they lie farther apart the
        rails between them are a leg of their own, with what is done at the border before and
        behind.
    """

    ship_lots: float
    wait_ceiling_share: float
    road_km_per_day: float
    detour_ratio: float
    crossing_km: float

    @property
    def road_km_per_h(self) -> float:
        """Mean speed of a lorry over a day, stops and rest included.

        >>> Assumptions(8.0, 0.9, 600.0, 1.2, 30.0).road_km_per_h
        25.0
        """
        return self.road_km_per_day / HOURS_PER_DAY


def assumptions_of(model: Model) -> Assumptions:
    """What flows of a study suppose.

    Parameters
    ----------
    model : Model
        The study. Where it has no row of ``flow_assumptions`` the defaults of the schema hold,
        which ``keruen check`` tells.

    Returns
    -------
    Assumptions

    Examples
    --------
    >>> float(load_schema()[TABLE].columns["road_km_per_day"].default)
    600.0
    """
    columns = load_schema()[TABLE].columns
    found = []
    for name in Assumptions._fields:
        stated = model.number(TABLE, ROW, name) if ROW in model[TABLE].index else None
        found.append(float(columns[name].default) if stated is None else stated)
    return Assumptions(*found)
