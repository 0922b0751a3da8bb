from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from keruen.capacity.drawn_run import drawn_run
from keruen.capacity.line_dispatch import dispatch_line
from keruen.capacity.line_run import line_run
from keruen.capacity.line_timetable import line_timetable
from keruen.capacity.train_day import TrainDay, train_day
from keruen.i18n import translator
from keruen.model import Model
from keruen.rail.dispatch.network import Policy
from keruen.rail.line import LineAllowances
from keruen.report.rail_pictures import (
    caption_of,
    file_of,
    marey_picture,
    occupancy_picture,
    speed_picture,
)
from support.tiny_study import BASE_DAY, hauled_tables, tiny_model


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return tiny_model(tmp_path, hauled_tables()).at(date.fromisoformat(BASE_DAY))


@pytest.fixture
def day(model: Model) -> TrainDay:
    return train_day(dispatch_line(line_timetable(model, "main", 6.0, 1, 3), Policy.FIRST_COME))


def test_trains_of_a_direction_have_numbers_of_their_kind(model: Model, day: TrainDay) -> None:
    spec = marey_picture(translator("en"), model, day)
    assert len({train.name for train in spec.trains}) == len(spec.trains) >= 22
    for train in spec.trains:
        assert int(train.name) % 2 == train.odd
        assert (train.km[-1] > train.km[0]) == train.odd
    assert spec.end_min - spec.start_min == 1440.0
    assert [(place.name != "") for place in spec.places] == [True, False, True, False, True]
    assert [stretch.tracks for stretch in spec.tracks] == [1, 2]
    assert {window.start_min - spec.start_min for window in spec.windows} == {600.0}


def test_windows_are_spoken_of_where_there_are_any(day: TrainDay) -> None:
    t = translator("en")
    said = caption_of(t, day, 6.0, "first_come")
    assert said.startswith("6 pairs of ordinary freight trains a day, first come, first served.")
    assert said.endswith("10:00 on the whole line.")
    described = day.described
    free = replace(described.description, allowances=LineAllowances())
    without = day._replace(described=described._replace(description=free))
    assert "10:00" not in caption_of(t, without, 6.0, "first_come")


def test_every_section_has_its_bar_with_each_class_and_windows(model: Model, day: TrainDay) -> None:
    spec = occupancy_picture(translator("kk"), model, day)
    assert [len(bar.shares or ()) for bar in spec.sections] == [4, 4]


def test_the_train_stands_where_locomotives_change(model: Model) -> None:
    run = line_run(model, "lines/main")
    spec = speed_picture(translator("en"), model, drawn_run(run))
    assert len(spec.stops) == len(run.legs) - 1
    assert sum(spec.energies[0].amount) == pytest.approx(run.wheel_kwh)
    assert spec.km[-1] == pytest.approx(run.length_km)
    assert spec.limit_km[-1] == pytest.approx(run.length_km)
    assert spec.ground is None, "an assumed profile has no heights to show"


def test_a_file_has_room_about_the_picture_and_its_title() -> None:
    drawn = '<svg viewBox="0 0 100 50" width="100" height="50"><title>a</title><desc>b</desc></svg>'
    alone = file_of(drawn, "A & B", "note")
    assert 'viewBox="-18 -72 136 140" width="136" height="140"' in alone
    assert "A &amp; B" in alone
    with pytest.raises(ValueError, match="size"):
        file_of("<svg/>", "", "")
