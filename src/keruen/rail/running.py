"""Running time and energy of a train over a line.

The train runs as fast as traction, brakes and limits let it ("forced" running): braking curves are
laid backwards from every stop and every lower limit, traction forwards below them. A limit holds
until the tail has left it. The energy of every step is what the motion needs, so that work at the
wheel, climb, resistance and speed balance exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keruen.errors import FailedError, error, require_range
from keruen.rail.energy import DieselSupply, ElectricSupply, fuel_l, wire_energy
from keruen.rail.running_kernel import (
    StepTrack,
    TrainForces,
    account,
    brake_backward,
    pull_forward,
)
from keruen.rail.track_profile import TrackProfile, TrainSteps, train_steps
from keruen.rail.train import Train, train_forces
from keruen.units import KM_PER_H_PER_M_PER_S

_J_PER_KWH: Final = 3.6e6
_PERMILLE: Final = 1000.0
_LEAST_STEPS: Final = 8
_CUTS: Final = 8
_NEAR_KM: Final = 1e-6


class NotRunnableError(FailedError):
    """The train cannot run on the line: it does not start, stalls, or cannot be braked."""


class Stop(NamedTuple):
    """A stop on the way.

    Parameters
    ----------
    km : float
        Where the head stops, within the profile.
    dwell_min : float
        How long.
    """

    km: float
    dwell_min: float = 0.0


class Ends(NamedTuple):
    """Speeds at which the train enters and leaves the line; infinite is as fast as it can.

    Parameters
    ----------
    entry_km_per_h, exit_km_per_h : float
        Zero is a standing start, and a stop at the end.
    """

    entry_km_per_h: float = 0.0
    exit_km_per_h: float = 0.0


STANDSTILL: Final = Ends()
"""A standing start and a stop at the end."""


class RunResult(NamedTuple):
    """A run, by step of the train's head; energies are of one step each.

    Parameters
    ----------
    km, speed_km_per_h, time_min : array, shape (steps + 1,)
        Place, speed, and time since the start; at a stop the time of arrival.
    effort_kn : array, shape (steps,)
        At the wheel, mean of the step: positive pulling, negative braking of all kinds.
    pull_kwh, brake_kwh, motor_brake_kwh : array, shape (steps,)
        Work of pulling; of all brakes; of the motors among them. Not negative.
    resistance_kwh, climb_kwh : array, shape (steps,)
        Work of running resistance and curves; of the gradient, negative downhill.
    wire_kwh, substation_kwh, fuel_l : array, shape (steps,)
        Net energy from the wire and at the substation, and fuel; zero where the train has no
        locomotive of the kind. What is used at a stop belongs to the step before it.
    running_min, dwell_min : float
        In motion, and at stops on the way.
    trailing_t, mass_t : float
        Of the wagons, and of the train.
    assumed_profile : bool
        Whether gradients stood in for ones that are not known.
    """

    km: NDArray[np.float64]
    speed_km_per_h: NDArray[np.float64]
    time_min: NDArray[np.float64]
    effort_kn: NDArray[np.float64]
    pull_kwh: NDArray[np.float64]
    brake_kwh: NDArray[np.float64]
    motor_brake_kwh: NDArray[np.float64]
    resistance_kwh: NDArray[np.float64]
    climb_kwh: NDArray[np.float64]
    wire_kwh: NDArray[np.float64]
    substation_kwh: NDArray[np.float64]
    fuel_l: NDArray[np.float64]
    running_min: float
    dwell_min: float
    trailing_t: float
    mass_t: float
    assumed_profile: bool

    @property
    def wheel_energy_kwh(self) -> NDArray[np.float64]:
        """Net work at the wheels of the locomotives by step: pulling less braking with motors."""
        net: NDArray[np.float64] = self.pull_kwh - self.motor_brake_kwh
        return net

    @property
    def mean_speed_km_per_h(self) -> float:
        """Length over running time, stops not counted."""
        return float(self.km[-1] - self.km[0]) / (self.running_min / 60.0)

    def per_10000_gross_t_km(self, amount: float) -> float:
        """An amount of the whole run per 10,000 tonne-kilometres of wagons and load.

        Parameters
        ----------
        amount : float
            Kilowatt-hours, litres or whatever else the run took.

        Returns
        -------
        float
            The same unit per 10,000 gross tonne-kilometres, the locomotives not counted.

        Raises
        ------
        keruen.errors.RangeError
            If the train has no wagons.
        """
        require_range("trailing_t", self.trailing_t, 1e-9)
        return amount * 1e4 / (self.trailing_t * float(self.km[-1] - self.km[0]))


def run_train(
    train: Train,
    profile: TrackProfile,
    stops: Sequence[Stop] = (),
    step_m: float = 50.0,
    ends: Ends = STANDSTILL,
) -> RunResult:
    """Run a train over a line as fast as it can.

    Parameters
    ----------
    train : Train
        Locomotives and wagons.
    profile : TrackProfile
        The line; the head runs from its first to its last kilometre.
    stops : sequence of Stop
        Stops on the way, between the ends of the line.
    step_m : float
        Longest step, metres. Between two stops the steps are equal and at least eight; the first
        and the last are cut up, where speed changes most.
    ends : Ends
        Speeds at both ends; at rest unless told.

    Returns
    -------
    RunResult
        Speeds, times and energies by step.

    Raises
    ------
    NotRunnableError
        ``train_cannot_start``, ``train_stalls`` or ``brakes_do_not_hold``, with the kilometre.
    keruen.errors.RangeError
        If a number of the train, a stop or the step is out of range.

    Examples
    --------
    >>> from keruen.rail.rolling_stock import GONDOLA_LOADED, VL80S
    >>> from keruen.rail.track_profile import track_profile
    >>> from keruen.rail.train import wagons_of_mass
    >>> train = Train(((VL80S, 1),), wagons_of_mass(GONDOLA_LOADED, 4000.0))
    >>> run = run_train(train, track_profile([0.0, 20.0], [3.0], 80.0))
    >>> round(run.running_min, 1), round(float(run.speed_km_per_h.max()), 1)
    (18.4, 80.0)
    """
    require_range("step_m", step_m, 1e-3)
    forces = train_forces(train)
    head_km, stop_nodes, dwells = _grid(profile, stops, step_m)
    steps = train_steps(profile, head_km, train.length_m)
    track = StepTrack(
        np.diff(head_km) * 1000.0, (steps.gradient_permille + steps.curve_n_per_kn) / _PERMILLE
    )
    ceiling = _ceiling(steps, train.top_speed_km_per_h, stop_nodes, ends)
    held = brake_backward(track, forces, ceiling)
    if held >= 0:
        raise _not_runnable("brakes_do_not_hold", head_km, steps, int(held))
    squares = np.empty_like(ceiling)
    squares[0] = ceiling[0]
    code, place = pull_forward(track, forces, ceiling, squares)
    if code:
        what = "train_cannot_start" if code == 1 else "train_stalls"
        raise _not_runnable(what, head_km, steps, int(place))
    return _result(train, profile, _Motion(head_km, steps, track, forces, squares, dwells))


class _Motion(NamedTuple):
    """What the kernels found, before it is turned into energies."""

    head_km: NDArray[np.float64]
    steps: TrainSteps
    track: StepTrack
    forces: TrainForces
    squares: NDArray[np.float64]
    dwells_min: NDArray[np.float64]


def _grid(
    profile: TrackProfile, stops: Sequence[Stop], step_m: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Places of the head, nodes of the stops, and minutes of dwell after each step."""
    begin, end = float(profile.km[0]), float(profile.km[-1])
    ordered = sorted(stops)
    places = [begin, *(stop.km for stop in ordered), end]
    for before, after in pairwise(places):
        require_range("stop_km", after, before + _NEAR_KM, end)
    legs = []
    nodes = []
    for before, after in pairwise(places):
        leg = _leg(before, after, step_m / 1000.0)
        legs.append(leg[:-1])
        nodes.append(leg.size - 1)
    head_km = np.append(np.concatenate(legs), end)
    stop_nodes = np.cumsum(nodes)[:-1].astype(np.int64)
    dwells = np.zeros(head_km.size - 1)
    for node, stop in zip(stop_nodes, ordered, strict=True):
        require_range("dwell_min", stop.dwell_min, 0.0)
        dwells[node - 1] = stop.dwell_min
    return head_km, stop_nodes, dwells


def _leg(begin_km: float, end_km: float, step_km: float) -> NDArray[np.float64]:
    """Equal steps, the first and the last cut up so that speed near a stand changes evenly."""
    count = max(_LEAST_STEPS, int(np.ceil((end_km - begin_km) / step_km - 1e-9)))
    even = np.linspace(begin_km, end_km, count + 1)
    cut = (np.arange(_CUTS) / _CUTS) ** 2
    first = begin_km + (even[1] - begin_km) * cut
    last = end_km - (end_km - even[-2]) * cut[::-1]
    return np.concatenate([first, even[1:-1], last])


def _ceiling(
    steps: TrainSteps, top_km_per_h: float, stop_nodes: NDArray[np.int64], ends: Ends
) -> NDArray[np.float64]:
    """Squares of the highest speeds at the nodes, (m/s)²: limits, stops and ends."""
    allowed = np.minimum(steps.limit_km_per_h, top_km_per_h)
    nodes = np.minimum(np.append(allowed[0], allowed), np.append(allowed, allowed[-1]))
    nodes[stop_nodes] = 0.0
    for node, speed in ((0, ends.entry_km_per_h), (-1, ends.exit_km_per_h)):
        if speed != np.inf:
            require_range("end_speed_km_per_h", speed, 0.0)
        nodes[node] = min(nodes[node], speed)
    squares: NDArray[np.float64] = (nodes / KM_PER_H_PER_M_PER_S) ** 2
    return squares


def _not_runnable(
    code: str, head_km: NDArray[np.float64], steps: TrainSteps, place: int
) -> NotRunnableError:
    km = round(float(head_km[place]), 3)
    slope = float(steps.gradient_permille[place] + steps.curve_n_per_kn[place])
    return NotRunnableError([error(code, km=km, permille=round(slope, 2))])


def _result(train: Train, profile: TrackProfile, motion: _Motion) -> RunResult:
    count = motion.track.step_m.size
    seconds, efforts = np.empty(count), np.empty(count)
    account(motion.track, motion.forces, motion.squares, seconds, efforts)
    speeds = np.sqrt(motion.squares)
    work_kwh = efforts * motion.track.step_m / _J_PER_KWH
    pull, brake = np.maximum(work_kwh, 0.0), np.maximum(-work_kwh, 0.0)
    change = np.diff(motion.squares) * 0.5 * motion.forces.inertia_kg / _J_PER_KWH
    climb = motion.forces.weight_n * motion.steps.gradient_permille / _PERMILLE
    climb = climb * motion.track.step_m / _J_PER_KWH
    motors = _motor_brake(train, brake, motion.track.step_m, seconds)
    energies = _energies(train, pull, motors, seconds, motion.dwells_min)
    waited = np.concatenate([[0.0, 0.0], np.cumsum(motion.dwells_min)[:-1]])
    return RunResult(
        motion.head_km,
        speeds * KM_PER_H_PER_M_PER_S,
        np.append(0.0, np.cumsum(seconds)) / 60.0 + waited,
        efforts / 1000.0,
        pull,
        brake,
        motors.sum(axis=0),
        work_kwh - change - climb,
        climb,
        *energies,
        float(seconds.sum()) / 60.0,
        float(motion.dwells_min.sum()),
        train.trailing_t,
        train.mass_t,
        profile.assumed,
    )


def _motor_brake(
    train: Train,
    brake_kwh: NDArray[np.float64],
    step_m: NDArray[np.float64],
    seconds: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Braking work of the motors, by kind of locomotive; they come before the other brakes."""
    able = np.empty((len(train.locomotives), brake_kwh.size))
    for kind, (one, number) in enumerate(train.locomotives):
        by_effort = one.brake.effort_kn * number * 1000.0 * step_m / _J_PER_KWH
        by_power = one.brake.power_kw * number * seconds / 3600.0
        able[kind] = np.minimum(by_effort, by_power)
    total = able.sum(axis=0)
    used: NDArray[np.float64] = able * np.minimum(1.0, brake_kwh / np.maximum(total, 1e-300))
    return used


def _energies(
    train: Train,
    pull_kwh: NDArray[np.float64],
    motor_brake_kwh: NDArray[np.float64],
    seconds: NDArray[np.float64],
    dwells_min: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Net from the wire, at the substation, and fuel; work is shared by rated power."""
    wire, substation, fuel = (np.zeros_like(pull_kwh) for _ in range(3))
    for kind, (one, number) in enumerate(train.locomotives):
        power_kw = one.traction.power_kw * number
        own_kwh = pull_kwh * power_kw / train.power_kw
        match one.supply:
            case ElectricSupply():
                supply = one.supply._replace(auxiliary_kw=one.supply.auxiliary_kw * number)
                on_duty_s = seconds + 60.0 * dwells_min
                found = wire_energy(own_kwh, motor_brake_kwh[kind], on_duty_s, supply)
                wire += found.taken_kwh - found.returned_kwh
                substation += found.substation_kwh
            case DieselSupply():
                idle = one.supply._replace(idle_l_per_h=one.supply.idle_l_per_h * number)
                fuel += fuel_l(own_kwh, seconds, power_kw, idle)
                fuel += idle.idle_l_per_h * dwells_min / 60.0
    return wire, substation, fuel
