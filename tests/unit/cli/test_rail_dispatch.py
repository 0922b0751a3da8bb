from __future__ import annotations

from pathlib import Path

import pytest

from keruen.cli.rail_dispatch import FIRST_COME, POLICIES
from keruen.rail.dispatch.network import Policy
from support.command_line import call
from support.tiny_study import hauled_tables, row_of, write_tiny
from support.worlds import hauled, template, timetabled


@pytest.fixture
def study(tmp_path: Path) -> str:
    return str(hauled(tmp_path / "line"))


def test_the_policies_are_those_of_the_dispatcher() -> None:
    assert tuple(policy.name.lower() for policy in Policy) == POLICIES
    assert Policy[FIRST_COME.upper()] is Policy.FIRST_COME


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_screen(
    study: str,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    called = call(capsys, "rail", "dispatch", study, "main", "--trains", "6", "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 100
    assert {"en": "domestic freight", "kk": "ішкі жүк"}[language] in called.out
    assert "word." not in called.out


def test_counts_seed_and_sums_agree(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("rail", "dispatch", study, "main", "--days", "2", "--trains", "3", "--json")
    whole = call(capsys, *arguments).envelope
    result = whole["result"]
    assert whole["seed"] == 7
    assert result["trains_finished"] == result["trains_entered"] == 2 * (6 + 2 * 2 + 2 * 3)
    assert sum(one["trains_finished"] for one in result["classes"]) == result["trains_finished"]
    assert result["weighted_delay_min"] == result["first_come_weighted_delay_min"]
    other = call(capsys, *arguments, "--seed", "8").envelope
    assert (other["seed"], other["result"] != result) == (8, True)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *[("--days", "0"), ("--days", "8"), ("--trains", "301"), ("--trains", "x")],
        *[("--policy", "x"), ("--entry-delay-min", "-1"), ("--entry-delay-min", "1441")],
        *[("--running-spread", "nan"), ("--running-spread", "2.5")],
    ],
)
def test_what_cannot_be_asked(
    study: str, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, "rail", "dispatch", study, "main", option, value, "--json")
    assert called.envelope["status"] == "usage"


def test_records_are_written_once(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "made" / "records.csv"
    arguments = ("rail", "dispatch", study, "main", "--trains", "2", "-o", str(file), "--json")
    assert call(capsys, *arguments).envelope["result"]["files"] == [str(file)]
    header, first, *_ = file.read_text(encoding="utf-8").splitlines()
    assert header.startswith("train,class,direction,kind,element,")
    assert first.count(",") == header.count(",")
    again = call(capsys, *arguments).envelope
    assert [problem["code"] for problem in again["problems"]] == ["target_exists"]


def test_too_many_trains_are_a_warning(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    called = call(capsys, "rail", "dispatch", study, "main", "--trains", "60", "--json")
    assert called.status == 0
    (problem,) = called.envelope["problems"]
    assert (problem["severity"], problem["code"]) == ("warning", "more_trains_than_line_takes")
    assert problem["row"] is not None


def test_windows_are_spoken_of_where_there_are_any(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "10:00" in call(capsys, "rail", "dispatch", study, "main", "--trains", "1").out
    line = str(template("rail-line")(tmp_path / "free"))
    assert "10:00" not in call(capsys, "rail", "dispatch", line, "--trains", "1").out


def test_compiling_is_told_to_people_only(
    study: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keruen.rail.dispatch.kernels.is_compiled", lambda policy: False)
    arguments = ("rail", "dispatch", study, "main", "--trains", "1")
    assert call(capsys, *arguments, "--lang", "kk").err.count("компиляция") == 1
    assert call(capsys, *arguments, "--json").err == ""


def test_disturbances_by_the_seed(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("rail", "dispatch", study, "main", "--trains", "3")
    plain = call(capsys, *arguments, "--json").envelope["result"]
    assert plain["entry_delay_mean_min"] is plain["running_spread_share"] is None
    assert "disturbance" not in plain["waits_min"]
    more = ("--entry-delay-min", "20", "--running-spread", "0.1")
    first, again = (call(capsys, *arguments, *more, "--json").envelope for _ in range(2))
    assert first == again
    result = first["result"]
    assert (result["entry_delay_mean_min"], result["running_spread_share"]) == (20.0, 0.1)
    assert result["waits_min"]["disturbance"]["n"] == result["trains_entered"]
    other = call(capsys, *arguments, *more, "--seed", "8", "--json").envelope["result"]
    assert other["waits_min"] != result["waits_min"]
    for language, words in {"en": "Entry delays drawn", "kk": "кіру кешігуі"}.items():
        assert words in call(capsys, *arguments, *more, "--lang", language).out


def test_trains_of_a_timetable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = str(timetabled(tmp_path / "line"))
    file = f"{study}-timetables/trains.csv"
    arguments = ("rail", "dispatch", study, "--timetable", file)
    result = call(capsys, *arguments, "--json").envelope["result"]
    assert (result["timetable"], result["trains_finished"]) == ("trains.csv", 2)
    # They keep their times: 72 and 125 minutes, 50 of which is a scheduled stop.
    (freight,) = result["classes"]
    assert freight["time_min"]["mean"] == pytest.approx((72 + 125) / 2)
    assert freight["delay_min"]["p95"] == 0.0
    assert result["waits_min"]["dwell"]["mean"] == pytest.approx(50.0)
    assert "trains.csv" in call(capsys, *arguments).out
    assert call(capsys, *arguments, "--trains", "3", "--json").codes == ["option_beside_timetable"]


@pytest.mark.parametrize("language", ["en", "kk"])
def test_why_trains_cannot_run_stands_below_the_table(
    tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = hauled_tables()
    row_of(tables, "signalling", "semi")["window_single_min"] = 1000
    slow = {"running_time_forward_min": 500, "running_time_backward_min": 500}
    row_of(tables, "sections", "ab").update(slow, permitted_speed_km_per_h=80)
    study = str(write_tiny(tmp_path / "slow", tables))
    arguments = ("rail", "dispatch", study, "main", "--trains", "1", "--lang", language)
    result = call(capsys, *arguments, "--json").envelope["result"]
    assert {(one["class"], one["reason"], one["section"]) for one in result["rejected"]} == {
        ("freight", "window_never_free", "ab"),
        ("domestic", "window_never_free", "ab"),
    }
    said = " ".join(call(capsys, *arguments).out.split())
    words = {
        "en": "Cannot run: 2 freight: too little time between",
        "kk": "жөндеу терезелерінің арасында уақыт жетпейді",
    }
    assert words[language] in said
