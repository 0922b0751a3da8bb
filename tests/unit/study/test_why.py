from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.freight.cases import whole_of
from keruen.model import load_model
from keruen.study.why import Question, Why, why
from support.freight_study import corridor, corridor_folder, freight_of


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
    # The rate of the whole way holds on the bypass too, so that hardly anybody is worse off.
    assert carried == pytest.approx(found.without.users_t, rel=1e-3)
    assert abs(found.without.gain_usd) < 1e-3 * found.whole.cost_usd
    assert found.without.whole.served_t == pytest.approx(found.whole.served_t, rel=1e-3)


def test_without_the_only_way_its_users_are_turned_away() -> None:
    found = asked("bulaq_orta", 2030)
    assert found.without is not None
    assert "orta_dala_bypass" not in set(found.without.takers["element_row"])
    assert found.without.gain_usd < 0.0
    assert found.without.whole.served_t < found.whole.served_t - 0.9 * found.without.users_t


def test_what_carries_less_of_anything_does_not_take_over() -> None:
    """Of the ways west some get grain in place of boxes when the exit is closed."""
    found = asked("tau_exit", 2024)
    assert found.without is not None
    columns = ["flow_t_per_year", "flow_teu_per_year"]
    takers, passed = found.without.takers[columns], found.users[columns].sum()
    assert len(takers)
    assert (takers >= -1e-4 * passed).all(axis=None)
    assert (takers > 1e-3 * passed).any(axis=1).all()


def test_what_nobody_uses_is_missed_by_nobody() -> None:
    found = asked("qaqpa_ailaq_road", 2027)
    assert found.users.empty
    assert found.without is None


def test_an_empty_question_changes_nothing_in_the_year() -> None:
    years, _ = corridor()
    before = whole_of(years.flows(2026))
    asked("ailaq_port", 2026)
    assert np.allclose(whole_of(years.flows(2026)), before)


def test_a_project_that_changes_nothing_gains_nothing() -> None:
    idle = {("project_changes", "port_cranes_service", "value"): "1"}
    years, days = freight_of(load_model(corridor_folder()).with_cells(idle))
    found = why(years, days, Question("ailaq_container", 2026, "border-hours"))
    cranes = next(one for one in found.projects if one.project == "port_cranes")
    assert cranes.relation == "touches"
    assert cranes.gain_usd == pytest.approx(0.0, abs=1e-6 * found.whole.cost_usd)
    assert cranes.whole == pytest.approx(found.whole, rel=1e-9)
    # The present point of a lever is the present, and lies on the curve of its neighbours.
    assert found.lever is not None
    points = {one.value: one for one in found.lever.points}
    assert points[1.0].whole == pytest.approx(found.whole, rel=1e-9)
    assert points[1.0].gain_usd == pytest.approx(0.0, abs=1e-6 * found.whole.cost_usd)
    flows = [points[value].flow_t for value in (0.75, 1.0, 1.25)]
    assert flows[0] > flows[1] > flows[2]
    assert flows[0] - flows[1] == pytest.approx(flows[1] - flows[2], rel=0.5)


@pytest.mark.parametrize("element", ["ailaq_port", "tepe_dala"])
def test_more_capacity_is_no_loss(element: str) -> None:
    found = asked(element, 2026)
    lifting = [one for one in found.projects if one.relation == "lifts"]
    assert lifting
    for one in lifting:
        assert one.gain_usd >= -1e-6 * found.whole.cost_usd, one.project
    assert found.flows.within.converged
