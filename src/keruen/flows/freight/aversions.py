"""Ways that part of the cargo shuns: what it is to those users, besides all prices, to go there."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from keruen.flows.freight.cargo import LOADED, Cargo
from keruen.flows.freight.draft import Draft
from keruen.flows.freight.relation import Relation, relation_of
from keruen.flows.freight.worths import Worth
from keruen.model import Model
from keruen.model.model import in_force


class Aversion(NamedTuple):
    """A country or an element that cargo of a relation shuns.

    Parameters
    ----------
    row : str
        Row of ``route_aversions``.
    commodity : str
        Commodity; empty for all.
    relation : Relation
        Between which zones it holds.
    country, table, element : str
        What is shunned.
    usd : float
        What it is to a unit to go there, once.
    """

    row: str
    commodity: str
    relation: Relation
    country: str
    table: str
    element: str
    usd: float

    def concerns(self, commodity: str, ends: tuple[frozenset[str], frozenset[str]]) -> bool:
        """Whether it holds for a commodity between zones of these groups."""
        return self.commodity in ("", commodity) and self.relation.covers(*ends)

    def is_at(self, draft: Draft, country: dict[str, str]) -> bool:
        """Whether a link leads into what is shunned."""
        if self.country:
            start, end = (country.get(node, "") for node in draft.ends)
            return end == self.country and start != end and draft.mode in ("rail", "road", "sea")
        return (draft.table, draft.row) == (self.table, self.element)


def aversions_on(model: Model, day: date) -> tuple[Aversion, ...]:
    """Aversions in force on a day, by id."""
    frame = in_force(model["route_aversions"], day).sort_index()
    found = []
    for row, cells in zip(map(str, frame.index), frame.to_dict("records"), strict=True):
        found.append(
            Aversion(
                row,
                str(cells["commodity"] or ""),
                relation_of(cells),
                str(cells["country"] or ""),
                str(cells["element_table"] or ""),
                str(cells["element_row"] or ""),
                float(cells["cost_usd_per_unit"]),
            )
        )
    return tuple(found)


def segment_of(
    aversions: tuple[Aversion, ...],
    commodity: str,
    ends: tuple[frozenset[str], frozenset[str]],
    worths: tuple[Worth, ...] = (),
) -> str:
    """What cargo between two zones shuns and is worth, as one word; empty when nothing."""
    shunned = [one.row for one in aversions if one.concerns(commodity, ends)]
    return "+".join([*shunned, *(one.mark for one in worths if one.concerns(commodity, ends))])


def segmented(
    cargo: tuple[Cargo, ...],
    aversions: tuple[Aversion, ...],
    groups: dict[str, frozenset[str]],
    zones: list[str],
    worths: tuple[Worth, ...] = (),
) -> tuple[Cargo, ...]:
    """Classes of cargo, each split by what it shuns and is worth between the zones of a study."""
    kinds = sorted({groups.get(zone, frozenset()) for zone in zones}, key=sorted)
    found = []
    for one in cargo:
        segments = {""}
        if one.loaded == LOADED and (aversions or worths):
            segments = {
                segment_of(aversions, one.commodity, (start, end), worths)
                for start in kinds
                for end in kinds
            }
        found += [_valued(one._replace(segment=segment), worths) for segment in sorted(segments)]
    return tuple(found)


def _valued(cargo: Cargo, worths: tuple[Worth, ...]) -> Cargo:
    """A class with what its goods are worth."""
    marks = cargo.segment.split("+")
    for one in worths:
        if one.mark in marks:
            value = cargo.value_usd_per_h + one.dearer_usd_per_h
            return cargo._replace(value_usd_per_h=value, worth_ratio=one.ratio)
    return cargo
