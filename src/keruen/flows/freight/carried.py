"""Flows of one year's network as a beginning for another's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keruen.flows.freight.compile import Freight
from keruen.flows.freight.pairs import Pairs
from keruen.flows.freight.solve import Start
from keruen.flows.routes import picked, route_of_links, without

IntArray = NDArray[np.int64]


def _classes(before: Freight, after: Freight) -> IntArray | None:
    """Class of after that each class of before is: by name, or else the only one left like it."""
    if len(before.cargo) != len(after.cargo):
        return None
    number = {one.name: at for at, one in enumerate(after.cargo)}
    gone = {one.name for one in before.cargo}
    new: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(after.cargo):
        if one.name not in gone:
            new.setdefault((one.commodity, one.loaded), []).append(at)
    found = []
    for one in before.cargo:
        others = new.get((one.commodity, one.loaded), [])
        if one.name in number:
            found.append(number[one.name])
        elif others:
            # Segments of a commodity stand in one order in all years.
            found.append(others.pop(0))
        else:
            return None
    return np.array(found, dtype=np.int64)


def carried(start: Start, before: Freight, after: Freight) -> Start | None:
    """Routes and prices on the links of another network.

    Links are the same where they lead from the same place to the same for the same element; routes
    over links that are no more, or that are barred to their class, fall out. Classes are the same
    by name; those whose names are no more, which are parts of a commodity, are in their order those
    of the same commodity that are new.

    Parameters
    ----------
    start : Start
        Flows on the network of before.
    before, after : Freight
        Networks.

    Returns
    -------
    Start or None
        None where classes or zones are others.
    """
    classes = _classes(before, after)
    if classes is None or list(before.zones) != list(after.zones):
        return None
    same_links = [one[:7] for one in before.drafts] == [one[:7] for one in after.drafts]
    if same_links and (classes == np.arange(classes.size)).all():
        return start
    place = {draft[:7]: at for at, draft in enumerate(after.drafts)}
    direct = start.price.size - len(before.drafts)
    to = np.array(
        [
            *(place.get(draft[:7], -1) for draft in before.drafts),
            *range(len(after.drafts), len(after.drafts) + direct),
        ],
        dtype=np.int64,
    )
    user = classes[start.pairs.user]
    order = np.lexsort((start.pairs.destination, start.pairs.origin, user)).astype(np.int64)
    own = start.pairs
    pairs = Pairs(user[order], own.origin[order], own.destination[order], own.amount[order])
    pool = picked(start.routes, order)
    links = to[pool.links]
    route = route_of_links(pool)
    by = np.repeat(pairs.user, np.diff(pool.pair_first))[route]
    barred = np.concatenate([after.barred, np.zeros((classes.size, direct), np.bool_)], axis=1)
    shut = (links < 0) | barred[by, links]
    gone = np.bincount(route, shut, pool.flow.size) > 0
    kept = without(pool._replace(links=np.maximum(links, 0).astype(pool.links.dtype)), gone)
    price = np.zeros(len(after.drafts) + direct)
    price[to[to >= 0]] = start.price[to >= 0]
    return Start(pairs, kept, price)
