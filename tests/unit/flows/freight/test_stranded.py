from __future__ import annotations

import pytest

from keruen.flows.freight.compile import Freight
from keruen.flows.freight.pairs import Pairs
from keruen.flows.freight.solve import Flows
from keruen.flows.freight.stranded import stranded, stranded_problems
from support.forwarding import corridor, corridor_flows


def shut(flows: Flows, element: str, capacity: float) -> Flows:
    """The flows on a network whose element takes no more than that."""
    own = [draft.row == element for draft in flows.freight.drafts]
    capacities = flows.freight.capacity.copy()
    capacities[own] = capacity
    return flows._replace(freight=flows.freight._replace(capacity=capacities))


def asked(flows: Flows) -> tuple[Freight, Pairs]:
    """The network and the demand of flows."""
    return flows.freight, flows.pairs._replace(amount=flows.amount)


def test_what_has_a_way_is_not_told() -> None:
    assert list(stranded(*asked(corridor_flows().flows))) == []


def test_what_only_a_closed_element_would_serve_is_told_there() -> None:
    flows, base = corridor_flows().flows, corridor().base
    (one,) = stranded(*asked(shut(flows, "ailaq_jaga_grain", 0.0)))
    own = [cargo.commodity == "grain" for cargo in flows.freight.cargo]
    wanted = sum(
        amount for user, amount in zip(flows.pairs.user, flows.amount, strict=True) if own[user]
    )
    assert (one.commodity, one.unit) == ("grain", "t")
    assert one.amount == pytest.approx(wanted)
    assert ("vessel_lines", "ailaq_jaga_grain") in one.closed
    (told,) = stranded_problems(base, *asked(shut(flows, "ailaq_jaga_grain", 0.0)))
    assert (told.code, told.file) == ("demand_shut_out", "vessel_lines.csv")


def test_what_no_way_serves_is_told_at_its_zone() -> None:
    flows, base = corridor_flows().flows, corridor().base
    barred = flows.freight.barred.copy()
    own = [cargo.commodity == "grain" for cargo in flows.freight.cargo]
    at = [draft.row == "ailaq_jaga_grain" for draft in flows.freight.drafts]
    barred[[[number] for number, is_grain in enumerate(own) if is_grain], at] = True
    apart = flows._replace(freight=flows.freight._replace(barred=barred))
    (told,) = stranded_problems(base, *asked(apart))
    assert (told.code, told.file) == ("demand_without_way", "zones.csv")
    assert told.params["commodity"] == "grain"
