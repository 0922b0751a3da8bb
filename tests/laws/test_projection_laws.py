"""What holds of the projections everywhere on the maps: they can be undone and they keep areas."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.report.projection import (
    EARTH_RADIUS_KM,
    EURASIA,
    KAZAKHSTAN,
    Albers,
    LambertAzimuthal,
    Projection,
)

PROJECTIONS: list[Projection] = [
    KAZAKHSTAN,
    EURASIA,
    Albers(longitude=20, latitude=-25, south=-35, north=-10),
    LambertAzimuthal(longitude=0, latitude=90),
]
longitudes = st.floats(-60, 170)
latitudes = st.floats(-60, 85)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=repr)
@given(longitude=longitudes, latitude=latitudes)
def test_inverse_undoes_forward(projection: Projection, longitude: float, latitude: float) -> None:
    back = projection.inverse(*projection.forward(longitude, latitude))
    assert back[1] == pytest.approx(latitude, abs=1e-6)
    assert (back[0] - longitude + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=repr)
@given(longitude=longitudes, latitude=latitudes)
def test_areas_are_kept(projection: Projection, longitude: float, latitude: float) -> None:
    """The Jacobian by central differences is R² cos φ, as that of longitude and latitude is."""
    step = 1e-4
    east = projection.forward(longitude + step, latitude)
    west = projection.forward(longitude - step, latitude)
    north = projection.forward(longitude, latitude + step)
    south = projection.forward(longitude, latitude - step)
    radians = math.radians(2 * step)
    determinant = (
        (east[0] - west[0]) * (north[1] - south[1]) - (north[0] - south[0]) * (east[1] - west[1])
    ) / radians**2
    expected = EARTH_RADIUS_KM**2 * math.cos(math.radians(latitude))
    assert determinant == pytest.approx(expected, rel=1e-4)
