"""A relation between groups of zones, as tables name it: from one to another, or both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Groups = frozenset[str]


class Relation(NamedTuple):
    """From zones of one group to zones of another.

    Parameters
    ----------
    origins, destinations : str
        Groups of zones; empty for all zones.
    both : bool
        Whether the way back belongs to it too.
    """

    origins: str
    destinations: str
    both: bool

    def covers(self, origin: Groups, destination: Groups) -> bool:
        """Whether cargo between zones of these groups is of the relation.

        Examples
        --------
        >>> out = Relation("china", "", False)
        >>> china, other = frozenset({"china"}), frozenset({"europe"})
        >>> out.covers(china, other), out.covers(other, china)
        (True, False)
        >>> out._replace(both=True).covers(other, china)
        True
        """
        return self._leads(origin, destination) or (self.both and self._leads(destination, origin))

    def between(self, zones: Sequence[Groups]) -> NDArray[np.bool_]:
        """Whether it covers cargo between zones of these groups, shape (zones, zones).

        Examples
        --------
        >>> Relation("china", "", False).between([frozenset({"china"}), frozenset()]).tolist()
        [[True, True], [False, False]]
        """
        origin, destination = (
            np.array([not name or name in own for own in zones], dtype=np.bool_)
            for name in (self.origins, self.destinations)
        )
        leads = origin[:, None] & destination[None, :]
        return leads | leads.T if self.both else leads

    def _leads(self, origin: Groups, destination: Groups) -> bool:
        ends = ((self.origins, origin), (self.destinations, destination))
        return all(not group or group in own for group, own in ends)


def relation_of(cells: Mapping[Any, Any]) -> Relation:
    """The relation that a row of a table names in ``from_group``, ``to_group`` and ``ways``."""
    origins, destinations = (str(cells[name] or "") for name in ("from_group", "to_group"))
    return Relation(origins, destinations, cells.get("ways") == "both")
