from __future__ import annotations

import numpy as np
import pytest

from keruen.errors import RangeError
from keruen.rail.resistance import SpecificResistance
from keruen.rail.rolling_stock import GONDOLA_LOADED, KZ8A, TE33A
from keruen.rail.traction import Adhesion
from keruen.rail.train import Train, Wagon, train_forces, wagons_of_mass

G = 9.80665


def test_sums_over_locomotives_and_wagons() -> None:
    train = Train(((KZ8A, 1), (TE33A, 2)), ((GONDOLA_LOADED, 50),), max_speed_km_per_h=150.0)
    assert train.trailing_t == 4600.0
    assert train.mass_t == 4600.0 + 200.0 + 276.0
    assert train.length_m == pytest.approx(50 * 13.9 + 35.0 + 44.6)
    assert train.power_kw == pytest.approx(8564.0 + 2 * 0.87 * 3355.0)
    assert train.top_speed_km_per_h == 120.0


def test_forces_are_in_newtons_and_metres_a_second() -> None:
    wagon = Wagon(100.0, 14.0, SpecificResistance(1.0, 0.036, 0.001), 1.5, rotating_share=0.05)
    forces = train_forces(Train(((TE33A, 1),), ((wagon, 10),)))
    wagons_kn = 1000.0 * G
    speed = 20.0
    own = TE33A.powered.at(72.0) * 138.0 * G
    expected = own + wagon.resistance.at(72.0) * wagons_kn
    assert forces.powered @ [1.0, speed, speed**2] == pytest.approx(expected)
    assert forces.coasting @ [1.0, speed, speed**2] > expected
    assert forces.starting_n == pytest.approx(1.9 * 138.0 * G + 1.5 * wagons_kn)
    assert forces.weight_n == pytest.approx(1138.0 * 1000.0 * G)
    assert forces.inertia_kg == pytest.approx(138e3 * 1.15 + 1e6 * 1.05)
    assert forces.brake_n == pytest.approx(0.2 * forces.inertia_kg)
    assert forces.limits.shape == (1, 7)


def test_a_mass_is_met_exactly() -> None:
    ((wagon, number),) = wagons_of_mass(GONDOLA_LOADED, 6000.0)
    assert wagon.gross_t * number == 6000.0
    assert Train(((KZ8A, 1),)).trailing_t == 0.0


@pytest.mark.parametrize(
    "train",
    [
        Train(()),
        Train(((KZ8A, 0),)),
        Train(((KZ8A._replace(mass_t=0.0), 1),)),
        Train(((KZ8A._replace(powered=SpecificResistance(-1.0, 0.0, 0.0)), 1),)),
        Train(((KZ8A._replace(traction=KZ8A.traction._replace(adhesion=Adhesion(-0.1))), 1),)),
        Train(((KZ8A, 1),), ((GONDOLA_LOADED, -1.0),)),
        Train(((KZ8A, 1),), ((GONDOLA_LOADED._replace(gross_t=np.nan), 1.0),)),
        Train(((KZ8A, 1),), service_deceleration_m_per_s2=0.0),
        Train(((KZ8A, 1),), max_speed_km_per_h=0.0),
    ],
)
def test_impossible_trains_are_refused(train: Train) -> None:
    with pytest.raises(RangeError):
        train_forces(train)
