"""A run whose flows are written by hand: nothing is computed, so that every figure is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest

from keruen.i18n import translator
from keruen.model import read_study
from keruen.report.page import Matter
from keruen.report.page.context import Context, context_of
from keruen.study.store import Run
from support.study_folder import StudyFolder

LINK = {
    "year": 2024,
    "mode": "rail",
    "native_unit": "train",
    "flow_teu_per_year": 0.0,
    "load_per_year": 100.0,
    "capacity_per_year": 200.0,
    "utilisation_share": 0.5,
    "price_usd": 0.0,
    "price_usd_per_t": 0.0,
}


def link(
    table: str, row: str, direction: str, ends: tuple[str, str], **cells: object
) -> dict[str, object]:
    """A row of ``flow_links``."""
    own = {"element_table": table, "element_row": row, "direction": direction}
    return {**LINK, **own, "from_node": ends[0], "to_node": ends[1], **cells}


def links() -> list[dict[str, object]]:
    """Rows of ``flow_links``: rails both ways, a road, a berth, two sea lines side by side."""
    there, back = ("tau", "qaqpa"), ("qaqpa", "tau")
    return [
        link("sections", "tau_qaqpa", "forward", there, flow_t_per_year=3e6),
        link(
            "sections", "tau_qaqpa", "backward", back, flow_t_per_year=1e6,
            utilisation_share=1.0, price_usd=5000.0, price_usd_per_t=8.0,
        ),
        link(
            "sections", "tau_qaqpa", "backward", back, flow_t_per_year=1e6, year=2028,
            price_usd=7000.0, price_usd_per_t=9.0,
        ),
        link("sections", "qaqpa_bulaq", "forward", ("qaqpa", "bulaq"), flow_t_per_year=0.0),
        link(
            "sections", "qaqpa_ailaq_road", "forward", ("qaqpa", "ailaq"), mode="road",
            flow_t_per_year=2e5, utilisation_share=float("nan"), native_unit="t",
        ),
        link(
            "handling", "ailaq_container", "both", ("ailaq", "ailaq"), mode="handling",
            native_unit="TEU", flow_t_per_year=1e5, load_per_year=3e4, price_usd=40.0,
            price_usd_per_t=12.0,
        ),
        link(
            "vessel_lines", "ailaq_jaga_container", "forward", ("ailaq", "jaga"), mode="sea",
            native_unit="TEU", flow_t_per_year=5e5, utilisation_share=0.3,
        ),
        link(
            "vessel_lines", "ailaq_jaga_grain", "forward", ("ailaq", "jaga"), mode="sea",
            native_unit="t", flow_t_per_year=7e5, utilisation_share=0.9,
        ),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    """Two years of flows on the corridor template."""
    sums = {
        "year": [2024, 2028],
        "demand_t_per_year": [5e6, 8e6],
        "served_t_per_year": [4e6, 8e6],
        "refused_t_per_year": [1e6, 0.0],
        "gap": [3e-7, 1e-8],
        "route_set_error": [0.031, 0.012],
        "converged": [1.0, 0.0],
    }
    equipment = {
        "year": 2024,
        "equipment": ["boxes", "boxes", "hoppers"],
        "zone": ["east", "west", "middle"],
        "unit": ["TEU", "TEU", "t"],
        "received_per_year": [1000.0, 2000.0, 0.0],
        "empty_in_per_year": [1000.0, 0.0, 0.0],
        "refused_in_per_year": [3000.0, 0.0, 0.0],
        "left_per_year": [-4000.0, 4000.0, 0.0],
        "acquired_usd_per_year": [2.8e6, 0.0, float("nan")],
        "price_usd": [55.0, 0.0, float("nan")],
    }
    volumes = {
        "year": [2024, 2028],
        "measure": "rail_west",
        "value": [2e6, 4e6],
        "unit": "t/year",
        "scarce": "",
    }
    targets = {"id": ["corridor_volume"], "kind": "target", "wanted": 3e6, "year": 2028}
    return {
        "targets": pd.DataFrame(targets),
        "flow_sums": pd.DataFrame(sums),
        "flow_links": pd.DataFrame(links()),
        "flow_equipment": pd.DataFrame(equipment),
        "flow_volumes": pd.DataFrame(volumes),
    }


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Context]:
    """Make the context of a run with these tables in a language."""
    study = StudyFolder(tmp_path_factory.mktemp("told") / "study", "corridor")
    study.replace("study.yaml", "last_year: 2035", "last_year: 2028")

    def name_a_measure(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["id"] == "corridor_volume":
                row["measure"] = "rail_west"

    study.edit("targets", name_a_measure)
    model = read_study(study.path).model
    assert model is not None

    def make(tables: dict[str, pd.DataFrame], language: str = "en") -> Context:
        run = Run(Path("nowhere"), {"scenario": None}, MappingProxyType(tables))
        return context_of(Matter(run, model, {}), translator(language))

    return make
