from __future__ import annotations

from datetime import date
from pathlib import Path

from keruen.study.targets import days_of
from keruen.study.variants import Variants
from support.tiny_study import change, inserts, project, row_of, tiny_model, tiny_tables

DAY, OTHER = date(2024, 7, 1), date(2024, 8, 1)


def variants(tmp_path: Path) -> Variants:
    tables = tiny_tables()
    tables["projects"] = [
        project("track"),
        project("berth", status="committed"),
        project("crane"),
    ]
    second = {**row_of(tables, "handling", "berth_c"), "id": "berth_2"}
    owner = {"source": "register", "confidence": "official"}
    tables["project_changes"] = [
        change("track", ("sections", "ab", "tracks"), 2),
        *inserts("berth", "handling", "berth_2", {**second, **owner}),
        change("crane", ("handling", "berth_2", "servers"), 2),
    ]
    base = tiny_model(tmp_path, tables)
    return Variants(base, days_of(base))


def test_projects_are_open_on_the_day_asked_for_only(tmp_path: Path) -> None:
    known = variants(tmp_path)
    days = known.days_with(DAY, ["track"])
    assert days is not None
    assert days(DAY).model.number("sections", "ab", "tracks") == 2
    assert days(OTHER).model.number("sections", "ab", "tracks") == 1
    assert known.opened(DAY)("track") is days(DAY)


def test_a_variant_is_worked_out_once(tmp_path: Path) -> None:
    known = variants(tmp_path)
    assert known.on(DAY, ["track", "berth"]) is known.on(DAY, ("berth", "track"))
    assert known.on(OTHER, ["track"]) is not known.on(DAY, ["track"])


def test_what_rests_on_another_project_is_not_open_alone(tmp_path: Path) -> None:
    known = variants(tmp_path)
    assert known.on(DAY, ["crane"]) is None
    assert known.days_with(DAY, ["crane"]) is None
    both = known.on(DAY, ["crane", "berth"])
    assert both is not None
    assert both.model.number("handling", "berth_2", "servers") == 2
