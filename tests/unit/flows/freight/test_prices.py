"""Prices by hand: a tiny study with tariffs of its own, links that are drafted here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keruen.errors import FailedError
from keruen.flows.freight.aversions import Aversion
from keruen.flows.freight.cargo import Cargo
from keruen.flows.freight.draft import Draft, rail_place
from keruen.flows.freight.prices import (
    Pricing,
    Terms,
    below_nought,
    per_unit,
    tariffs_on,
    terms_of,
)
from keruen.flows.freight.relation import Relation
from support.freight_diamond import BOX as BOXES
from support.tiny_study import Row, tiny_model, tiny_tables

DAY = date(2024, 7, 1)
BOX = BOXES._replace(commodity="box", pieces_per_unit=0.57)
ORE = BOX._replace(
    commodity="ore",
    unit="t",
    cargo_class="dry_bulk",
    trains_per_unit=0.0005,
    t_per_unit=1.0,
    teu_per_unit=0.0,
    pieces_per_unit=0.0285,
    piece_m=14.0,
)
LORRY = ORE._replace(cargo_class="ro_ro", pieces_per_unit=1.0 / 20.0, piece_m=16.5)
ALL = frozenset({"container", "dry_bulk"})


def tariff(identity: str, amount: float, per: str = "TEU_km", **cells: object) -> Row:
    return {
        "id": identity,
        "kind": "haulage",
        "mode": "rail",
        "direction": "both",
        "amount": amount,
        "currency": "USD",
        "price_year": 2024,
        "per": per,
        **cells,
    }


def pricing(tmp_path: Path, *tariffs: Row, day: date = DAY) -> Pricing:
    tables = tiny_tables()
    tables["tariffs"] = list(tariffs)
    tables["deflators"] = [
        {"currency": "USD", "year": year, "index": index}
        for year, index in ((2020, 80), (2024, 100))
    ]
    tables["exchange_rates"] = [{"currency": "KZT", "year": 2024, "per_usd": 500}]
    tables["zone_groups"] = [{"id": "inland"}, {"id": "overseas"}]
    return Pricing(tiny_model(tmp_path, tables), day)


def rail(row: str = "ab", start: str = "a", end: str = "b", length_km: float = 40.0) -> Draft:
    places = rail_place(start, "1520"), rail_place(end, "1520")
    found = Draft(*places, "rail", "sections", row, "forward", (start, end), length_km)
    return found._replace(serves=ALL)


def at(mode: str, *, share: float = 1.0) -> Draft:
    return rail()._replace(mode=mode, table=mode, row=mode, length_km=0.0, share=share)


def asked(prices: Pricing, draft: Draft, cargo: Cargo) -> tuple[str, float]:
    """Row and dollars, which some row has to ask."""
    found = prices.ask(draft, cargo)
    assert found is not None
    return found[0], round(found[1], 9)


@pytest.mark.parametrize(
    ("per", "box", "ore", "lorry"),
    [
        ("TEU", 60.0, None, None),
        ("TEU_km", 60.0, None, None),
        ("FEU", 30.0, None, None),  # two TEU
        ("FEU_km", 30.0, None, None),
        ("t", 600.0, 60.0, 60.0),  # ten net tonnes in a box
        ("t_km", 600.0, 60.0, 60.0),
        ("train", 0.6, 0.03, 0.03),
        ("truck", None, None, 3.0),  # 20 t a lorry
        ("m", None, 60.0 * 14.0 * 0.0285, 49.5),  # 16.5 m of it
        ("wagon", 60.0 * 0.57, 60.0 * 0.0285, None),  # 57 to a train
        ("vessel", None, None, None),
    ],
)
def test_what_a_price_is_to_a_unit(
    per: str, box: float | None, ore: float | None, lorry: float | None
) -> None:
    for cargo, wanted in ((BOX, box), (ORE, ore), (LORRY, lorry)):
        found = per_unit(per, 60.0, cargo)
        assert (found is None) == (wanted is None)
        assert found is None or found == pytest.approx(wanted)


def test_kilometres_count(tmp_path: Path) -> None:
    prices = pricing(tmp_path, tariff("rails", 0.5))
    assert asked(prices, rail(), BOX) == ("rails", 20.0)
    assert asked(prices, rail(length_km=10.0), BOX) == ("rails", 5.0)
    assert prices.ask(rail(), ORE) is None  # nothing is asked by the tonne
    assert prices.ask(at("access"), BOX) is None


def test_empties_pay_their_part_of_haulage_alone(tmp_path: Path) -> None:
    prices = pricing(
        tmp_path, tariff("rails", 0.5), tariff("cranes", 30, "TEU", kind="handling", mode="")
    )
    empty = BOX._replace(loaded="empty", haulage_share=0.5)
    assert asked(prices, rail(), empty) == ("rails", 10.0)
    assert asked(prices, at("handling"), empty) == ("cranes", 30.0)


def test_what_only_a_part_passes_is_paid_by_that_part(tmp_path: Path) -> None:
    prices = pricing(tmp_path, tariff("cranes", 30, "TEU", kind="handling", mode=""))
    assert asked(prices, at("handling", share=0.25), BOX) == ("cranes", 7.5)


def test_the_most_particular_row_wins(tmp_path: Path) -> None:
    """Commodity before class before all; place before country before anywhere; then the latest."""
    rows = [
        tariff("first", 7, from_date="2023-01-01"),
        tariff("begun_later", 6, from_date="2024-01-01"),
        tariff("country", 5, country="KZ"),
        tariff("place", 4, from_node="a"),
        tariff("of_class", 3, commodity_class="container"),
        tariff("of_commodity", 2, commodity="box"),
        tariff("both", 1, commodity="box", country="KZ"),
    ]
    for count, row in enumerate(rows, start=1):
        prices = pricing(tmp_path, *reversed(rows[:count]))
        assert asked(prices, rail(), BOX) == (row["id"], 40.0 * row["amount"])


def test_a_tariff_of_another_country_day_or_mode_is_not_asked(tmp_path: Path) -> None:
    for cells in (
        {"country": "AZ"},
        {"from_date": "2025-01-01"},
        {"to_date": "2024-06-30"},
        {"mode": "road"},
        {"from_node": "b", "to_node": "a", "direction": "forward"},
        {"kind": "sea", "mode": "sea"},
    ):
        assert pricing(tmp_path, tariff("other", 1, **cells)).ask(rail(), BOX) is None
    ahead = {"from_node": "a", "to_node": "b", "direction": "forward"}
    assert pricing(tmp_path, tariff("ahead", 1, **ahead)).ask(rail(), BOX) is not None


def test_prices_are_of_the_price_base(tmp_path: Path) -> None:
    """A dollar of 2020 is 1.25 of 2024; tenge go by the rate of their year."""
    prices = pricing(tmp_path, tariff("old", 0.4, price_year=2020))
    assert asked(prices, rail(), BOX) == ("old", 20.0)
    prices = pricing(tmp_path, tariff("tenge", 250, currency="KZT"))
    assert asked(prices, rail(), BOX) == ("tenge", 20.0)


def test_a_currency_without_a_rate_is_told(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["tariffs"] = [tariff("one", 1)]
    lacking = tiny_model(tmp_path, tables).patched({("tariffs", "one", "currency"): "CNY"})
    with pytest.raises(FailedError) as told:
        tariffs_on(lacking, DAY)
    (problem,) = told.value.problems
    assert (problem.code, problem.place) == ("rate_needed", "tariffs.csv:2:currency")


def test_a_price_between_two_nodes_is_spread_by_length(tmp_path: Path) -> None:
    """70 dollars from A to C: 40 on the first 40 km and 30 on the other 30."""
    through = tariff("through", 70, "TEU", from_node="a", to_node="c", direction="forward")
    prices = pricing(tmp_path, through, tariff("rails", 0.1))
    assert asked(prices, rail(), BOX) == ("through", 40.0)
    second = rail("bc", "b", "c", 30.0)
    assert asked(prices, second, BOX) == ("through", 30.0)
    assert asked(prices, second._replace(direction="backward", ends=("c", "b")), BOX) == (
        "rails",
        3.0,
    )


@pytest.mark.parametrize(("ratio", "row"), [(1.1, "rails"), (1.2, "through")])
def test_a_price_between_two_nodes_holds_on_ways_hardly_longer(
    tmp_path: Path, ratio: float, row: str
) -> None:
    """80 km beside 70: on it the rate of the whole way holds where the study takes 1.2 times."""
    tables = tiny_tables()
    tables["tariffs"] = [
        tariff("through", 70, "TEU", from_node="a", to_node="c", direction="forward"),
        tariff("rails", 0.1),
    ]
    beside = {**tables["sections"][0], "id": "ac", "to_node": "c", "length_km": 80}
    tables["sections"] = [*tables["sections"], beside]
    tables["flow_assumptions"] = [{"id": "flows", "detour_ratio": ratio}]
    prices = Pricing(tiny_model(tmp_path, tables), DAY)
    wanted = {"rails": 8.0, "through": 70.0}[row]
    assert asked(prices, rail("ac", "a", "c", 80.0), BOX) == (row, wanted)


def test_a_pair_of_zones_is_paid_once(tmp_path: Path) -> None:
    support = {"kind": "subsidy", "mode": "", "from_group": "inland", "to_group": "overseas"}
    prices = pricing(
        tmp_path,
        tariff("support", -50, "TEU", **support),
        tariff("for_boxes", -80, "TEU", commodity="box", **support),
    )
    inland, overseas = frozenset({"inland"}), frozenset({"overseas"})
    assert prices.of_pair(BOX, (inland, overseas)) == [("for_boxes", -80.0)]
    assert prices.of_pair(BOX, (overseas, inland)) == []
    assert prices.of_pair(BOX._replace(loaded="empty"), (inland, overseas)) == []
    assert prices.ask(rail(), BOX) is None


def change(row: str, number: int, share: float = 1.0) -> Draft:
    """A group of servers at A where the gauge changes: the first is the tracks."""
    ends = ("change", "tracks", str(number)), ("change", "tracks", str(number + 1))
    found = at("handling", share=share)._replace(row=row, tail=ends[0], head=ends[1])
    return found._replace(ends=("a", "a"))


CRANES = tariff("cranes", 30, "TEU", kind="handling", mode="")
CHANGE = tariff("change", 160, "TEU", kind="gauge_change")


def test_a_change_of_gauge_is_priced_once_by_its_own_row(tmp_path: Path) -> None:
    """Neither the tracks nor the yard behind them ask for handling besides."""
    prices = pricing(tmp_path, CRANES, CHANGE)
    assert prices.all_of(change("tracks", 0, 0.5), BOX) == [("change", 160.0)]
    assert prices.all_of(change("yard", 1), BOX) == []
    assert asked(prices, at("handling"), BOX) == ("cranes", 30.0)  # a quay is no change
    terms, _ = terms_of(prices, [change("tracks", 0), change("yard", 1)], (BOX,))
    assert terms.fixed((1, 2)).tolist() == [[160.0, 0.0]]


def test_a_change_without_a_row_of_its_own_is_handling(tmp_path: Path) -> None:
    """Each group of servers asks, by the part of the cargo that uses it."""
    other = {**CHANGE, "commodity_class": "dry_bulk", "per": "t"}
    for rows in ((CRANES,), (CRANES, other), (CRANES, {**CHANGE, "from_node": "c"})):
        prices = pricing(tmp_path, *rows)
        assert asked(prices, change("tracks", 0), BOX) == ("cranes", 30.0)
        assert asked(prices, change("yard", 1, 0.5), BOX) == ("cranes", 15.0)


def test_a_change_at_a_place_stands_before_one_anywhere(tmp_path: Path) -> None:
    here = {**CHANGE, "id": "here", "amount": 329, "per": "FEU", "from_node": "a"}
    prices = pricing(tmp_path, CHANGE, here)
    assert asked(prices, change("tracks", 0), BOX) == ("here", 164.5)
    assert asked(prices, change("tracks", 0)._replace(ends=("c", "c")), BOX) == ("change", 160.0)


def procedure(row: str, tail: str, head: str, ends: tuple[str, str] = ("a", "b")) -> Draft:
    """A procedure between the rails of a station and those of the border section."""
    places = (tail, f"{tail}_{row}", "1520"), (head, f"{head}_{row}", "1520")
    return Draft(*places, "border", "border_crossings", row, "forward", ends, serves=ALL)


def test_border_dues_are_asked_once_a_crossing(tmp_path: Path) -> None:
    """By the first procedure: papers of both sides and rails between ask nothing more."""
    dues = tariff("dues", 215, "FEU", kind="border")
    tables = {**tiny_tables(), "tariffs": [dues, tariff("rails", 0.5)]}
    like = {"direction": "forward", "servers": 1, "service_h": 1.0, "acceptable_wait_share": 0.5}
    tables["border_crossings"] = [
        *tables["border_crossings"],
        {"id": "out", "from_node": "a", "to_node": "b", "side": "exit", **like},
        {"id": "in", "from_node": "a", "to_node": "b", "side": "entry", **like},
        {"id": "back", "from_node": "b", "to_node": "a", "side": "entry", **like},
    ]
    prices = Pricing(tiny_model(tmp_path, tables), DAY)
    assert asked(prices, procedure("out", "rail", "border"), BOX) == ("dues", 107.5)
    assert prices.ask(procedure("more", "border", "left"), BOX) is None
    assert prices.ask(procedure("in", "met", "rail"), BOX) is None
    assert asked(prices, rail(), BOX) == ("rails", 20.0)
    # A way back with an entry alone.
    assert asked(prices, procedure("back", "met", "rail", ("b", "a")), BOX) == ("dues", 107.5)


def test_lorries_pay_at_the_border_that_their_road_crosses(tmp_path: Path) -> None:
    dues = tariff("dues", 10, "t", kind="border", mode="road")
    prices = pricing(tmp_path, dues, tariff("lorries", 0.1, "t_km", mode="road"))
    road = rail()._replace(mode="road", serves=frozenset({"ro_ro"}))
    assert prices.all_of(road, LORRY) == [("lorries", 4.0)]
    prices.country["b"] = "ZZ"
    assert prices.all_of(road, LORRY) == [("lorries", 4.0), ("dues", 10.0)]


def test_lorries_ask_between_a_zone_and_its_node(tmp_path: Path) -> None:
    """What they ask on roads of the country, by the kilometre; empties pay their part."""
    lorries = tariff("lorries", 0.9, mode="road")
    dear = tariff("dear", 1.1, mode="road", country="AZ")
    by_way = tariff("one_way", 7, "TEU", mode="road")
    prices = pricing(tmp_path, lorries, dear, by_way, tariff("rails", 0.1))
    access = at("access")._replace(table="zones", ends=("a", "a"), length_km=50.0)
    assert asked(prices, access, BOX) == ("lorries", 45.0)
    assert asked(prices, access, BOX._replace(haulage_share=0.5)) == ("lorries", 22.5)
    assert prices.ask(access._replace(length_km=0.0), BOX) is None
    assert pricing(tmp_path, dear, tariff("rails", 0.1)).ask(access, BOX) is None


def test_terms_are_prices_of_links_that_a_class_may_take(tmp_path: Path) -> None:
    prices = pricing(
        tmp_path,
        tariff("rails", 0.5, commodity_class="container"),
        tariff("by_tonne", 0.02, "t_km"),
    )
    shunned = Aversion("feared", "box", Relation("", "", both=True), "", "sections", "bc", 90.0)
    drafts = [rail(), rail("bc", "b", "c", 30.0)._replace(serves=frozenset({"container"}))]
    cargo = (BOX, BOX._replace(segment="feared"), ORE)
    terms, barred = terms_of(prices, drafts, cargo, (shunned,))
    assert barred.tolist() == [[False, False], [False, False], [False, True]]
    assert set(terms.rows) == {
        ("tariffs", "rails"),
        ("tariffs", "by_tonne"),
        ("route_aversions", "feared"),
    }
    fixed = terms.fixed((3, 2))
    assert fixed[0] == pytest.approx([20.0, 15.0])
    assert fixed[1] == pytest.approx([20.0, 105.0])
    assert fixed[2] == pytest.approx([0.8, 0.0])


def test_a_draw_moves_single_rows() -> None:
    terms = Terms(
        np.array([0, 0, 1]),
        np.array([0, 1, 1]),
        np.array([0, 1, 1]),
        np.array([10.0, 4.0, 6.0]),
        (("tariffs", "one"), ("tariffs", "other")),
    )
    assert terms.fixed((2, 2)).tolist() == [[10.0, 4.0], [0.0, 6.0]]
    moved = terms.fixed((2, 2), np.array([2.0, 0.5]))
    assert moved.tolist() == [[20.0, 2.0], [0.0, 3.0]]


def test_a_bypass_does_not_change_what_the_whole_way_costs(tmp_path: Path) -> None:
    """From A to C by B 70 km, straight 69: both cost the 70 dollars, or nearly so."""
    tables = tiny_tables()
    tables["tariffs"] = [
        tariff("through", 70, "TEU", from_node="a", to_node="c"),
        tariff("rails", 0.1),
    ]
    short = {**tables["sections"][0], "id": "ac", "from_node": "a", "to_node": "c"}
    tables["sections"] = [*tables["sections"], {**short, "length_km": 69}]
    prices = Pricing(tiny_model(tmp_path, tables), DAY)
    old = [asked(prices, rail(), BOX), asked(prices, rail("bc", "b", "c", 30.0), BOX)]
    assert [row for row, _ in old] == ["through", "through"]
    assert sum(usd for _, usd in old) == pytest.approx(70.0)
    assert asked(prices, rail("ac", "a", "c", 69.0), BOX) == ("through", 70.0)


def test_dues_and_tolls_are_asked_besides(tmp_path: Path) -> None:
    prices = pricing(
        tmp_path,
        tariff("ship", 300, "TEU", kind="sea", mode="sea"),
        tariff("dues_b", 65, "TEU", kind="port", mode="", from_node="b"),
        tariff("dues_any", 5, "TEU", kind="port", mode=""),
        tariff("rails", 0.5),
        tariff("bridge", 7, "TEU", kind="toll", mode="", from_node="a", to_node="b"),
    )
    assert prices.all_of(at("sea"), BOX) == [
        ("ship", 300.0), ("dues_any", 5.0), ("dues_b", 65.0)
    ]  # fmt: skip
    assert prices.all_of(rail(), BOX) == [("rails", 20.0), ("bridge", 7.0)]
    assert prices.all_of(rail("bc", "b", "c", 30.0), BOX) == [("rails", 15.0)]


def test_prices_that_pay_for_going_round_are_named(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["tariffs"] = [tariff(name, 1) for name in ("little", "much", "other")]
    usd = np.array([-3.0, -1.0, 2.0])
    numbers = np.array([0, 0, 0]), np.array([0, 1, 1]), np.array([0, 1, 2])
    rows = (("tariffs", "much"), ("tariffs", "little"), ("tariffs", "other"))
    terms = Terms(*numbers, usd, rows)
    (told,) = below_nought(tiny_model(tmp_path, tables), terms, np.array([[-2.0, 4.0]]))
    assert (told.code, told.place) == ("cost_below_nought", "tariffs.csv:3:amount")
