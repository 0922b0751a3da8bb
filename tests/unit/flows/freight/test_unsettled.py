from __future__ import annotations

from keruen.flows.freight.unsettled import settling_problems, unsettled
from support.forwarding import YEAR, corridor_flows


def test_flows_at_rest_need_no_word() -> None:
    assert settling_problems(corridor_flows().flows, 1e-6) == ()


def test_gap_and_excess_are_named() -> None:
    flows = corridor_flows().flows
    assignment = flows.within.assignment._replace(relative_gap=0.123456)
    within = flows.within._replace(converged=False, assignment=assignment, excess_share=2.0)
    (told,) = settling_problems(flows._replace(within=within), 1e-6)
    assert told == unsettled(YEAR, 0.123456, 2.0, 1e-6)
    assert told.is_error
    assert told.params == {"year": str(YEAR), "gap": 0.123, "excess": 2.0, "wanted": 1e-6}
