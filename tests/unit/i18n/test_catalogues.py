from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from keruen.i18n import catalogues, translator


def test_a_language_is_added_by_dropping_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(catalogues.LANGUAGES_FOLDER, tmp_path / "locales")
    shutil.copytree(tmp_path / "locales" / "kk", tmp_path / "locales" / "ru")
    (tmp_path / "locales" / "notes.txt").write_text("", encoding="utf-8")
    monkeypatch.setattr(catalogues, "LANGUAGES_FOLDER", tmp_path / "locales")
    assert catalogues.languages() == ("en", "kk", "ru")
    assert translator("ru")("cli.help.options") == "Опциялар"
    assert translator("ru").number(0.5) == "0,5"


def test_a_catalogue_is_read_by_the_first_word_of_its_codes() -> None:
    found = catalogues.read_catalogues("en")
    assert {"cli", "problem", "unit", "word"} <= set(found)
    assert found["cli"].gettext("cli.help.options") == "Options"
    assert found["cli"].gettext("problem.no_rows.rule") == "problem.no_rows.rule"
