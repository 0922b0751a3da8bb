"""What moves: classes of cargo with what a unit of each loads, costs and may travel on."""

from __future__ import annotations

from typing import Final, NamedTuple

from keruen.errors import FailedError, Problem, error
from keruen.model import Model
from keruen.model.records import cell_error

CONTAINER: Final = "container"
LOADED: Final = "loaded"
EMPTY: Final = "empty"
TEU: Final = "TEU"
HOURS_PER_DAY: Final = 24.0

CARRIED_BY: Final = {
    "container": frozenset({"container", "rail_ferry"}),
    "liquid_bulk": frozenset({"liquid_bulk", "rail_ferry"}),
    "dry_bulk": frozenset({"dry_bulk", "general", "rail_ferry"}),
    "general": frozenset({"general", "rail_ferry"}),
    "ro_ro": frozenset({"ro_ro"}),
    "rail_ferry": frozenset({"rail_ferry"}),
}
"""Sea lines that a class of cargo may take, by what they serve: what stands in wagons may go on a
rail ferry, and dry bulk on a ship for general cargo."""
LAND_MODE: Final = {"ro_ro": "road"}
"""Mode of a class on land where it is not rail."""


class Cargo(NamedTuple):
    """A class of users of the network: a commodity, loaded, or the equipment it leaves empty.

    Parameters
    ----------
    commodity : str
        Row of ``commodities``, or of ``equipment`` where it is empty.
    loaded : str
        ``loaded`` or ``empty``.
    unit : str
        ``TEU`` or ``t``; of empty wagons the tonnes that they would carry.
    cargo_class : str
        Class of handling.
    trains_per_unit : float
        Trains that one unit takes.
    t_per_unit, teu_per_unit : float
        Tonnes and TEU in a unit as terminals and ships count it: net, of empty containers the
        tare, of empty wagons none.
    value_usd_per_h : float
        What an hour of one unit costs its owner: interest and decay of the goods, hire of the
        equipment.
    spread_share : float
        Scale of what shippers see and the model does not, as a share of the cost of a chain.
    elasticity : float
        By how many per cent demand falls when cost rises by one.
    reservation_ratio : float
        Cost, over that of the cheapest chain of an empty network, at which cargo is turned away.
    standing_share : float
        Hours at stations for each running hour on rail.
    haulage_share : float
        Cost of hauling it, over that of the loaded unit.
    equipment : str
        Row of ``equipment`` that it travels in; empty where none is told.
    pieces_per_unit : float
        Lorries, or wagons of its train, that one unit takes; 0 where that is not known.
    piece_m : float
        Length of one of its lorries or wagons; 0 where that is not known.
    segment : str
        What it shuns (:mod:`keruen.flows.freight.aversions`) and what its goods are worth where
        that is not the mean (:mod:`keruen.flows.freight.worths`); empty for nothing.
    worth_ratio : float
        Value of its goods over that of the commodity.
    """

    commodity: str
    loaded: str
    unit: str
    cargo_class: str
    trains_per_unit: float
    t_per_unit: float
    teu_per_unit: float
    value_usd_per_h: float
    spread_share: float
    elasticity: float
    reservation_ratio: float
    standing_share: float
    haulage_share: float
    equipment: str = ""
    pieces_per_unit: float = 0.0
    piece_m: float = 0.0
    segment: str = ""
    worth_ratio: float = 1.0

    @property
    def name(self) -> str:
        """Commodity and what it shuns, or equipment and ``empty``.

        Examples
        --------
        >>> Cargo("wagons", "empty", "t", "dry_bulk", *[1.0] * 9).name
        'wagons_empty'
        """
        if self.loaded != LOADED:
            return f"{self.commodity}_empty"
        return f"{self.commodity}@{self.segment}" if self.segment else self.commodity

    @property
    def net_t(self) -> float:
        """Net tonnes in a unit; none in an empty one."""
        if self.loaded != LOADED:
            return 0.0
        return self.t_per_unit if self.unit == TEU else 1.0

    @property
    def land_mode(self) -> str:
        """Mode that carries it on land."""
        return LAND_MODE.get(self.cargo_class, "rail")


def _needed(
    model: Model, commodity: str, columns: tuple[str, ...], wrong: list[Problem]
) -> list[float]:
    """Numbers of a commodity that flows cannot do without; what is missing is told."""
    found = []
    for column in columns:
        value = model.number("commodities", commodity, column)
        if value is None:
            wrong.append(cell_error(model, "commodities", commodity, column, "number_needed"))
        found.append(0.0 if value is None else value)
    return found


class _Train(NamedTuple):
    units: float
    t_per_teu: float
    tare_t_per_teu: float
    wagons: float


def _train(model: Model, commodity: str, unit: str, wrong: list[Problem]) -> _Train:
    """The train that carries a commodity, the mean of those of both directions where they differ.

    What share of it runs empty is no part of it here: empties are flows of their own.
    """
    loadings = sorted(
        str(key) for key, name in model["loadings"]["commodity"].items() if name == commodity
    )
    units, nets, tares, wagons = [], [], [], []
    for row in loadings:
        kind = model.text("loadings", row, "train_type")
        if kind not in model["train_types"].index:
            continue
        column = (
            ("train_types", kind, "teu") if unit == TEU else ("loadings", row, "net_t_per_train")
        )
        whole = model.number(*column)
        if whole is None:
            continue
        units.append(whole)
        wagons.append(model.number("train_types", kind, "wagons") or 1.0)
        nets.append(model.number("loadings", row, "net_t_per_teu") or 0.0)
        tares.append(model.number("loadings", row, "tare_t_per_teu") or 0.0)
    if not units:
        wrong.append(error("loading_needed", "loadings.csv", commodity=commodity))
        return _Train(1.0, 0.0, 0.0, 1.0)
    count = len(units)
    return _Train(sum(units) / count, sum(nets) / count, sum(tares) / count, sum(wagons) / count)


_COLUMNS: Final = (
    "cargo_value_usd_per_unit",
    "time_cost_share_per_day",
    "choice_spread_share",
    "cost_elasticity",
    "reservation_ratio",
)


class _Equipment(NamedTuple):
    """What carries a commodity, per unit of the commodity."""

    id: str
    t: float
    length_m: float
    hire_usd_per_h: float
    empty_share: float


def _equipment(model: Model, commodity: str, unit: str) -> _Equipment:
    row = model.text("commodities", commodity, "equipment")
    if not row:
        return _Equipment("", 1.0, 0.0, 0.0, 0.0)
    load_t = model.number("equipment", row, "unit_t") or 1.0
    per_unit = 1.0 if unit == TEU else load_t
    hire = model.number("equipment", row, "hire_usd_per_day") or 0.0
    return _Equipment(
        row,
        load_t,
        model.number("equipment", row, "length_m") or 0.0,
        hire / HOURS_PER_DAY / per_unit,
        model.number("equipment", row, "empty_cost_share") or 0.0,
    )


def _cargo(model: Model, commodity: str, wrong: list[Problem]) -> list[Cargo]:
    """A commodity loaded, and its equipment empty where it has any."""
    unit = model.text("commodities", commodity, "unit")
    numbers = _needed(model, commodity, _COLUMNS, wrong)
    value, decay, spread, elasticity, reservation = numbers
    standing = model.number("commodities", commodity, "standing_share") or 0.0
    train = _train(model, commodity, unit, wrong)
    gear = _equipment(model, commodity, unit)
    boxed = unit == TEU
    loaded = Cargo(
        commodity,
        LOADED,
        unit,
        model.text("commodities", commodity, "class"),
        1.0 / train.units,
        train.t_per_teu if boxed else 1.0,
        1.0 if boxed else 0.0,
        value * decay / HOURS_PER_DAY + gear.hire_usd_per_h,
        spread,
        elasticity,
        reservation,
        standing,
        1.0,
        gear.id,
        train.wagons / train.units,
        gear.length_m,
    )
    if loaded.land_mode == "road":
        loaded = loaded._replace(pieces_per_unit=1.0 / gear.t if gear.id else 0.0)
    if not gear.id:
        return [loaded]
    empty = loaded._replace(
        commodity=gear.id,
        loaded=EMPTY,
        # An empty train has as many wagons; containers take the places they would take loaded.
        trains_per_unit=loaded.trains_per_unit if boxed else 1.0 / (train.wagons * gear.t),
        # Capacities in tonnes are net: what empty wagons take of a ferry is in its lot shares.
        t_per_unit=train.tare_t_per_teu if boxed else 0.0,
        pieces_per_unit=loaded.pieces_per_unit if boxed else 1.0 / gear.t,
        cargo_class=loaded.cargo_class if boxed or loaded.cargo_class == "ro_ro" else "rail_ferry",
        value_usd_per_h=gear.hire_usd_per_h,
        elasticity=0.0,
        haulage_share=gear.empty_share,
    )
    return [loaded, empty]


def cargo_of(model: Model) -> tuple[Cargo, ...]:
    """Classes of cargo of a study, by id: commodities loaded, and equipment empty.

    Commodities that share equipment share its empties; these load trains as those of the first of
    them do.

    Parameters
    ----------
    model : Model
        With ``commodities``, ``loadings``, ``train_types`` and ``equipment``.

    Returns
    -------
    tuple of Cargo

    Raises
    ------
    FailedError
        With every number that a commodity with demand lacks.
    """
    wanted = {str(one) for one in model["zone_masses"]["commodity"]}
    wrong: list[Problem] = []
    found: dict[str, Cargo] = {}
    for commodity in sorted(map(str, model["commodities"].index)):
        if commodity in wanted:
            for cargo in _cargo(model, commodity, wrong):
                found.setdefault(cargo.name, cargo)
    if wrong:
        raise FailedError(wrong)
    return tuple(found[name] for name in sorted(found))
