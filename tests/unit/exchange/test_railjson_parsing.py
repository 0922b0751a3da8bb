from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keruen.errors import ExitStatus, FailedError, KeruenError, StudyError
from keruen.exchange.railjson import parsing, read_railjson
from keruen.exchange.railjson.findings import pointer
from support.infra import OPTIONS, Infra, fork, point, read, span, switch, track


def refused(document: object, folder: Path) -> dict[str, str]:
    """Codes of what is wrong by JSON pointer."""
    with pytest.raises(StudyError) as told:
        read(document, folder)
    assert all(problem.file == "infra.json" for problem in told.value.problems)
    return {str(problem.column): problem.code for problem in told.value.problems}


def put(*place: str | int, value: object) -> Callable[[Infra], None]:
    def change(document: Infra) -> None:
        at: Any = document
        for step in place[:-1]:
            at = at[step]
        at[place[-1]] = value

    return change


NAN, HUGE = float("nan"), 10**400


def length(value: object) -> Callable[[Infra], None]:
    return put("track_sections", 0, "length", value=value)


BROKEN: list[tuple[str, str, Callable[[Infra], None]]] = [
    ("/track_sections/0/length", "railjson_not_finite", length(NAN)),
    ("/track_sections/0/length", "railjson_not_finite", length(HUGE)),
    ("/track_sections/0/length", "railjson_not_above", length(0)),
    ("/track_sections/0/length", "railjson_wrong_type", length(True)),
    (
        "/track_sections/0/slopes",
        "railjson_wrong_type",
        put("track_sections", 0, "slopes", value={}),
    ),
    ("/track_sections/0", "railjson_wrong_type", put("track_sections", 0, value=None)),
    ("/track_sections/0/id", "railjson_text_length", put("track_sections", 0, "id", value="")),
    (
        "/track_sections/0/id",
        "railjson_text_length",
        put("track_sections", 0, "id", value="x" * 256),
    ),
    ("/track_sections/1/id", "railjson_doubled_id", put("track_sections", 1, "id", value="stem")),
    (
        "/track_sections/0/slopes/0/end",
        "railjson_beyond_track",
        put("track_sections", 0, "slopes", 0, "end", value=12_000.1),
    ),
    (
        "/track_sections/0/curves/0/begin",
        "railjson_range_order",
        put("track_sections", 0, "curves", 0, "begin", value=8_500.0),
    ),
    (
        "/track_sections/0/geo/coordinates",
        "railjson_wrong_type",
        put("track_sections", 0, "geo", "coordinates", value=[[1.0, 2.0]]),
    ),
    (
        "/operational_points/0/parts/0/track",
        "railjson_unknown_reference",
        put("operational_points", 0, "parts", 0, "track", value="stemm"),
    ),
    (
        "/operational_points/0/parts/0/position",
        "railjson_below",
        put("operational_points", 0, "parts", 0, "position", value=-1),
    ),
    (
        "/switches/0/ports/A/endpoint",
        "railjson_wrong_type",
        put("switches", 0, "ports", "A", "endpoint", value="MIDDLE"),
    ),
    (
        "/switches/0/switch_type",
        "railjson_unknown_reference",
        put("switches", 0, "switch_type", value="points"),
    ),
    (
        "/switches/0/ports/B2",
        "railjson_end_taken",
        put("switches", 0, "ports", "B2", value={"track": "left", "endpoint": "BEGIN"}),
    ),
    ("/switches/0/ports", "railjson_missing_field", put("switches", 0, "ports", value={})),
    (
        "/switches/0/ports/X~1~0",
        "railjson_unknown_port",
        put("switches", 0, "ports", "X/~", value={"track": "left", "endpoint": "END"}),
    ),
    (
        "/speed_sections/0/track_ranges/0/track",
        "railjson_unknown_reference",
        put("speed_sections", 0, "track_ranges", 0, "track", value="nowhere"),
    ),
    (
        "/speed_sections/0/speed_limit",
        "railjson_not_above",
        put("speed_sections", 0, "speed_limit", value=0.0),
    ),
    (
        "/electrifications/0",
        "railjson_missing_field",
        put("electrifications", 0, value={"id": "w"}),
    ),
    ("/switches", "railjson_wrong_type", put("switches", value="none")),
    ("/", "railjson_missing_field", put("operational_points", value=None)),
]


@pytest.mark.parametrize(("place", "code", "change"), BROKEN)
def test_what_is_wrong_is_told_at_its_place(
    place: str, code: str, change: Callable[[Infra], None], tmp_path: Path
) -> None:
    document = fork()
    change(document)
    assert refused(document, tmp_path)[place] == code


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    document = fork()
    for name in ("a", "b", "c"):
        document["track_sections"].append(track(name, -1.0))
    document["operational_points"].append(point("alpha", ("stem", 0.0)))
    found = refused(document, tmp_path)
    assert len(found) == 4
    document = fork()
    document["electrifications"][0]["track_ranges"] = [span("gone", 0.0, 1.0)] * 300
    with pytest.raises(StudyError) as told:
        read(document, tmp_path)
    problems = told.value.problems
    assert len(problems) == 201, "too many of one kind are counted"
    assert (problems[-1].code, problems[-1].params["more"]) == ("and_more", 100)


def test_a_near_name_is_suggested(tmp_path: Path) -> None:
    document = fork()
    document["switches"][0]["ports"]["A"]["track"] = "steem"
    with pytest.raises(StudyError) as told:
        read(document, tmp_path)
    assert told.value.problems[0].params["better"] == "stem"


def test_kinds_of_switch_of_a_file_join_their_own_ports(tmp_path: Path) -> None:
    document = fork()
    document["extended_switch_types"] = [
        {"id": "threeway", "ports": ["P", "Q", "R"], "groups": {"g": [{"src": "P", "dst": "S"}]}}
    ]
    assert refused(document, tmp_path) == {
        "/extended_switch_types/0/groups/g/0/dst": "railjson_unknown_port"
    }
    document["extended_switch_types"][0]["groups"] = {
        "one": [{"src": "P", "dst": "Q"}],
        "two": [{"src": "P", "dst": "R"}],
    }
    document["switches"] = [
        switch("fork", "threeway", P=("stem", "END"), Q=("left", "BEGIN"), R=("right", "BEGIN"))
    ]
    assert len(read(document, tmp_path).tables["sections"]) == 3


def test_wrong_names_in_what_is_not_carried_over_are_warnings(tmp_path: Path) -> None:
    document = fork()
    document["routes"] = [
        {
            "id": "r",
            "entry_point": {"type": "BufferStop", "id": "end"},
            "exit_point": {"type": "Detector", "id": "gone"},
            "release_detectors": ["gone_too"],
            "switches_directions": {"fork": "A_B1", "lost": "A_B1"},
        }
    ]
    problems = read(document, tmp_path).problems
    assert [problem.column for problem in problems] == [
        "/routes/0/exit_point/id",
        "/routes/0/release_detectors/0",
        "/routes/0/switches_directions/lost",
    ]
    assert not any(problem.is_error for problem in problems)


NO_INFRASTRUCTURE = [
    (b"", "railjson_not_json"),
    (b'{"track_sections": [', "railjson_not_json"),
    (b'{"a": 1, "a": 2}', "railjson_doubled_name"),
    (b"[" * 100_000, "railjson_too_deep"),
    (b'{"version": ' + b"9" * 10_000 + b"}", "railjson_too_deep"),
    (b"[]", "railjson_no_infrastructure"),
    (b"null", "railjson_no_infrastructure"),
    (b'{"version": "3.5.3"}', "railjson_no_infrastructure"),
    (b'{"version": "2.3.1", "track_sections": []}', "railjson_version"),
    (b'{"version": 3, "track_sections": []}', "railjson_version"),
    (b'{"version": {"a": []}, "track_sections": []}', "railjson_version"),
    (b"\xff\xfe[\x00]\x00", "not_utf8"),
    (b'"\xd0', "not_utf8"),
]


@pytest.mark.parametrize(("content", "code"), NO_INFRASTRUCTURE)
def test_what_is_no_infrastructure_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    file = tmp_path / "infra.json"
    file.write_bytes(content)
    with pytest.raises(FailedError) as told:
        read_railjson(file, OPTIONS)
    assert told.value.problems[0].code == code
    assert told.value.status is ExitStatus.FAILED


def test_files_that_are_not_there_or_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FailedError):
        read_railjson(tmp_path / "absent.json", OPTIONS)
    with pytest.raises(FailedError):
        read_railjson(tmp_path, OPTIONS)
    file = tmp_path / "large.json"
    file.write_text(json.dumps(fork()), encoding="utf-8")
    assert parsing.MAX_BYTES == 200_000_000
    monkeypatch.setattr(parsing, "MAX_BYTES", 100)
    with pytest.raises(FailedError) as told:
        read_railjson(file, OPTIONS)
    assert told.value.problems[0].code == "too_large"


def test_a_pointer_escapes_names() -> None:
    assert pointer(()) == ""
    assert pointer(("a/b", 0, "m~n")) == "/a~1b/0/m~0n"


def test_exit_status_of_findings(tmp_path: Path) -> None:
    with pytest.raises(KeruenError) as told:
        read({**fork(), "switches": 1}, tmp_path)
    assert told.value.status is ExitStatus.FINDINGS
