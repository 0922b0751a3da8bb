"""Priors of demand between zones, and what containers leave behind: numbers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def gravity(
    origin_masses: FloatArray, destination_masses: FloatArray, deterrence: FloatArray
) -> FloatArray:
    """Gravity prior: mass of the origin by mass of the destination by deterrence.

    Parameters
    ----------
    origin_masses, destination_masses : ndarray, shape (zones,)
        Weights in one measure; the size of the prior is theirs and means nothing by itself.
    deterrence : ndarray, shape (zones, zones)
        Between 0 and 1, from row to column.

    Returns
    -------
    ndarray, shape (zones, zones)
        Nought on the diagonal: no zone trades with itself here.

    Examples
    --------
    >>> gravity(np.array([2.0, 1.0]), np.array([1.0, 3.0]), np.ones((2, 2))).tolist()
    [[0.0, 6.0], [1.0, 0.0]]
    """
    prior = np.outer(origin_masses, destination_masses) * deterrence
    np.fill_diagonal(prior, 0.0)
    return prior


def exponential_deterrence(distances_km: FloatArray, deterrence_km: float | None) -> FloatArray:
    """Deterrence ``exp(-d / d0)``; 1 everywhere when distance does not deter, 0 where no way leads.

    Parameters
    ----------
    distances_km : ndarray
        Distances; infinite where there is no way.
    deterrence_km : float or None
        Distance over which it falls by a factor e.

    Examples
    --------
    >>> exponential_deterrence(np.array([0.0, 1000.0, np.inf]), 1000.0).round(3).tolist()
    [1.0, 0.368, 0.0]
    """
    if deterrence_km is None:
        return np.where(np.isfinite(distances_km), 1.0, 0.0)
    return np.exp(-distances_km / deterrence_km)


def returning_empties(loaded: FloatArray, return_shares: FloatArray) -> FloatArray:
    r"""Empty containers that go back from where more arrive loaded than leave.

    A zone that receives more loaded containers than it sends has a surplus
    :math:`s_i = \max(0, \sum_j L_{ji} - \sum_j L_{ij})`. Of that it sends :math:`\rho_i s_i` back
    empty, to the zones from which it receives more than it sends them, in proportion to how much
    more that is:

    .. math:: E_{ij} = \rho_i s_i \frac{n_{ij}}{\sum_k n_{ik}}, \qquad
        n_{ij} = \max(0, L_{ji} - L_{ij})

    Parameters
    ----------
    loaded : ndarray, shape (zones, zones)
        Loaded containers from row to column.
    return_shares : ndarray, shape (zones,)
        Share of the surplus that goes back empty over land, 0 to 1.

    Returns
    -------
    ndarray, shape (zones, zones)
        Never more between two zones than they lack of balance.

    Examples
    --------
    100 go west, 40 come back loaded: of the 60 left half return empty.

    >>> loaded = np.array([[0.0, 100.0], [40.0, 0.0]])
    >>> returning_empties(loaded, np.array([0.5, 0.5])).tolist()
    [[0.0, 0.0], [30.0, 0.0]]
    """
    surplus = np.maximum(loaded.sum(axis=0) - loaded.sum(axis=1), 0.0)
    owed = np.maximum(loaded.T - loaded, 0.0)
    sums = owed.sum(axis=1)
    ratios = np.divide(surplus * return_shares, sums, out=np.zeros_like(sums), where=sums > 0)
    return np.asarray(owed * ratios[:, None], dtype=np.float64)
