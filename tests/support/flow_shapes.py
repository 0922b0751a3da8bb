"""Shapes of what commands on flows print with ``--json``: flows, routes, reasons, forecasts."""

from __future__ import annotations

from typing import Any

Shape = Any
"""A type, a tuple of alternatives, ``[shape]`` for a list, ``{str: shape}`` for a table by name,
or a dictionary of the keys that must be there."""

MAYBE_TEXT, MAYBE_INT, MAYBE_NUMBER = (str, None), (int, None), (float, int, None)
NUMBER = (float, int)

FAN: Shape = dict.fromkeys(("mean", "sd", "p05", "p25", "p50", "p75", "p95"), MAYBE_NUMBER)
BELIEF: Shape = dict.fromkeys(("p05", "mode", "p95"), NUMBER)
BY_CASE: Shape = {
    **dict.fromkeys(("prior", "posterior"), NUMBER),
    **dict.fromkeys(("without_year", "without_corridor"), MAYBE_NUMBER),
}

PLACE: Shape = {"table": str, "id": str, "name": str}
LEG: Shape = {
    "mode": str,
    "from": str,
    "to": str,
    "from_name": str,
    "to_name": str,
    "country": str,
    "elements": [{"table": str, "row": str}],
    "length_km": NUMBER,
    "time_h": NUMBER,
    "time_sd_h": NUMBER,
    "moving_h": NUMBER,
    "standing_h": NUMBER,
    "wait_h": NUMBER,
    "cost_usd": NUMBER,
    "items_usd": {str: NUMBER},
    "priced": bool,
    "co2e_kg": MAYBE_NUMBER,
    "co2e_known_kg": NUMBER,
    "factors": [str],
}
CHAIN: Shape = {
    "legs": [LEG],
    "time_h": NUMBER,
    "time_sd_h": NUMBER,
    "border_sojourn_h": NUMBER,
    "wait_h": NUMBER,
    "length_km": NUMBER,
    "cost_usd": NUMBER,
    "items_usd": {
        "haulage": NUMBER,
        "sea": NUMBER,
        "handling": NUMBER,
        "border": NUMBER,
        "scarcity": NUMBER,
        "subsidy": NUMBER,
    },
    "time_cost_usd": NUMBER,
    "felt_usd": NUMBER,
    "co2e_kg": MAYBE_NUMBER,
    "co2e_known_kg": NUMBER,
    "probability_share": NUMBER,
    "via": [str],
}
WHOLE: Shape = {
    "demand_t_per_year": NUMBER,
    "served_t_per_year": NUMBER,
    "refused_t_per_year": NUMBER,
    "cost_usd_per_year": NUMBER,
}
FLOW: Shape = {"flow_t_per_year": NUMBER, "flow_teu_per_year": NUMBER}
WHY: Shape = {
    "element": str,
    "table": str,
    "gap": NUMBER,
    "converged": bool,
    "native_unit": MAYBE_TEXT,
    "load_per_year": MAYBE_NUMBER,
    "capacity_per_year": MAYBE_NUMBER,
    "utilisation_share": MAYBE_NUMBER,
    "price_usd": MAYBE_NUMBER,
    **FLOW,
    "directions": [
        {
            "direction": str,
            "native_unit": str,
            **FLOW,
            "load_per_year": NUMBER,
            "capacity_per_year": MAYBE_NUMBER,
            "utilisation_share": MAYBE_NUMBER,
            "time_h": NUMBER,
            "wait_h": NUMBER,
            "price_usd": NUMBER,
            "price_usd_per_t": NUMBER,
        }
    ],
    "users": [
        {
            "commodity": str,
            "loaded": bool,
            "origin": str,
            "destination": str,
            "origin_country": str,
            "destination_country": str,
            **FLOW,
            "share": NUMBER,
            "relation_share": NUMBER,
        }
    ],
    "whole": WHOLE,
    "without": (
        {
            "users_t_per_year": NUMBER,
            **WHOLE,
            "gain_usd_per_year": NUMBER,
            "takers": [
                {
                    "table": str,
                    "element": str,
                    "direction": str,
                    "more_t_per_year": NUMBER,
                    "more_teu_per_year": NUMBER,
                    "price_usd": MAYBE_NUMBER,
                }
            ],
        },
        None,
    ),
    "projects": [
        {
            "project": str,
            "relation": str,
            "open_date": MAYBE_TEXT,
            "cost_usd": MAYBE_NUMBER,
            **FLOW,
            "capacity_per_year": MAYBE_NUMBER,
            "utilisation_share": MAYBE_NUMBER,
            "price_usd": MAYBE_NUMBER,
            "whole": WHOLE,
            "gain_usd_per_year": NUMBER,
        }
    ],
    "projects_left_out": [str],
    "lever": (
        {
            "lever": str,
            "unit": str,
            "scope_kind": str,
            "scope": [str],
            "links": int,
            "elasticity": MAYBE_NUMBER,
            "points": [
                {
                    "value": NUMBER,
                    **FLOW,
                    "relation_teu_per_year": MAYBE_NUMBER,
                    "price_usd": MAYBE_NUMBER,
                    "wait_h": MAYBE_NUMBER,
                    **WHOLE,
                    "gain_usd_per_year": NUMBER,
                }
            ],
        },
        None,
    ),
}
CALIBRATE: Shape = {
    "observations": int,
    "judged": int,
    "first_year": int,
    "last_year": int,
    "steps": int,
    "equilibria": int,
    "condition_number": MAYBE_NUMBER,
    "information_bits": NUMBER,
    "widened": NUMBER,
    "model_error_share": NUMBER,
    "objective_prior": NUMBER,
    "objective_study": NUMBER,
    "objective": NUMBER,
    "at_rest": bool,
    "study_agrees": bool,
    "rms_log_error": {
        "fit_prior": NUMBER,
        "fit": NUMBER,
        "without_year": NUMBER,
        "without_corridor": NUMBER,
        "judged_prior": MAYBE_NUMBER,
        "judged": MAYBE_NUMBER,
    },
    "parameters": [
        {
            "id": str,
            "table": str,
            "row": str,
            "column": str,
            "prior": BELIEF,
            "posterior": BELIEF,
            "sd_share": NUMBER,
            "moved_sd": NUMBER,
            "information_bits": NUMBER,
            "reads": str,
            "study_value": NUMBER,
            "study_agrees": bool,
        }
    ],
    "cells": [
        {
            "parameter": str,
            "table": str,
            "row": str,
            "column": str,
            "study_value": MAYBE_NUMBER,
            "value": NUMBER,
            "low": NUMBER,
            "high": NUMBER,
        }
    ],
    "fit": [
        {
            "measure": str,
            "year": int,
            "corridor": str,
            "use": str,
            "unit": str,
            "confidence": str,
            "observed": NUMBER,
            "error_share": NUMBER,
            "computed": BY_CASE,
            "log_ratio": BY_CASE,
        }
    ],
    "files": [str],
}

FLOW_RESULTS: dict[str, Shape] = {
    "flows": (
        {
            "definition": str,
            "gap": NUMBER,
            "iterations": int,
            "fitted_year": int,
            "demand": [
                {
                    "commodity": str,
                    "origin": str,
                    "destination": str,
                    "loaded": bool,
                    "quantity_t_per_year": MAYBE_NUMBER,
                    "quantity_teu_per_year": MAYBE_NUMBER,
                    "distance_km": MAYBE_NUMBER,
                    "served": bool,
                }
            ],
            "control_totals": [
                {
                    "id": str,
                    "unit": str,
                    "loaded": str,
                    "fitted": bool,
                    "wanted": NUMBER,
                    "computed": NUMBER,
                    "residual_share": MAYBE_NUMBER,
                    "tolerance_share": NUMBER,
                    "source": str,
                    "confidence": str,
                }
            ],
            "balance": [
                {
                    "commodity": str,
                    "zone": str,
                    "received": NUMBER,
                    "sent": NUMBER,
                    "empty_received": NUMBER,
                    "empty_sent": NUMBER,
                    "left_over": NUMBER,
                }
            ],
        },
        {
            "objective": MAYBE_NUMBER,
            "gap": NUMBER,
            "iterations": int,
            "cpu_s": NUMBER,
            "links": [{"from": int, "to": int, "flow": NUMBER, "cost": NUMBER}],
        },
        {
            "definition": str,
            "gap": NUMBER,
            "route_set_error": NUMBER,
            "capacity_excess_share": NUMBER,
            "converged": bool,
            "iterations": int,
            "objective": MAYBE_NUMBER,
            "demand_t_per_year": NUMBER,
            "served_t_per_year": NUMBER,
            "refused_t_per_year": NUMBER,
            "links": [
                {
                    "id": str,
                    "table": str,
                    "direction": str,
                    "from": str,
                    "to": str,
                    "mode": str,
                    "flow_t_per_year": NUMBER,
                    "flow_teu_per_year": NUMBER,
                    "native_unit": str,
                    "load_per_year": NUMBER,
                    "capacity_per_year": MAYBE_NUMBER,
                    "utilisation_share": MAYBE_NUMBER,
                    "time_h": NUMBER,
                    "wait_h": NUMBER,
                    "price_usd": NUMBER,
                    "price_usd_per_t": NUMBER,
                }
            ],
            "routes": [
                {
                    "origin": str,
                    "destination": str,
                    "commodity": str,
                    "loaded": bool,
                    "refused": bool,
                    "chain": str,
                    "share": NUMBER,
                    "left_out_share": NUMBER,
                    "quantity": NUMBER,
                    "unit": str,
                    "cost_usd": MAYBE_NUMBER,
                    "time_h": MAYBE_NUMBER,
                    "length_km": MAYBE_NUMBER,
                }
            ],
            "equipment": [
                {
                    "equipment": str,
                    "zone": str,
                    "unit": str,
                    "received_per_year": NUMBER,
                    "sent_per_year": NUMBER,
                    "empty_in_per_year": NUMBER,
                    "empty_out_per_year": NUMBER,
                    "refused_in_per_year": NUMBER,
                    "refused_out_per_year": NUMBER,
                    "left_per_year": NUMBER,
                    "price_usd": MAYBE_NUMBER,
                    "saving_usd": MAYBE_NUMBER,
                    "acquire_usd": MAYBE_NUMBER,
                    "acquired_usd_per_year": MAYBE_NUMBER,
                }
            ],
            "empties": [
                {
                    "equipment": str,
                    "unit": str,
                    "loaded_per_year": NUMBER,
                    "carried_per_year": NUMBER,
                    "refused_per_year": NUMBER,
                    "refused_share": NUMBER,
                    "acquired_per_year": NUMBER,
                    "acquired_usd_per_year": MAYBE_NUMBER,
                }
            ],
            "observed": [
                {
                    "id": str,
                    "definition": str,
                    "year": int,
                    "computed": MAYBE_NUMBER,
                    "observed": MAYBE_NUMBER,
                    "unit": str,
                    "source": str,
                    "calibrated": bool,
                    "seen": str,
                }
            ],
        },
    ),
    "route": {
        "origin": PLACE,
        "destination": PLACE,
        "language": str,
        "commodity": str,
        "commodity_name": str,
        "unit": str,
        "quantity": NUMBER,
        "t_per_unit": NUMBER,
        "price_year": int,
        "time_value_usd_per_h": NUMBER,
        "gap": NUMBER,
        "converged": bool,
        "demand_per_year": MAYBE_NUMBER,
        "turned_away_share": MAYBE_NUMBER,
        "chains_found": int,
        "other_ways": [{"id": str, "name": str, "time_h": float, "cost_usd": float}],
        "chains": [CHAIN],
        "files": [str],
    },
    "why": WHY,
    "calibrate": CALIBRATE,
    "forecast": {
        "volumes": [
            {
                "id": str,
                "definition": str,
                "year": int,
                "unit": str,
                "as_computed": MAYBE_NUMBER,
                "interpolated": bool,
                "distribution": {
                    **FAN,
                    "n": int,
                },
            }
        ],
        "probability": [
            {
                "target": str,
                "measure": str,
                "year": int,
                "unit": str,
                "wanted": NUMBER,
                "share": MAYBE_NUMBER,
                "n": int,
                "judged_by": str,
                "target_is_of": str,
                "counts": str,
                "within_share": MAYBE_NUMBER,
            }
        ],
        "drivers": [
            {
                "measure": str,
                "year": int,
                "kind": str,
                "table": str,
                "row": str,
                "column": str,
                "cells": int,
                "rank_correlation": NUMBER,
                "share_of_rank_variance": NUMBER,
            }
        ],
        "groups": [
            {
                "measure": str,
                "year": int,
                "group": str,
                "inputs": int,
                "share": NUMBER,
                "by_chance": NUMBER,
            }
        ],
        "path": MAYBE_TEXT,
    },
}
"""Results of these commands."""
