"""What a draw moves on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from keruen.capacity.registry import Capacities
from keruen.model.draws import uncertain
from keruen.study.capacity_moves import Judgements, colours, resting
from support.tiny_study import assumed, change, project, tiny_model, tiny_tables

LENGTH = ("sections", "ab", "length_km")


def test_a_cell_that_a_project_multiplies_is_worked_out_through_it(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["projects"] = [project("longer", status="committed", open_date="2026-01-01")]
    tables["project_changes"] = [change("longer", LENGTH, 1.5, "multiply")]
    line = ("project_changes", str(tables["project_changes"][0]["id"]), "value")
    tables["provenance"] = [assumed(LENGTH, 36, 44), assumed(line, 1.2, 2)]
    base = tiny_model(tmp_path, tables)
    cells = uncertain(base)
    known = Judgements(base, cells)
    of_line, of_length = (
        next(n for n, its in enumerate(known.members) if its[0].key == key)
        for key in (line, LENGTH)
    )
    before, after = base.at(date(2025, 1, 1)), base.at(date(2027, 1, 1))
    assert known.patch(before, of_length, "44") == {LENGTH: "44"}
    assert known.patch(before, of_line, "2") == {}
    assert known.patch(after, of_length, "44") == {LENGTH: "66.0"}
    assert known.patch(after, of_line, "2") == {LENGTH: "80.0"}
    assert known.aims(before) == {LENGTH: [of_length]}
    assert sorted(known.aims(after)[LENGTH]) == sorted((of_length, of_line))


def test_elements_rest_on_the_judgements_of_their_inputs(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["provenance"] = [
        assumed(("signalling", "semi", "start_min"), 1, 3),
        assumed(("line_classes", "plain", "freight_speed_km_per_h"), 50, 75),
    ]
    base = tiny_model(tmp_path, tables)
    known = Judgements(base, uncertain(base))
    model = base.at(date(2024, 7, 1))
    aims = known.aims(model)
    day = Capacities(model)
    assert resting(day, ("sections", "ab"), aims) == (0, 1)
    assert resting(day, ("handling", "berth_c"), aims) == ()


def test_moving_a_colour_at_once_is_moving_each_alone() -> None:
    rests = {("t", str(n)): (n, n + 1, 9) for n in range(5)}
    found = colours(rests)
    for judgements in rests.values():
        assert len({found[one] for one in judgements}) == len(judgements)
    assert max(found.values()) == 2
