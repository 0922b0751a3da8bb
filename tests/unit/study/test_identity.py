from __future__ import annotations

from pathlib import Path

import pytest

from keruen.study import identity
from keruen.study.identity import code_hash, digest_of, versions


def test_the_hash_of_the_code_follows_its_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "files", lambda _: tmp_path)
    found = []
    for name, text in (
        ("a.py", "x = 1"),
        ("a.py", "x = 2"),
        ("schema/t.csv", "id\n"),
        ("studies/s/nodes.csv", "data, not code"),
        ("notes.txt", "neither"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
        code_hash.cache_clear()
        found.append(code_hash())
    code_hash.cache_clear()
    assert len(set(found[:3])) == 3
    assert found[2] == found[3] == found[4]


def test_versions_name_python_and_what_results_rest_on() -> None:
    found = versions()
    assert found["python"].startswith("3.")
    assert all(found[name] for name in identity.PACKAGES)


def test_a_package_that_is_not_there_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "PACKAGES", ("no_such_package",))
    assert versions()["no_such_package"] == ""


def test_digests_tell_values_apart() -> None:
    assert digest_of({"a": 1}) != digest_of({"a": "1"})
    assert digest_of({"a": None}) != digest_of({})
    assert len(digest_of({})) == 64
