"""Greenhouse gases of a chain from well to wheel, by transport activity and hub operations.

The logic is that of ISO 14083 and of the GLEC Framework: a chain is taken apart into transport legs
and hub operations; each leg's activity (net tonnes times kilometres) is multiplied by an intensity
in CO2 equivalent per tonne-kilometre, and each hub operation's throughput by one per tonne; fuel
and power count with what it takes to make them. Empty running is in the intensities. Kilometres are
those of the network. What has no factor is told and never counted as nothing.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.flows.freight.compile import Freight
from keruen.flows.freight.draft import Draft
from keruen.flows.freight.legs import Leg
from keruen.model import Model

G_PER_KG: Final = 1000.0
HUBS: Final = ("gauge_change", "transshipment")
"""Legs that are hub operations: a net tonne is handled once on each."""


class Activity(NamedTuple):
    """What a factor is looked for by; an empty word is not known or does not matter.

    Parameters
    ----------
    kind : str
        ``moving`` or ``handling``.
    mode, traction, country, cargo_class, pool : str
        Mode; ``electric`` or ``diesel``; country; class of cargo, at sea of the line; vessels.
    """

    kind: str
    mode: str = ""
    traction: str = ""
    country: str = ""
    cargo_class: str = ""
    pool: str = ""


class Factor(NamedTuple):
    """A row of ``emission_factors``: grams of CO2 equivalent a net tonne and kilometre, or a tonne.

    Parameters
    ----------
    row : str
        Row.
    of : Activity
        What it is for; an empty word is for any.
    grams : float or None
        None where the row lacks what it takes to make the fuel.
    """

    row: str
    of: Activity
    grams: float | None

    def suits(self, activity: Activity) -> bool:
        """Whether it may be taken for an activity."""
        return all(not own or own == asked for own, asked in zip(self.of, activity, strict=True))

    @property
    def rank(self) -> tuple[bool, ...]:
        """The larger, the more particular: vessels before country, traction, class and mode."""
        of = self.of
        return (
            bool(of.pool),
            bool(of.country),
            bool(of.traction),
            bool(of.cargo_class),
            bool(of.mode),
        )


class Emission(NamedTuple):
    """What a leg emits for a unit.

    Parameters
    ----------
    kg : float
        Kilograms of CO2 equivalent of all that has a factor.
    rows : tuple of str
        Rows of ``emission_factors`` used.
    lacking : tuple of Activity
        What has no factor.
    """

    kg: float
    rows: tuple[str, ...]
    lacking: tuple[Activity, ...]


def factors_of(model: Model) -> tuple[Factor, ...]:
    """Factors of a study, by id."""
    table = "emission_factors"
    found = []
    for row in sorted(map(str, model[table].index)):
        words = ("kind", "mode", "traction", "country", "commodity_class", "vessel_pool")
        of = Activity(*(model.text(table, row, column) for column in words))
        if of.kind == "handling":
            grams = model.number(table, row, "wtw_g_per_t")
        else:
            grams = model.number(table, row, "wtw_g_per_tkm")
            burnt, share = (
                model.number(table, row, c) for c in ("ttw_g_per_tkm", "upstream_share")
            )
            if grams is None and burnt is not None and share is not None:
                grams = burnt * (1.0 + share)
        found.append(Factor(row, of, grams))
    return tuple(found)


def factor_for(factors: tuple[Factor, ...], activity: Activity) -> Factor | None:
    """The most particular factor of an activity that says how much; None where none does.

    Examples
    --------
    >>> any_rail = Factor("any", Activity("moving", "rail"), 20.0)
    >>> diesel = Factor("diesel", Activity("moving", "rail", "diesel"), 28.0)
    >>> factor_for((any_rail, diesel), Activity("moving", "rail", "diesel", "KZ")).row
    'diesel'
    >>> factor_for((diesel,), Activity("moving", "rail", "electric", "KZ")) is None
    True
    """
    own = [one for one in factors if one.grams is not None and one.suits(activity)]
    return max(own, key=lambda one: (one.rank, one.row), default=None)


class Emissions:
    """Greenhouse gases of legs of one class of cargo.

    Parameters
    ----------
    model : Model
        Of the day.
    freight : Freight
        Its network.
    cargo_class : str
        Class of cargo.
    t_per_unit : float
        Net tonnes of a unit.
    """

    def __init__(self, model: Model, freight: Freight, cargo_class: str, t_per_unit: float) -> None:
        self._model = model
        self._freight = freight
        self._class = cargo_class
        self._t = t_per_unit
        self._factors = factors_of(model)

    def of(self, leg: Leg) -> Emission:
        """What a leg emits for a unit."""
        grams = 0.0
        rows: dict[str, None] = {}
        lacking: dict[Activity, None] = {}
        for tonnes_km, activity in self._activities(leg):
            factor = factor_for(self._factors, activity)
            if factor is None or factor.grams is None:
                lacking[activity] = None
            else:
                grams += tonnes_km * factor.grams
                rows[factor.row] = None
        return Emission(grams / G_PER_KG, tuple(rows), tuple(lacking))

    def _activities(self, leg: Leg) -> list[tuple[float, Activity]]:
        if leg.mode in HUBS:
            hub = Activity("handling", country=leg.country, cargo_class=self._class)
            return [(self._t, hub)]
        found: list[tuple[float, Activity]] = []
        for link in leg.links:
            draft = self._freight.drafts[link]
            if draft.length_km > 0.0:
                tonnes_km = self._t * draft.length_km
                found += [(tonnes_km * part, one) for part, one in self._moving(draft)]
        return found

    def _moving(self, draft: Draft) -> list[tuple[float, Activity]]:
        """Activities of a link, with the part of the cargo that each is of."""
        if draft.mode == "sea":
            serves = self._model.text("vessel_lines", draft.row, "serves")
            at_sea = Activity("moving", "sea", cargo_class=serves)
            return [(part, at_sea._replace(pool=pool)) for pool, part in self._pools(draft.row)]
        country = self._freight.pricing.country.get(draft.ends[0], "")
        if draft.mode == "rail":
            fed = self._model.text("sections", draft.row, "traction")
            traction = fed if fed in ("", "diesel") else "electric"
            return [(1.0, Activity("moving", "rail", traction, country, self._class))]
        # Cargo reaches the railway by road.
        return [(1.0, Activity("moving", "road", "", country, self._class))]

    def _pools(self, line: str) -> list[tuple[str, float]]:
        """Vessels of a line, each with its part of what the line can carry."""
        model = self._model
        frame = model["vessel_allocations"]
        found: dict[str, float] = {}
        for row in map(str, frame.index[frame["line"] == line]):
            pool = model.text("vessel_allocations", row, "pool")
            if pool not in model["vessel_pools"].index:
                continue
            share = model.number("vessel_allocations", row, "share") or 0.0
            vessels = model.number("vessel_pools", pool, "vessels") or 0.0
            size = model.number("vessel_pools", pool, "capacity_t") or 1.0
            found[pool] = found.get(pool, 0.0) + share * vessels * size
        whole = sum(found.values())
        if whole <= 0.0:
            return [("", 1.0)]
        return [(pool, part / whole) for pool, part in sorted(found.items()) if part > 0.0]
