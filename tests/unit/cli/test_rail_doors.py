from __future__ import annotations

import json
from pathlib import Path

import pytest

from keruen.cli.rail_doors import GAUGES
from keruen.schema import load_schema
from support.command_line import call

DAY = "2026-07-01"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> str:
    from keruen.model.templates import new_study

    folder = tmp_path_factory.mktemp("doors") / "way"
    new_study(folder, "corridor")
    return str(folder)


def test_gauges_are_those_of_sections() -> None:
    assert load_schema()["sections"].columns["gauge_mm"].values == GAUGES


def test_a_network_goes_out_and_comes_back(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, back = str(tmp_path / "net.json"), str(tmp_path / "back")
    out = call(
        capsys, "rail", "export", study, "--to", "railjson", "-o", file, "--date", DAY, "--json"
    )
    assert (out.status, out.envelope["result"]["files"], out.envelope["date"]) == (0, [file], DAY)
    assert json.loads(Path(file).read_text(encoding="utf-8"))["track_sections"]
    notes = out.envelope["result"]["notes"]
    assert all(set(note) == {"kind", "id", "field", "why", "value"} for note in notes)
    assert notes
    came = call(
        capsys, "rail", "import", file, back, "--gauge", "1520", "--date", DAY, "--country", "KZ",
        "--json",
    )  # fmt: skip
    assert (came.status, came.envelope["study"]) == (0, "back")
    result = came.envelope["result"]
    assert sorted(result["files"]) == sorted(path.name for path in Path(back).iterdir())
    assert call(capsys, "check", back).status == 0


def test_what_is_missing_is_asked_for(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "net.json")
    for words in (
        ("rail", "export", study, "-o", file),
        ("rail", "export", study, "--to", "railjson"),
        ("rail", "import", file, str(tmp_path / "back"), "--date", DAY),
        ("rail", "import", file, str(tmp_path / "back"), "--gauge", "1520"),
    ):
        refused = call(capsys, *words, "--json")
        assert (refused.status, refused.codes) == (2, ["missing_option"])
    assert not (tmp_path / "back").exists()


def test_what_is_wrong_but_not_carried_over_is_a_warning(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, back = tmp_path / "net.json", tmp_path / "back"
    call(capsys, "rail", "export", study, "--to", "railjson", "-o", str(file), "--date", DAY)
    network = json.loads(file.read_text(encoding="utf-8"))
    network["routes"] = [{"id": "r", "entry_point": {"type": "Detector", "id": "gone"}}]
    file.write_text(json.dumps(network), encoding="utf-8")
    came = call(
        capsys, "rail", "import", str(file), str(back), "--gauge", "1520", "--date", DAY, "--json"
    )
    assert came.status == 0
    told = {(problem["severity"], problem["code"]) for problem in came.envelope["problems"]}
    assert ("warning", "railjson_unknown_reference") in told
    assert (back / "sections.csv").is_file()


def test_what_is_no_railjson_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.json"
    file.write_text('{"version": "3.5.3", "track_sections": [{"id": 1}]}', encoding="utf-8")
    told = call(
        capsys, "rail", "import", str(file), str(tmp_path / "back"), "--gauge", "1520", "--date",
        DAY, "--json",
    )  # fmt: skip
    assert told.status == 1
    assert set(told.codes) == {"railjson_missing_field", "railjson_wrong_type"}
    assert not (tmp_path / "back").exists()


def test_the_screen_says_how_much_did_not_pass(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = call(
        capsys, "rail", "export", study, "--to", "railjson", "-o", str(tmp_path / "n.json")
    ).out
    assert "1 file written" in said
    assert "things did not pass as they were" in said
