from __future__ import annotations

from itertools import pairwise

import pytest

from keruen.errors import FailedError, UsageError
from keruen.flows.freight.cases import Alike
from keruen.flows.freight.selection import find_subject
from keruen.flows.freight.years import mid_year
from keruen.study.levers import LEVERS, POINTS, Ends, Response, planned, respond, setting_of
from support.freight_study import corridor

YEAR = 2027


def response(element: str, lever: str, ends: Ends | None = None) -> Response:
    years, days = corridor()
    known = days(mid_year(YEAR))
    subject = find_subject(years.freight(YEAR), years.base, known.model, element)
    setting = setting_of(years, YEAR, known, subject, years.flows(YEAR))
    plan, alike = planned(setting, lever, ends), Alike(years, YEAR)
    for _, case in plan.cases:
        alike.seek(case)
    return respond(setting, plan, alike)


@pytest.mark.parametrize("lever", LEVERS)
def test_a_curve_falls_with_what_is_asked_and_waited(lever: str) -> None:
    found = response("ailaq_jaga_container", lever)
    assert [one.value for one in found.points] == list(POINTS[lever])
    gains = [one.gain_usd for one in found.points]
    flows = [one.flow_t for one in found.points]
    if lever == "subsidy":
        assert all(b > a for a, b in pairwise(flows))
        assert all(b > a for a, b in pairwise(gains))
        assert (found.unit, found.scope_kind, found.links) == ("USD/TEU", "relation", 0)
    else:
        assert all(b < a for a, b in pairwise(flows))
        assert all(b < a for a, b in pairwise(gains))
        assert found.links > 0
    present = found.points[POINTS[lever].index(0.0 if lever == "subsidy" else 1.0)]
    assert present.gain_usd == 0.0
    assert found.elasticity is not None
    assert -2.0 < found.elasticity < 0.0


def test_a_lever_is_pulled_on_the_element_or_else_on_its_corridor() -> None:
    own = response("tau_exit", "border-hours")
    assert (own.scope_kind, own.scope, own.links) == ("element", ("tau_exit",), 1)
    along = response("ailaq_container", "border-hours")
    assert (along.scope_kind, along.scope) == ("corridor", ("east_west",))
    assert along.links > 1
    # A through tariff is never that of a section alone.
    assert response("orta_tepe", "through-tariff").links > 2


def test_a_relation_is_named_by_zone_group_or_country() -> None:
    found = response("orta", "subsidy", Ends("XA", "overseas"))
    same = response("orta", "subsidy", Ends("east", "west"))
    assert found.scope == ("XA", "overseas")
    assert [one.relation_teu for one in found.points] == [one.relation_teu for one in same.points]
    assert response("orta", "subsidy").scope == ("east", "west")


def test_what_a_lever_cannot_move_is_refused() -> None:
    with pytest.raises(FailedError) as refused:
        response("ailaq_grain", "subsidy")
    assert refused.value.problems[0].code == "lever_without_links"
    with pytest.raises(UsageError) as unknown:
        response("orta", "subsidy", Ends("easst", ""))
    (problem,) = unknown.value.problems
    assert (problem.code, problem.params["better"]) == ("unknown_zone", "east")
