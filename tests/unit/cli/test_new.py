from __future__ import annotations

from pathlib import Path

import pytest

from keruen.cli.studies import bundled_templates
from keruen.model.templates import list_templates
from support.command_line import call


def test_the_templates_that_help_names_are_those_there_are() -> None:
    assert bundled_templates() == list_templates()


@pytest.mark.parametrize("name", bundled_templates())
def test_a_template_can_be_used_at_once(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "made"
    made = call(capsys, "new", str(folder), "--template", name, "--json").envelope["result"]
    assert made["path"] == str(folder)
    assert sorted(made["files"]) == sorted(path.name for path in folder.iterdir())
    assert call(capsys, "check", str(folder)).status == 0


def test_a_folder_is_not_called_like_a_bundled_study_unless_a_path_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = call(capsys, "new", "kazakhstan", "--json")
    assert (refused.status, refused.codes) == (2, ["name_of_bundled"])
    own = str(Path("kazakhstan").absolute())
    assert not Path(own).exists()
    assert call(capsys, "new", own, "--json").envelope["study"] == "kazakhstan"
    assert call(capsys, "check", "kazakhstan", "--json").codes == ["ambiguous_study"]
    said = call(capsys, "check", "kazakhstan").err
    assert "./kazakhstan" in said
    assert call(capsys, "check", "./kazakhstan").status == 0


def test_the_answer_names_the_study_as_every_other_command_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "My-line")
    names = {
        call(capsys, command, folder, "--json").envelope["study"]
        for command in ("new", "check", "capacity")
    }
    assert names == {"my_line"}


def test_what_to_do_next_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "made"
    called = call(capsys, "new", str(folder))
    assert called.status == 0
    assert f"keruen check {folder}" in called.out.replace("\n", "")
