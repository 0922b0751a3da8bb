from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import call
from support.contract_shapes import TIMETABLE, fits
from support.worlds import timetabled


@pytest.fixture
def study(tmp_path: Path) -> str:
    return str(timetabled(tmp_path / "line"))


def test_a_timetable_by_hand(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = f"{study}-timetables/trains.csv"
    result = call(capsys, "rail", "capacity", study, "--timetable", file, "--json").envelope[
        "result"
    ]
    assert fits(result["timetable"], TIMETABLE) == []
    sections = result["timetable"]["sections"]
    ends = [(one["from"], one["to"]) for one in sections]
    assert ends == [("aidyn", "bulaq"), ("bulaq", "tepe"), ("tepe", "dala")]
    # Aidyn-Bulaq 22 + 25 + 4 + 1; Bulaq-Tepe 28 + 27 + 1 + 4; Tepe-Dala 22 + 23 + 4 + 1.
    assert [one["occupancy_min"] for one in sections] == pytest.approx([52.0, 60.0, 50.0])
    methods = result["methods"]
    assert [(one["method"], one["level"]) for one in methods] == [
        ("compression", level) for level in ("maximal", "available", "practical")
    ]
    assert [one["capacity_pairs_per_day"] for one in methods] == pytest.approx([24, 24, 14.4])
    assert methods[0]["capacity_consumption_share"] == pytest.approx(60 / 1440)
    assert methods[0]["binding_section"] == "bulaq_tepe"


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_screen(
    study: str,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    file = f"{study}-timetables/trains.csv"
    called = call(capsys, "rail", "capacity", study, "--timetable", file, "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 100
    for piece in ("52", "60%", {"en": "assumption", "kk": "болжам"}[language]):
        assert piece in called.out
    assert "word." not in called.out


def test_every_problem_of_a_file_and_no_other_method(
    study: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = f"{study}-timetables/wrong.csv"
    called = call(capsys, "rail", "capacity", study, "--timetable", file, "--json")
    assert called.envelope["status"] == "findings"
    assert [(p["code"], p["row"]) for p in called.envelope["problems"]] == [
        ("timetable_jumps", 3),
        ("timetable_runs_backward", 8),
    ]
    arguments = ("rail", "capacity", study, "--timetable", file, "--json", "--method")
    assert call(capsys, *arguments, "all").codes == ["timetable_by_compression"]
    assert call(capsys, *arguments, "compression").codes == called.codes


STATIONS = """\
id,node,tracks,useful_length_m,occupancy_min,throats,throat_min,source,confidence
bulaq_t,bulaq,1,850,60,1,6,own_estimate,official
tepe_t,tepe,1,850,60,1,6,own_estimate,official
"""
OVERTAKING = """\
train,train_class,node,arrival,departure
1,freight,aidyn,,12:00
1,freight,bulaq,12:40,
1,freight,tepe,13:30,
1,freight,dala,14:30,
3,freight,aidyn,,12:20
3,freight,bulaq,12:44,
3,freight,tepe,13:14,
3,freight,dala,13:40,
2,freight,dala,,18:00
2,freight,tepe,18:25,
2,freight,bulaq,18:55,
2,freight,aidyn,19:20,
"""


def test_an_order_that_cannot_be_kept_has_no_number(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(study, "station_tracks.csv").write_text(STATIONS, encoding="utf-8")
    file = tmp_path / "trains.csv"
    file.write_text(OVERTAKING, encoding="utf-8")
    arguments = ("rail", "capacity", study, "--timetable", str(file))
    called = call(capsys, *arguments, "--json")
    assert called.codes == ["timetable_order_not_kept"]
    (section,) = called.envelope["result"]["timetable"]["sections"]
    assert section["occupancy_min"] is section["consumption_share"] is None
    assert section["trains_per_day"]["maximal"] == 0.0
    assert called.envelope["result"]["methods"][0]["capacity_consumption_share"] is None
    assert "–" in call(capsys, *arguments).out
