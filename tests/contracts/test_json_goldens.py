"""Answers to the letter: what each command prints of a small world, and each way it fails."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.command_line import call
from support.compiled import share_compiled
from support.contract_shapes import RESULTS, check_envelope
from support.worlds import (
    Make,
    absent,
    damaged_run,
    hauled,
    line,
    line_run,
    nothing,
    railway,
    right,
    template,
    timetabled,
    tntp,
    wrong,
)

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "json"
RELATIVE = 1e-9

Arguments = tuple[str, ...]

CASES: dict[str, tuple[Make, Arguments]] = {
    "new_ok": (absent, ("new", "{study}", "--template", "smallest")),
    "new_usage": (absent, ("new", "{study}", "--template", "rial-line")),
    "new_taken": (right, ("new", "{study}")),
    "check_ok": (right, ("check", "{study}")),
    "check_findings": (wrong, ("check", "{study}")),
    "check_findings_kk": (wrong, ("check", "{study}", "--lang", "kk")),
    "check_failed": (nothing, ("check", "{study}")),
    "check_usage": (absent, ("check", "{study}")),
    "schema_ok": (absent, ("schema", "--table", "deflators")),
    "schema_json_schema": (
        absent,
        ("schema", "--table", "deflators", "--format", "json-schema"),
    ),
    "schema_file": (
        nothing,
        ("schema", "--table", "deflators", "--format", "frictionless", "-o", "{study}/s.json"),
    ),
    "schema_usage": (absent, ("schema", "--table", "deflator")),
    "capacity_ok": (line, ("capacity", "{study}", "--year", "2026", "--level", "practical")),
    "capacity_explain": (
        template("berth"),
        ("capacity", "{study}", "--explain", "container_berths", "--level", "available"),
    ),
    "capacity_corridor": (
        template("corridor"),
        ("capacity", "{study}", "--year", "2026", "--corridor", "east_west", "--volume", "1e6"),
    ),
    "capacity_usage": (line, ("capacity", "{study}", "--explain", "bulaq_tpee")),
    "capacity_scenario": (line, ("capacity", "{study}", "--scenario", "cape", "--lang", "kk")),
    "capacity_two_moments": (
        line,
        ("capacity", "{study}", "--year", "2026", "--date", "2026-01-01"),
    ),
    "capacity_findings": (wrong, ("capacity", "{study}")),
    "capacity_failed": (nothing, ("capacity", "{study}")),
    "rail_capacity_ok": (template("rail-line"), ("rail", "capacity", "{study}")),
    "rail_capacity_methods": (
        template("rail-line"),
        ("rail", "capacity", "{study}", "--method", "all"),
    ),
    "rail_capacity_timetable": (
        timetabled,
        ("rail", "capacity", "{study}", "--timetable", "{study}-timetables/trains.csv"),
    ),
    "rail_capacity_timetable_findings": (
        timetabled,
        ("rail", "capacity", "{study}", "--timetable", "{study}-timetables/wrong.csv"),
    ),
    "rail_capacity_usage": (line, ("rail", "capacity", "{study}", "stepe")),
    "rail_capacity_no_line": (right, ("rail", "capacity", "{study}")),
    "rail_run_ok": (hauled, ("rail", "run", "{study}", "main")),
    "rail_run_section": (
        hauled,
        ("rail", "run", "{study}", "ab", "--train-type", "boxes", "--backward"),
    ),
    "rail_run_usage": (hauled, ("rail", "run", "{study}", "abc")),
    "rail_run_no_hauling": (line, ("rail", "run", "{study}", "steppe", "--lang", "kk")),
    "rail_dispatch_ok": (
        hauled,
        ("rail", "dispatch", "{study}", "main", "--policy", "priority", "--trains", "6"),
    ),
    "rail_dispatch_timetable": (
        timetabled,
        (
            *("rail", "dispatch", "{study}", "--timetable", "{study}-timetables/trains.csv"),
            *("--entry-delay-min", "5", "--running-spread", "0.1", "--days", "3"),
        ),
    ),
    "rail_dispatch_usage": (line, ("rail", "dispatch", "{study}", "steppe", "--days", "8")),
    "rail_diagram_ok": (
        hauled,
        ("rail", "diagram", "{study}", "main", "--kind", "speed", "-o", "{study}/speed.svg"),
    ),
    "rail_diagram_taken": (
        hauled,
        ("rail", "diagram", "{study}", "main", "--kind", "speed", "-o", "{study}/sections.csv"),
    ),
    "rail_export_ok": (
        template("corridor"),
        ("rail", "export", "{study}", "--to", "railjson", "-o", "{study}/net.json"),
    ),
    "rail_export_usage": (line, ("rail", "export", "{study}", "--to", "railjson")),
    "rail_import_ok": (
        railway,
        (
            *("rail", "import", "{study}/net.json", "{study}/made", "--gauge", "1520"),
            *("--country", "KZ", "--date", "2026-07-01"),
        ),
    ),
    "rail_import_usage": (railway, ("rail", "import", "{study}/net.json", "{study}/made")),
    "flows_ok": (template("corridor"), ("flows", "{study}", "--demand")),
    "flows_grown": (template("corridor"), ("flows", "{study}", "--demand", "--year", "2030")),
    "flows_usage": (template("corridor"), ("flows", "{study}", "--gap", "1e-3")),
    "flows_year": (template("corridor"), ("flows", "{study}")),
    "flows_no_demand": (line, ("flows", "{study}", "--lang", "kk")),
    "flows_too_early": (
        template("corridor"),
        ("flows", "{study}", "--demand", "--year", "2020", "--lang", "kk"),
    ),
    "flows_tntp": (
        tntp,
        ("flows", "--tntp", "{study}/a_net.tntp", "{study}/a_trips.tntp", "--gap", "1e-12"),
    ),
    "flows_tntp_findings": (
        tntp,
        ("flows", "--tntp", "{study}/wrong_net.tntp", "{study}/a_trips.tntp", "--lang", "kk"),
    ),
    "flows_tntp_failed": (tntp, ("flows", "--tntp", "{study}/no.tntp", "{study}/a_trips.tntp")),
    "flows_tntp_usage": (
        tntp,
        ("flows", "{study}", "--tntp", "{study}/a_net.tntp", "{study}/a_trips.tntp"),
    ),
    "flows_findings": (wrong, ("flows", "{study}", "--demand")),
    "route_ok": (
        template("corridor"),
        (
            *("route", "{study}", "east", "Батыс", "--commodity", "container"),
            *("--year", "2026", "-o", "{study}/quote.html"),
        ),
    ),
    "route_kk": (
        template("corridor"),
        (
            *("route", "{study}", "west", "kent", "--commodity", "Контейнердегі жүк"),
            *("--year", "2024", "--quantity", "2", "--lang", "kk"),
        ),
    ),
    "route_near_miss": (
        template("corridor"),
        ("route", "{study}", "east", "Bats", "--commodity", "grain", "--year", "2026"),
    ),
    "route_usage": (template("corridor"), ("route", "{study}", "east", "west")),
    "route_findings": (
        wrong,
        ("route", "{study}", "a", "b", "--commodity", "c", "--year", "2026"),
    ),
    "route_failed": (
        nothing,
        ("route", "{study}", "a", "b", "--commodity", "c", "--year", "2026"),
    ),
    "why_ok": (
        template("corridor"),
        ("why", "{study}", "ailaq_container", "--year", "2027", "--lever", "through-tariff"),
    ),
    "why_subsidy": (
        template("corridor"),
        (
            *("why", "{study}", "nodes/tepe", "--year", "2029", "--lever", "subsidy"),
            *("--from", "XA", "--to", "overseas"),
        ),
    ),
    "why_usage": (template("corridor"), ("why", "{study}", "ailaq_containr", "--lang", "kk")),
    "why_failed": (
        template("corridor"),
        ("why", "{study}", "qaqpa_ailaq_road", "--lever", "subsidy", "--year", "2027"),
    ),
    "calibrate_ok": (
        template("corridor"),
        ("calibrate", "{study}", "-o", "{study}/cells.csv"),
    ),
    "calibrate_failed": (line, ("calibrate", "{study}", "--lang", "kk")),
    "calibrate_usage": (line, ("calibrate", "{study}", "--scenario", "x")),
    "forecast_ok": (
        template("corridor"),
        ("forecast", "{study}", "--draws", "2", "--every", "10", "--seed", "3"),
    ),
    "forecast_usage": (line, ("forecast", "{study}", "--draws", "1")),
    "forecast_findings": (wrong, ("forecast", "{study}", "--lang", "kk")),
    "targets_ok": (line, ("targets", "{study}")),
    "targets_run_kk": (line_run, ("targets", "{study}", "--lang", "kk")),
    "targets_usage": (line_run, ("targets", "{study}", "--scenario", "x")),
    "targets_findings": (wrong, ("targets", "{study}")),
    "run_ok": (line, ("run", "{study}", "--seed", "3", "-o", "{study}-run")),
    "run_usage": (line, ("run", "{study}", "-o", "{study}")),
    "run_findings": (wrong, ("run", "{study}", "-o", "{study}-run")),
    "report_ok": (line_run, ("report", "{study}", "--lang", "kk", "-o", "{study}/kk.html")),
    "report_failed": (right, ("report", "{study}")),
    "compare_same": (line, ("compare", "{study}", "{study}")),
    "compare_different": (line, ("compare", "{study}", "{study}-other")),
    "compare_usage": (line, ("compare", "{study}", "{study}-nowhere")),
    "verify_ok": (line_run, ("verify", "{study}", "--rerun")),
    "verify_findings": (damaged_run, ("verify", "{study}")),
    "verify_failed": (right, ("verify", "{study}")),
    "export_csv": (line, ("export", "{study}", "--to", "csv", "-o", "{study}-csv")),
    "export_run": (line_run, ("export", "{study}", "--to", "csv", "-o", "{study}-csv")),
    "export_usage": (line, ("export", "{study}", "--to", "csv")),
    "export_taken": (line, ("export", "{study}", "--to", "csv", "-o", "{study}")),
}


def corridor_only(answer: dict[str, Any]) -> None:
    """Keep the ladder whole and of the elements their ids: their records are tested elsewhere."""
    elements = answer["result"]["elements"]
    answer["result"]["elements"] = sorted({(e["kind"], e["id"]) for e in elements})


def whole_seconds(answer: dict[str, Any]) -> None:
    """Take out how long each step took."""
    for step in answer["result"]["steps"]:
        assert 0.0 <= step["cpu_s"] < 600.0
        step["cpu_s"] = 0.0


def six_figures(answer: dict[str, Any]) -> None:
    """Keep of a fit what its gap leaves certain on every machine."""
    result = answer["result"]
    result["gap"] = 0.0
    for rows in (result["demand"], result["control_totals"], result["balance"]):
        for row in rows:
            for key, value in row.items():
                if isinstance(value, float):
                    row[key] = round(value, 6) if key == "residual_share" else float(f"{value:.6g}")


def steady(answer: dict[str, Any]) -> None:
    """Keep of an equilibrium what its gap leaves certain, and not how long it took."""
    result = answer["result"]
    assert 0.0 <= result["gap"] <= 1e-12
    assert result["cpu_s"] >= 0.0
    result.update(gap=0.0, cpu_s=0.0)
    for link in result["links"]:
        link.update(flow=round(link["flow"], 4), cost=round(link["cost"], 4))


def four_figures(answer: dict[str, Any]) -> None:
    """Keep of an equilibrium what its gap leaves certain on every machine."""

    def cut(value: object) -> object:
        if isinstance(value, dict):
            return {key: cut(one) for key, one in value.items()}
        if isinstance(value, list):
            return [cut(one) for one in value]
        return float(f"{value:.4g}") if isinstance(value, float) else value

    gap = {"gap": 0.0} if "gap" in answer["result"] else {}
    answer["result"] = cut({**answer["result"], **gap})


def without_figures(answer: dict[str, Any]) -> None:
    """Keep who and what; figures of an equilibrium are tested where they can be checked."""

    def cut(value: object) -> object:
        if isinstance(value, dict):
            return {k: one if k == "value" else cut(one) for k, one in value.items()}
        if isinstance(value, list):
            return [cut(one) for one in value]
        return 0.0 if isinstance(value, float) else value

    result = answer["result"]
    assert 0.0 <= result["gap"] <= 1e-6
    answer["result"] = cut(result)


def settled(answer: dict[str, Any]) -> None:
    """Keep of a calibration what neither its gap nor the way to the mode moves."""
    four_figures(answer)
    result = answer["result"]
    for name in ("steps", "equilibria"):
        assert result[name] > 0 or name == "steps"
        result[name] = 0
    for name in ("condition_number", "information_bits"):
        result[name] = None
    for row in result["parameters"]:
        assert abs(row["moved_sd"]) < 0.1
        row.update(sd_share=0.0, moved_sd=0.0, information_bits=0.0, posterior=None)
    for row in result["cells"]:
        row.update(value=0.0, low=0.0, high=0.0)
    for row in result["fit"]:
        for case in row["computed"], row["log_ratio"]:
            case.update({name: round(one, 1) for name, one in case.items()})
    result["objective"] = round(result["objective"], 2)


def only_ordered(answer: dict[str, Any]) -> None:
    """Keep of a forecast that its quantiles are in order: its gap leaves no figure certain."""
    result = answer["result"]
    for row in result["volumes"]:
        fan = row["distribution"]
        levels = [fan[name] for name in ("p05", "p25", "p50", "p75", "p95")]
        assert levels == sorted(levels)
        assert row["as_computed"] >= 0.0
        row["as_computed"] = 0.0
        fan.update({name: 0.0 for name in fan if name != "n"})
    for row in result["probability"]:
        assert 0.0 <= row["share"] <= 1.0
        row["share"] = 0.0
    result["drivers"] = []


CUT: dict[str, Callable[[dict[str, Any]], None]] = {
    "capacity_corridor": corridor_only,
    "flows_ok": six_figures,
    "flows_grown": six_figures,
    "flows_tntp": steady,
    "flows_year": four_figures,
    "route_ok": four_figures,
    "route_kk": four_figures,
    "calibrate_ok": settled,
    "forecast_ok": only_ordered,
    "run_ok": whole_seconds,
    "why_ok": without_figures,
    "why_subsidy": without_figures,
}
"""What of an answer is not held to the letter."""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a cache of its own: whether a step was cached is in the answer."""
    share_compiled(tmp_path / "cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", sorted(CASES))
def test_an_answer_to_the_letter(
    name: str, world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, arguments = CASES[name]
    study = make(world / "corridor")
    if name == "compare_different":
        other = line(world / "corridor-other") / "sections.csv"
        cells = other.read_text(encoding="utf-8")
        other.write_text(cells.replace("bulaq,tepe,20,", "bulaq,tepe,21.5,"), encoding="utf-8")
    called = call(capsys, *(part.format(study=study) for part in arguments), "--json")
    answer = check_envelope(called)
    if name in CUT:
        CUT[name](answer)
    told = json.dumps(answer, ensure_ascii=False).replace(str(study), "STUDY")
    found = {**json.loads(told), "keruen": "x.y.z"}
    # To take a change over: copy what was found, which pytest keeps in its temporary folder.
    printed = world / f"{name}.json"
    printed.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    golden = json.loads((GOLDEN / printed.name).read_text(encoding="utf-8"))
    assert alike(found, golden), f"if meant: cp {printed} {GOLDEN}"


def alike(a: object, b: object) -> bool:
    """Whether two answers are the same, broken numbers to a relative 1e-9."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=RELATIVE)
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(alike(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(alike, a, b))
    return type(a) is type(b) and a == b


def test_no_golden_is_left_over_and_none_is_alike_by_accident() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(CASES)
    assert not alike({"a": [1.0]}, {"a": [1.0 + 1e-6]})
    assert not alike({"a": 1}, {"a": 1.0})


def test_every_command_succeeds_and_fails_in_some_golden() -> None:
    statuses: dict[str, set[str]] = {}
    for path in GOLDEN.glob("*.json"):
        answer = json.loads(path.read_text(encoding="utf-8"))
        statuses.setdefault(answer["command"], set()).add(answer["status"])
    assert statuses.keys() == RESULTS.keys()
    for command, found in statuses.items():
        assert "ok" in found, command
        assert found - {"ok"}, command
