"""Who uses an element: the links that it stands for, the pairs of zones behind its load."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from keruen.errors import FailedError, UsageError, error
from keruen.flows.freight.cargo import TEU
from keruen.flows.freight.compile import Freight
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.standing import Standing, Standings, unit_tonnes
from keruen.flows.freight.tables import Ways
from keruen.flows.routes import route_of_links
from keruen.model import Model
from keruen.model.findings import cut
from keruen.model.place_names import is_near, names_of, nearest_name, plain_text

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TABLES: Final = ("sections", "border_crossings", "handling", "vessel_lines", "terminals", "nodes")
"""Tables whose rows may be asked for."""
_TOLD: Final = 8
USER_COLUMNS: Final = (
    *("commodity", "loaded", "origin", "destination", "flow_t_per_year", "flow_teu_per_year"),
    *("share", "relation_share"),
)


class Subject(NamedTuple):
    """What is asked about.

    Parameters
    ----------
    table, row : str
        Where the study says it.
    links : array of int
        Links of the network that stand for it; of a node those that touch it.
    """

    table: str
    row: str
    links: IntArray

    @property
    def has_load(self) -> bool:
        """Whether it is one element with a load, and not a place where several stand."""
        return self.table not in ("nodes", "terminals")

    def within(self, freight: Freight, model: Model) -> Subject:
        """The same row on another network, such as that with a project open."""
        return self._replace(links=links_of(freight, model, self.table, self.row))


def links_of(freight: Freight, model: Model, table: str, row: str) -> IntArray:
    """Links that stand for a row; none where nothing of it carries freight.

    Parameters
    ----------
    freight : Freight
        The network.
    model : Model
        Of its day.
    table, row : str
        A row of one of :data:`TABLES`.
    """
    if table == "nodes":
        hits = (
            at
            for at, draft in enumerate(freight.drafts)
            if row in draft.ends and draft.table != "zones"
        )
    elif table == "terminals":
        groups = set(model.rows("handling", terminal=row))
        own = {("terminals", row), *(("handling", group) for group in groups)}
        hits = (at for at, one in enumerate(freight.drafts) if (one.table, one.row) in own)
    else:
        hits = (at for at, one in enumerate(freight.drafts) if (one.table, one.row) == (table, row))
    return np.fromiter(hits, dtype=np.int64)


def _named(model: Model, table: str) -> Iterator[tuple[str, str]]:
    """Names of the rows of a table in every language, each with its row."""
    for row in map(str, model[table].index):
        for name in names_of(model, table, row):
            yield name, row


def rows_meant(model: Model, name: str) -> list[tuple[str, str]]:
    """Rows that a text means: by table and id, by id, by name."""
    table, _, row = name.partition("/")
    if row and table in TABLES:
        return [(table, row)] if row in model[table].index else []
    found = [(one, name) for one in TABLES if name in model[one].index]
    if found:
        return found
    wanted = plain_text(name)
    return sorted(
        {
            (one, row)
            for one in TABLES
            for said, row in _named(model, one)
            if plain_text(said) == wanted
        }
    )


def _nearest(model: Model, name: str) -> str:
    """The id or the name that is nearest to a text that means nothing.

    Who names a place means the place, before what stands there or leads there.
    """
    table, _, row = name.partition("/")
    if row and table in TABLES:
        return _nearest_of(model, (table,), plain_text(row))[1]
    wanted = plain_text(name)
    said, place = _nearest_of(model, ("nodes",), wanted)
    return place if is_near(wanted, said) else _nearest_of(model, TABLES, wanted)[1]


def _nearest_of(model: Model, tables: tuple[str, ...], wanted: str) -> tuple[str, str]:
    """The nearest id or name of some tables, bare and as the study has it."""
    spoken = {plain_text(said): said for one in tables for said, _ in _named(model, one)}
    spoken |= {plain_text(str(key)): str(key) for one in tables for key in model[one].index}
    near = nearest_name(wanted, spoken)
    return near, spoken.get(near, "")


def _is_brought(base: Model, name: str) -> bool:
    """Whether a project brings the row that is named."""
    changes = base["project_changes"]
    inserts = changes[changes["op"] == "insert"]
    columns = (inserts["table"], inserts["row"])
    return any(name in (row, f"{table}/{row}") for table, row in zip(*columns, strict=True))


def find_subject(freight: Freight, base: Model, model: Model, name: str) -> Subject:
    """Find what a user names.

    Parameters
    ----------
    freight : Freight
        Network of a day.
    base, model : Model
        The study before any day, and of that day.
    name : str
        ``table/row``, a row's id, or its name in any of the languages.

    Returns
    -------
    Subject

    Raises
    ------
    UsageError
        ``unknown_element`` with the nearest id or name, ``ambiguous_element`` with all that it may
        mean.
    FailedError
        ``element_not_in_service`` on that day, ``element_without_flow`` where no freight can pass.
    """
    meant = rows_meant(model, name)
    if not meant:
        day = "" if model.on is None else model.on.isoformat()
        if rows_meant(base, name) or _is_brought(base, name):
            raise FailedError([error("element_not_in_service", value=cut(name), date=day)])
        near = _nearest(model, name)
        raise UsageError([error("unknown_element", value=cut(name), better=near)])
    subjects = [Subject(*one, links_of(freight, model, *one)) for one in meant]
    # A place that carries nothing does not stand in the way of an element that does.
    carrying = [one for one in subjects if one.links.size]
    if not carrying:
        raise FailedError([error("element_without_flow", value=cut(name))])
    if len(carrying) > 1:
        known = [f"{one.table}/{one.row}" for one in carrying[:_TOLD]]
        raise UsageError([error("ambiguous_element", value=cut(name), known=", ".join(known))])
    return carrying[0]


def users_of(flows: Flows, subject: Subject) -> pd.DataFrame:
    """Pairs of zones whose cargo passes an element, the largest part of its load first.

    Parameters
    ----------
    flows : Flows
        An equilibrium.
    subject : Subject
        The element.

    Returns
    -------
    DataFrame
        :data:`USER_COLUMNS`: net tonnes a year (empties have none), TEU a year, the part of the
        element's load in its native unit (of a place: of the net tonnes that pass it), and the part
        of what the pair moves that passes. What is turned away passes nothing and is no part.
    """
    ways, pairs, freight = Ways(flows), flows.pairs, flows.freight
    pool, count = ways.pool, flows.pairs.amount.size
    hit = np.isin(pool.links, subject.links)
    route = route_of_links(pool)[hit]
    link = pool.links[hit].astype(np.int64)
    user = pairs.user[ways.pair[route]]
    load: FloatArray = np.bincount(
        ways.pair[route], freight.load[user, link] * pool.flow[route], count
    ).astype(np.float64)
    passing = ways.through(set(subject.links.tolist()))
    amount = np.bincount(ways.pair[passing], pool.flow[passing], count)
    if not subject.has_load:
        # A route passes a place once, however many of its links touch it.
        load = amount * unit_tonnes(freight)[pairs.user]
    tonnes = amount * unit_tonnes(freight)[pairs.user]
    moved = flows.amount - flows.refused
    zones, whole = list(freight.zones), float(load.sum())
    records = []
    for pair in np.lexsort((-amount, -load)).tolist():
        if amount[pair] <= 0.0:
            break
        cargo = freight.cargo[int(pairs.user[pair])]
        records.append(
            (
                cargo.commodity,
                cargo.loaded,
                zones[int(pairs.origin[pair])],
                zones[int(pairs.destination[pair])],
                float(tonnes[pair]),
                float(amount[pair]) if cargo.unit == TEU else 0.0,
                float(load[pair]) / whole if whole > 0.0 else 0.0,
                min(1.0, float(amount[pair] / moved[pair])) if moved[pair] > 0.0 else 0.0,
            )
        )
    return pd.DataFrame(records, columns=list(USER_COLUMNS))


def standing_of(flows: Flows, subject: Subject) -> tuple[Standing, ...]:
    """How an element stands by direction; a place has none."""
    if not subject.has_load:
        return ()
    by: dict[str, list[int]] = {}
    for link in subject.links.tolist():
        by.setdefault(flows.freight.drafts[link].direction, []).append(link)
    standings = Standings(flows)
    return tuple(standings.at(by[direction]) for direction in sorted(by))
