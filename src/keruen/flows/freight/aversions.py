"""Ways that part of the cargo shuns: what it is to those users, besides all prices, to go there."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from keruen.flows.freight.cargo import LOADED, Cargo
from keruen.flows.freight.draft import Draft
from keruen.model import Model
from keruen.model.cells import as_date


class Aversion(NamedTuple):
    """A country or an element that cargo of a relation shuns.

    Parameters
    ----------
    row : str
        Row of ``route_aversions``.
    commodity : str
        Commodity; empty for all.
    groups : tuple of str
        Groups of zones of origin and destination; empty for all.
    both : bool
        Whether it holds back as well.
    country, table, element : str
        What is shunned.
    usd : float
        What it is to a unit to go there, once.
    """

    row: str
    commodity: str
    groups: tuple[str, str]
    both: bool
    country: str
    table: str
    element: str
    usd: float

    def concerns(self, commodity: str, ends: tuple[frozenset[str], frozenset[str]]) -> bool:
        """Whether it holds for a commodity between zones of these groups."""
        if self.commodity not in ("", commodity):
            return False

        def between(one: frozenset[str], other: frozenset[str]) -> bool:
            named = zip(self.groups, (one, other), strict=True)
            return all(not group or group in own for group, own in named)

        return between(*ends) or (self.both and between(*reversed(ends)))

    def is_at(self, draft: Draft, country: dict[str, str]) -> bool:
        """Whether a link leads into what is shunned."""
        if self.country:
            start, end = (country.get(node, "") for node in draft.ends)
            return end == self.country and start != end and draft.mode in ("rail", "road", "sea")
        return (draft.table, draft.row) == (self.table, self.element)


def aversions_on(model: Model, day: date) -> tuple[Aversion, ...]:
    """Aversions in force on a day, by id."""
    frame = model["route_aversions"].sort_index()
    found = []
    for row, cells in zip(map(str, frame.index), frame.to_dict("records"), strict=True):
        since, until = as_date(cells["from_date"]), as_date(cells["to_date"])
        if (since is not None and since > day) or (until is not None and until < day):
            continue
        found.append(
            Aversion(
                row,
                str(cells["commodity"] or ""),
                (str(cells["from_group"] or ""), str(cells["to_group"] or "")),
                cells["ways"] == "both",
                str(cells["country"] or ""),
                str(cells["element_table"] or ""),
                str(cells["element_row"] or ""),
                float(cells["cost_usd_per_unit"]),
            )
        )
    return tuple(found)


def segment_of(
    aversions: tuple[Aversion, ...], commodity: str, ends: tuple[frozenset[str], frozenset[str]]
) -> str:
    """What cargo between two zones shuns, as one word; empty when nothing."""
    return "+".join(one.row for one in aversions if one.concerns(commodity, ends))


def segmented(
    cargo: tuple[Cargo, ...],
    aversions: tuple[Aversion, ...],
    groups: dict[str, frozenset[str]],
    zones: list[str],
) -> tuple[Cargo, ...]:
    """Classes of cargo, each split by what it shuns between the zones of a study."""
    kinds = sorted({groups.get(zone, frozenset()) for zone in zones}, key=sorted)
    found = []
    for one in cargo:
        segments = {""}
        if one.loaded == LOADED and aversions:
            segments = {
                segment_of(aversions, one.commodity, (start, end))
                for start in kinds
                for end in kinds
            }
        found += [one._replace(segment=segment) for segment in sorted(segments)]
    return tuple(found)
