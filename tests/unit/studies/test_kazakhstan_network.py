"""The network of the reference study: distances, totals and the state of the base date."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

BASE_DATE = "2024-12-31"
NEVER = "2100-01-01"
BYPASS = "zhetygen_kazybek_bek"
PLANNED = {
    "ayagoz_bakhty",
    "bakhty_tacheng_1435",
    "bakhty_tacheng_1520",
    "darbaza_maktaaral",
    "jalal_abad_andijan",
    "kashgar_torugart",
    "makmal_jalal_abad",
    "moyynty_kyzylzhar",
    "torugart_makmal",
    BYPASS,
}

Row = dict[str, str]


@dataclass(frozen=True)
class Study:
    """Tables of the study as text, and distances over its railways."""

    folder: Path

    def table(self, name: str) -> list[Row]:
        """Rows of a table."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def in_service(self, mode: str, opened: Iterable[str] = ()) -> list[Row]:
        """Sections of a mode on the base date, and those opened besides."""
        extra = set(opened)
        return [
            row
            for row in self.table("sections")
            if row["mode"] == mode and (row["in_service_from"] <= BASE_DATE or row["id"] in extra)
        ]

    def distance_km(self, *points: str, mode: str = "rail", opened: Iterable[str] = ()) -> float:
        """Shortest way over all points in order."""
        ids = [row["id"] for row in self.table("nodes")]
        index = {node: position for position, node in enumerate(ids)}
        best: dict[tuple[int, int], float] = {}
        for row in self.in_service(mode, opened):
            ends = index[row["from_node"]], index[row["to_node"]]
            for pair in (ends, ends[::-1]):
                best[pair] = min(float(row["length_km"]), best.get(pair, np.inf))
        rows, columns = zip(*best, strict=True)
        graph = csr_array((list(best.values()), (rows, columns)), shape=(len(ids),) * 2)
        distances = dijkstra(graph, indices=[index[point] for point in points])
        return float(sum(distances[i, index[b]] for i, (_, b) in enumerate(pairwise(points))))

    def within(self, country: str) -> list[Row]:
        """Railway sections with both ends in a country, in service or the finished bypass."""
        home = {row["id"] for row in self.table("nodes") if row["country"] == country}
        return [
            row
            for row in self.in_service("rail", [BYPASS])
            if row["from_node"] in home and row["to_node"] in home
        ]


@pytest.fixture(scope="module")
def study(repository: Path) -> Study:
    return Study(repository / "src" / "keruen" / "studies" / "kazakhstan")


def km(rows: Iterable[Row]) -> float:
    return sum(float(row["length_km"]) for row in rows)


@pytest.mark.parametrize(
    ("points", "opened", "wanted_km"),
    [
        (("dostyk", "moyynty"), (), 834),
        (("dostyk", "aktogay"), (), 310),
        (("aktogay", "sayak"), (), 186),
        (("sayak", "moyynty"), (), 338),
        (("dostyk", "aktau_port"), (), 3090),
        (("altynkol", "arys", "kyzylorda", "aktau_port"), (BYPASS,), 3100),
        (("dostyk", "petropavl"), (), 1909),
        (("dostyk", "zhezkazgan", "iletsk1"), (), 2731),
        (("altynkol", "saryagash"), (BYPASS,), 1256),
        (("iletsk1", "saryagash"), (), 1741),
        (("lianyungang", "alashankou"), (), 4140),
        (("alat_port", "poti"), (), 795),
        (("baku", "kars"), (), 837),
        (("malaszewicze", "duisburg"), (), 1313),
        (("petropavl", "moscow"), (), 2296),
        (("zabaikalsk", "kazan", "moscow"), (), 6516),
        (("naushki", "moscow"), (), 5754),
        (("xian", "duisburg"), (), 9704),
    ],
)
def test_distances_are_the_published_ones(
    study: Study, points: tuple[str, ...], opened: tuple[str, ...], wanted_km: float
) -> None:
    assert study.distance_km(*points, opened=opened) == pytest.approx(wanted_km, abs=0.6)


def test_kazakhstan_has_the_known_share_of_its_network(study: Study) -> None:
    assert km(study.within("KZ")) / 1000 == pytest.approx(12.0, abs=0.05)


def test_electrified_length_of_kazakhstan(study: Study) -> None:
    electrified = [row for row in study.within("KZ") if row["traction"] != "diesel"]
    assert km(electrified) / 1000 == pytest.approx(3.5, abs=0.05)


def test_double_track_of_kazakhstan_with_the_second_track_finished(study: Study) -> None:
    """5.3 thousand km counts Dostyk-Moyynty as double; on the base date it is still single."""
    rows = study.within("KZ")
    double = km(row for row in rows if row["tracks"] == "2")
    finished = km(row for row in rows if row["line"] == "dostyk_moyynty")
    assert finished == 834
    assert (double + finished) / 1000 == pytest.approx(5.3, abs=0.05)


def test_dostyk_moyynty_is_a_chain_of_35_points(study: Study) -> None:
    chain = [row for row in study.table("sections") if row["line"] == "dostyk_moyynty"]
    assert len(chain) == 34
    assert [row["to_node"] for row in chain[:-1]] == [row["from_node"] for row in chain[1:]]
    assert (chain[0]["from_node"], chain[-1]["to_node"]) == ("dostyk", "moyynty")


def test_dostyk_moyynty_is_single_on_the_base_date(study: Study) -> None:
    chain = [row for row in study.table("sections") if row["line"] == "dostyk_moyynty"]
    assert {row["tracks"] for row in chain} == {"1"}
    assert {row["traction"] for row in chain} == {"diesel"}


def test_longest_gaps_of_dostyk_moyynty_keep_their_length(study: Study) -> None:
    """The class's gap is shorter; it must not halve the two gaps that bind the line."""
    chain = [row for row in study.table("sections") if row["line"] == "dostyk_moyynty"]
    assert sorted(float(row["crossing_gap_km"]) for row in chain)[-2:] == [47.0, 49.0]
    assert all(float(row["crossing_gap_km"]) == float(row["length_km"]) for row in chain)


def test_points_without_a_known_place_lie_between_their_neighbours(study: Study) -> None:
    places = {row["node"]: row for row in study.table("coordinates")}
    chain = [row for row in study.table("sections") if row["line"] == "dostyk_moyynty"]
    nodes = [chain[0]["from_node"], *(row["to_node"] for row in chain)]
    known = [i for i, node in enumerate(nodes) if places[node]["confidence"] != "derived"]
    assert len(known) == 23
    for i, node in enumerate(nodes):
        if i in known:
            continue
        before, after = max(k for k in known if k < i), min(k for k in known if k > i)
        for column in ("lat_deg", "lon_deg"):
            ends = sorted(float(places[nodes[k]][column]) for k in (before, after))
            assert ends[0] <= float(places[node][column]) <= ends[1], (node, column)


def test_planned_sections_wait_for_a_project(study: Study) -> None:
    rail = [row for row in study.table("sections") if row["mode"] == "rail"]
    assert {row["id"] for row in rail if row["in_service_from"]} == PLANNED
    assert {row["in_service_from"] for row in rail if row["id"] in PLANNED} == {NEVER}


def test_the_bypass_shortens_the_way_from_altynkol(study: Study) -> None:
    base = study.distance_km("altynkol", "berlik")
    opened = study.distance_km("altynkol", "berlik", opened=[BYPASS])
    assert base - opened == pytest.approx(43 + 64 - 74.9, abs=0.01)


def test_planned_line_shortens_moyynty_zhezkazgan(study: Study) -> None:
    base = study.distance_km("moyynty", "zhezkazgan")
    opened = study.distance_km("moyynty", "zhezkazgan", opened=["moyynty_kyzylzhar"])
    assert base - opened == pytest.approx(467.1 - 323, abs=0.01)


def test_ships_go_round_the_cape_in_2024(study: Study) -> None:
    suez = [row["id"] for row in study.table("sections") if row["line"] == "ocean_suez"]
    base = study.distance_km("shanghai", "rotterdam", mode="sea")
    assert (base, study.distance_km("shanghai", "rotterdam", mode="sea", opened=suez)) == (
        25620,
        19472,
    )


def test_gauges_meet_at_borders_malaszewicze_and_makmal_only(study: Study) -> None:
    gauges: dict[str, set[str]] = {}
    for row in study.table("sections"):
        if row["mode"] == "rail":
            for end in ("from_node", "to_node"):
                gauges.setdefault(row[end], set()).add(row["gauge_mm"])
    kinds = {row["id"]: row["kind"] for row in study.table("nodes")}
    meeting = {node for node, found in gauges.items() if len(found) > 1}
    assert {"dostyk", "altynkol", "alashankou", "khorgos_cn"} <= meeting
    inland = {node for node in meeting if kinds[node] != "border_point"}
    assert inland == {"malaszewicze", "makmal"}


def test_a_section_of_two_gauges_is_two_rows_of_one_length(study: Study) -> None:
    pairs: dict[str, list[Row]] = {}
    for row in study.table("sections"):
        stem, _, gauge = row["id"].rpartition("_")
        if gauge in ("1435", "1520"):
            assert row["gauge_mm"] == gauge
            pairs.setdefault(stem, []).append(row)
    assert len(pairs) == 6
    for rows in pairs.values():
        assert len(rows) == 2
        assert len({(r["from_node"], r["to_node"], r["length_km"]) for r in rows}) == 1


@pytest.mark.parametrize(
    ("corridor", "countries"),
    [
        ("china_europe_dostyk", ["CN", "KZ", "RU", "BY", "PL", "DE"]),
        ("china_europe_altynkol", ["CN", "KZ", "RU", "BY", "PL", "DE"]),
        ("titr_aktau", ["CN", "KZ", "AZ", "GE", "RO"]),
        ("titr_kuryk", ["CN", "KZ", "AZ", "GE", "RO"]),
    ],
)
def test_corridors_run_westward_through_their_countries(
    study: Study, corridor: str, countries: Sequence[str]
) -> None:
    points = [row for row in study.table("corridor_points") if row["corridor"] == corridor]
    points.sort(key=lambda row: int(row["sequence"]))
    home = {row["id"]: row["country"] for row in study.table("nodes")}
    passed = [home[row["node"]] for row in points]
    assert [c for i, c in enumerate(passed) if i == 0 or c != passed[i - 1]] == list(countries)
    for here, there in pairwise(points):
        if here["mode"] == "rail":
            assert np.isfinite(study.distance_km(here["node"], there["node"], opened=PLANNED))


def test_every_section_is_at_least_as_long_as_the_straight_line(study: Study) -> None:
    """Within 5 %: places are city points in part, up to some kilometres from the station."""
    place = {
        row["node"]: np.radians([float(row["lat_deg"]), float(row["lon_deg"])])
        for row in study.table("coordinates")
    }
    for row in study.table("sections"):
        a, b = place[row["from_node"]], place[row["to_node"]]
        chord = (
            np.sin((b[0] - a[0]) / 2) ** 2
            + np.cos(a[0]) * np.cos(b[0]) * np.sin((b[1] - a[1]) / 2) ** 2
        )
        straight = 2 * 6371 * np.arcsin(np.sqrt(chord))
        assert float(row["length_km"]) > 0.95 * straight - 3, row["id"]


def test_every_node_has_its_place_and_its_name_in_three_languages(study: Study) -> None:
    nodes = study.table("nodes")
    assert {row["id"] for row in nodes} == {row["node"] for row in study.table("coordinates")}
    assert all(row[f"name_{language}"] for row in nodes for language in ("en", "kk", "ru"))
    openstreetmap = {"osm_stations", "bagdar_line"}
    for row in study.table("coordinates"):
        assert (row["licence"] == "ODbL-1.0") == (row["source"] in openstreetmap), row["node"]
