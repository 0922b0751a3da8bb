"""What a speed profile is told: a run, its limit, its stops, energies and the ground."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from keruen.report.charts.axes import Formatter


@dataclass(frozen=True, slots=True)
class SpeedStop:
    """A stop: where, how it is called, and what is said of it when pointed at."""

    km: float
    name: str
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class EnergyBars:
    """Energy by kilometre: a name, a unit, and amounts between kilometres.

    Parameters
    ----------
    label, unit : str
        Such as "at the wheel" and "kWh/km".
    from_km, to_km, amount : tuple of float
        As :func:`keruen.rail.kilometres.by_kilometre` gathers; amounts of the whole stretch, less
        than 0 where more is given back than taken.
    """

    label: str
    unit: str
    from_km: tuple[float, ...]
    to_km: tuple[float, ...]
    amount: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Heights along the line: kilometres, metres above its beginning, how it is called.

    ``assumed`` is the word set beside heights that stand in for unknown ones; empty if known.
    ``steepest`` says the steepest gradient in words.
    """

    km: tuple[float, ...]
    height_m: tuple[float, ...]
    label: str
    unit: str
    assumed: str = ""
    steepest: str = ""


@dataclass(frozen=True, slots=True)
class SpeedSpec:
    """What a speed profile shows.

    Parameters
    ----------
    title, description : str
        Read aloud by a screen reader.
    km, speed_km_per_h : tuple of float
        Speed of the head at the nodes of a run.
    speed, speed_unit, km_unit : str
        Name of the speed for the key, and the units.
    number : callable
        Writes a number in the reader's language.
    empty : str
        Said where there is no run.
    limit_km, limit_km_per_h : tuple of float
        Bounds of the segments of the line, and the limit between them; infinite where there is
        none.
    limit : str
        Name of the limit for the key.
    stops : tuple of SpeedStop
        Marked; names stand above where there is room.
    stop : str
        Name of the marks for the key.
    energies : tuple of EnergyBars
        One strip each, all of one unit on one scale.
    ground : Ground or None
        Strip at the foot.
    """

    title: str
    description: str
    km: tuple[float, ...]
    speed_km_per_h: tuple[float, ...]
    speed: str
    speed_unit: str
    km_unit: str
    number: Formatter
    empty: str
    limit_km: tuple[float, ...] = ()
    limit_km_per_h: tuple[float, ...] = ()
    limit: str = ""
    stops: tuple[SpeedStop, ...] = ()
    stop: str = ""
    energies: tuple[EnergyBars, ...] = ()
    ground: Ground | None = None


def heights_m(km: Iterable[float], gradient_permille: Iterable[float]) -> tuple[float, ...]:
    """Heights above the beginning of a line from its gradients between kilometres.

    >>> heights_m([0.0, 2.0, 5.0], [6.0, -2.0])
    (0.0, 12.0, 6.0)
    """
    found = [0.0]
    for (begin, end), slope in zip(itertools.pairwise(km), gradient_permille, strict=True):
        found.append(found[-1] + float((end - begin) * slope))
    return tuple(found)


def check_speed_spec(spec: SpeedSpec) -> None:
    """Refuse what cannot be drawn.

    Raises
    ------
    ValueError
        If a number is not finite (but a limit), kilometres do not rise, a speed is negative, or
        lengths of arrays do not fit.
    """
    arrays = [spec.km, spec.speed_km_per_h, spec.limit_km, [stop.km for stop in spec.stops]]
    rising = [spec.km, spec.limit_km]
    pairs = [(len(spec.km), len(spec.speed_km_per_h))]
    pairs.append((max(len(spec.limit_km) - 1, 0), len(spec.limit_km_per_h)))
    for bars in spec.energies:
        arrays += [bars.from_km, bars.to_km, bars.amount]
        pairs += [(len(bars.from_km), len(bars.to_km)), (len(bars.to_km), len(bars.amount))]
        if any(b <= a for a, b in zip(bars.from_km, bars.to_km, strict=False)):
            raise ValueError("a bar needs a stretch of line")
    if spec.ground is not None:
        arrays += [spec.ground.km, spec.ground.height_m]
        pairs.append((len(spec.ground.km), len(spec.ground.height_m)))
        rising.append(spec.ground.km)
    if any(first != second for first, second in pairs):
        raise ValueError("lengths of a run's arrays do not fit")
    if not all(math.isfinite(value) for array in arrays for value in array):
        raise ValueError("kilometres, speeds, heights and energies must be finite")
    if any(b <= a for array in rising for a, b in itertools.pairwise(array)):
        raise ValueError("kilometres must rise")
    if any(not value >= 0 for value in (*spec.speed_km_per_h, *spec.limit_km_per_h)):
        raise ValueError("speeds are not negative")
