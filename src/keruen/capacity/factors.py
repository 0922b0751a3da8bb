"""Why a line carries more after than before: the ratio taken apart, factor by factor.

Each group of changed numbers is a player; the ratio of capacities is the game. Its logarithm is
shared out by the Shapley value (the mean over all orders in which the groups could have come), so
that the parts multiply to the whole and no order is favoured.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import Final, NamedTuple

from keruen.capacity.line import LineSection, hardest
from keruen.capacity.section import SectionFacts
from keruen.rail.line_capacity import Level

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "tracks": ("tracks",),
    "block": ("automatic", "headway_min", "packets"),
    "intervals": ("intervals",),
    "speed": ("speed_km_per_h", "forward_min", "backward_min"),
    "windows": (
        "window_single_min",
        "window_double_min",
        "reliability_share",
        "reserve_single_share",
        "reserve_double_share",
        "window_tracks",
    ),
    "gaps": ("gap_km", "place_tracks"),
}
"""Factor by name, and the facts of a section that belong to it."""


class Factor(NamedTuple):
    """One factor of a ratio of capacities.

    Parameters
    ----------
    name : str
        Group of facts.
    alone_ratio : float
        What changing this group alone multiplies the old capacity by.
    without_ratio : float
        The whole ratio, were this group left as it was.
    share_ratio : float
        Its part of the whole: the parts of all factors multiply to the ratio.
    """

    name: str
    alone_ratio: float
    without_ratio: float
    share_ratio: float


class Decomposition(NamedTuple):
    """A ratio of capacities and its factors, at one level.

    Parameters
    ----------
    level : Level
        Level compared.
    before, after : float
        Pairs (single track) or trains in one direction a day, before background trains.
    factors : tuple of Factor
        In the order of :data:`GROUPS`; groups in which nothing changed are left out.
    """

    level: Level
    before: float
    after: float
    factors: tuple[Factor, ...]

    @property
    def ratio(self) -> float:
        """After over before."""
        return self.after / self.before


def _mixed(before: SectionFacts, after: SectionFacts, groups: frozenset[str]) -> SectionFacts:
    """Old facts with some groups taken from the new; running times follow gap and speed."""
    facts = before._replace(**{f: getattr(after, f) for g in groups for f in GROUPS[g]})
    base = after if "speed" in groups else before
    scale = facts.gap_km / base.gap_km
    return facts._replace(
        forward_min=base.forward_min * scale, backward_min=base.backward_min * scale
    )


def _differs(group: str, old: SectionFacts, new: SectionFacts) -> bool:
    """Whether a group changed; running times follow the gap, so that speeds are told per km."""
    if group == "speed":
        old, new = (
            facts._replace(
                forward_min=facts.forward_min / facts.gap_km,
                backward_min=facts.backward_min / facts.gap_km,
            )
            for facts in (old, new)
        )
        return any(
            not math.isclose(getattr(old, field), getattr(new, field), rel_tol=1e-12)
            for field in GROUPS[group]
        )
    return any(getattr(old, field) != getattr(new, field) for field in GROUPS[group])


def decompose(
    before: tuple[LineSection, ...], after: tuple[LineSection, ...], level: Level
) -> Decomposition:
    """Take the ratio of a line's capacities apart.

    Parameters
    ----------
    before, after : tuple of LineSection
        The same sections read on two days.
    level : Level
        Level compared.

    Returns
    -------
    Decomposition

    Raises
    ------
    ValueError
        When the two days have no section in common.
    """
    new = {section.id: section for section in after}
    common = [(section, new[section.id]) for section in before if section.id in new]
    if not common:
        raise ValueError("no section in common")
    changed = tuple(
        name for name in GROUPS if any(_differs(name, o.facts, n.facts) for o, n in common)
    )
    known: dict[frozenset[str], float] = {}

    def capacity(groups: frozenset[str]) -> float:
        if groups not in known:
            mixed = tuple(
                LineSection(o.id, _mixed(o.facts, n.facts, groups), ()) for o, n in common
            )
            known[groups] = hardest(mixed, level)[1].gross_trains_per_day
        return known[groups]

    return Decomposition(
        level,
        capacity(frozenset()),
        capacity(frozenset(changed)),
        tuple(_factor(name, changed, capacity) for name in changed),
    )


def _factor(
    name: str, changed: tuple[str, ...], capacity: Callable[[frozenset[str]], float]
) -> Factor:
    others = [other for other in changed if other != name]
    count = len(changed)
    value = 0.0
    for size in range(count):
        weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
        for chosen in combinations(others, size):
            coalition = frozenset(chosen)
            gain = capacity(coalition | {name}) / capacity(coalition)
            value += weight * math.log(gain)
    start = capacity(frozenset())
    return Factor(
        name,
        capacity(frozenset({name})) / start,
        capacity(frozenset(others)) / start,
        math.exp(value),
    )
