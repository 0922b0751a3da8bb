"""No check without a case that it tells, none that tells something of a clean study."""

from __future__ import annotations

import pytest

from keruen.model.checks import CHECKS, references
from keruen.model.checks.layers import STRUCTURE
from support.template_draft import draft
from unit.model.checks import (
    test_aims,
    test_calibration,
    test_changes,
    test_corridors,
    test_demand,
    test_measures,
    test_network,
    test_prices,
    test_projects,
    test_provenance,
    test_rail,
    test_references,
    test_terminals,
)

CASES = [
    case
    for module in (
        test_aims,
        test_calibration,
        test_changes,
        test_corridors,
        test_demand,
        test_measures,
        test_network,
        test_prices,
        test_projects,
        test_provenance,
        test_rail,
        test_references,
        test_terminals,
    )
    for case in module.CASES
]


def test_every_check_has_a_case() -> None:
    # Told of many cells at once, and so tested in functions of their own.
    alone = {references.unfilled_inheritance, references.tables_not_read}
    assert {case.check for case in CASES} | alone == set(CHECKS)
    assert len(CHECKS) == len(set(CHECKS))
    assert set(STRUCTURE) <= set(CHECKS)


@pytest.mark.parametrize("template", ["corridor", "rail-line", "berth", "smallest"])
def test_no_check_tells_anything_of_a_template(template: str) -> None:
    clean = draft(template)
    assert [problem for check in CHECKS for problem in check(clean)] == []
