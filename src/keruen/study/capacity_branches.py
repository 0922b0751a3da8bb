"""What single judgements move on one day, in every combination of an element's alternatives."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from keruen.capacity.registry import Capacities
from keruen.errors import FailedError
from keruen.model.draws import FloatArray, UncertainCell, fit_trains, loops_of
from keruen.model.provenance import CellKey
from keruen.rail.line_capacity import Level
from keruen.study.capacity_moves import Judgements, Key, colours, elements_of, resting
from keruen.study.capacity_parts import MEASURES, NOTHING, Element, Parts, in_direction, parts_of

_MOST_COLOURS: Final = 3
"""Alternatives of one element whose combinations are all worked out; further ones are added up."""


class Branch(NamedTuple):
    """Elements in one combination of alternatives on one day.

    ``base`` holds logarithms (elements, measures); ``low`` and ``high`` by measure what a judgement
    at that end adds, sparse (judgements, elements).
    """

    base: FloatArray
    low: tuple[csr_array, ...]
    high: tuple[csr_array, ...]


class State(NamedTuple):
    """A day's branches by combination, and by element and colour the alternatives that choose.

    ``choosers`` is -1 where an element has no alternatives of that colour.
    """

    branches: dict[tuple[int, ...], Branch]
    choosers: NDArray[np.intp]


def _idle(rests: Mapping[Key, Collection[int]], ends: Sequence[Sequence[csr_array]]) -> set[int]:
    """Judgements that elements rest on and that move none at either end, such as of fuel."""
    moving: set[int] = set()
    for measure in itertools.chain(*ends):
        moving.update(measure.nonzero()[0].tolist())
    return {one for rest in rests.values() for one in rest} - moving


def _gain(before: Parts, after: Parts, direction: str) -> FloatArray:
    ends = in_direction(before, direction), in_direction(after, direction)
    return np.zeros(len(MEASURES)) if ends[0] is None or ends[1] is None else ends[1] - ends[0]


class Work:
    """Responses on one day."""

    def __init__(
        self,
        known: Capacities,
        judgements: Judgements,
        elements: Sequence[Element],
        level: Level,
        failed: set[CellKey],
    ) -> None:
        self.known = known
        self.judgements = judgements
        self.level = level
        self.failed = failed
        self.aims = judgements.aims(known.model)
        self.places: dict[Key, list[tuple[int, str]]] = {}
        here = set(elements_of(known.model))
        for place, (table, row, direction) in enumerate(elements):
            if (table, row) in here:
                self.places.setdefault((table, row), []).append((place, direction))
        self.count = len(elements)
        self.loops = set(loops_of([members[0] for members in judgements.members]))
        self.idle: set[int] = set()
        self._patches: dict[tuple[int, str], dict[CellKey, str]] = {}

    def keep(self, wanted: Collection[Key] | None) -> None:
        """Leave out all but some elements."""
        if wanted is not None:
            self.places = {key: its for key, its in self.places.items() if key in wanted}

    def cell(self, judgement: int) -> UncertainCell:
        """One of the cells of a judgement."""
        return self.judgements.members[judgement][0]

    def patches(self, texts: Mapping[int, str]) -> dict[CellKey, str]:
        """Cells of the day that judgements set to texts."""
        merged: dict[CellKey, str] = {}
        for judgement, text in texts.items():
            if (judgement, text) not in self._patches:
                patch = self.judgements.patch(self.known.model, judgement, text)
                self._patches[judgement, text] = patch
            merged |= self._patches[judgement, text]
        return merged

    def state(self, tell: Callable[[float], None]) -> State:
        """Branches of all combinations."""
        rests = {key: resting(self.known, key, self.aims) for key in self.places}
        chosen = {
            key: [one for one in rest if self.cell(one).alternatives] for key, rest in rests.items()
        }
        by_colour = {
            one: colour for one, colour in colours(chosen).items() if colour < _MOST_COLOURS
        }
        count = max(by_colour.values(), default=-1) + 1
        choosers = np.full((self.count, count), -1, dtype=np.intp)
        for key, alternatives in chosen.items():
            for one in alternatives:
                if one in by_colour:
                    for place, _ in self.places[key]:
                        choosers[place, by_colour[one]] = one
        widths = [1] * count
        for one, colour in by_colour.items():
            widths[colour] = max(widths[colour], len(self.cell(one).alternatives))
        combinations = list(itertools.product(*(range(width) for width in widths)))
        branches = {}
        for done, combination in enumerate(combinations):
            branches[combination] = self.branch(by_colour, combination, choosers)
            tell((done + 1) / len(combinations))
        return State(branches, choosers)

    def branch(
        self,
        by_colour: Mapping[int, int],
        combination: tuple[int, ...],
        choosers: NDArray[np.intp],
    ) -> Branch:
        """One combination of alternatives."""
        texts = {}
        for one, colour in by_colour.items():
            alternatives = self.cell(one).alternatives
            if combination[colour]:
                texts[one] = alternatives[min(combination[colour], len(alternatives) - 1)]
        known = self.known.patched(self.patches(texts)) if texts else self.known
        wanted = [key for key in self.places if self._can_be(key, combination, choosers)]
        base = np.full((self.count, len(MEASURES)), math.log(NOTHING))
        parts = {key: self._parts(known, key, ()) for key in wanted}
        for key in wanted:
            self._put(base, key, parts[key])
        rests = {}
        for key in wanted:
            rest = resting(known, key, self.aims) if parts[key] is not None else ()
            rests[key] = tuple(one for one in rest if one not in self.idle and one not in by_colour)
        alike: dict[object, list[Key]] = {}
        for key, rest in rests.items():
            if rest:
                alike.setdefault(self._signature(known, key, rest), []).append(key)
        groups = {keys[0]: keys for keys in alike.values()}
        ends = [
            self._moves(known, {key: rests[key] for key in groups}, groups, parts, high=high)
            for high in (False, True)
        ]
        if not any(combination):
            self.idle |= _idle(rests, ends)
        return Branch(base, *ends)

    def _signature(self, known: Capacities, key: Key, rest: Collection[int]) -> object:
        """What two elements share when whatever moves the one moves the other alike."""
        records = known.of(*key)
        first = records[0]
        inputs = tuple(
            (
                entry.name,
                entry.value,
                tuple(one for one in self.aims.get(entry.cell, ()) if one in rest)
                if entry.cell is not None
                else (),
            )
            for entry in first.inputs
        )
        told = tuple((r.direction, r.limit, r.native_per_year, r.t_per_year) for r in records)
        return key[0], inputs, told

    def _can_be(self, key: Key, combination: tuple[int, ...], choosers: NDArray[np.intp]) -> bool:
        """Whether an element has the alternatives of a combination."""
        place = self.places[key][0][0]
        return all(
            not number or (judgement >= 0 and number < len(self.cell(int(judgement)).alternatives))
            for number, judgement in zip(combination, choosers[place], strict=True)
        )

    def _parts(self, known: Capacities, key: Key, moved: Sequence[int]) -> Parts | None:
        try:
            return parts_of(known.of(*key), self.level)
        except FailedError:
            if not moved and known is self.known:
                raise
            self.failed.update(self.cell(one).key for one in moved)
            return None

    def _put(self, table: FloatArray, key: Key, parts: Parts | None) -> None:
        for place, direction in self.places[key]:
            found = None if parts is None else in_direction(parts, direction)
            if found is not None:
                table[place] = found

    def _moves(
        self,
        known: Capacities,
        rests: Mapping[Key, Sequence[int]],
        groups: Mapping[Key, Sequence[Key]],
        parts: Mapping[Key, Parts | None],
        *,
        high: bool,
    ) -> tuple[csr_array, ...]:
        """What each judgement at one end adds to the logarithms of each element."""
        by_colour = colours(rests)
        entries: list[tuple[int, int, FloatArray]] = []
        for colour in range(max(by_colour.values(), default=-1) + 1):
            moved = sorted(one for one, its in by_colour.items() if its == colour)
            ends = {one: self._end(self.cell(one), high=high) for one in moved}
            ends = {one: text for one, text in ends.items() if text}
            variant = known.patched(self.patches(self._fitting(ends)))
            for key, rest in rests.items():
                mine = [one for one in rest if one in ends]
                before = parts[key]
                after = self._parts(variant, key, mine) if mine else None
                if before is None or after is None:
                    continue
                gains = {
                    direction: _gain(before, after, direction)
                    for direction in {d for one in groups[key] for _, d in self.places[one]}
                }
                for alike in groups[key]:
                    for place, direction in self.places[alike]:
                        entries.append((mine[0], place, gains[direction]))
        return self._sparse(entries)

    def _fitting(self, ends: Mapping[int, str]) -> dict[int, str]:
        """Ends, and with them the length of trains that fit all loops but those now shorter."""
        cells = [members[0] for members in self.judgements.members]
        if not set(ends) & self.loops:
            return dict(ends)
        row = [cell.number(ends.get(one, cell.mode)) for one, cell in enumerate(cells)]
        fitted = fit_trains(cells, np.array([row]))[0]
        moved = np.flatnonzero(fitted != row).tolist()
        return {**ends, **{one: cells[one].text(fitted[one]) for one in moved}}

    def _end(self, cell: UncertainCell, *, high: bool) -> str:
        if cell.alternatives:
            return cell.alternatives[1] if high else ""
        text = cell.high if high else cell.low
        return "" if text == cell.mode else text

    def _sparse(self, entries: Sequence[tuple[int, int, FloatArray]]) -> tuple[csr_array, ...]:
        rows = np.array([entry[0] for entry in entries], dtype=np.intp)
        columns = np.array([entry[1] for entry in entries], dtype=np.intp)
        amounts = np.array([entry[2] for entry in entries]).reshape(-1, len(MEASURES))
        shape = (len(self.judgements.members), self.count)
        return tuple(
            csr_array((np.nan_to_num(amounts[:, measure]), (rows, columns)), shape=shape)
            for measure in range(len(MEASURES))
        )
