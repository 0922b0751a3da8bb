from __future__ import annotations

import itertools
import re
from importlib import resources

import pytest

from keruen.report.outlines import country_at, inside, load, ring_positions
from keruen.report.projection import EARTH_RADIUS_KM, KAZAKHSTAN

PLACES = {
    (71.43, 51.13): "Kazakhstan",
    (76.9, 43.25): "Kazakhstan",
    (82.48, 45.25): "Kazakhstan",
    (37.6, 55.75): "Russia",
    (108.9, 34.3): "China",
    (69.3, 41.3): "Uzbekistan",
    (44.8, 41.7): "Georgia",
    (10.0, 53.5): "Germany",
}
WATERS = {
    "Caspian Sea": (51.0, 41.0),
    "Caspian off Aktau": (50.0, 43.8),
    "Black Sea": (34.0, 43.3),
    "Yellow Sea": (122.5, 35.0),
}


@pytest.mark.parametrize(("place", "name"), PLACES.items())
def test_places_lie_in_their_countries(place: tuple[float, float], name: str) -> None:
    country = country_at(*place, load())
    assert country is not None
    assert country.name == name


@pytest.mark.parametrize("place", WATERS.values(), ids=list(WATERS))
def test_seas_are_open_water(place: tuple[float, float]) -> None:
    assert country_at(*place, load()) is None


@pytest.mark.parametrize("place", [(74.4, 46.2), (77.3, 42.4), (108.0, 53.5)])
def test_lakes_are_drawn_as_water(place: tuple[float, float]) -> None:
    assert any(inside(place, lake) for lake in load().lakes)


def test_every_ring_is_closed_and_its_arcs_meet() -> None:
    outlines = load()
    for country in outlines.countries:
        for ring in country.rings:
            points = ring_positions(ring, outlines.arcs)
            assert points[0] == points[-1], country.name
            ends = [outlines.arcs[i][-1] if i >= 0 else outlines.arcs[~i][0] for i in ring]
            starts = [outlines.arcs[i][0] if i >= 0 else outlines.arcs[~i][-1] for i in ring]
            assert ends[:-1] == starts[1:], country.name


def test_kazakhstan_has_about_its_published_area() -> None:
    """2,724.9 thousand km² (olympic.kz, National Olympic Committee); simplifying loses little."""
    outlines = load()
    kazakhstan = next(c for c in outlines.countries if c.id == "398")
    total = 0.0
    for ring in kazakhstan.rings:
        flat = [KAZAKHSTAN.forward(*p) for p in ring_positions(ring, outlines.arcs)]
        total += sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(flat))
    assert abs(total) / 2 == pytest.approx(2_724_900, rel=0.01)
    assert pytest.approx(6371.0088) == EARTH_RADIUS_KM


def test_a_border_belongs_to_two_countries() -> None:
    outlines = load()
    borders = set(outlines.borders())

    def arcs_of(name: str) -> set[int]:
        country = next(c for c in outlines.countries if c.name == name)
        return {i if i >= 0 else ~i for ring in country.rings for i in ring}

    assert arcs_of("Kazakhstan") & arcs_of("Russia") <= borders
    assert arcs_of("Kazakhstan") & arcs_of("Russia")
    assert not arcs_of("Kazakhstan") & arcs_of("Georgia")
    assert arcs_of("Sri Lanka").isdisjoint(borders)


def test_file_is_small_and_says_where_it_comes_from() -> None:
    file = resources.files("keruen.report").joinpath("outlines.json")
    assert len(file.read_bytes()) < 400_000
    licence = load().licence
    assert re.search("[Pp]ublic domain", licence)
    assert "Natural Earth" in licence
    assert "no judgement" in licence
    identifiers = [country.id for country in load().countries]
    assert identifiers == sorted(identifiers)
    assert len(set(identifiers)) == len(identifiers)
