from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from support.command_line import call
from support.worlds import hauled


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
