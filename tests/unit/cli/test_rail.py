from __future__ import annotations

from pathlib import Path

import pytest

from keruen.cli.rail import ALL, CHOICES
from keruen.rail.line_result import LineMethod
from support.command_line import call
from support.worlds import template


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return template("rail-line")(tmp_path / "line")


def test_the_methods_are_those_of_a_line() -> None:
    assert (*(method.value for method in LineMethod), ALL) == CHOICES


def test_the_published_example(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = call(capsys, "rail", "capacity", str(study), "--json").envelope["result"]
    maximal = result["methods"][0]
    assert (result["line"], maximal["binding_section"]) == ("steppe", "bulaq_tepe")
    assert maximal["schemes"] == [
        {"name": "both_stop", "period_min": 59.0},
        {"name": "through_even", "period_min": 55.0},
        {"name": "through_odd", "period_min": 57.0},
        {"name": "cross_pass", "period_min": 57.0},
    ]
    assert maximal["capacity_pairs_per_day"] == pytest.approx(1440 / 55)
    assert maximal["floored"] == 26


def test_other_trains_take_nothing_from_the_gross_capacity(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    free = call(capsys, "rail", "capacity", str(study), "--json").envelope["result"]["methods"]
    traffic = study / "traffic_classes.csv"
    text = traffic.read_text(encoding="utf-8")
    traffic.write_text(text.replace(",,,0,0,,own", ",,,2,3,,own"), encoding="utf-8")
    ranges = study / "provenance.csv"
    text = ranges.read_text(encoding="utf-8")
    ranges.write_text(text.replace(",assumed,0,,0,,", ",assumed,0,,9,,"), encoding="utf-8")
    called = call(capsys, "rail", "capacity", str(study), "steppe", "--json")
    busy = called.envelope["result"]["methods"]
    for before, after in zip(free, busy, strict=True):
        assert after["capacity_trains_per_day"] == before["capacity_trains_per_day"]
        assert after["left_trains_per_day"] == pytest.approx(
            before["left_trains_per_day"] - (2 * 1.2 + 3)
        )
        assert after["capacity_consumption_share"] == pytest.approx((2 * 1.2 + 3) * 55 / 1440)
    out = call(capsys, "rail", "capacity", str(study)).out
    assert "background trains take 20.6% of the whole day on the hardest section" in out


def test_three_methods_agree_where_nothing_parts_them(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = call(capsys, "rail", "capacity", str(study), "--method", "all", "--json")
    rows = whole.envelope["result"]["methods"]
    assert [(row["method"], row["level"]) for row in rows] == [
        (method, level)
        for method in ("parallel_timetable", "compression", "dispatch")
        for level in ("maximal", "available", "practical")
    ]
    assert len({tuple(row) for row in rows}) == 1
    found = {(row["method"], row["level"]): row["capacity_pairs_per_day"] for row in rows}
    for method in ("compression", "dispatch"):
        for level in ("maximal", "available"):
            expected = found["parallel_timetable", level]
            assert found[method, level] == pytest.approx(expected, rel=1e-3)
    assert found["dispatch", "practical"] == pytest.approx(0.8 * 1440 / 55, rel=1e-3)
    assert found["compression", "practical"] == pytest.approx(0.6 * 1440 / 55, rel=1e-3)
    assert {row["binding_section"] for row in rows} == {"bulaq_tepe"}
    alone = call(capsys, "rail", "capacity", str(study), "--method", "compression", "--json")
    assert alone.envelope["result"]["methods"] == rows[3:6]
    plain = call(capsys, "rail", "capacity", str(study), "--json")
    assert plain.envelope["result"]["methods"] == rows[:3]


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_methods_on_the_screen(
    study: Path,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    called = call(capsys, "rail", "capacity", str(study), "--method", "all", "--lang", language)
    assert called.status == 0
    for method in {"en": ("compression", "dispatch"), "kk": ("сығу", "диспетчерлеу")}[language]:
        assert called.out.count(f" {method} ") >= 3
    assert "word." not in called.out


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_screen(
    study: Path,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    called = call(capsys, "rail", "capacity", str(study), "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 80
    before = {"en": "before background trains", "kk": "жергілікті пойыздар"}[language]
    assert before in " ".join(called.out.split())
    for piece in ("59", "55", "57", "bulaq_tepe"):
        assert piece in called.out
    assert "word." not in called.out


def test_a_method_without_an_answer_hides_no_other(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_in(study / "signalling.csv", ",4,0,0,1,", ",4,1000,0,1,")
    replace_in(
        study / "provenance.csv",
        "window_single_min,own_estimate,assumed,0,,120",
        "window_single_min,own_estimate,assumed,0,,1000",
    )
    replace_in(study / "sections.csv", ",24,25,", ",500,500,")
    called = call(capsys, "rail", "capacity", str(study), "--method", "all", "--json")
    assert called.status == 0
    result = called.envelope["result"]
    rows = [(row["method"], row["level"]) for row in result["methods"]]
    assert ("compression", "practical") in rows
    assert [one["level"] for one in result["unanswered"]] == ["available", "practical"]
    (problem,) = called.envelope["problems"]
    assert (problem["code"], problem["file"], problem["row"]) == (
        "dispatch_window_never_free",
        "sections.csv",
        3,
    )
    assert "bulaq_tepe" in problem["rule"]
    out = call(capsys, "rail", "capacity", str(study), "--method", "all").out
    assert out.count("no answer") == 2


@pytest.mark.parametrize("method", CHOICES)
def test_a_line_in_pieces_is_refused_by_every_method(
    study: Path, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sections = study / "sections.csv"
    lines = sections.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("bulaq_tepe,")]
    sections.write_text("".join(kept), encoding="utf-8")
    ranges = study / "provenance.csv"
    lines = ranges.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "bulaq_tepe" not in line]
    ranges.write_text("".join(kept), encoding="utf-8")
    called = call(capsys, "rail", "capacity", str(study), "--method", method, "--json")
    (problem,) = called.envelope["problems"]
    assert (called.status, problem["code"]) == (3, "line_in_pieces")
    assert (problem["file"], problem["row"], problem["column"]) == ("sections.csv", 3, "line")


def replace_in(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_least_is_left_elsewhere_than_the_line_is_hardest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corridor = template("corridor")(tmp_path / "corridor")
    practical = call(capsys, "rail", "capacity", str(corridor), "main", "--json").envelope
    row = practical["result"]["methods"][-1]
    assert (row["binding_section"], row["left_section"]) == ("tau_qaqpa", "tepe_dala")
    assert row["left_trains_per_day"] == pytest.approx(3.15, abs=0.01)
    assert "Tepe" in call(capsys, "rail", "capacity", str(corridor), "main").out


def test_the_group_alone_shows_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("rail",), ("rail", "--lang", "kk"), ("rail", "--help")):
        called = call(capsys, *arguments)
        assert called.status == 0
        assert "  capacity  " in called.out
        assert "  run  " in called.out
