"""What a user names: elements, corridors and lines found by id, or refused with the nearest one."""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.capacity.corridor import Corridor
from keruen.capacity.registry import KINDS
from keruen.errors import FailedError, UsageError, error
from keruen.model import Model
from keruen.model.findings import closest, cut

_LINES_TOLD: Final = 8


class ElementKey(NamedTuple):
    """An element: the table it stands in and its row."""

    kind: str
    row: str


def find_elements(base: Model, day_model: Model, name: str) -> tuple[ElementKey, ...]:
    """Elements in service that a name means.

    Parameters
    ----------
    base : Model
        The study before any day.
    day_model : Model
        Its model of a day.
    name : str
        An id, or ``table/id`` where several tables have it.

    Returns
    -------
    tuple of ElementKey
        At least one.

    Raises
    ------
    UsageError
        ``unknown_element`` when the study has no such element.
    FailedError
        ``element_not_in_service`` when it has, but not on that day.
    """
    table, _, row = name.partition("/")
    wanted = [(table, row)] if row and table in KINDS else [(kind, name) for kind in KINDS]
    found = tuple(ElementKey(k, r) for k, r in wanted if r in day_model[k].index)
    if found:
        return found
    others = _brought_by_projects(base)
    if any(r in base[k].index or (k, r) in others for k, r in wanted):
        day = "" if day_model.on is None else day_model.on.isoformat()
        raise FailedError([error("element_not_in_service", value=cut(name), date=day)])
    known = [str(key) for kind in KINDS for key in day_model[kind].index]
    near = closest(row if table in KINDS and row else name, known)
    raise UsageError([error("unknown_element", value=cut(name), better=near)])


def _brought_by_projects(base: Model) -> frozenset[tuple[str, str]]:
    """Rows that projects insert."""
    changes = base["project_changes"]
    inserts = changes[changes["op"] == "insert"]
    return frozenset(zip(inserts["table"].astype(str), inserts["row"].astype(str), strict=True))


def elements_of(corridor: Corridor) -> frozenset[ElementKey]:
    """Everything that a corridor passes: its sections and what stands on the way."""
    sections = {ElementKey("sections", stretch.section) for stretch in corridor.stretches}
    others = {ElementKey(fixture.table, fixture.row) for fixture in corridor.fixtures}
    return frozenset(sections | others)


def choose_line(model: Model, line: str | None) -> str:
    """The line that is meant.

    Parameters
    ----------
    model : Model
        Of a day.
    line : str or None
        Its id; None where the study has only one line with railway sections.

    Returns
    -------
    str
        Row of ``lines``.

    Raises
    ------
    UsageError
        ``unknown_line``, with the nearest; ``line_needed`` when there are several;
        ``no_railway_line`` when there is none.
    """
    if line is not None:
        model.require("unknown_line", "lines", line)
        return line
    sections = model["sections"]
    own = sections.loc[(sections["mode"] == "rail") & (sections["line"] != ""), "line"]
    known = sorted({str(one) for one in own.dropna()})
    if not known:
        raise UsageError([error("no_railway_line")])
    if len(known) > 1:
        raise UsageError([error("line_needed", known=known[:_LINES_TOLD])])
    return known[0]
