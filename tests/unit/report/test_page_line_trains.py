"""How trains run on a line, as the page tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from keruen.capacity.drawn_run import drawn_run
from keruen.capacity.line_dispatch import dispatch_line
from keruen.capacity.line_run import line_run
from keruen.capacity.line_timetable import line_timetable
from keruen.capacity.train_day import train_day
from keruen.i18n import translator
from keruen.report.page import Matter
from keruen.report.page.context import Context, context_of
from keruen.report.page.line_kept import kept_day, kept_run
from keruen.report.page.line_trains import line_trains
from keruen.report.rail_pictures import marey_picture, occupancy_picture, speed_picture
from keruen.study.line_trains import DRAWN_POLICY, Gathered, LineOnDay
from keruen.study.line_trains import line_trains as computed
from support.tiny_study import BASE_DAY, hauled_tables, tiny_model

LINE = "main"


@pytest.fixture(scope="module")
def matter(corridor: Matter, tmp_path_factory: pytest.TempPathFactory) -> Matter:
    """The tiny line with its locomotives, its tables in the run of another study."""
    base = tiny_model(tmp_path_factory.mktemp("line"), hauled_tables())
    found = Gathered()
    model = base.at(date.fromisoformat(BASE_DAY))
    computed(found, LINE, [LineOnDay(LINE, date.fromisoformat(BASE_DAY), model)], 5)
    run = replace(corridor.run, tables=found.tables())
    return Matter(run, base, corridor.cells)


@pytest.fixture(scope="module")
def context(matter: Matter) -> Context:
    return context_of(matter, translator("en"))


def test_pictures_from_tables_are_those_from_the_dispatch(matter: Matter) -> None:
    t = translator("en")
    model = matter.model.at(date.fromisoformat(BASE_DAY))
    ran = dispatch_line(line_timetable(model, LINE, seed=5), DRAWN_POLICY, 5)
    fresh, kept = train_day(ran), kept_day(matter, model, LINE, BASE_DAY)
    assert kept is not None
    drawn, read = (marey_picture(t, model, one) for one in (fresh, kept))
    assert [train.name for train in drawn.trains] == [train.name for train in read.trains]
    begin = fresh.span_min[0]
    for one, other in zip(drawn.trains, read.trains, strict=True):
        assert [time - begin for time in one.time_min] == pytest.approx(list(other.time_min))
        assert one.km == other.km
        assert one.cause == other.cause
    assert occupancy_picture(t, model, fresh) == occupancy_picture(t, model, kept)


def test_a_run_from_tables_is_that_of_the_train(matter: Matter) -> None:
    t = translator("en")
    model = matter.model.at(date.fromisoformat(BASE_DAY))
    kept = kept_run(matter, model, LINE, BASE_DAY)
    assert kept is not None
    fresh = drawn_run(line_run(model, f"lines/{LINE}"))
    one, other = (speed_picture(t, model, run) for run in (fresh, kept))
    assert one.km == other.km
    assert one.speed_km_per_h == other.speed_km_per_h
    assert one.stops == other.stops
    assert one.limit_km == other.limit_km
    assert [bars.amount for bars in one.energies] == [bars.amount for bars in other.energies]


def test_the_run_that_is_drawn_is_found_in_any_order(matter: Matter) -> None:
    model = matter.model.at(date.fromisoformat(BASE_DAY))
    tables = dict(matter.run.tables)
    tables["line_runs"] = tables["line_runs"].iloc[::-1]
    turned = Matter(replace(matter.run, tables=tables), matter.model, matter.cells)
    kept = kept_run(turned, model, LINE, BASE_DAY)
    assert kept is not None
    assert kept.time_min == pytest.approx(line_run(model, f"lines/{LINE}").time_min)


def test_nothing_kept_is_nothing_drawn(matter: Matter) -> None:
    model = matter.model.at(date.fromisoformat(BASE_DAY))
    assert kept_day(matter, model, LINE, "2031-01-01") is None
    assert kept_run(matter, model, "coast", BASE_DAY) is None


def test_the_second_track_alone_is_told_beside_the_claim(context: Context) -> None:
    told = line_trains(context, LINE, 5.0)
    known = context.matter.table("line_what_ifs")
    by = known[(known["method"] == "parallel_timetable") & (known["level"] == "available")]
    pairs = by.set_index("what_if")["pairs_per_day"]
    alone = context.amounts.computed(pairs["second_track"] / pairs["as_it_stands"], "ratio")
    assert alone in told.answer[0]
    assert told.answer[2] == "That alone does not make the claimed ×\u00a05."
    (row,) = (row for row in told.what_ifs if row.name == "Second track only")
    assert row.ratio == alone
    assert [len(level) for level in row.values] == [3, 3, 3]
    without = line_trains(context, LINE, None)
    assert not [sentence for sentence in without.answer if "claimed" in sentence]


@pytest.mark.parametrize(
    ("method", "sentences"), [("parallel_timetable", 0), ("compression", 4), ("dispatch", 4)]
)
def test_a_method_without_an_answer_gives_no_nought(
    matter: Matter, method: str, sentences: int
) -> None:
    known = matter.table("line_what_ifs")
    lost = (known["what_if"] == "second_track") & (known["method"] == method)
    run = replace(matter.run, tables={**matter.run.tables, "line_what_ifs": known[~lost]})
    context = context_of(Matter(run, matter.model, matter.cells), translator("en"))
    told = line_trains(context, LINE, 5.0)
    assert len(told.answer) == sentences
    assert not [sentence for sentence in told.answer if "By compression" in sentence]
    (row,) = (row for row in told.what_ifs if row.name == "Second track only")
    nothing = context.amounts.number(None)
    assert (row.ratio == nothing) is (method == "parallel_timetable")
    assert (row.carried[0] == nothing) is (method == "parallel_timetable")


def test_a_day_has_its_three_pictures_and_policies(context: Context) -> None:
    told = line_trains(context, LINE, None)
    (day,) = told.drawn
    assert [picture.is_broad for picture in day.pictures] == [True, False, True]
    assert all("<svg" in picture.drawn for picture in day.pictures)
    assert [row.policy for row in told.policies] == ["First come", "Priority", "Look-ahead"]
    assert told.runs[0].locomotives.startswith("1 × ")
    assert not told.is_empty


def test_what_was_not_computed_is_told_with_its_remedy(matter: Matter) -> None:
    troubles = pd.DataFrame(
        [
            {
                "line": LINE,
                "date": BASE_DAY,
                "part": part,
                "code": "line_not_in_a_row",
                "file": "sections.csv",
                "params": '{"line": "main", "node": "b"}',
            }
            for part in ("methods", "day")
        ]
    )
    run = replace(matter.run, tables={"line_troubles": troubles})
    context = context_of(Matter(run, matter.model, matter.cells), translator("kk"))
    told = line_trains(context, LINE, None)
    assert len(told.troubles) == 1
    assert "main" in told.troubles[0]
    assert not told.is_empty
