from __future__ import annotations

import math

from keruen.flows.freight.draft import TONNE, Draft, rail_place, road_place, zone_place


def test_places_of_a_node_are_apart() -> None:
    places = {rail_place("a", "1435"), rail_place("a", "1520"), road_place("a"), zone_place("a")}
    assert len(places) == 4


def test_a_bare_link_takes_no_time_and_has_no_limit() -> None:
    bare = Draft(road_place("a"), road_place("b"), "road", "sections", "ab", "forward", ("a", "b"))
    assert (bare.running_h, bare.standing_h, bare.wait_h, bare.share) == (0.0, 0.0, 0.0, 1.0)
    assert (bare.capacity, bare.native) == (math.inf, TONNE)
    assert not bare.serves
