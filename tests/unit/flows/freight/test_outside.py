from __future__ import annotations

from datetime import date

import pytest

from keruen.flows.freight.outside import Option, Outside, outside_on
from keruen.flows.freight.relation import Relation
from support.forwarding import corridor
from support.freight_diamond import BOX

INLAND, OVERSEAS = frozenset({"inland"}), frozenset({"overseas", "far"})
ENDS = Relation("inland", "overseas", both=True)
SLOW = Option("slow", "boxes", Relation("inland", "overseas", both=False), 1000.0, 500.0)
FAST = Option("fast", "boxes", Relation("", "far", both=True), 1800.0, 50.0)


def test_the_cheapest_with_its_time() -> None:
    """1000 + 2 x 500 against 1800 + 2 x 50; to cargo without value only the fare counts."""
    both = Outside((SLOW, FAST))
    assert both.cost(BOX, (INLAND, OVERSEAS)) == 1900.0
    assert both.cost(BOX._replace(value_usd_per_h=0.0), (INLAND, OVERSEAS)) == 1000.0


def test_only_its_own_relation_commodity_and_way() -> None:
    assert Outside((SLOW,)).cost(BOX, (OVERSEAS, INLAND)) is None
    assert Outside((SLOW,)).cost(BOX, (INLAND, INLAND)) is None
    assert Outside((SLOW,)).cost(BOX._replace(commodity="ore"), (INLAND, OVERSEAS)) is None
    assert Outside((FAST,)).cost(BOX, (OVERSEAS, INLAND)) == 1900.0


def test_options_of_a_day() -> None:
    base = corridor().base
    (option,) = outside_on(base, date(2026, 7, 1)).options
    assert option == Option("by_sea", "container", ENDS, 2500.0, 960.0)
    assert option.hours == pytest.approx(40.0 * 24.0)
    assert outside_on(base, date(2041, 1, 1)) == Outside(())
    assert outside_on(base, date(2023, 12, 31)) == Outside(())
