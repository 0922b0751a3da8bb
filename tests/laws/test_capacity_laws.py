"""Laws of capacity: more never carries less, order never matters, shortcuts change nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keruen.capacity.ladder import Ladder, bound_of, corridor_ladder
from keruen.capacity.overview import capacity
from keruen.capacity.registry import Capacities
from keruen.errors import OutOfServiceError
from keruen.model import Model, load_model, read_study
from keruen.model.provenance import CellKey
from keruen.model.templates import new_study
from keruen.rail.line_capacity import Level
from keruen.schema import Column, ColumnType, load_schema
from support.tiny_study import Tables, row_of, tiny_tables, write_tiny

DAY = date(2024, 7, 1)
HAIR = 1e-9
IN_PLACE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class World(NamedTuple):
    """A study, a day of it and every capacity of that day worked out."""

    base: Model
    known: Capacities


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(write_tiny(tmp_path_factory.mktemp("laws") / "tiny", tiny_tables()))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("laws") / "template"
    new_study(folder, "corridor")
    return world(folder)


def world(folder: Path) -> World:
    base = load_model(folder)
    known = Capacities(base.at(DAY))
    capacity(known)
    known.line("main")
    return World(base, known)


def corridor_t(known: Capacities, level: Level = Level.AVAILABLE) -> float:
    """Volume of the one corridor; nought where nothing gets through."""
    (name,) = known.model["corridors"].index
    try:
        return corridor_ladder(known, str(name), level).capacity_t
    except OutOfServiceError:
        return 0.0


def ladder(known: Capacities) -> Ladder:
    return corridor_ladder(known, str(known.model["corridors"].index[0]))


# What adds and what hastens, by cell of the tiny study.

GROWING: dict[CellKey, tuple[float, float]] = {
    ("station_tracks", "b_tracks", "tracks"): (1, 9),
    ("station_tracks", "b_tracks", "throats"): (1, 4),
    ("handling", "berth_c", "servers"): (1, 5),
    ("handling", "berth_c", "hours_per_day"): (1, 24),
    ("handling", "berth_c", "lot_teu"): (50, 400),
    ("handling", "berth_c", "acceptable_wait_share"): (0.05, 2),
    ("handling", "berth_c", "service_stages"): (1, 8),
    ("border_crossings", "a_entry", "servers"): (1, 6),
    ("vessel_pools", "boats", "vessels"): (0, 9),
    ("vessel_pools", "boats", "capacity_teu"): (50, 400),
    ("vessel_pools", "boats", "availability_share"): (0, 1),
    ("vessel_allocations", "boats_c_d", "share"): (0, 1),
    ("vessel_lines", "c_d", "lot_share_forward"): (0, 1),
    ("fleets", "locos", "units"): (0, 90),
    ("fleets", "locos", "availability_share"): (0.1, 1),
    ("sections", "bc", "tracks"): (2, 6),
    ("line_classes", "plain", "freight_speed_km_per_h"): (20, 120),
    ("line_classes", "plain", "loop_length_m"): (300, 1500),
    ("signalling", "semi", "reliability_share"): (0.1, 1),
    ("train_types", "boxes", "teu"): (20, 200),
    ("loadings", "box/forward", "loaded_share"): (0.1, 1),
}
SHRINKING: dict[CellKey, tuple[float, float]] = {
    ("station_tracks", "b_tracks", "occupancy_min"): (5, 500),
    ("station_tracks", "b_tracks", "throat_min"): (2, 60),
    ("handling", "berth_c", "service_h"): (1, 60),
    ("border_crossings", "a_entry", "service_h"): (0.2, 24),
    ("vessel_lines", "c_d", "sailing_h"): (4, 90),
    ("vessel_lines", "c_d", "port_time_h"): (2, 90),
    ("fleets", "locos", "turn_days"): (0.2, 20),
    ("fleets", "locos", "units_per_train"): (1, 6),
    ("line_classes", "plain", "crossing_gap_km"): (3, 60),
    ("sections", "ab", "passenger_pairs_per_day"): (0, 40),
    ("sections", "ab", "freight_pairs_per_day"): (0, 40),
    ("corridors", "way", "unevenness_ratio"): (1.02, 1.6),
    ("signalling", "semi", "window_single_min"): (0, 240),
    ("signalling", "semi", "reserve_single_share"): (0, 0.4),
    ("signalling", "auto", "headway_min"): (2, 20),
    **{
        ("signalling", "semi", f"{name}_min"): (0.3, 6)
        for name in ("start", "stop", "crossing_interval", "non_simultaneous_interval")
    },
    ("train_types", "boxes", "length_m"): (300, 1500),
}


def texts(cell: CellKey, span: tuple[float, float]) -> st.SearchStrategy[tuple[str, str]]:
    """Two values of a cell, the smaller first."""
    declared = load_schema()[cell[0]].columns[cell[2]]
    whole = declared.type.value == "integer"
    value = st.integers(int(span[0]), int(span[1])) if whole else st.floats(*span, allow_nan=False)
    pair = st.tuples(value, value).map(sorted)
    return pair.map(lambda ends: (repr(ends[0]), repr(ends[1])))


@given(st.data())
@IN_PLACE
def test_more_of_anything_never_carries_less(tiny: World, data: st.DataObject) -> None:
    cells = {**GROWING, **SHRINKING}
    cell = data.draw(st.sampled_from(sorted(cells)))
    less, more = data.draw(texts(cell, cells[cell]))
    if cell in SHRINKING:
        less, more = more, less
    level = data.draw(st.sampled_from(list(Level)))
    before = corridor_t(tiny.known.patched({cell: less}), level)
    after = corridor_t(tiny.known.patched({cell: more}), level)
    assert after >= before * (1 - HAIR)


def test_every_number_that_should_matter_does(tiny: World) -> None:
    # The law above would hold of cells that nothing reads, too. Some count only beside another:
    # throats that are slow, a stop where a start is dear.
    beside = {
        "throats": {("station_tracks", "b_tracks", "throat_min"): "60"},
        "stop_min": {("signalling", "semi", "start_min"): "6"},
    }
    for cell, (low, high) in {**GROWING, **SHRINKING}.items():
        volumes = []
        for value in (low, high):
            patch = {**beside.get(cell[2], {}), cell: str(value)}
            steps = corridor_ladder(tiny.known.patched(patch), "way", Level.PRACTICAL).steps
            volumes.append({step.element: step.binds_at_t for step in steps})
        assert volumes[0] != volumes[1], cell


@given(st.integers(1, 4), st.sampled_from(["auto", "semi"]), st.sampled_from(["ab", "bc", "de"]))
@IN_PLACE
def test_a_second_track_never_carries_less(
    tiny: World, tracks: int, signalling: str, section: str
) -> None:
    # From one track to two the signalling stays; the double track's own window is taken as long.
    cells = {
        ("sections", section, "signalling"): signalling,
        ("signalling", signalling, "window_double_min"): "60",
        ("signalling", signalling, "reserve_double_share"): "0.2",
        ("signalling", signalling, "removal_passenger_double"): "1.2",
    }
    one, more = (
        tiny.known.patched({**cells, ("sections", section, "tracks"): str(count)})
        for count in (tracks, tracks + 1)
    )
    for level in Level:
        trains = [
            next(r.trains_per_day for r in known.of("sections", section) if r.level == level.value)
            for known in (one, more)
        ]
        assert float(trains[1] or 0) >= float(trains[0] or 0) - HAIR
        assert corridor_t(more, level) >= corridor_t(one, level) * (1 - HAIR)


@given(st.data())
@IN_PLACE
def test_levels_never_rise(tiny: World, data: st.DataObject) -> None:
    cells = {**GROWING, **SHRINKING}
    chosen = data.draw(st.lists(st.sampled_from(sorted(cells)), max_size=5, unique=True))
    patch = {cell: data.draw(texts(cell, cells[cell]))[0] for cell in chosen}
    known = tiny.known.patched(patch)
    for kind in ("sections", "station_tracks", "handling", "border_crossings", "fleets"):
        for row in known.model[kind].index:
            bounds = {r.level: float(bound_of(r, "any") or 0) for r in known.of(kind, str(row))}
            assert bounds["maximal"] >= bounds["available"] - HAIR
            assert bounds["available"] >= bounds["practical"] - HAIR


@given(st.data())
@IN_PLACE
def test_a_ladder_is_sorted_and_bounded_by_its_first_step(tiny: World, data: st.DataObject) -> None:
    cells = {**GROWING, **SHRINKING}
    chosen = data.draw(st.lists(st.sampled_from(sorted(cells)), max_size=5, unique=True))
    patch = {cell: data.draw(texts(cell, cells[cell]))[0] for cell in chosen}
    found = ladder(tiny.known.patched(patch))
    volumes = [step.binds_at_t for step in found.steps]
    assert volumes == sorted(volumes)
    assert [step.rank for step in found.steps] == list(range(1, len(volumes) + 1))
    assert found.capacity_t == min(volumes)
    assert len({(step.kind, step.element) for step in found.steps}) == len(found.steps)


@given(st.floats(0.01, 1.9))
@IN_PLACE
def test_only_the_proportions_of_the_mix_matter(template: World, factor: float) -> None:
    shares = template.base["corridor_mix"]["share"]
    scaled = template.known.patched(
        {("corridor_mix", str(key), "share"): repr(share * factor) for key, share in shares.items()}
    )
    for before, after in zip(ladder(template.known).steps, ladder(scaled).steps, strict=True):
        assert after.element == before.element
        assert after.binds_at_t == pytest.approx(before.binds_at_t, rel=1e-9)


READ = (
    "sections", "line_classes", "traffic_classes", "signalling", "station_tracks", "handling",
    "terminals", "weather_sites", "closures", "water_levels", "border_crossings", "vessel_pools",
    "vessel_lines", "vessel_allocations", "fleets", "train_types", "loadings", "corridors",
    "corridor_mix",
)  # fmt: skip


def numeric_cells(model: Model) -> Iterator[tuple[CellKey, str, str]]:
    """Numbers in the tables that capacities are worked out from, each with a less and a more.

    Empty cells, too, but for servers, which come with a service time; of a list of values the
    first and the last.
    """
    for table in READ:
        for column, declared in load_schema()[table].columns.items():
            if not declared.type.is_numeric or column in load_schema()[table].key:
                continue
            for row in map(str, model[table].index):
                value = model.number(table, row, column)
                if declared.values:
                    yield (table, row, column), declared.values[0], declared.values[-1]
                elif value is not None or column != "servers":
                    ends = (0.8 * value, 1.1 * value) if value else (1.0, 2.0)
                    low, high = (clipped(end, declared) for end in ends)
                    yield (table, row, column), low, high


def clipped(value: float, declared: Column) -> str:
    """A value as text, inside what is possible; whole where it must be."""
    low, high = declared.minimum, declared.maximum
    value = max(value, low) if low is not None else value
    value = min(value, high) if high is not None else value
    return str(round(value)) if declared.type is ColumnType.INTEGER else repr(value)


@given(st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_patch_is_a_study_made_anew(template: World, chance: random.Random, size: int) -> None:
    known = template.known
    chosen = chance.sample(list(numeric_cells(known.model)), size)
    patch = {cell: chance.choice(ends) for cell, *ends in chosen}
    patched, anew = known.patched(patch), Capacities(known.model.patched(patch))
    assert patched.line("main") == anew.line("main")
    for level in Level:
        assert corridor_ladder(patched, "east_west", level) == corridor_ladder(
            anew, "east_west", level
        )
    assert capacity(patched) == capacity(anew)


@pytest.mark.parametrize("table", READ)
def test_a_single_cell_patched_is_a_study_made_anew(template: World, table: str) -> None:
    known = template.known
    cells = [cell for cell in numeric_cells(known.model) if cell[0][0] == table]
    for cell, low, _ in cells[:: max(1, len(cells) // 5)]:
        patched = known.patched({cell: low})
        anew = Capacities(patched.model)
        assert corridor_ladder(patched, "east_west") == corridor_ladder(anew, "east_west"), cell
        assert patched.line("main") == anew.line("main"), cell


@given(st.dates(date(2024, 1, 1), date(2031, 1, 1)), st.dates(date(2024, 1, 1), date(2031, 1, 1)))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_day_after_another_is_a_day_made_anew(template: World, first: date, second: date) -> None:
    known = Capacities(template.base.at(first))
    capacity(known)
    later, anew = known.revised(template.base.at(second)), Capacities(template.base.at(second))
    assert capacity(later) == capacity(anew)
    assert corridor_ladder(later, "east_west") == corridor_ladder(anew, "east_west")


@given(st.sets(st.sampled_from(["second_track", "bypass", "second_gauge_track", "port_cranes",
                                "dredging", "fewer_crossings"])))  # fmt: skip
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_projects_opened_on_top_are_a_study_made_anew(template: World, opened: set[str]) -> None:
    model = template.base.with_open(opened).at(DAY)
    revised, anew = template.known.revised(model), Capacities(model)
    assert capacity(revised) == capacity(anew)
    assert corridor_ladder(revised, "east_west") == corridor_ladder(anew, "east_west")


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_never_matters(template: World, tmp_path: Path, seed: int) -> None:
    folder, order = tmp_path / "shuffled", random.Random(seed)
    folder.mkdir()
    for path in template.base.path.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            header, *rows = text.splitlines()
            order.shuffle(rows)
            text = "\n".join((header, *rows)) + "\n"
        (folder / path.name).write_text(text, encoding="utf-8")
    reading = read_study(folder)
    assert reading.model is not None, reading.errors
    shuffled = Capacities(reading.model.at(DAY))
    assert set(capacity(shuffled)) == set(capacity(template.known))
    for level in Level:
        assert corridor_ladder(shuffled, "east_west", level) == corridor_ladder(
            template.known, "east_west", level
        )


CLOSED = {"in_service_to": "2024-01-31"}


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("sections", "ab"),
        ("sections", "bc"),
        ("sections", "de"),
        ("handling", "berth_c"),
        ("border_crossings", "a_entry"),
        ("vessel_lines", "c_d"),
        ("vessel_pools", "boats"),
        ("terminals", "port_c"),
        ("station_tracks", "b_tracks"),
    ],
)
def test_nothing_gets_past_a_closed_element(tmp_path: Path, table: str, row: str) -> None:
    tables = tiny_tables()
    assert corridor_t(day_of(tmp_path / "open", tables)) > 0
    row_of(tables, table, row).update(CLOSED)
    assert corridor_t(day_of(tmp_path / "closed", tables)) == 0.0


@pytest.mark.parametrize("servers", [1, 2, 5])
@pytest.mark.parametrize("closed", ["berth_c", "berth_c2"])
def test_closing_one_of_two_alike_never_carries_more(
    tmp_path: Path, servers: int, closed: str
) -> None:
    # Berths of one kind whose shares of the cargo are those of their servers: no share is a choke.
    tables = tiny_tables()
    berth = row_of(tables, "handling", "berth_c")
    tables["handling"].append({**berth, "id": "berth_c2", "servers": servers})
    other = {"corridor": "way", "sequence": 9, "table": "handling", "row": "berth_c2"}
    tables["corridor_elements"][2]["share"] = 1 / (1 + servers)
    tables["corridor_elements"].append({**other, "share": servers / (1 + servers)})
    before = corridor_t(day_of(tmp_path / "open", tables))
    row_of(tables, "handling", closed).update(CLOSED)
    assert 0 < corridor_t(day_of(tmp_path / "closed", tables)) <= before


def day_of(folder: Path, tables: Tables) -> Capacities:
    return Capacities(load_model(write_tiny(folder, tables)).at(DAY))
