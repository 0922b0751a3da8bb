"""Beside a forced run: starting and stopping, allowance, and where a start is hardest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from keruen.errors import require_range
from keruen.rail.climbing import start_margin_kn
from keruen.rail.running import Ends, RunResult, Stop, run_train
from keruen.rail.track_profile import TrackProfile, train_steps
from keruen.rail.train import Train, train_forces

_HALVINGS = 40


class StartStop(NamedTuple):
    """What a start and a stop cost against running through.

    Parameters
    ----------
    through_min : float
        Running time without stopping at either end.
    start_min, stop_min : float
        Added by a standing start, and by a stop at the end (tau_r and tau_z of the timetable).
    """

    through_min: float
    start_min: float
    stop_min: float


def start_stop_minutes(train: Train, profile: TrackProfile, step_m: float = 50.0) -> StartStop:
    """Times added by starting at the beginning of a line and by stopping at its end.

    The train that runs through enters as fast as one that started at the beginning has become at
    the end, as if the line before were like this one.

    Parameters
    ----------
    train : Train
        Locomotives and wagons.
    profile : TrackProfile
        The line, as a rule from one station to the next.
    step_m : float
        Longest step, metres.

    Returns
    -------
    StartStop
        Minutes.

    Raises
    ------
    keruen.rail.running.NotRunnableError
        If the train cannot run, or cannot start at the beginning.
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    >>> from keruen.rail.rolling_stock import GONDOLA_LOADED, VL80S
    >>> from keruen.rail.track_profile import track_profile
    >>> from keruen.rail.train import wagons_of_mass
    >>> train = Train(((VL80S, 1),), wagons_of_mass(GONDOLA_LOADED, 4000.0))
    >>> found = start_stop_minutes(train, track_profile([0.0, 20.0], limit_km_per_h=70.0))
    >>> round(found.through_min, 2), round(found.start_min, 2), round(found.stop_min, 2)
    (17.14, 1.56, 0.77)
    """
    started = run_train(train, profile, (), step_m, Ends(0.0, math.inf))
    passing = float(started.speed_km_per_h[-1])
    through = run_train(train, profile, (), step_m, Ends(passing, math.inf))
    stopped = run_train(train, profile, (), step_m, Ends(passing, 0.0))
    return StartStop(
        through.running_min,
        started.running_min - through.running_min,
        stopped.running_min - through.running_min,
    )


def run_with_allowance(
    train: Train,
    profile: TrackProfile,
    allowance_share: float,
    stops: Sequence[Stop] = (),
    step_m: float = 50.0,
) -> RunResult:
    """Run so much slower than forced, by holding a lower top speed: time for less energy.

    Parameters
    ----------
    train : Train
        Locomotives and wagons.
    profile : TrackProfile
        The line.
    allowance_share : float
        Time to add, as a share of the forced running time; at most 1.
    stops : sequence of Stop
        Stops on the way.
    step_m : float
        Longest step, metres.

    Returns
    -------
    RunResult
        Its running time is the forced one with the allowance, to a thousandth of a percent.

    Raises
    ------
    keruen.rail.running.NotRunnableError
        If the train cannot run, or stalls at the lower speed where its momentum carried it before.
    keruen.errors.RangeError
        If the share or a number of the train is out of range.

    Examples
    --------
    >>> from keruen.rail.rolling_stock import GONDOLA_LOADED, VL80S
    >>> from keruen.rail.track_profile import track_profile
    >>> from keruen.rail.train import wagons_of_mass
    >>> train = Train(((VL80S, 1),), wagons_of_mass(GONDOLA_LOADED, 4000.0))
    >>> line = track_profile([0.0, 50.0], [2.0])
    >>> forced, relaxed = run_train(train, line), run_with_allowance(train, line, 0.05)
    >>> round(relaxed.running_min / forced.running_min, 4)
    1.05
    """
    require_range("allowance_share", allowance_share, 0.0, 1.0)
    forced = run_train(train, profile, stops, step_m)
    if allowance_share == 0.0:
        return forced
    wanted_min = forced.running_min * (1.0 + allowance_share)
    high = float(forced.speed_km_per_h.max())
    low = forced.mean_speed_km_per_h / (1.0 + allowance_share)
    found = forced
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        found = run_train(train._replace(max_speed_km_per_h=middle), profile, stops, step_m)
        if abs(found.running_min - wanted_min) <= 1e-5 * wanted_min:
            break
        low, high = (middle, high) if found.running_min > wanted_min else (low, middle)
    return found


class HardestStart(NamedTuple):
    """Where on a line the train starts with most trouble.

    Parameters
    ----------
    km : float
        Place of the head.
    permille : float
        Gradient and curve under the train there.
    margin_kn : float
        Effort at rest less the resistance; not positive where the train cannot start.
    """

    km: float
    permille: float
    margin_kn: float


def hardest_start(train: Train, profile: TrackProfile, step_m: float = 50.0) -> HardestStart:
    """The place at which a train, stopped anywhere on the line, has least effort to spare.

    Parameters
    ----------
    train : Train
        Locomotives and wagons.
    profile : TrackProfile
        The line.
    step_m : float
        Distance of the places looked at, metres.

    Returns
    -------
    HardestStart
        The first of equals.

    Raises
    ------
    keruen.errors.RangeError
        If a number is out of range.

    Examples
    --------
    >>> from keruen.rail.rolling_stock import GONDOLA_LOADED, VL80S
    >>> from keruen.rail.track_profile import track_profile
    >>> from keruen.rail.train import wagons_of_mass
    >>> train = Train(((VL80S, 1),), wagons_of_mass(GONDOLA_LOADED, 4000.0))
    >>> found = hardest_start(train, track_profile([0.0, 5.0, 10.0], [0.0, 15.0]))
    >>> round(found.km, 2), round(found.permille, 1), found.margin_kn < 0.0
    (5.65, 15.0, True)
    """
    require_range("step_m", step_m, 1e-3)
    forces = train_forces(train)
    count = max(1, math.ceil(profile.length_km * 1000.0 / step_m))
    head_km = np.linspace(float(profile.km[0]), float(profile.km[-1]), count + 1)
    steps = train_steps(profile, head_km, train.length_m)
    permille = steps.gradient_permille + steps.curve_n_per_kn
    worst = int(np.argmax(np.round(permille, 9)))
    slope = float(permille[worst])
    return HardestStart(float(head_km[worst]), slope, start_margin_kn(forces, slope))
