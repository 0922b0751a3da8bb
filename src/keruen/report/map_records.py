"""What a map shows, as plain records: places, lines, scales, and the words of the key.

Words are already in the reader's language and numbers already formatted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from keruen.report.legend import KeyGroup

Point = tuple[float, float]


class PointKind(StrEnum):
    """What a place is; each kind has its symbol."""

    STATION = "station"
    JUNCTION = "junction"
    BORDER = "border"
    PORT = "port"
    TERMINAL = "terminal"


class LineStyle(StrEnum):
    """What a line is; each style has its stroke."""

    RAIL = "rail"
    ROAD = "road"
    SEA = "sea"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A place in degrees. A label of higher priority is placed first, an empty one never.

    A place that is ``marked`` has a ring around its symbol.
    """

    longitude: float
    latitude: float
    label: str
    kind: PointKind
    priority: float = 0.0
    tooltip: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class MapLine:
    """A line through positions in degrees, each step the shortest way on the sphere.

    ``capacity`` is in the unit of the width scale, ``utilisation`` a share; None where unknown. A
    line with a ``width`` in px or a ``colour`` of its own is drawn so whatever the scales say; such
    lines are drawn in their order.
    """

    path: tuple[Point, ...]
    style: LineStyle
    capacity: float | None = None
    utilisation: float | None = None
    tooltip: str = ""
    width: float | None = None
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class AreaLabel:
    """The name of a country or of a water, in degrees of its middle."""

    longitude: float
    latitude: float
    text: str
    on_water: bool = False


@dataclass(frozen=True, slots=True)
class ColourScale:
    """Utilisation classes: the upper bounds of all but the last, and a label for each, in words."""

    title: str
    bounds: tuple[float, ...]
    labels: tuple[str, ...]
    unknown: str

    def step(self, share: float) -> int:
        """Class of a share; a bound belongs to the class above it.

        >>> ColourScale("", (0.5, 0.8), ("low", "middle", "high"), "?").step(0.8)
        2
        """
        return sum(share >= bound for bound in self.bounds)


@dataclass(frozen=True, slots=True)
class WidthScale:
    """Capacity that gets the full width, and the capacities shown in the key with their labels."""

    title: str
    full: float
    stops: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class MapWords:
    """Words of the key, by kind and style as far as they occur, and the note under the map.

    ``marked`` says what a ring around a place means.
    """

    points_title: str
    points: Mapping[PointKind, str]
    lines: Mapping[LineStyle, str]
    note: str
    marked: str = ""


@dataclass(frozen=True, slots=True)
class MapSpec:
    """Everything on a map but the land and the frame.

    Parameters
    ----------
    title, description : str
        Read aloud by a screen reader.
    home : str or None
        Identifier of the country to lift out.
    scale_bar : tuple of float and str, or None
        Length in km and its label; only sensible where the scale hardly varies.
    least_priority : float
        Places below it are left out, symbol and name.
    extra : tuple of KeyGroup
        Further groups of the key.
    """

    title: str
    description: str
    points: tuple[MapPoint, ...]
    lines: tuple[MapLine, ...]
    colours: ColourScale
    widths: WidthScale
    words: MapWords
    areas: tuple[AreaLabel, ...] = ()
    home: str | None = None
    scale_bar: tuple[float, str] | None = None
    least_priority: float = 0.0
    extra: tuple[KeyGroup, ...] = ()
