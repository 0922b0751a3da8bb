from __future__ import annotations

import itertools
import math

import pytest

from keruen.report.projection import (
    EARTH_RADIUS_KM,
    EURASIA,
    KAZAKHSTAN,
    Albers,
    LambertAzimuthal,
    central_angle,
    great_circle,
)


def test_albers_parallels_are_arcs_about_the_pole_of_the_cone() -> None:
    albers = Albers(longitude=0, latitude=23, south=29.5, north=45.5)
    points = [albers.forward(longitude, 35) for longitude in (-20, 0, 20)]
    phi, phi0 = math.radians(35), math.radians(23)
    n = (math.sin(math.radians(29.5)) + math.sin(math.radians(45.5))) / 2
    constant = math.cos(math.radians(29.5)) ** 2 + 2 * n * math.sin(math.radians(29.5))
    rho = EARTH_RADIUS_KM * math.sqrt(constant - 2 * n * math.sin(phi)) / n
    rho0 = EARTH_RADIUS_KM * math.sqrt(constant - 2 * n * math.sin(phi0)) / n
    for x, y in points:
        assert math.hypot(x, rho0 - y) == pytest.approx(rho, rel=1e-12)


def test_albers_worked_by_hand() -> None:
    """Sphere of radius 1, parallels 29.5° and 45.5°, origin 23° N 96° W, at 35° N 75° W.

    The equations give n = 0.6028370, C = 1.3512213, θ = 12.6595771°, ρ = 1.3473026,
    ρ₀ = 1.5562263; x = 0.2952720, y = 0.2416774.
    """
    albers = Albers(longitude=-96, latitude=23, south=29.5, north=45.5)
    x, y = albers.forward(-75, 35)
    assert x / EARTH_RADIUS_KM == pytest.approx(0.2952720, abs=5e-7)
    assert y / EARTH_RADIUS_KM == pytest.approx(0.2416774, abs=5e-7)


def test_albers_without_a_cone_is_refused() -> None:
    with pytest.raises(ValueError, match="no cone"):
        Albers(longitude=0, latitude=0, south=-30, north=30)


def test_azimuthal_distance_from_the_centre_is_the_chord() -> None:
    centre = (70.0, 42.0)
    projection = LambertAzimuthal(*centre)
    for place in ((10.0, 53.5), (121.5, 31.0), (69.3, 41.3), (-60.0, -40.0)):
        chord = 2 * EARTH_RADIUS_KM * math.sin(central_angle(centre, place) / 2)
        assert math.hypot(*projection.forward(*place)) == pytest.approx(chord, rel=1e-12)


def test_the_centre_is_the_origin() -> None:
    assert EURASIA.inverse(0, 0) == (70.0, 42.0)
    x, y = KAZAKHSTAN.forward(67, 48)
    assert (x, y) == (0, 0)


def test_the_antipode_has_a_place_at_the_rim() -> None:
    x, y = LambertAzimuthal(0, 0).forward(180, 0)
    assert math.hypot(x, y) <= 2 * EARTH_RADIUS_KM * (1 + 1e-6)


def test_great_circle_almaty_moscow() -> None:
    almaty, moscow = (76.95, 43.26), (37.62, 55.75)
    way = great_circle(almaty, moscow, step_km=100)
    total = central_angle(almaty, moscow) * EARTH_RADIUS_KM
    steps = [central_angle(a, b) * EARTH_RADIUS_KM for a, b in itertools.pairwise(way)]
    assert max(steps) <= 100
    assert sum(steps) == pytest.approx(total, rel=1e-9)
    middle = way[len(way) // 2]
    share = (middle[0] - almaty[0]) / (moscow[0] - almaty[0])
    straight = almaty[1] + share * (moscow[1] - almaty[1])
    assert middle[1] > straight + 1, "the shortest way bends to the pole"


def test_great_circle_of_antipodes_and_of_one_point() -> None:
    assert great_circle((0, 0), (180, 0)) == [(0, 0), (180, 0)]
    assert great_circle((5, 5), (5, 5)) == [(5, 5), (5, 5)]
