"""Links of the freight network as they are drafted, before they become arrays."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

Place = tuple[str, str, str]
"""A node of the compiled network: what kind of place, its id, and on which rails or ship."""

TRAIN: Final = "train"
TONNE: Final = "t"
BOX: Final = "TEU"
CHANGE: Final = "change"
"""Kind of the places between groups of servers where cargo goes over to rails of another gauge."""


class Draft(NamedTuple):
    """A directed link of the freight network.

    Parameters
    ----------
    tail, head : Place
        Its ends.
    mode : str
        ``rail``, ``road``, ``sea``, ``border``, ``handling``, ``access``.
    table, row, direction : str
        Element that it stands for; several links may stand for one.
    ends : tuple of str
        Nodes of the study between which it leads.
    length_km : float
        Length.
    running_h : float
        Hours under way.
    standing_h : float
        Hours that an empty element takes besides: service, papers, waiting for a departure.
    native : str
        What its capacity counts: ``train``, ``t`` or ``TEU``.
    capacity : float
        Native units a year, both what the delay goes by and what is never exceeded; infinite where
        no capacity is known.
    kept : float
        Part of the capacity that no draw of it moves: paths of trains that are background to a
        corridor and flows of the study.
    wait_h : float
        Mean wait when half of the capacity is used.
    share : float
        Part of what passes that uses the element.
    serves : frozenset of str
        Classes of cargo that may pass.
    gauge : str
        Gauge of rails.
    """

    tail: Place
    head: Place
    mode: str
    table: str
    row: str
    direction: str
    ends: tuple[str, str]
    length_km: float = 0.0
    running_h: float = 0.0
    standing_h: float = 0.0
    native: str = TONNE
    capacity: float = math.inf
    kept: float = 0.0
    wait_h: float = 0.0
    share: float = 1.0
    serves: frozenset[str] = frozenset()
    gauge: str = ""

    @property
    def changes_gauge(self) -> bool:
        """Whether it is one of the groups of servers that cargo passes where its gauge changes."""
        return self.mode == "handling" and self.tail[0] == CHANGE

    @property
    def opens_change(self) -> bool:
        """Whether it is the first of those groups: the tracks themselves."""
        return self.changes_gauge and self.tail[2] == "0"


def rail_place(node: str, gauge: str) -> Place:
    """Rails of a gauge at a node."""
    return ("rail", node, gauge)


def road_place(node: str) -> Place:
    """Roads at a node."""
    return ("road", node, "")


def land_place(node: str) -> Place:
    """The land at a node that no rails and no roads of the study reach, such as a port abroad."""
    return ("land", node, "")


def zone_place(zone: str) -> Place:
    """The middle of a zone."""
    return ("zone", zone, "")
