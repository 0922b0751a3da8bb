"""Capacity of a section by hand: crossing on single track, following on more."""

from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.reader import ElementReader
from keruen.capacity.record import Capacity
from keruen.capacity.section import capacities, period_min, read_section, schemes
from keruen.rail.line_capacity import Level
from support.tiny_study import Tables, packet_tables, row_of, tiny_day, tiny_tables


def by_level(found: list[Capacity], direction: str = "both") -> dict[str, Capacity]:
    return {record.level: record for record in found if record.direction == direction}


def records(tmp_path: Path, tables: Tables, section: str) -> list[Capacity]:
    return capacities(tiny_day(tmp_path, tables).model, section)


def test_single_track_by_the_period_of_the_gap(tmp_path: Path) -> None:
    # The class has loops every 20 km: 20 min at 60 km/h each way; trains start at the crossing,
    # 2 x (1 + 2) min, which beats stopping before it, 2 x (4 + 1) min: period 46 min.
    found = by_level(records(tmp_path, tiny_tables(), "ab"))
    gross = 1440 / 46
    assert found["maximal"].gross_trains_per_day == pytest.approx(gross)
    assert found["maximal"].trains_per_day == pytest.approx(gross - 2 * 1.2 - 3)
    available = (1440 - 60) * 0.9 / 46
    assert found["available"].gross_trains_per_day == pytest.approx(available)
    assert found["practical"].gross_trains_per_day == pytest.approx(available * 0.8)
    assert found["practical"].trains_per_day == pytest.approx(available * 0.8 - 5.4)
    assert found["maximal"].native_per_year == pytest.approx((gross - 5.4) * 365)
    assert {record.limit for record in found.values()} == {"crossing_period"}


@pytest.mark.parametrize(
    ("own_gap", "gap"),
    [
        ("", 20.0),  # of the class, shorter than the section
        (49, 40.0),  # beyond the section: its own length
        (12, 12.0),
    ],
)
def test_the_hardest_gap_is_the_shorter_of_its_own_and_the_section(
    tmp_path: Path, own_gap: object, gap: float
) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "ab")["crossing_gap_km"] = own_gap
    facts = read_section(ElementReader(tiny_day(tmp_path, tables).model, "sections", "ab"))
    assert facts.gap_km == gap
    assert facts.forward_min == facts.backward_min == gap
    assert period_min(facts) == pytest.approx(2 * gap + 6)
    assert schemes(facts)["both_stop"] == pytest.approx(2 * gap + 10)


def test_running_times_given_stand_before_those_from_speed(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "ab").update(
        running_time_forward_min=24, running_time_backward_min=25
    )
    found = by_level(records(tmp_path, tables, "ab"))
    assert found["maximal"].gross_trains_per_day == pytest.approx(1440 / 55)


@pytest.mark.parametrize(("tracks", "trains"), [(2, 144.0), (3, 216.0), (4, 288.0)])
def test_automatic_block_by_headway_and_tracks(tmp_path: Path, tracks: int, trains: float) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "bc")["tracks"] = tracks
    found = by_level(records(tmp_path, tables, "bc"))
    assert found["maximal"].gross_trains_per_day == pytest.approx(trains)
    assert found["maximal"].trains_per_day == pytest.approx(trains - 2 * 1.5 - 3)
    assert found["available"].gross_trains_per_day == pytest.approx(trains * 1320 / 1440 * 0.9)
    assert found["maximal"].limit == "headway_auto"


def test_semi_automatic_block_takes_the_running_time_and_an_interval(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "bc").update(
        signalling="semi", running_time_forward_min=20, running_time_backward_min=30
    )
    found = records(tmp_path, tables, "bc")
    forward, backward = by_level(found, "forward"), by_level(found, "backward")
    assert not by_level(found, "both")
    assert forward["maximal"].gross_trains_per_day == pytest.approx(1440 / 24)
    assert backward["maximal"].gross_trains_per_day == pytest.approx(1440 / 34)
    assert forward["maximal"].limit == "headway_semi_auto"


def test_background_trains_never_leave_less_than_nothing(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", "ab")["freight_pairs_per_day"] = 99
    found = by_level(records(tmp_path, tables, "ab"))
    assert found["maximal"].trains_per_day == 0.0
    assert found["maximal"].gross_trains_per_day == pytest.approx(1440 / 46)


def test_roads_and_seas_are_unbounded(tmp_path: Path) -> None:
    tables = tiny_tables()
    road = {"from_node": "a", "to_node": "b", "length_km": 40}
    tables["sections"] += [
        {"id": "ab_road", "mode": "road", **road},
        {"id": "ab_sea", "mode": "sea", **road},
    ]
    model = tiny_day(tmp_path, tables).model
    for row, unit in (("ab_road", "truck"), ("ab_sea", "vessel")):
        found = capacities(model, row)
        assert [record.level for record in found] == [level.value for level in Level]
        assert {record.limit for record in found} == {"unbounded"}
        assert {record.native_unit for record in found} == {unit}
        assert all(record.native_per_year is None for record in found)


def test_every_number_used_is_named_with_its_owner(tmp_path: Path) -> None:
    record = by_level(records(tmp_path, tiny_tables(), "ab"))["available"]
    inputs = {entry.name: entry for entry in record.inputs}
    gap = inputs["line_classes.crossing_gap_km"]
    assert (gap.value, gap.unit, gap.source, gap.confidence) == (20, "km", "register", "official")
    assert gap.cell == ("line_classes", "plain", "crossing_gap_km")
    assert inputs["period_min"].value == pytest.approx(46)
    assert inputs["period_min"].cell is None
    assert {"length_km", "tracks", "signalling.reliability_share"} <= inputs.keys()


@pytest.mark.parametrize(
    ("section", "signal", "has", "lacks"),
    [
        ("ab", "semi", {"stop_min", "window_single_min", "crossing_gap_km"}, {"headway_min"}),
        (
            "bc",
            "semi",
            {"headway_min", "freight_speed_km_per_h", "crossing_gap_km"},
            {"start_min", "window_single_min"},
        ),
        (
            "bc",
            "auto",
            {"headway_min", "window_double_min", "removal_passenger_double", "tracks"},
            {"crossing_interval_min", "reserve_single_share", "length_km", "crossing_gap_km"},
        ),
    ],
)
def test_only_what_decides_is_told_and_all_of_it(
    tmp_path: Path, section: str, signal: str, has: set[str], lacks: set[str]
) -> None:
    tables = tiny_tables()
    row_of(tables, "sections", section)["signalling"] = signal
    model = tiny_day(tmp_path, tables).model
    found = capacities(model, section)
    cells = {entry.cell for record in found for entry in record.inputs if entry.cell is not None}
    columns = {cell[2] for cell in cells}
    assert has <= columns
    assert not lacks & columns
    # What is left out could be any number: the capacity is the same.
    reader = ElementReader(model, "sections", section)
    read_section(reader)
    left_out = {entry.cell for entry in reader.inputs if entry.cell is not None} - cells
    assert left_out
    for table, row, column in left_out:
        cells_of = row_of(tables, table, row)
        cells_of[column] = 0.9 * float(cells_of[column])
    again = capacities(tiny_day(tmp_path / "again", tables).model, section)
    numbers = [(r.direction, r.level, r.gross_trains_per_day, r.trains_per_day) for r in found]
    assert numbers == [
        (r.direction, r.level, r.gross_trains_per_day, r.trains_per_day) for r in again
    ]


def test_packets_on_single_track_by_hand(tmp_path: Path) -> None:
    # 40 min each way and 6 for crossing: 86. A packet of two each way: (86 + 2 x 10) / 2 = 53.
    found = by_level(records(tmp_path / "half", packet_tables(), "ab"))["maximal"]
    assert found.gross_trains_per_day == pytest.approx(1440 / (0.5 * 86 + 0.5 * 53))
    numbers = {one.name: one.value for one in found.inputs}
    names = ("period_min", "headway_odd_min", "signalling.packet_share", "station_tracks.tracks")
    assert [numbers[name] for name in names] == [86.0, 10.0, 0.5, 3.0]
    assert "packet_share" in found.formula
    whole = by_level(records(tmp_path / "all", packet_tables(share=1.0), "ab"))["maximal"]
    assert whole.gross_trains_per_day == pytest.approx(1440 / 53)


@pytest.mark.parametrize(
    ("table", "row", "column", "value"),
    [
        ("station_tracks", "a_tracks", "tracks", 2),  # no room beside a packet
        ("sections", "ab", "crossing_gap_km", 20),  # a loop in between, which has two
        ("signalling", "auto", "block", "semi_auto"),
        ("signalling", "auto", "packet_share", ""),
        ("signalling", "auto", "packet_trains", 3),
    ],
)
def test_packets_that_cannot_run_change_nothing(
    tmp_path: Path, table: str, row: str, column: str, value: object
) -> None:
    tables, plain = packet_tables(), packet_tables()
    row_of(plain, "signalling", "auto").update(packet_share="", packet_trains="")
    for one in (tables, plain):
        if column not in ("packet_share", "packet_trains"):
            row_of(one, table, row)[column] = value
    if column in ("packet_share", "packet_trains"):
        row_of(tables, table, row)[column] = value
    found, expected = (
        records(tmp_path / name, one, "ab") for name, one in (("a", tables), ("b", plain))
    )
    assert [one._replace(inputs=()) for one in found] == [
        one._replace(inputs=()) for one in expected
    ]
