from __future__ import annotations

from pathlib import Path

import pytest

from keruen.errors import UsageError
from keruen.model import list_templates, load_model, new_study
from keruen.model.templates import SMALLEST
from support.template_draft import TEMPLATES


def test_templates_are_the_folders_that_ship() -> None:
    assert list_templates() == ("berth", "corridor", "rail-line", "smallest")
    assert SMALLEST in list_templates()


@pytest.mark.parametrize("template", [None, *list_templates()])
def test_a_new_study_can_be_used_at_once(template: str | None, tmp_path: Path) -> None:
    files = new_study(tmp_path / "My-Corridor", template)
    model = load_model(tmp_path / "My-Corridor")
    assert model.settings.name == "my_corridor"
    assert sorted(files) == sorted(entry.name for entry in model.path.iterdir())
    assert "datapackage.json" in files
    source = TEMPLATES / (template or SMALLEST)
    for name in files:
        if name not in {"study.yaml", "datapackage.json"}:
            assert (model.path / name).read_bytes() == (source / name).read_bytes()


@pytest.mark.parametrize("name", ["Ірі дәліз", "-", "x" * 100, "con"])
def test_a_folder_whose_name_cannot_be_that_of_a_study(name: str, tmp_path: Path) -> None:
    new_study(tmp_path / name)
    assert load_model(tmp_path / name).settings.name == "smallest"


def test_an_unknown_template_gets_a_suggestion(tmp_path: Path) -> None:
    for name in ("rail_line", "../templates/berth", "", "studies"):
        with pytest.raises(UsageError) as failure:
            new_study(tmp_path / "x", name)
        assert failure.value.problems[0].code == "unknown_template"
    with pytest.raises(UsageError) as failure:
        new_study(tmp_path / "x", "rail_line")
    assert failure.value.problems[0].params["better"] == "rail-line"
    assert list(tmp_path.iterdir()) == []


def test_a_new_study_takes_no_other_place(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    new_study(tmp_path / "x")
    with pytest.raises(UsageError):
        new_study(tmp_path / "x")
