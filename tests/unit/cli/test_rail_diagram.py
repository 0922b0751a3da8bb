from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import hauled, template, timetabled


@pytest.fixture
def study(tmp_path: Path) -> str:
    return str(hauled(tmp_path / "line"))


@pytest.mark.parametrize("kind", ["marey", "occupancy", "speed"])
@pytest.mark.parametrize("language", ["en", "kk"])
def test_a_picture_stands_alone(
    study: str, tmp_path: Path, kind: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "line.svg"
    called = call(
        capsys,
        "rail",
        "diagram",
        study,
        "main",
        "--kind",
        kind,
        "-o",
        str(file),
        "--lang",
        language,
    )
    assert called.status == 0
    drawn = file.read_text(encoding="utf-8")
    root = ET.fromstring(drawn.encode())  # noqa: S314
    assert root.tag.endswith("svg")
    assert "--k-ink:#" in drawn and "prefers-color-scheme" in drawn
    assert "report." not in drawn and "word." not in drawn
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (width, height) == (float(root.attrib["width"]), float(root.attrib["height"]))
    assert left < 0 and top < 0


def test_a_file_that_is_there_is_kept(
    study: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("keruen.cli.rail_diagram.dispatched", None)  # nothing is run for it
    file = tmp_path / "line.svg"
    file.write_text("mine", encoding="utf-8")
    arguments = ("rail", "diagram", study, "main", "-o", str(file), "--json")
    answer = call(capsys, *arguments).envelope
    assert answer["problems"][0]["code"] == "target_exists"
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "missing_option"),
        (("-o", "x.svg", "--kind", "speed", "--days", "2"), "option_not_of_kind"),
        (("-o", "x.svg", "--backward"), "option_not_of_kind"),
        (("-o", "x.svg", "--kind", "mareys"), "bad_choice"),
    ],
)
def test_what_cannot_be_drawn(
    study: str, arguments: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = call(capsys, "rail", "diagram", study, "main", *arguments, "--json").envelope
    assert (answer["status"], answer["problems"][0]["code"]) == ("usage", code)


@pytest.mark.parametrize("kind", ["marey", "occupancy"])
def test_windows_are_spoken_of_where_the_line_has_any(
    study: str, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    free = str(template("rail-line")(tmp_path / "free"))
    for name, arguments, spoken in (("shut", (study, "main"), True), ("free", (free,), False)):
        file = tmp_path / f"{name}-{kind}.svg"
        options = ("--kind", kind, "--trains", "0", "-o", str(file))
        assert call(capsys, "rail", "diagram", *arguments, *options).status == 0
        drawn = file.read_text(encoding="utf-8")
        assert ("aintenance windows are" in drawn) is spoken
        assert ("trains and maintenance windows take" in drawn) is (spoken and kind == "occupancy")


def test_trains_of_a_timetable_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = str(timetabled(tmp_path / "line"))
    trains = Path(f"{study}-timetables/trains.csv")
    text = trains.read_text(encoding="utf-8")
    trains.write_text(text.replace("1,freight", "N-77,freight"), encoding="utf-8")
    file = tmp_path / "day.svg"
    arguments = ("rail", "diagram", study, "--timetable", str(trains), "-o", str(file))
    assert call(capsys, *arguments).status == 0
    assert "N-77" in file.read_text(encoding="utf-8")
    assert call(capsys, *arguments, "--trains", "2", "--json").codes == ["option_beside_timetable"]
    assert call(capsys, *arguments, "--kind", "speed", "--json").codes == ["option_not_of_kind"]
