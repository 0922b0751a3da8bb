"""Flows of one year's network as a beginning for another's."""

from __future__ import annotations

import numpy as np

from keruen.flows.freight.compile import Freight
from keruen.flows.freight.solve import Start
from keruen.flows.routes import without


def carried(start: Start, before: Freight, after: Freight) -> Start | None:
    """Routes and prices on the links of another network.

    Links are the same where they lead from the same place to the same for the same element; routes
    over links that are no more fall out.

    Parameters
    ----------
    start : Start
        Flows on the network of before.
    before, after : Freight
        Networks.

    Returns
    -------
    Start or None
        None where classes or zones differ.
    """
    names = [[one.name for one in freight.cargo] for freight in (before, after)]
    if names[0] != names[1] or list(before.zones) != list(after.zones):
        return None
    if [one[:7] for one in before.drafts] == [one[:7] for one in after.drafts]:
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
    pool = start.routes
    links = to[pool.links]
    route = np.repeat(np.arange(pool.flow.size), np.diff(pool.first))
    gone = np.bincount(route, links < 0, pool.flow.size) > 0
    kept = without(pool._replace(links=np.maximum(links, 0).astype(pool.links.dtype)), gone)
    price = np.zeros(len(after.drafts) + direct)
    price[to[to >= 0]] = start.price[to >= 0]
    return Start(start.pairs, kept, price)
