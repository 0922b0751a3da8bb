from __future__ import annotations

from keruen.capacity.record import UNBOUNDED, derived, of_trains, unbounded
from keruen.rail.line_capacity import Level


def test_trains_a_day_are_trains_a_year() -> None:
    note = derived("period_min", 46.0, "min")
    record = of_trains(("fleets", "locos"), "both", 8.0, Level.PRACTICAL, (note,))
    assert (record.kind, record.id, record.direction) == ("fleets", "locos", "both")
    assert (record.trains_per_day, record.gross_trains_per_day) == (8.0, 8.0)
    assert record.native_per_year == 8.0 * 365
    assert (record.native_unit, record.level) == ("train", "practical")
    assert record.inputs == (note,)
    assert record.teu_per_year is record.t_per_year is None


def test_the_unbounded_say_so_at_every_level() -> None:
    found = unbounded("sections", "road", "truck", ())
    assert [record.level for record in found] == [level.value for level in Level]
    assert {record.limit for record in found} == {UNBOUNDED}
    assert {record.native_per_year for record in found} == {None}
