from __future__ import annotations

import numpy as np
import pytest

from keruen.errors import FailedError
from keruen.flows.freight.cargo import CARRIED_BY, Cargo, cargo_of
from support.forwarding import corridor


def cargo(name: str) -> Cargo:
    return next(one for one in cargo_of(corridor().model()) if one.name == name)


def test_classes_by_name_and_equipment_empty() -> None:
    names = [one.name for one in cargo_of(corridor().model())]
    assert names == ["boxes_empty", "container", "grain", "hoppers_empty"]


def test_a_loaded_box() -> None:
    """112 boxes a train, the mean of 9.5 t and 10.5 t; interest, decay and hire by the hour."""
    box = cargo("container")
    assert box.trains_per_unit == pytest.approx(1.0 / 112.0)
    assert (box.unit, box.t_per_unit, box.teu_per_unit) == ("TEU", 10.0, 1.0)
    assert box.value_usd_per_h == pytest.approx(30_000.0 * 0.004 / 24.0 + 2.0 / 24.0)
    assert (box.elasticity, box.reservation_ratio, box.equipment) == (0.3, 2.5, "boxes")


def test_a_tonne_of_grain_pays_its_part_of_a_wagon() -> None:
    grain = cargo("grain")
    assert grain.trains_per_unit == pytest.approx(1.0 / 3700.0)
    assert (grain.unit, grain.t_per_unit, grain.teu_per_unit) == ("t", 1.0, 0.0)
    assert grain.value_usd_per_h == pytest.approx(250.0 * 0.004 / 24.0 + 2.0 / 24.0 / 68.0)


def test_wagons_of_a_unit_are_those_of_its_train_and_of_an_empty_one_its_own() -> None:
    box, grain, empty = cargo("container"), cargo("grain"), cargo("hoppers_empty")
    model = corridor().model()
    wagons = [
        model.number("train_types", model.text("loadings", row, "train_type"), "wagons") or 0.0
        for row in model.rows("loadings", commodity="grain")
    ]
    assert grain.pieces_per_unit == pytest.approx(np.mean(wagons) / 3700.0)
    assert box.pieces_per_unit > 0.0
    assert empty.pieces_per_unit == pytest.approx(1.0 / 68.0)
    assert grain.piece_m == model.number("equipment", "hoppers", "length_m")


def test_an_empty_box_is_a_box_without_cargo() -> None:
    empty, box = cargo("boxes_empty"), cargo("container")
    assert (empty.cargo_class, empty.teu_per_unit, empty.t_per_unit) == ("container", 1.0, 2.2)
    assert empty.trains_per_unit == box.trains_per_unit
    assert empty.value_usd_per_h == pytest.approx(2.0 / 24.0)
    assert (empty.elasticity, empty.haulage_share) == (0.0, 0.5)


def test_empty_wagons_are_whole_trains_of_them_and_cross_the_sea_on_ferries() -> None:
    empty = cargo("hoppers_empty")
    assert empty.trains_per_unit == pytest.approx(1.0 / (58.0 * 68.0))
    assert (empty.t_per_unit, empty.cargo_class) == (0.0, "rail_ferry")
    assert "dry_bulk" not in CARRIED_BY[empty.cargo_class]


def test_lorries_alone_take_the_road() -> None:
    box = cargo("container")
    assert box.land_mode == "rail"
    assert box._replace(cargo_class="ro_ro").land_mode == "road"


def test_all_that_lacks_is_told_at_once() -> None:
    lacking = (
        corridor()
        .model()
        .patched(
            {
                ("commodities", "grain", "cost_elasticity"): "",
                ("commodities", "container", "choice_spread_share"): "",
            }
        )
    )
    with pytest.raises(FailedError) as told:
        cargo_of(lacking)
    assert [(one.code, one.params["row"], one.column) for one in told.value.problems] == [
        ("number_needed", "container", "choice_spread_share"),
        ("number_needed", "grain", "cost_elasticity"),
    ]


def test_cargo_without_a_train_is_told() -> None:
    model = corridor().model().patched({("loadings", "grain/forward", "net_t_per_train"): ""})
    with pytest.raises(FailedError) as told:
        cargo_of(model)
    assert [one.code for one in told.value.problems] == ["loading_needed"]
