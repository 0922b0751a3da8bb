"""Running time and energy of the ordinary freight train, from traction, resistance and gradients.

Where a section has no profile, a saw-tooth of its ruling gradient stands in. The pace over it is
found once for each kind of train and track on a reference line, and holds for gaps of any length:
what stands in for an unknown profile knows no places.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from keruen.capacity.cannot_run import Attempt, cannot_run
from keruen.capacity.hauling import Hauled, Track
from keruen.errors import FailedError, RangeError, error
from keruen.rail.climbing import climb_margins
from keruen.rail.energy import DieselSupply, ElectricSupply, Supply
from keruen.rail.resistance import (
    STANDARD_GRAVITY_M_PER_S2,
    cis_jointed,
    modified_davis,
    starting_resistance_n_per_kn,
)
from keruen.rail.running import Ends, NotRunnableError, run_train
from keruen.rail.supplements import hardest_start, start_stop_minutes
from keruen.rail.track_profile import (
    ASSUMED_WAVE_KM,
    AssumedGradients,
    TrackProfile,
    assumed_profile,
    profile_from_elevation,
)
from keruen.rail.traction import Adhesion, TractionLimits
from keruen.rail.train import (
    SERVICE_DECELERATION_M_PER_S2,
    ElectricBrake,
    Locomotive,
    Train,
    Wagon,
    wagons_of_mass,
)
from keruen.units import hours_from_minutes

AXLES: Final = 4
"""Axles of the wagons of ordinary trains."""
MOST_UNITS: Final = 4
"""So many locomotives at most pull and push a train where fewer cannot."""
REFERENCE_KM: Final = 3.0 * ASSUMED_WAVE_KM
"""Length of the line on which the pace over assumed gradients is found: three waves of them."""
FULL_SERVICE_M_PER_S2: Final = 0.5
"""What the full service brake of a freight train does on the level (assumption)."""
_PARTIAL_LOAD: Final = (0.1, 0.25, 0.5, 0.75, 1.0)
_PARTIAL_EFFICIENCY: Final = (0.59, 0.79, 0.94, 1.0, 1.0)
"""Efficiency of a diesel locomotive at part load over that at full load (assumption)."""
_SPARE_M_PER_S2: Final = 0.1
"""What a driver brakes beyond the pull of a gradient (assumption)."""
_WORST_STEPS: Final = 200
"""So many stretches of a profile are tried for the slowest."""


class GapRun(NamedTuple):
    """Running over the hardest stretch of a section, allowance included, in minutes.

    ``start_min`` and ``stop_min`` are lost by starting from a stop and by braking to one, and
    ``units`` locomotives are at the train; None where the running time rests on a typed speed,
    which says nothing of them.
    """

    forward_min: float
    backward_min: float
    start_min: float | None
    stop_min: float | None
    units: int | None


class _Pace(NamedTuple):
    """Pace over assumed gradients: minutes a kilometre, and minutes lost by starts and stops."""

    min_per_km: float
    start_min: float
    stop_min: float
    units: int


def train_of(hauled: Hauled, steepest_permille: float = 0.0) -> Train:
    """Build the train: like wagons behind like locomotives.

    Down a gradient its driver brakes harder than on the level, by as much as the gradient pulls and
    no harder than the full service brake.
    """
    pull = STANDARD_GRAVITY_M_PER_S2 * steepest_permille / 1000.0
    brake = max(SERVICE_DECELERATION_M_PER_S2, min(pull + _SPARE_M_PER_S2, FULL_SERVICE_M_PER_S2))
    engine = hauled.engine
    locomotive = Locomotive(
        "",
        engine.mass_t,
        engine.length_m,
        TractionLimits(
            engine.starting_effort_kn,
            engine.power_kw,
            engine.mass_t,
            Adhesion(engine.adhesion_share),
        ),
        _supply(hauled),
        engine.max_speed_km_per_h,
        ElectricBrake(engine.brake_effort_kn, engine.brake_power_kw),
    )
    gross = hauled.trailing_t / hauled.wagons
    load = gross / AXLES
    top = engine.max_speed_km_per_h
    behind_m = max(hauled.length_m - hauled.units * engine.length_m, 1.0)
    wagon = Wagon(
        gross,
        behind_m / hauled.wagons,
        cis_jointed(load, AXLES) if hauled.is_broad else modified_davis(load, AXLES),
        starting_resistance_n_per_kn(load),
    )
    return Train(
        ((locomotive, hauled.units),), wagons_of_mass(wagon, hauled.trailing_t), top, brake
    )


def _supply(hauled: Hauled) -> Supply:
    engine = hauled.engine
    if hauled.is_diesel:
        curve = tuple(part * engine.efficiency_share for part in _PARTIAL_EFFICIENCY)
        return DieselSupply(_PARTIAL_LOAD, curve, engine.idle_l_per_h)
    return ElectricSupply(
        efficiency=engine.efficiency_share,
        regeneration_efficiency=engine.efficiency_share,
        returned_share=engine.returned_share,
        auxiliary_kw=engine.auxiliary_kw,
    )


def profile_of(track: Track, *, backward: bool = False) -> TrackProfile:
    """Build the profile a train meets in a direction."""
    if not track.profile:
        gradients = AssumedGradients(track.ruling_permille, track.gradient_share)
        return assumed_profile(track.length_km, gradients, track.permitted_km_per_h)
    rows = np.array(track.profile)
    if backward:
        # Limit and radius hold from a row to the next, so that they move up by one on the way back.
        limits, radii = rows[-2::-1, 2], rows[-2::-1, 3]
        return profile_from_elevation(rows[-1, 0] - rows[::-1, 0], rows[::-1, 1], limits, radii)
    return profile_from_elevation(rows[:, 0], rows[:, 1], rows[:-1, 2], rows[:-1, 3])


def gap_run(hauled: Hauled, track: Track, gap_km: float, section: str) -> GapRun:
    """Running times over the hardest stretch of a section, as long as its longest gap.

    Where the locomotives stated cannot take the train over the line, others help, up to
    :data:`MOST_UNITS` in all.

    Parameters
    ----------
    hauled : Hauled
        The train.
    track : Track
        The section.
    gap_km : float
        Length of the gap.
    section : str
        For messages.

    Raises
    ------
    FailedError
        When the train cannot run there; the message names section and kilometre.
    """
    if track.profile:
        found = _profiled(hauled, track, gap_km, section)
    else:
        line = track._replace(length_km=REFERENCE_KM, allowance_share=0.0)
        try:
            pace = _pace(hauled, line)
        except FailedError as failed:
            named = (replace(p, params={**p.params, "section": section}) for p in failed.problems)
            raise FailedError(list(named)) from failed
        minutes = pace.min_per_km * gap_km
        found = GapRun(minutes, minutes, pace.start_min, pace.stop_min, pace.units)
    slower = 1.0 + track.allowance_share
    return found._replace(
        forward_min=found.forward_min * slower, backward_min=found.backward_min * slower
    )


@lru_cache(maxsize=1 << 14)
def _pace(hauled: Hauled, track: Track) -> _Pace:
    """Pace over assumed gradients, with as many locomotives as it takes."""
    units = units_needed(hauled, track)
    train = train_of(hauled._replace(units=units), track.steepest_permille)
    found = start_stop_minutes(train, profile_of(track))
    return _Pace(found.through_min / track.length_km, found.start_min, found.stop_min, units)


@lru_cache(maxsize=1 << 12)
def _profiled(hauled: Hauled, track: Track, gap_km: float, section: str) -> GapRun:
    """Running over the hardest stretch of a profile, starts and stops on the level."""
    units = units_needed(hauled, track, section)
    train = train_of(hauled._replace(units=units), track.steepest_permille)
    there, back = (_hardest(train, track, gap_km, backward=way) for way in (False, True))
    level = assumed_profile(REFERENCE_KM, AssumedGradients(0.0, 0.0), track.permitted_km_per_h)
    ends = start_stop_minutes(train, level)
    return GapRun(there, back, ends.start_min, ends.stop_min, units)


def units_needed(hauled: Hauled, track: Track, section: str = "") -> int:
    """The locomotives stated, or as many more as the train takes to climb the line both ways.

    They start the train on the ruling gradient, or with it anywhere on the profile, and keep at
    least :data:`keruen.capacity.cannot_run.LEAST_CLIMBING_KM_PER_H` there without momentum.

    Parameters
    ----------
    hauled : Hauled
        The train.
    track : Track
        The section.
    section : str
        For messages.

    Raises
    ------
    FailedError
        When :data:`MOST_UNITS` cannot either, when the brakes do not hold the train, or when a
        number is out of range; told by :func:`keruen.capacity.cannot_run.cannot_run`.
    """
    most = max(MOST_UNITS, hauled.units)
    for units in range(hauled.units, most + 1):
        train = train_of(hauled._replace(units=units), track.steepest_permille)
        for backward in (False, True) if track.profile else (False,):
            attempt = Attempt(section, track, train, backward)
            try:
                profile = profile_of(track, backward=backward)
                _require_climb(attempt, profile)
                run_train(train, profile)
            except NotRunnableError as failed:
                braked = any(p.code == "brakes_do_not_hold" for p in failed.problems)
                if units == most or braked:
                    raise FailedError(cannot_run(failed.problems, attempt)) from failed
                break
            except RangeError as failed:
                raise FailedError(cannot_run(failed.problems, attempt)) from failed
        else:
            return units
    raise AssertionError(section)


def _require_climb(attempt: Attempt, profile: TrackProfile) -> None:
    """Raise unless the train can start where it is steepest and keep the least speed there."""
    track = attempt.track
    if track.profile:
        km, permille, _ = hardest_start(attempt.train, profile)
    elif track.gradient_share > 0.0:
        km, permille = 0.0, track.ruling_permille
    else:
        return
    margins = climb_margins(attempt.train, permille, attempt.least_km_per_h)
    for code, margin_kn in zip(("train_cannot_start", "train_too_slow"), margins, strict=True):
        if margin_kn < 0.0:
            raise NotRunnableError([error(code, km=round(km, 3), permille=round(permille, 2))])


def _hardest(train: Train, track: Track, gap_km: float, *, backward: bool) -> float:
    """Longest time over any stretch of a length, running through."""
    through = Ends(math.inf, math.inf)
    found = run_train(train, profile_of(track, backward=backward), ends=through)
    if gap_km >= track.length_km:
        return float(found.running_min)
    starts = np.linspace(0.0, found.km[-1] - gap_km, _WORST_STEPS)
    minutes = np.interp(starts + gap_km, found.km, found.time_min)
    return float((minutes - np.interp(starts, found.km, found.time_min)).max())


def speed_km_per_h(length_km: float, minutes: float) -> float:
    """Mean speed over a length.

    >>> speed_km_per_h(30.0, 30.0)
    60.0
    """
    return length_km / hours_from_minutes(minutes)
