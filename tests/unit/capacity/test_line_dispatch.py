from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keruen.capacity.line_dispatch import dispatch_line, rejection_problems, turned_away
from keruen.capacity.line_timetable import (
    DOMESTIC,
    FREIGHT,
    PASSENGER,
    LineTimetable,
    line_timetable,
    stretches_with,
)
from keruen.errors import FailedError
from keruen.events.calendar import DAY_MS
from keruen.model import Model
from keruen.rail.dispatch.network import Cause, Policy
from support.tiny_study import BASE_DAY, hauled_tables, tiny_model


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return tiny_model(tmp_path, hauled_tables()).at(date.fromisoformat(BASE_DAY))


def timetable_of(model: Model, pairs: float | None = 6.0, days: int = 1) -> LineTimetable:
    return line_timetable(model, "main", pairs, days, seed=3)


def test_layers_add_up_to_the_trains_of_each_gap() -> None:
    wanted = [2.0, 5.0, 5.0, 0.0, 1.5]
    found = [0.0] * len(wanted)
    for first, last, per_day in stretches_with(wanted):
        for gap in range(first, last):
            found[gap] += per_day
    assert found == pytest.approx(wanted)


def test_as_many_trains_as_the_study_and_the_asker_say(model: Model) -> None:
    timetable = timetable_of(model, days=2)
    counted = timetable.class_of[timetable.counted]
    assert Counter(counted.tolist()) == {FREIGHT: 24, PASSENGER: 8, DOMESTIC: 12}
    begin, end = timetable.looked_at_ms
    assert end - begin == 2 * DAY_MS
    assert timetable.trains.earliest_ms.min() < begin, "the line is not empty at the beginning"
    assert timetable.trains.earliest_ms.max() > end
    weights = {kind: {*timetable.trains.weight[timetable.class_of == kind]} for kind in range(3)}
    assert weights == {FREIGHT: {1}, PASSENGER: {4}, DOMESTIC: {1}}


def test_without_a_number_the_practical_level_is_filled(model: Model) -> None:
    from keruen.capacity.line import line_capacity

    practical = line_capacity(model, "main")[-1].capacity.trains_per_day
    assert timetable_of(model, None).freight_pairs == int(practical) > 0


@pytest.mark.parametrize("policy", [Policy.FIRST_COME, Policy.PRIORITY])
def test_every_train_arrives_and_lost_time_is_what_it_took_beyond_running(
    model: Model, policy: Policy
) -> None:
    timetable = timetable_of(model)
    found = dispatch_line(timetable, policy)
    assert not found.is_locked
    assert found.rejections == ()
    assert found.finished.sum() == timetable.counted.sum() > 0
    for train in np.flatnonzero(timetable.counted):
        path = timetable.paths[timetable.relation_of[train]]
        alone = sum(path.run_ms) + path.start_ms[0] + path.stop_ms[-1]
        took = found.finish_ms[train] - timetable.trains.earliest_ms[train]
        assert took - found.delay_ms[train] == alone
    waits = sum(float(lasting.sum()) for lasting in found.waits_min().values())
    assert 0.0 < waits <= found.delays_min().sum() + 1e-9
    assert found.weighted_delay_min >= found.delays_min().sum()


def test_the_seed_moves_trains_and_the_same_seed_does_not(model: Model) -> None:
    first, again = (line_timetable(model, "main", 6.0, 1, 3) for _ in range(2))
    other = line_timetable(model, "main", 6.0, 1, 4)
    assert first.trains.earliest_ms.tolist() == again.trains.earliest_ms.tolist()
    assert first.trains.earliest_ms.tolist() != other.trains.earliest_ms.tolist()


def test_trains_that_cannot_run_are_told_with_their_section(model: Model) -> None:
    timetable = timetable_of(model)
    section = timetable.network.sections[1]._replace(window_ms=DAY_MS)
    blocked = timetable._replace(
        network=timetable.network._replace(
            sections=[timetable.network.sections[0], section, *timetable.network.sections[2:]]
        )
    )
    with pytest.raises(FailedError) as caught:
        dispatch_line(blocked, Policy.FIRST_COME)
    problem = caught.value.problems[0]
    assert (problem.code, problem.file) == ("dispatch_window_never_free", "sections.csv")
    assert problem.params["section"] == "ab"
    assert {one.params["train"] for one in caught.value.problems} == {
        "freight",
        "passenger",
        "domestic",
    }


def test_only_the_trains_too_long_are_turned_away(model: Model) -> None:
    timetable = timetable_of(model)
    number = next(i for i, one in enumerate(timetable.relations) if one.train_class == FREIGHT)
    paths = list(timetable.paths)
    paths[number] = paths[number]._replace(length_m=5000.0)
    found = dispatch_line(timetable._replace(paths=tuple(paths)), Policy.FIRST_COME)
    (told,) = turned_away(found.timetable, found.rejections)
    assert (told.reason, told.trains, told.place) == ("dispatch_no_track_long_enough", 6, "a")
    (problem,) = rejection_problems(found.timetable, found.rejections)
    assert not problem.is_error
    assert found.finished.sum() == timetable.counted.sum() - 6


def test_freight_stands_where_crews_or_locomotives_change(tmp_path: Path) -> None:
    tables = hauled_tables()
    tables["station_tracks"][0]["crew_change_min"] = 20
    stopping = tiny_model(tmp_path / "stops", tables).at(date.fromisoformat(BASE_DAY))
    found = dispatch_line(timetable_of(stopping), Policy.FIRST_COME)
    waits = found.waits_min()
    through = np.isin(found.timetable.class_of, (FREIGHT, DOMESTIC)) & found.finished
    assert waits[Cause.CREW_CHANGE].tolist() == [20.0] * int(through.sum())
    assert Cause.LOCOMOTIVE_CHANGE not in waits
    free = min(found.finish_ms[through] - found.timetable.trains.earliest_ms[through]) / 6e4
    tables["station_tracks"][0] |= {"crew_change_min": "", "locomotive_change_min": 30}
    other = tiny_model(tmp_path / "other", tables).at(date.fromisoformat(BASE_DAY))
    longer = dispatch_line(timetable_of(other), Policy.FIRST_COME)
    assert set(longer.waits_min()[Cause.LOCOMOTIVE_CHANGE].tolist()) == {30.0}
    assert min(longer.finish_ms[through] - longer.timetable.trains.earliest_ms[through]) / 6e4 == (
        pytest.approx(free + 10.0)
    )
