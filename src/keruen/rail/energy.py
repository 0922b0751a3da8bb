"""From the wheel to the wire, the substation and the tank.

Work at the rim is what the train needs; what it costs depends on the chain behind: converter,
motors and auxiliaries, catenary and transformer, or engine and transmission.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.errors import require_range

DIESEL_HEAT_MJ_PER_KG: Final = 42.7
"""Net calorific value of diesel fuel (assumption: a usual value, from memory)."""

DIESEL_KG_PER_L: Final = 0.84
"""Density of diesel fuel (assumption)."""

_TINY: Final = 1e-9
_SECONDS_PER_HOUR: Final = 3600.0
_MJ_PER_KWH: Final = 3.6


class ElectricSupply(NamedTuple):
    """Chain of an electric locomotive.

    Parameters
    ----------
    efficiency : float
        Rim over wire when pulling (assumption: 0.82 to 0.88 with modern converters).
    regeneration_efficiency : float
        Wire over rim when braking with the motors (assumption).
    returned_share : float
        Share of what reaches the wire that others take up; the rest is burnt in resistors
        (assumption).
    auxiliary_kw : float
        Of one locomotive at any time, standing too (assumption); in :func:`wire_energy` of all
        that share the work.
    catenary_loss, transformer_loss : float
        Shares lost between substation and train, and in the substation (assumptions).
    """

    efficiency: float = 0.85
    regeneration_efficiency: float = 0.85
    returned_share: float = 0.8
    auxiliary_kw: float = 100.0
    catenary_loss: float = 0.04
    transformer_loss: float = 0.02


class DieselSupply(NamedTuple):
    """Engine and transmission of a diesel locomotive, by load.

    Parameters
    ----------
    load_share : tuple of float
        Loads as shares of the rated power at the rim, rising, the last one 1.
    efficiency : tuple of float
        Rim over fuel at these loads, auxiliaries included (assumption: 0.30 to 0.35 where the
        engine works hard, less below).
    idle_l_per_h : float
        Fuel of one locomotive without power (assumption); in :func:`fuel_l` of all that share the
        work.
    """

    load_share: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 1.0)
    efficiency: tuple[float, ...] = (0.20, 0.27, 0.32, 0.34, 0.34)
    idle_l_per_h: float = 15.0


Supply = ElectricSupply | DieselSupply


class WireEnergy(NamedTuple):
    """Energy of an electric train by step.

    Parameters
    ----------
    taken_kwh, returned_kwh : array
        From and to the wire.
    substation_kwh : array
        At the substation's intake, losses in, net of what others took up.
    """

    taken_kwh: NDArray[np.float64]
    returned_kwh: NDArray[np.float64]
    substation_kwh: NDArray[np.float64]


def wire_energy(
    pull_kwh: ArrayLike, brake_kwh: ArrayLike, seconds: ArrayLike, supply: ElectricSupply
) -> WireEnergy:
    """Energy at the wire and at the substation, step by step.

    ``taken = pull / efficiency + auxiliaries``, ``returned = brake * efficiency * share``,
    ``substation = taken / ((1 - catenary) (1 - transformer)) - returned (1 - catenary)``: what is
    returned feeds other trains of the section and passes no transformer.

    Parameters
    ----------
    pull_kwh, brake_kwh : array, shape (steps,)
        Work at the rim of pulling, and of braking with the motors; not negative.
    seconds : array, shape (steps,)
        Duration.
    supply : ElectricSupply
        The chain.

    Returns
    -------
    WireEnergy
        By step.

    Raises
    ------
    keruen.errors.RangeError
        If an efficiency or a share is not one.

    Examples
    --------
    >>> found = wire_energy([85.0], [0.0], [0.0], ElectricSupply(efficiency=0.85))
    >>> found.taken_kwh.round(6).tolist(), found.substation_kwh.round(2).tolist()
    ([100.0], [106.29])
    """
    require_range("efficiency", supply.efficiency, _TINY, 1.0)
    require_range("regeneration_efficiency", supply.regeneration_efficiency, 0.0, 1.0)
    require_range("returned_share", supply.returned_share, 0.0, 1.0)
    require_range("auxiliary_kw", supply.auxiliary_kw, 0.0)
    require_range("catenary_loss", supply.catenary_loss, 0.0, 1.0 - _TINY)
    require_range("transformer_loss", supply.transformer_loss, 0.0, 1.0 - _TINY)
    auxiliary = supply.auxiliary_kw * np.asarray(seconds, dtype=np.float64) / _SECONDS_PER_HOUR
    taken = np.asarray(pull_kwh, dtype=np.float64) / supply.efficiency + auxiliary
    regained = np.asarray(brake_kwh, dtype=np.float64) * supply.regeneration_efficiency
    returned = regained * supply.returned_share
    through = (1.0 - supply.catenary_loss) * (1.0 - supply.transformer_loss)
    substation = taken / through - returned * (1.0 - supply.catenary_loss)
    return WireEnergy(taken, returned, substation)


def fuel_l(
    pull_kwh: ArrayLike, seconds: ArrayLike, power_kw: float, supply: DieselSupply
) -> NDArray[np.float64]:
    """Litres of diesel fuel, step by step.

    Between the loads of the map the flow of fuel, not the efficiency, is interpolated, and below
    the least load down to idling, so that fuel never falls where load rises.

    Parameters
    ----------
    pull_kwh : array, shape (steps,)
        Work at the rim, not negative.
    seconds : array, shape (steps,)
        Duration, positive.
    power_kw : float
        Rated power at the rim of all locomotives that share the work.
    supply : DieselSupply
        The map.

    Returns
    -------
    array, shape (steps,)
        Litres.

    Raises
    ------
    keruen.errors.RangeError
        If the map is not rising to 1, an efficiency is not one, or a number is negative.

    Examples
    --------
    >>> fuel_l([2000.0], [3600.0], 2000.0, DieselSupply()).round(1).tolist()
    [590.4]
    """
    loads = np.asarray(supply.load_share, dtype=np.float64)
    shares = np.asarray(supply.efficiency, dtype=np.float64)
    require_range("load_share", float(loads.size), 1.0)
    require_range("load_share", float(np.diff(loads, prepend=0.0).min()), _TINY)
    require_range("load_share", float(loads[-1]), 1.0, 1.0)
    require_range("efficiency", float(shares.size), loads.size, loads.size)
    require_range("efficiency", float(shares.min()), _TINY, 1.0)
    require_range("efficiency", float(shares.max()), _TINY, 1.0)
    require_range("idle_l_per_h", supply.idle_l_per_h, 0.0)
    require_range("power_kw", power_kw, _TINY)
    litre_kwh = DIESEL_HEAT_MJ_PER_KG * DIESEL_KG_PER_L / _MJ_PER_KWH
    flows = loads * power_kw / (shares * litre_kwh)
    hours = np.asarray(seconds, dtype=np.float64) / _SECONDS_PER_HOUR
    load = np.asarray(pull_kwh, dtype=np.float64) / hours / power_kw
    flow = np.interp(load, np.append(0.0, loads), np.append(supply.idle_l_per_h, flows))
    litres: NDArray[np.float64] = flow * hours
    return litres
