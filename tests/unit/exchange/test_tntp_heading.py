from __future__ import annotations

import pytest

from keruen.exchange.tntp_heading import FIELDS, STANDARD, USED, names_of, order_of
from keruen.exchange.tntp_text import Findings

USUAL = (
    "\tInit node \tTerm node \tCapacity \tLength \tFree Flow Time "
    "\tB\tPower\tSpeed limit \tToll \tType\t;"
)
UNITS = (
    "\tTail\tHead\tCapacity (veh/h)\tLength (ft)\tFree Flow Time (min)"
    "\tB\tPower\tSpeed (ft/min)\tToll\tType\t;"
)


@pytest.mark.parametrize(
    "heading",
    [
        USUAL,
        UNITS,
        "\t".join(FIELDS),
        " ".join(FIELDS),
        "init_node  term_node  capacity  length  free flow time  b  power  speed  toll  type",
    ],
)
def test_usual_headings_are_understood(heading: str) -> None:
    findings = Findings("a")
    assert order_of((9, heading), 10, findings) == STANDARD
    assert findings.problems() == []


def test_an_order_of_its_own_is_taken_and_told() -> None:
    findings = Findings("a")
    names = list(FIELDS)
    names[2], names[4] = names[4], names[2]
    found = order_of((9, "\t".join([*names, "flow"])), 11, findings)
    assert found.width == 11
    assert [found.places[at] for at in (2, 4)] == [4, 2]
    assert all(found.places[at] == at for at in USED if at not in (2, 4))
    (told,) = findings.problems()
    assert (told.code, told.row) == ("tntp_field_order", 9)


def test_fields_that_are_not_used_may_be_missing() -> None:
    names = [FIELDS[at] for at in USED]
    found = order_of((9, " ".join(names)), 8, Findings("a"))
    assert found.places == (0, 1, 2, 3, 4, 5, 6, -1, 7, -1)


@pytest.mark.parametrize(
    ("heading", "width", "codes"),
    [
        (None, 10, []),
        ((9, "a remark"), 10, []),
        ((9, USUAL), 9, []),
        ((9, "i j capacity length free_flow_time b power speed toll type"), 10, []),
        ((9, "i j length capacity free_flow_time b power speed toll type"), 10, ["unread"]),
        ((9, "from to capacity capacity free_flow_time b power speed toll type"), 10, ["unread"]),
    ],
)
def test_what_is_not_understood_leaves_the_standard_order(
    heading: tuple[int, str] | None, width: int, codes: list[str]
) -> None:
    findings = Findings("a")
    assert order_of(heading, width, findings) == STANDARD
    told = [one.code for one in findings.problems()]
    assert told == [f"tntp_heading_{code}" for code in codes]


def test_units_and_signs_are_no_part_of_a_name() -> None:
    assert names_of("~ A-node [id]\tFree-Flow Time (min.)\t;") == ["a_node", "free_flow_time"]
