from __future__ import annotations

import pytest

from keruen.exchange.railjson.bands import Band, Claim, along, covered, settled, value_at
from keruen.exchange.railjson.conditions import traction_of
from keruen.exchange.railjson.geometry import point_along
from keruen.exchange.railjson.ways import Piece


def test_bands_that_touch_and_agree_are_one() -> None:
    claims = [Claim(0.0, 5.0, 1.0, 60.0), Claim(5.0, 9.0, 1.0, 60.0), Claim(20.0, 30.0, 1.0, 60.0)]
    assert settled(claims) == [Band(0.0, 9.0, 60.0), Band(20.0, 30.0, 60.0)]
    assert settled([]) == []


def test_the_least_rank_holds_wherever_claims_overlap() -> None:
    claims = [
        Claim(0.0, 100.0, 80.0, 80.0),
        Claim(10.0, 60.0, 40.0, 40.0),
        Claim(20.0, 90.0, 60.0, 60.0),
        Claim(30.0, 31.0, 20.0, 20.0),
    ]
    found = settled(claims)
    for offset in range(100):
        own = [c.value for c in claims if c.begin <= offset < c.end]
        assert value_at(found, float(offset)) == min(own)
    assert covered(found) == 100.0


def test_values_outside_bands_are_unknown() -> None:
    bands = [Band(10.0, 20.0, 5.0)]
    assert [value_at(bands, at) for at in (9.9, 10.0, 19.9, 20.0)] == [None, 5.0, 5.0, None]


def test_a_walk_cuts_turns_and_joins_bands() -> None:
    of_track = {"a": [Band(0.0, 50.0, 1.0), Band(50.0, 80.0, 2.0)], "b": [Band(0.0, 10.0, -2.0)]}
    walk = [Piece("a", 20.0, 80.0), Piece("b", 10.0, 0.0), Piece("c", 0.0, 5.0)]
    assert along(walk, of_track, -1.0) == [Band(0.0, 30.0, 1.0), Band(30.0, 70.0, 2.0)]
    assert along([Piece("a", 60.0, 55.0)], of_track, 1.0) == [Band(0.0, 5.0, 2.0)]


@pytest.mark.parametrize(
    ("voltage", "traction"),
    [
        ("25000V", "25kv_ac"),
        ("25000", "25kv_ac"),
        ("25 kV AC", "25kv_ac"),
        ("15000V", "15kv_ac"),
        ("3kV", "3kv_dc"),
        ("1500V", ""),
        ("V", ""),
        ("25000 volts", ""),
        ("9" * 400, ""),
    ],
)
def test_voltages_that_the_tables_know(voltage: str, traction: str) -> None:
    assert traction_of(voltage) == traction


def test_a_line_of_no_length_is_a_point() -> None:
    assert point_along([(80.0, 45.0), (80.0, 45.0)], 0.5) == (80.0, 45.0)
    bent = [(80.0, 45.0), (80.0, 46.0), (80.0, 46.0), (80.0, 48.0)]
    assert point_along(bent, 0.5) == pytest.approx((80.0, 46.5))
