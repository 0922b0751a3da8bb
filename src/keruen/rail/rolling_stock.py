"""Locomotives and wagons of the 1520 mm lines, and a wagon of 1435 mm.

Published: power, starting effort, mass and speed of the KZ8A (de.wikipedia.org, KTZ-Baureihe KZ8A;
trains.at.ua) and of the TE33A (de.wiki.li; en.wikipedia.org, General Electric Evolution Series).
Everything else, all of the VL80S and of the wagons included, is an assumption from memory and
stands in for the tables of a study.
"""

from __future__ import annotations

from typing import Final

from keruen.rail.energy import DieselSupply, ElectricSupply
from keruen.rail.resistance import cis_jointed, modified_davis, starting_resistance_n_per_kn
from keruen.rail.traction import CIS_ELECTRIC_ADHESION, Adhesion, TractionLimits
from keruen.rail.train import ElectricBrake, Locomotive, Wagon

THREE_PHASE_ADHESION: Final = Adhesion(0.36)
"""Adhesion of locomotives with three-phase motors and slip control (assumption)."""

KZ8A: Final = Locomotive(
    name="KZ8A",
    mass_t=200.0,
    length_m=35.0,
    traction=TractionLimits(833.0, 8564.0, 200.0, THREE_PHASE_ADHESION),
    supply=ElectricSupply(),
    max_speed_km_per_h=120.0,
    brake=ElectricBrake(450.0, 7600.0),
)
"""Two-section electric locomotive, 25 kV; power continuous. Length and brake are assumptions."""

VL80S: Final = Locomotive(
    name="VL80S",
    mass_t=192.0,
    length_m=33.0,
    traction=TractionLimits(670.0, 6520.0, 192.0, CIS_ELECTRIC_ADHESION),
    supply=ElectricSupply(efficiency=0.82, returned_share=0.0),
    max_speed_km_per_h=110.0,
)
"""Two-section electric locomotive, 25 kV; its rheostatic brake returns nothing and is left out."""

TE33A: Final = Locomotive(
    name="TE33A",
    mass_t=138.0,
    length_m=22.3,
    traction=TractionLimits(534.0, 0.87 * 3355.0, 138.0, THREE_PHASE_ADHESION),
    supply=DieselSupply(),
    max_speed_km_per_h=120.0,
    brake=ElectricBrake(270.0, 2500.0),
)
"""Diesel locomotive; of the engine's 3,355 kW 87 % reach the rim (assumption). Its brake spares
blocks and returns nothing."""

LOCOMOTIVES: Final[dict[str, Locomotive]] = {one.name: one for one in (KZ8A, VL80S, TE33A)}

GONDOLA_LOADED: Final = Wagon(
    gross_t=92.0,
    length_m=13.9,
    resistance=cis_jointed(23.0, 4),
    starting_n_per_kn=starting_resistance_n_per_kn(23.0),
)
"""Four-axle gondola, 23 t an axle."""

GONDOLA_EMPTY: Final = Wagon(
    gross_t=24.0,
    length_m=13.9,
    resistance=cis_jointed(6.0, 4),
    starting_n_per_kn=starting_resistance_n_per_kn(6.0),
    rotating_share=0.12,
)
"""The same, empty."""

CONTAINER_FLAT_LOADED: Final = Wagon(
    gross_t=70.0,
    length_m=25.6,
    resistance=cis_jointed(17.5, 4),
    starting_n_per_kn=starting_resistance_n_per_kn(17.5),
)
"""Flat wagon of 80 feet with two loaded containers of 40 feet."""

CONTAINER_FLAT_1435: Final = Wagon(
    gross_t=76.0,
    length_m=19.7,
    resistance=modified_davis(19.0, 4, 0.0935),
    starting_n_per_kn=starting_resistance_n_per_kn(19.0),
)
"""Flat wagon of 60 feet, 1435 mm gauge, loaded; its starting resistance is that of 1520 mm."""
