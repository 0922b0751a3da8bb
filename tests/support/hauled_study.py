"""The tiny corridor with a locomotive before its trains, so that running times are computed."""

from __future__ import annotations

from support.tiny_study import Row, Tables, tiny_tables

ENGINE: Row = {
    "id": "engine", "traction": "diesel", "mass_t": 138, "length_m": 22, "power_kw": 2900,
    "starting_effort_kn": 530, "adhesion_share": 0.33, "max_speed_km_per_h": 100,
    "efficiency_share": 0.34, "idle_l_per_h": 15,
}  # fmt: skip


def hauled_tables() -> Tables:
    """Tables of the corridor; a new copy each time."""
    tables = tiny_tables()
    tables["locomotives"] = [dict(ENGINE)]
    tables["haulings"] = [
        {
            "id": "all",
            "traction": "diesel",
            "gauge_mm": 1520,
            "train_type": tables["train_types"][0]["id"],
            "locomotive": "engine",
            "units": 1,
        }
    ]
    tables["line_classes"][0] |= {
        "permitted_speed_km_per_h": 80,
        "gradient_share": 0.2,
        "running_allowance_share": 0.1,
    }
    return tables
