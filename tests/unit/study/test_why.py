from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.freight.cases import whole_of
from keruen.study.why import Question, Why, why
from support.freight_study import corridor


def asked(element: str, year: int) -> Why:
    years, days = corridor()
    return why(years, days, Question(element, year))


def test_a_crane_lifts_the_berth_it_serves() -> None:
    found = asked("ailaq_container", 2026)
    effects = {one.project: one for one in found.projects}
    cranes = effects["port_cranes"]
    assert (cranes.relation, cranes.open_date) == ("lifts", "2027-09-01")
    assert cranes.cost_usd == pytest.approx(18e6)
    assert cranes.standings[0].capacity > found.standings[0].capacity
    assert cranes.flow_t > float(found.users["flow_t_per_year"].sum())
    assert cranes.gain_usd > 0.0
    # Those that lift it come first; no project of another place is among them.
    assert found.projects[0].relation == "lifts"
    assert "second_track" not in effects


def test_open_projects_are_not_opened_again() -> None:
    assert {one.project for one in asked("tepe_dala", 2026).projects} >= {"second_track", "bypass"}
    assert not asked("tepe_dala", 2030).projects


def test_a_project_may_take_an_element_away() -> None:
    found = asked("tau_exit", 2025)
    gone = next(one for one in found.projects if one.project == "fewer_crossings")
    assert gone.relation == "touches"
    assert gone.standings == ()
    assert gone.flow_t == 0.0
    assert gone.gain_usd > 0.0


def test_without_a_section_its_bypass_takes_over() -> None:
    found = asked("tepe_dala", 2030)
    assert found.without is not None
    assert set(found.without.takers["element_row"]) == {"orta_dala_bypass"}
    carried = float(found.without.takers["flow_t_per_year"].sum())
    assert 0.9 * found.without.users_t < carried < found.without.users_t
    assert found.without.gain_usd < 0.0
    assert found.without.whole.served_t < found.whole.served_t


def test_what_nobody_uses_is_missed_by_nobody() -> None:
    found = asked("qaqpa_ailaq_road", 2027)
    assert found.users.empty
    assert found.without is None


def test_an_empty_question_changes_nothing_in_the_year() -> None:
    years, _ = corridor()
    before = whole_of(years.flows(2026))
    asked("ailaq_port", 2026)
    assert np.allclose(whole_of(years.flows(2026)), before)
