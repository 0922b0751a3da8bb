from __future__ import annotations

import json
from pathlib import Path

import pytest

from keruen.errors import FailedError, StudyError
from keruen.model.package import FILE, describe_study, descriptor_json, write_descriptor
from support.study_folder import StudyFolder


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    return StudyFolder(tmp_path / "study")


def test_the_descriptor_follows_the_files(study: StudyFolder) -> None:
    study.file("nodes.csv").write_text("kind,id,colour\nyard,a,red\n", encoding="utf-8")
    study.file("provenance.csv").unlink()
    package = describe_study(study.path)
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert "provenance" not in resources
    assert [field["name"] for field in resources["nodes"]["schema"]["fields"]] == ["kind", "id"]
    assert package["name"] == "study"
    assert package["licenses"] == [{"name": "CC-BY-4.0", "title": "CC-BY-4.0"}]


def test_writing_it_again_changes_nothing(study: StudyFolder) -> None:
    before = study.text(FILE)
    write_descriptor(study.path)
    assert study.text(FILE) == before == descriptor_json(study.path)
    assert json.loads(before)["profile"] == "tabular-data-package"
    assert not [path for path in study.path.iterdir() if path.name.startswith(".")]


def test_a_study_without_settings_has_no_descriptor(study: StudyFolder) -> None:
    study.file("study.yaml").write_text("name: [\n", encoding="utf-8")
    with pytest.raises(StudyError):
        describe_study(study.path)
    study.file("study.yaml").unlink()
    with pytest.raises(FailedError):
        describe_study(study.path)


def test_a_refusal_of_the_system_is_told(study: StudyFolder) -> None:
    study.file(FILE).unlink()
    study.file(FILE).mkdir()
    with pytest.raises(FailedError) as failure:
        write_descriptor(study.path)
    assert failure.value.problems[0].code == "system_refused"
    assert not [path for path in study.path.iterdir() if path.name.startswith(".")]
