from __future__ import annotations

import numpy as np
import pytest

from keruen.errors import RangeError
from keruen.rail.energy import DieselSupply, ElectricSupply, fuel_l, wire_energy

LITRE_KWH = 42.7 * 0.84 / 3.6


def test_the_electric_chain_by_hand() -> None:
    supply = ElectricSupply(0.8, 0.9, 0.5, 60.0, 0.1, 0.05)
    found = wire_energy([80.0, 0.0], [0.0, 40.0], [60.0, 120.0], supply)
    assert found.taken_kwh == pytest.approx([101.0, 2.0])
    assert found.returned_kwh == pytest.approx([0.0, 18.0])
    through = 0.9 * 0.95
    assert found.substation_kwh == pytest.approx([101.0 / through, 2.0 / through - 18.0 * 0.9])


def test_fuel_meets_the_map_at_its_points() -> None:
    supply = DieselSupply((0.5, 1.0), (0.30, 0.36), 20.0)
    hour = np.full(3, 3600.0)
    found = fuel_l([0.0, 500.0, 1000.0], hour, 1000.0, supply)
    expected = [20.0, 500.0 / 0.30 / LITRE_KWH, 1000.0 / 0.36 / LITRE_KWH]
    assert found == pytest.approx(expected)


def test_fuel_never_falls_with_load() -> None:
    load = np.linspace(0.0, 1000.0, 101)
    found = fuel_l(load, np.full(101, 3600.0), 1000.0, DieselSupply())
    assert np.all(np.diff(found) > 0.0)


@pytest.mark.parametrize(
    "supply",
    [
        ElectricSupply(efficiency=0.0),
        ElectricSupply(efficiency=1.1),
        ElectricSupply(returned_share=-0.1),
        ElectricSupply(catenary_loss=1.0),
        ElectricSupply(auxiliary_kw=-1.0),
    ],
)
def test_impossible_chains_are_refused(supply: ElectricSupply) -> None:
    with pytest.raises(RangeError):
        wire_energy([1.0], [0.0], [1.0], supply)


@pytest.mark.parametrize(
    "supply",
    [
        DieselSupply((), ()),
        DieselSupply((0.5, 0.4, 1.0), (0.3, 0.3, 0.3)),
        DieselSupply((0.5, 0.9), (0.3, 0.3)),
        DieselSupply((0.5, 1.0), (0.3,)),
        DieselSupply((0.5, 1.0), (0.3, 0.0)),
        DieselSupply(idle_l_per_h=-1.0),
    ],
)
def test_impossible_maps_are_refused(supply: DieselSupply) -> None:
    with pytest.raises(RangeError):
        fuel_l([1.0], [1.0], 1000.0, supply)
