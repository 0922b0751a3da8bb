from __future__ import annotations

from keruen.capacity.record import Capacity
from keruen.capacity.summary import summarise
from keruen.rail.line_capacity import Level


def record(kind: str, row: str, trains: float | None, limit: str = "x") -> Capacity:
    return Capacity(
        row, kind, "both", "train", None, trains, trains, None, None, "practical", limit, "", ()
    )


def test_kinds_are_summarised_in_their_order() -> None:
    records = [
        record("fleets", "f", 8.0),
        record("sections", "a", 4.0),
        record("sections", "a", 2.0),
        record("sections", "b", 9.0),
        record("sections", "road", None, "unbounded"),
        record("handling", "h", None, "stated"),
        record("sections", "c", 1.0)._replace(level="maximal"),
    ]
    sections, handling, fleets = summarise(records, Level.PRACTICAL)
    assert sections == ("sections", 3, 2, 2.0, 4.0, 9.0, "a")
    assert handling == ("handling", 1, 1, None, None, None, "")
    assert fleets.middle == 8.0


def test_nothing_gives_nothing() -> None:
    assert summarise([], Level.MAXIMAL) == ()
