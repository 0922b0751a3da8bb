from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen.flows.freight.relation import Relation, relation_of

GROUPS = ("", "china", "europe", "inland")
OWN = st.frozensets(st.sampled_from(GROUPS[1:]))
RELATION = st.builds(Relation, st.sampled_from(GROUPS), st.sampled_from(GROUPS), st.booleans())


@pytest.mark.parametrize(
    ("ways", "both"), [("forward", False), ("both", True), ("", False), (None, False)]
)
def test_cells_of_a_row(ways: str | None, both: bool) -> None:
    cells = {"from_group": "china", "to_group": None, "ways": ways}
    assert relation_of(cells) == Relation("china", "", both)


@given(RELATION, st.lists(OWN, max_size=5))
def test_all_pairs_of_zones_are_covered_one_by_one(
    relation: Relation, zones: list[frozenset[str]]
) -> None:
    wanted = [[relation.covers(here, there) for there in zones] for here in zones]
    assert relation.between(zones).tolist() == wanted


@given(RELATION, OWN, OWN)
def test_both_ways_cover_the_way_back(
    relation: Relation, here: frozenset[str], there: frozenset[str]
) -> None:
    both = relation._replace(both=True)
    assert both.covers(here, there) == both.covers(there, here)
    assert both.covers(here, there) >= relation.covers(here, there)
