"""Shapes of what ``--json`` prints, as the contract promises them to every reader."""

from __future__ import annotations

from datetime import date
from typing import Any

from keruen import __version__
from keruen.errors import ExitStatus
from support.command_line import Called
from support.flow_shapes import FLOW_RESULTS, MAYBE_INT, MAYBE_NUMBER, MAYBE_TEXT, NUMBER, Shape

CELL = (str, float, int, bool, None)

ENVELOPE: Shape = {
    "format": int,
    "keruen": str,
    "command": str,
    "study": MAYBE_TEXT,
    "scenario": MAYBE_TEXT,
    "year": MAYBE_INT,
    "date": MAYBE_TEXT,
    "as_of": MAYBE_TEXT,
    "seed": MAYBE_INT,
    "status": str,
    "problems": [
        {
            "severity": str,
            "code": str,
            "file": MAYBE_TEXT,
            "row": MAYBE_INT,
            "column": MAYBE_TEXT,
            "rule": str,
            "mend": str,
        }
    ],
    "result": (dict, None),
}

INPUT: Shape = {
    "name": str,
    "value": (str, float, int),
    "unit": str,
    "source": str,
    "confidence": str,
}
ELEMENT: Shape = {
    "id": str,
    "kind": str,
    "direction": str,
    "native_unit": str,
    "native_per_year": MAYBE_NUMBER,
    "capacity_trains_per_day": MAYBE_NUMBER,
    "gross_trains_per_day": MAYBE_NUMBER,
    "capacity_teu_per_year": MAYBE_NUMBER,
    "capacity_t_per_year": MAYBE_NUMBER,
    "level": str,
    "limit": str,
    "formula": str,
    "inputs": [INPUT],
}
LADDER: Shape = {
    "corridor": str,
    "level": str,
    "in_service": bool,
    "steps": [
        {
            "rank": int,
            "kind": str,
            "element": str,
            "direction": str,
            "limit": str,
            "binds_at_t_per_year": NUMBER,
            "binds_at_teu_per_year": MAYBE_NUMBER,
            "lifted_by": [str],
            "lifting_sought": bool,
        }
    ],
}
RAIL_METHOD: Shape = {
    "method": str,
    "level": str,
    "period_min": MAYBE_NUMBER,
    "capacity_trains_per_day": NUMBER,
    "capacity_pairs_per_day": NUMBER,
    "floored": int,
    "capacity_consumption_share": MAYBE_NUMBER,
    "binding_section": str,
    "left_trains_per_day": NUMBER,
    "left_section": str,
    "schemes": [{"name": str, "period_min": NUMBER}],
}
BY_LEVEL: Shape = {"maximal": NUMBER, "available": NUMBER, "practical": NUMBER}
TIMETABLE: Shape = {
    "file": str,
    "trains": int,
    "threshold_share": NUMBER,
    "threshold_low_share": NUMBER,
    "threshold_high_share": NUMBER,
    "trains_per_day": BY_LEVEL,
    "sections": [
        {
            "from": str,
            "to": str,
            "trains": int,
            "occupancy_min": MAYBE_NUMBER,
            "consumption_share": MAYBE_NUMBER,
            "threshold_share": NUMBER,
            "admissible_share": BY_LEVEL,
            "trains_per_day": BY_LEVEL,
        }
    ],
}
"""``timetable`` of ``rail capacity --timetable``, which stands beside the methods."""
DISTRIBUTION: Shape = {
    "mean": MAYBE_NUMBER,
    "sd": MAYBE_NUMBER,
    "p05": MAYBE_NUMBER,
    "p50": MAYBE_NUMBER,
    "p95": MAYBE_NUMBER,
    "n": int,
}
TARGET: Shape = {
    "id": str,
    "definition": str,
    "year": int,
    "unit": str,
    "level": str,
    "computed": MAYBE_NUMBER,
    "computed_low": MAYBE_NUMBER,
    "computed_high": MAYBE_NUMBER,
    "observed": MAYBE_NUMBER,
    "wanted": NUMBER,
    "verdict": str,
    "first_year": MAYBE_INT,
    "blocked_by": [str],
    "unblocked_by": ({"project": MAYBE_TEXT, "cost_usd": MAYBE_NUMBER}, None),
    "package": [str],
    "turned_by": [{"table": str, "row": str, "column": str}],
    "is_stated": bool,
    "surpassed_by": MAYBE_TEXT,
    "package_cost_usd": MAYBE_NUMBER,
    "probability_share": MAYBE_NUMBER,
    "probability": [{"year": int, "share": MAYBE_NUMBER, "n": int}],
    "note": str,
}
COLUMN: Shape = {
    "name": str,
    "type": str,
    "unit": MAYBE_TEXT,
    "required": bool,
    "values": [str],
    "description": str,
}

NOTE: Shape = {"kind": str, "id": str, "field": str, "why": str, "value": str}

RESULTS: dict[str, Shape] = {
    "new": {"path": str, "files": [str]},
    "check": {
        "errors": int,
        "warnings": int,
        "counts": {str: int},
        "sources": {"official": int, "published": int, "derived": int, "assumed": int},
    },
    "schema": {"tables": {str: {"columns": [COLUMN]}}},
    "capacity": {"elements": [ELEMENT], "ladders": [LADDER]},
    "rail capacity": {
        "line": str,
        "methods": [RAIL_METHOD],
        "unanswered": [{"method": str, "level": str, "reasons": [str]}],
    },
    "rail run": {
        "time_min": NUMBER,
        "wheel_energy_kwh": NUMBER,
        "wire_energy_kwh": MAYBE_NUMBER,
        "fuel_l": MAYBE_NUMBER,
        "profile": [{"km": NUMBER, "speed_km_per_h": NUMBER, "energy_kwh": NUMBER}],
    },
    "rail dispatch": {
        "trains_entered": int,
        "trains_finished": int,
        "trains_rejected": int,
        "locked": bool,
        "timetable": MAYBE_TEXT,
        "entry_delay_mean_min": MAYBE_NUMBER,
        "running_spread_share": MAYBE_NUMBER,
        "delay_min": DISTRIBUTION,
        "waits_min": {str: DISTRIBUTION},
        "files": [str],
    },
    "rail diagram": {"files": [str]},
    "rail import": {"path": str, "files": [str], "notes": [NOTE]},
    "rail export": {"files": [str], "notes": [NOTE]},
    **FLOW_RESULTS,
    "targets": {"targets": [TARGET]},
    "run": {
        "run": str,
        "path": str,
        "report": str,
        "steps": [{"name": str, "cpu_s": NUMBER, "cached": bool}],
    },
    "report": {"path": str},
    "compare": {
        "tables": {
            str: {
                "only_a": [str],
                "only_b": [str],
                "changed": [{"row": str, "column": str, "a": CELL, "b": CELL}],
            }
        }
    },
    "verify": {
        "same": bool,
        "differences": [
            {"table": str, "row": MAYBE_TEXT, "column": MAYBE_TEXT, "a": CELL, "b": CELL}
        ],
    },
    "export": {"files": [str]},
}
"""Result of each command that exists."""


def fits(value: object, shape: Shape, where: str = "answer") -> list[str]:
    """Where a value departs from a shape; extra keys are allowed, missing ones are not."""
    if isinstance(shape, tuple):
        return [] if any(not fits(value, one, where) for one in shape) else [f"{where}: {value!r}"]
    if shape is None or isinstance(shape, type):
        good = value is None if shape is None else type(value) is shape
        return [] if good else [f"{where}: {value!r} is no {shape}"]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where}: no list"]
        return [f for i, one in enumerate(value) for f in fits(one, shape[0], f"{where}[{i}]")]
    if not isinstance(value, dict):
        return [f"{where}: no object"]
    if str in shape:
        return [f for key, one in value.items() for f in fits(one, shape[str], f"{where}.{key}")]
    lacking = [f"{where}.{key} is missing" for key in shape if key not in value]
    return lacking + [
        f for key in shape if key in value for f in fits(value[key], shape[key], f"{where}.{key}")
    ]


def check_envelope(called: Called) -> dict[str, Any]:
    """Hold an answer against the contract and return it."""
    answer = called.envelope
    assert fits(answer, ENVELOPE) == []
    assert list(answer) == list(ENVELOPE)
    assert answer["format"] == 1
    assert answer["keruen"] == __version__
    assert ExitStatus[answer["status"].upper()] == called.status
    for key in ("date", "as_of"):
        if answer[key] is not None:
            assert date.fromisoformat(answer[key]).isoformat() == answer[key]
    for problem in answer["problems"]:
        assert problem["severity"] in {"error", "warning"}
        assert problem["row"] is None or problem["row"] >= 1
    # Two things that differ are no error of either.
    if answer["status"] != "ok" and answer["command"] != "compare":
        assert any(problem["severity"] == "error" for problem in answer["problems"])
    if answer["result"] is not None:
        assert fits(answer["result"], RESULTS[answer["command"]], "result") == []
    return answer
