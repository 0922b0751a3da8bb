"""Classes of users and what they want to move: arrays in the caller's own order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keruen.flows.arrays import EXPONENTIAL, FIXED, POWER

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

__all__ = ["EXPONENTIAL", "FIXED", "POWER", "Demand", "Users", "demand_of", "users_of"]


class Users(NamedTuple):
    """Classes of users: commodities, say, or kinds of vehicle.

    Parameters
    ----------
    value : array, shape (classes,)
        Value of time: cost per unit of time.
    load : array, shape (classes, links)
        What one unit of flow loads on a link, in the unit of its capacity.
    fixed : array, shape (classes, links)
        Cost of a link to one unit of flow besides time; not negative.
    theta : array, shape (classes,)
        Scale of the logit, per cost; infinite where everybody takes the cheapest route.
    bound : array or None, shape (classes,)
        A route that costs so many times the cheapest, both on an empty network, or more takes
        nothing from the path sizes of nearer ones; at least 1, infinite without such a limit. None,
        and 0 for a class, is path sizes in which every route counts alike.
    """

    value: FloatArray
    load: FloatArray
    fixed: FloatArray
    theta: FloatArray
    bound: FloatArray | None = None


class Demand(NamedTuple):
    """Demand by pair of nodes; each array has shape (pairs,).

    Parameters
    ----------
    user : array of int
        Class.
    origin, destination : array of int
        Nodes.
    amount : array
        Demand; where it answers to cost, that at the reference cost.
    response : array of int
        FIXED, EXPONENTIAL or POWER (:mod:`keruen.flows.response`).
    elasticity, reference_cost : array
        Parameters of the answer; not looked at where demand is fixed.
    free_cost : array or None
        Least cost on an empty network, by which it goes how far ``Users.bound`` reaches; None has
        it looked for.
    """

    user: IntArray
    origin: IntArray
    destination: IntArray
    amount: FloatArray
    response: NDArray[np.int8]
    elasticity: FloatArray
    reference_cost: FloatArray
    free_cost: FloatArray | None = None

    def of(self, pairs: IntArray) -> Demand:
        """Some of the pairs, in the order given.

        >>> demand_of([0, 1], [2, 3], [5.0, 6.0]).of(np.array([1])).origin.tolist()
        [1]
        """
        return Demand(
            self.user[pairs],
            self.origin[pairs],
            self.destination[pairs],
            self.amount[pairs],
            self.response[pairs],
            self.elasticity[pairs],
            self.reference_cost[pairs],
            None if self.free_cost is None else self.free_cost[pairs],
        )


def users_of(
    links: int,
    value: ArrayLike = 1.0,
    load: ArrayLike = 1.0,
    fixed: ArrayLike = 0.0,
    theta: ArrayLike = np.inf,
    bound: ArrayLike | None = None,
) -> Users:
    """Classes from numbers or arrays: what is given once holds for all links, or for all classes.

    Parameters
    ----------
    links : int
        Number of links.
    value, theta, bound : array, shape (classes,) or one number
        See :class:`Users`.
    load, fixed : array, shape (classes, links), (links,) or one number
        See :class:`Users`; one number a class is an array of shape (classes, 1).

    Examples
    --------
    >>> users_of(2, value=[1.0, 2.0], load=[[1.0], [2.5]]).load.tolist()
    [[1.0, 1.0], [2.5, 2.5]]
    """
    value, theta = np.atleast_1d(np.asarray(value, float)), np.atleast_1d(np.asarray(theta, float))
    loads, costs = np.asarray(load, float), np.asarray(fixed, float)
    rows = (one.shape[0] if one.ndim == 2 else 1 for one in (loads, costs))
    classes = max(value.size, theta.size, *rows)
    return Users(
        np.array(np.broadcast_to(value, (classes,))),
        np.array(np.broadcast_to(loads, (classes, links))),
        np.array(np.broadcast_to(costs, (classes, links))),
        np.array(np.broadcast_to(theta, (classes,))),
        None if bound is None else np.array(np.broadcast_to(np.asarray(bound, float), (classes,))),
    )


def demand_of(
    origin: ArrayLike, destination: ArrayLike, amount: ArrayLike, user: ArrayLike = 0
) -> Demand:
    """Fixed demand.

    Parameters
    ----------
    origin, destination : array of int, shape (pairs,)
        Nodes.
    amount : array, shape (pairs,)
        Demand.
    user : array of int, shape (pairs,), or one number
        Class.

    Examples
    --------
    >>> demand_of([0], [3], [6.0]).response.tolist()
    [0]
    """
    origins = np.asarray(origin, dtype=np.int64)
    return Demand(
        np.array(np.broadcast_to(np.asarray(user, dtype=np.int64), origins.shape)),
        origins,
        np.asarray(destination, dtype=np.int64),
        np.asarray(amount, dtype=np.float64),
        np.full(origins.size, FIXED, dtype=np.int8),
        np.ones(origins.size),
        np.ones(origins.size),
    )
