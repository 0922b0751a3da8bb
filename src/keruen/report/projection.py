"""Map projections of the sphere: forward, inverse, and the way of a great circle.

Two equal-area projections, so that a country drawn twice as large is twice as large: Albers' conic
for a country wider than tall, Lambert's azimuthal for a continent. Lengths are in km on a sphere of
the Earth's mean radius; angles of the interface are in degrees.

References
----------
.. [1] E. W. Weisstein, "Albers Equal-Area Conic Projection", MathWorld; after J. P. Snyder, Map
   Projections: A Working Manual, U.S. Geological Survey Professional Paper 1395, 1987, pp. 98-103.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

Position = tuple[float, float]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, (2a + b)/3 of the WGS 84 ellipsoid."""


class Projection(Protocol):
    """What a map asks of a projection."""

    def forward(self, longitude: float, latitude: float) -> Position:
        """Degrees to km east and north of the projection's centre."""
        ...

    def inverse(self, x: float, y: float) -> Position:
        """Km east and north of the projection's centre to degrees."""
        ...


def _turn(degrees: float) -> float:
    """Bring an angle into [-180, 180)."""
    return (degrees + 180.0) % 360.0 - 180.0


@dataclass(frozen=True, slots=True)
class Albers:
    """Albers' equal-area conic projection of the sphere, equations (1) to (11) of [1]_.

    With the standard parallels φ₁ and φ₂, n = (sin φ₁ + sin φ₂)/2, C = cos²φ₁ + 2 n sin φ₁::

        ρ = √(C - 2 n sin φ) / n,  θ = n (λ - λ₀),  x = ρ sin θ,  y = ρ₀ - ρ cos θ

    Parameters
    ----------
    longitude, latitude : float
        Centre (λ₀, φ₀) in degrees.
    south, north : float
        Standard parallels (φ₁, φ₂) in degrees, not symmetric about the equator.

    Raises
    ------
    ValueError
        If the parallels are symmetric about the equator: the cone is then a cylinder.

    Examples
    --------
    Along a standard parallel lengths are true: at 60° a degree of longitude has half its length.

    >>> albers = Albers(longitude=70, latitude=50, south=40, north=60)
    >>> albers.forward(70, 50)
    (0.0, 0.0)
    >>> (x0, y0), (x1, y1) = albers.forward(70, 60), albers.forward(70.01, 60)
    >>> round(math.hypot(x1 - x0, y1 - y0) / math.radians(0.01) / EARTH_RADIUS_KM, 6)
    0.5
    """

    longitude: float
    latitude: float
    south: float
    north: float

    def __post_init__(self) -> None:
        if abs(self.south + self.north) < 1e-9:
            raise ValueError("standard parallels symmetric about the equator have no cone")

    @property
    def cone(self) -> float:
        """The cone constant n."""
        return (math.sin(math.radians(self.south)) + math.sin(math.radians(self.north))) / 2

    def forward(self, longitude: float, latitude: float) -> Position:
        """Project degrees to km."""
        cone, constant = _constants(self)
        rho = _polar_radius(cone, constant, latitude)
        rho0 = _polar_radius(cone, constant, self.latitude)
        theta = cone * math.radians(_turn(longitude - self.longitude))
        return (
            EARTH_RADIUS_KM * rho * math.sin(theta),
            EARTH_RADIUS_KM * (rho0 - rho * math.cos(theta)),
        )

    def inverse(self, x: float, y: float) -> Position:
        """Return to degrees from km."""
        cone, constant = _constants(self)
        sign = math.copysign(1.0, cone)
        rho0 = _polar_radius(cone, constant, self.latitude)
        east, south = sign * x / EARTH_RADIUS_KM, sign * (rho0 - y / EARTH_RADIUS_KM)
        rho, theta = math.hypot(east, south), math.atan2(east, south)
        sine = (constant - (rho * cone) ** 2) / (2 * cone)
        return (
            _turn(self.longitude + math.degrees(theta / cone)),
            math.degrees(math.asin(min(max(sine, -1.0), 1.0))),
        )


@lru_cache(maxsize=16)
def _constants(albers: Albers) -> tuple[float, float]:
    """The constants n and C, which every point of a map asks for."""
    first = math.radians(albers.south)
    return albers.cone, math.cos(first) ** 2 + 2 * albers.cone * math.sin(first)


def _polar_radius(cone: float, constant: float, latitude: float) -> float:
    sine = math.sin(math.radians(latitude))
    return math.sqrt(max(constant - 2 * cone * sine, 0.0)) / cone


@dataclass(frozen=True, slots=True)
class LambertAzimuthal:
    """Lambert's azimuthal equal-area projection of the sphere, any centre.

    A point keeps its bearing from the centre and lies at a distance from it that is the straight
    chord through the sphere, d = 2 R sin(c/2) for the angle c; with cos c = sin φ₀ sin φ + cos φ₀
    cos φ cos Δλ this gives the scale k = √(2 / (1 + cos c)) and ::

        x = R k cos φ sin Δλ,  y = R k (cos φ₀ sin φ - sin φ₀ cos φ cos Δλ)

    Parameters
    ----------
    longitude, latitude : float
        Centre in degrees.

    Examples
    --------
    The pole is seen from 45° N at the chord of a 45° arc.

    >>> x, y = LambertAzimuthal(longitude=70, latitude=45).forward(0, 90)
    >>> abs(round(x, 9)), round(y / EARTH_RADIUS_KM, 6) == round(2 * math.sin(math.pi / 8), 6)
    (0.0, True)
    """

    longitude: float
    latitude: float

    def forward(self, longitude: float, latitude: float) -> Position:
        """Project degrees to km; the centre's antipode, which has no image, goes to the rim."""
        phi, phi0 = math.radians(latitude), math.radians(self.latitude)
        turn = math.radians(longitude - self.longitude)
        cos_c = math.sin(phi0) * math.sin(phi) + math.cos(phi0) * math.cos(phi) * math.cos(turn)
        scale = EARTH_RADIUS_KM * math.sqrt(2.0 / max(1.0 + cos_c, 1e-12))
        return (
            scale * math.cos(phi) * math.sin(turn),
            scale
            * (math.cos(phi0) * math.sin(phi) - math.sin(phi0) * math.cos(phi) * math.cos(turn)),
        )

    def inverse(self, x: float, y: float) -> Position:
        """Return to degrees from km: c = 2 asin(d / 2R), then the spherical law of cosines."""
        distance = math.hypot(x, y) / EARTH_RADIUS_KM
        if distance == 0.0:
            return (_turn(self.longitude), self.latitude)
        c = 2.0 * math.asin(min(distance / 2.0, 1.0))
        phi0 = math.radians(self.latitude)
        east, north = x / EARTH_RADIUS_KM / distance, y / EARTH_RADIUS_KM / distance
        sine = math.cos(c) * math.sin(phi0) + north * math.sin(c) * math.cos(phi0)
        turn = math.atan2(
            east * math.sin(c),
            math.cos(phi0) * math.cos(c) - north * math.sin(phi0) * math.sin(c),
        )
        return (
            _turn(self.longitude + math.degrees(turn)),
            math.degrees(math.asin(min(max(sine, -1.0), 1.0))),
        )


KAZAKHSTAN = Albers(longitude=67.0, latitude=48.0, south=43.0, north=53.0)
"""The country of the reference study: 47° to 87° E, 41° to 55° N."""
EURASIA = LambertAzimuthal(longitude=70.0, latitude=42.0)
"""From the North Sea to the Yellow Sea."""


def central_angle(start: Position, end: Position) -> float:
    """Angle between two points (longitude, latitude) seen from the Earth's centre, in radians.

    >>> round(central_angle((0, 0), (90, 0)) / math.pi, 6)
    0.5
    """
    a, b = _unit(start), _unit(end)
    cross = math.hypot(
        a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    )
    return math.atan2(cross, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])


def great_circle(start: Position, end: Position, step_km: float = 250.0) -> list[Position]:
    """Points along the shortest way on the sphere, no farther apart than a step, ends included.

    Equal steps by spherical linear interpolation: p(t) = (sin((1-t)c) a + sin(tc) b) / sin c for
    the unit vectors a, b at the central angle c. Antipodal points have no single way: both ends
    alone are returned.

    >>> [round(x) for x, y in great_circle((0, 0), (90, 0), step_km=5100)]
    [0, 45, 90]
    """
    angle = central_angle(start, end)
    pieces = max(1, math.ceil(angle * EARTH_RADIUS_KM / step_km))
    if pieces == 1 or math.sin(angle) < 1e-9:
        return [start, end]
    a, b = _unit(start), _unit(end)
    points = [start]
    for i in range(1, pieces):
        wa = math.sin((1 - i / pieces) * angle) / math.sin(angle)
        wb = math.sin(i / pieces * angle) / math.sin(angle)
        x, y, z = (wa * p + wb * q for p, q in zip(a, b, strict=True))
        points.append(
            (math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y))))
        )
    return [*points, end]


def _unit(position: Position) -> tuple[float, float, float]:
    lam, phi = math.radians(position[0]), math.radians(position[1])
    return (math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi))
