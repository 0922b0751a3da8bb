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


def test_what_to_do_next_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "made"
    called = call(capsys, "new", str(folder))
    assert called.status == 0
    assert f"keruen check {folder}" in called.out.replace("\n", "")
