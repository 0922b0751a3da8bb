from __future__ import annotations

from pathlib import Path

import pytest

from keruen.cli.studies import bundled_studies, find_run, find_study, is_run, run_study, study_name
from keruen.errors import UsageError
from support.small_study import write_study


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    write_study(tmp_path / "bundled" / "kazakhstan")
    (tmp_path / "bundled" / "no_study").mkdir()
    return tmp_path / "bundled"


def refused(text: str, bundled: Path) -> tuple[str, object]:
    with pytest.raises(UsageError) as failure:
        find_study(text, bundled)
    (problem,) = failure.value.problems
    return problem.code, problem.params.get("better")


def test_a_bundled_study_is_found_by_name(bundled: Path) -> None:
    assert bundled_studies(bundled) == ("kazakhstan",)
    assert find_study("kazakhstan", bundled) == bundled / "kazakhstan"


def test_a_folder_called_like_a_bundled_study_takes_nobodys_place(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = write_study(tmp_path / "here" / "kazakhstan")
    monkeypatch.chdir(own.parent)
    with pytest.raises(UsageError) as failure:
        find_study("kazakhstan", bundled)
    (problem,) = failure.value.problems
    assert problem.code == "ambiguous_study"
    paths = [find_study(str(problem.params[name]), bundled) for name in ("own", "bundled")]
    assert [path.resolve() for path in paths] == [own, bundled / "kazakhstan"]
    assert find_study(str(own), bundled) == own
    assert find_study("./kazakhstan/", bundled).resolve() == own


def test_a_file_or_the_bundled_folder_itself_is_no_other_study(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bundled)
    assert find_study("kazakhstan", bundled) == bundled / "kazakhstan"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kazakhstan").write_text("notes", encoding="utf-8")
    assert find_study("kazakhstan", bundled) == bundled / "kazakhstan"


def test_a_near_miss_is_suggested(bundled: Path) -> None:
    assert refused("kazakstan", bundled) == ("unknown_study", "kazakhstan")
    assert refused("peru", bundled) == ("unknown_study", "")


@pytest.mark.parametrize("text", ["./kazakhstan", "nowhere/kazakhstan"])
def test_a_path_that_leads_nowhere_is_wrong_usage(bundled: Path, text: str) -> None:
    code, _ = refused(text, bundled)
    assert code == "no_such_path"


@pytest.mark.parametrize("text", ["a\x00b", "x" * 5000, "", "\udc80"])
def test_what_no_path_can_be_is_wrong_usage(bundled: Path, text: str) -> None:
    assert refused(text, bundled)[0] in {"no_such_path", "unknown_study"}


@pytest.mark.parametrize("text", ["../kazakhstan", "kazakhstan/../kazakhstan"])
def test_a_name_does_not_leave_the_folder_of_bundled_studies(bundled: Path, text: str) -> None:
    assert refused(text, bundled)[0] == "no_such_path"


def test_a_study_is_called_by_the_name_it_gives_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_study(tmp_path / "corridor")
    monkeypatch.chdir(folder)
    assert study_name(".") == study_name(str(folder)) == "small"
    settings = folder / "study.yaml"
    for line in ('name: "steppe"  # ours', "name: steppe", "name:\t'steppe'"):
        settings.write_bytes(b"\xef\xbb\xbf" + f"title: [\r\n{line}\r\n".encode())
        assert study_name(".") == "steppe"
    for text in ("name: [steppe]", "title:\n  name: steppe", ""):
        settings.write_text(text, encoding="utf-8")
        assert study_name(".") == "corridor"
    settings.unlink()
    assert study_name(".") == "corridor"


def test_what_is_no_study_is_called_by_its_path() -> None:
    assert study_name("a/b/kazakhstan/") == "kazakhstan"
    assert study_name("a\x00b") == "a\x00b"


def test_a_run_is_a_path_and_known_by_its_manifest(tmp_path: Path) -> None:
    assert find_run(str(tmp_path)) == tmp_path
    assert not is_run(tmp_path)
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    assert is_run(tmp_path)
    assert run_study(str(tmp_path)) is run_study(str(tmp_path / "nowhere")) is None
    assert study_name(str(tmp_path)) == tmp_path.name
    for text in ("", str(tmp_path / "nowhere"), "x" * 5000):
        with pytest.raises(UsageError) as failure:
            find_run(text)
        assert failure.value.problems[0].code == "no_such_path"
