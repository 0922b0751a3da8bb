from __future__ import annotations

from keruen.capacity.line_refusals import saturation_problems
from keruen.errors import Severity, error
from keruen.rail.crossing import StationIntervals
from keruen.rail.line import Block, Gap, LineAllowances, LineDescription, Place, TrainClass

GAP = Gap(1, Block.SEMI_AUTOMATIC, 4.0, StationIntervals(2, 1, 1, 4), (500.0,), (500.0,))
LINE = LineDescription(
    tuple(Place(name, 2, 1050.0) for name in "abc"),
    (GAP._replace(odd_min=(20.0,), even_min=(20.0,)), GAP),
    (TrainClass("freight", 900.0),),
    LineAllowances(window_single_min=1000.0),
)


def test_the_section_that_stops_the_trains_is_named() -> None:
    asked = (error("line_cannot_be_saturated", reason="dispatch_window_never_free"),)
    (found,) = saturation_problems(LINE, ("ab", "bc"), asked)
    assert (found.code, found.severity) == ("dispatch_window_never_free", Severity.WARNING)
    assert (found.params["section"], found.params["train"]) == ("bc", "freight")


def test_other_reasons_stay_as_they_are_but_hide_nothing() -> None:
    (found,) = saturation_problems(LINE, ("ab", "bc"), (error("other", value=1),))
    assert (found.code, found.severity) == ("other", Severity.WARNING)
