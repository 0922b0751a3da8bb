"""The page as a whole: it asks nothing of anybody, nests, can be read aloud, and lies to nobody."""

from __future__ import annotations

import base64
import csv
import hashlib
import itertools
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keruen.errors import KeruenError, UsageError
from keruen.i18n import translator
from keruen.report import render, write_reports
from keruen.report.page import Matter, Sibling, render_matter
from keruen.report.writing import file_name
from keruen.study.pipeline import Request, run_steps
from keruen.study.store import Run, read_run, write_run
from support.page_reading import Element, read_page
from support.study_folder import StudyFolder

LANGUAGES = ("en", "kk")
SMALL = ("smallest", "berth", "rail-line")
LOADING = {"img", "iframe", "object", "embed", "audio", "video", "link", "base", "form", "source"}
GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "report"


@pytest.fixture(scope="module")
def pages(corridor: Matter) -> dict[str, str]:
    siblings = [Sibling(file_name(language, "en"), language) for language in LANGUAGES]
    return {
        language: render_matter(
            corridor, translator(language), [s for s in siblings if s.language != language]
        )
        for language in LANGUAGES
    }


@pytest.fixture(scope="module", params=[*LANGUAGES, *SMALL])
def page(
    request: pytest.FixtureRequest, pages: dict[str, str], small_run: Callable[[str], Run]
) -> str:
    """A page of the corridor in each language, and one of each small study."""
    if request.param in pages:
        return pages[request.param]
    return render(small_run(request.param), translator("en"))


def test_nothing_on_the_page_is_fetched(page: str) -> None:
    root = read_page(page)
    assert not [element.name for element in root.every(*LOADING)]
    for element in root.every():
        assert not {"src", "srcset", "data", "poster", "background"} & element.attributes.keys()
        assert not [name for name in element.attributes if name.startswith("on")]
        target = element["href"]
        if not target or target.startswith("#"):
            continue
        assert element.name == "a"
        assert (
            target == "report.kk.html" or target.startswith("https://") or target == "report.html"
        )
        if target.startswith("https://"):
            assert "noreferrer" in element["rel"]
    assert "@import" not in page
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", page))


def test_the_policy_lets_only_our_own_script_run(page: str) -> None:
    root = read_page(page)
    policy = next(
        meta["content"]
        for meta in root.every("meta")
        if meta["http-equiv"] == "Content-Security-Policy"
    )
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == len(list(root.every("script"))) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy.split("; ")
    assert policy.split("; ")[0] == "default-src 'none'"
    assert not re.search(r"fetch|XMLHttpRequest|WebSocket|sendBeacon|https?:|import", scripts[0])


def test_every_id_is_one_and_every_pointer_finds_its_own(page: str) -> None:
    root = read_page(page)
    ids = Counter(element["id"] for element in root.every() if element["id"])
    assert not [name for name, count in ids.items() if count > 1]
    for element in root.every():
        if element["href"].startswith("#"):
            assert element["href"][1:] in ids, element["href"]
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(element[name].split()) <= ids.keys(), element[name]


def test_it_can_be_read_aloud(page: str) -> None:
    root = read_page(page)
    assert root.one("html")["lang"] in LANGUAGES
    for landmark in ("header", "main", "footer"):
        assert len(list(root.every(landmark))) == 1
    assert root.one("nav")["aria-label"]
    levels = [int(h.name[1]) for h in root.one("main").every("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    for table in root.every("table"):
        assert table.one("caption").words
        assert all(head["scope"] for head in table.every("th"))
        scroller = next(e for e in table.above() if e["class"].startswith("scroll"))
        assert scroller["tabindex"] == "0"
        assert scroller["role"] == "region"
        wide = {
            sum(int(cell["colspan"] or 1) for cell in row.every("td", "th"))
            for row in table.one("tbody").every("tr")
        }
        assert len(wide) == 1, table.one("caption").words
    for picture in root.every("svg"):
        assert picture["aria-hidden"] == "true" or picture["role"] == "img"
    assert all(button["type"] == "button" for button in root.every("button"))


def test_the_verdicts_stand_first(pages: dict[str, str], corridor: Matter) -> None:
    main = read_page(pages["en"]).one("main")
    first = main.children[0]
    assert first["id"] == "answers"
    assert "of 4 claims, facts and targets tested" in first.words.lower()
    table = first.one("table")
    assert len(list(table.one("tbody").every("tr"))) == len(corridor.table("targets")) == 4


def test_a_page_without_targets_says_so_and_promises_no_more(
    small_run: Callable[[str], Run],
) -> None:
    root = read_page(render(small_run("smallest"), translator("en")))
    assert "states no claims or targets" in root.one("section", "answers").words
    linked = {a["href"][1:] for a in root.one("nav").every("a")}
    assert linked == {"answers", "elements", "assumptions", "sources", "method"}
    assert not list(root.every("article"))
    assert "East–Middle" in root.one("section", "elements").words


def test_languages_link_to_each_other_by_their_own_names(pages: dict[str, str]) -> None:
    for language, other, file, name in (
        ("en", "kk", "report.kk.html", "Қазақша"),
        ("kk", "en", "report.html", "English"),
    ):
        links = [a for a in read_page(pages[language]).every("a") if a["hreflang"]]
        assert [(a["href"], a["lang"], a.words) for a in links] == [(file, other, name)]


def test_the_kazakh_page_says_nothing_in_english_of_ours(pages: dict[str, str]) -> None:
    # What the study itself has in English only (notes, titles of sources) is marked as English.
    english = translator("en").catalogues["report"]
    ours = {
        text
        for text in english._catalog.values()  # type: ignore[attr-defined]
        if isinstance(text, str) and len(text) > 12 and "{" not in text and " " in text
    }
    assert len(ours) > 100
    said = read_page(pages["kk"]).one("body").words
    assert not [text for text in ours if text in said]


def test_english_texts_of_a_study_are_marked_on_a_kazakh_page(pages: dict[str, str]) -> None:
    root = read_page(pages["kk"])
    reason = next(e for e in root.every("span") if e.words == "No estimate has been made yet.")
    assert reason["lang"] == "en"


HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=1> {{ 7*7 }} {x}"


def hostile_copy(run: Run, folder: Path) -> Run:
    """A run whose study calls every named thing by a hostile name."""
    shutil.copytree(run.path, folder)
    for path in (folder / "inputs").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            columns, lines = list(reader.fieldnames or ()), list(reader)
        texts = {"title", "publisher", "licence", "note", "cost_reason", "region", "technology"}
        for line in lines:
            for column in columns:
                named = re.fullmatch(r"(name|text|definition)_(en|kk)", column) or column in texts
                if named and line[column]:
                    line[column] = HOSTILE
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows(lines)
    return read_run(folder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_are_only_words(corridor_run: Run, tmp_path: Path, language: str) -> None:
    hostile = hostile_copy(corridor_run, tmp_path / "run")
    # A study with characters that turn the text around them is refused; a command may have them.
    manifest = {**hostile.manifest, "command": "keruen run \u202e</code><script>\u2066\x1b[31m"}
    html = render(replace(hostile, manifest=manifest), translator(language))
    root = read_page(html)
    assert len(list(root.every("script"))) == 1
    assert not list(root.every("img"))
    assert HOSTILE in root.one("h3").words
    assert "{{ 7*7 }}" in root.one("section", "verdicts").words
    assert "\\u202e</code><script>\\u2066\\x1b[31m" in root.one("section", "method").words
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", html)


def test_reports_are_written_beside_each_other(
    small_run: Callable[[str], Run], tmp_path: Path
) -> None:
    shutil.copytree(small_run("rail-line").path, tmp_path / "run")
    run = read_run(tmp_path / "run")
    before = {path.name for path in run.path.iterdir()}
    written = write_reports(run, ["kk", "en", "kk"])
    assert [path.name for path in written] == ["report.html", "report.en.html"]
    assert {path.name for path in run.path.iterdir()} == before | {path.name for path in written}
    first = read_page(written[0].read_text(encoding="utf-8"))
    assert first.one("html")["lang"] == "kk"
    assert [a["href"] for a in first.every("a") if a["hreflang"]] == ["report.en.html"]


def test_the_same_run_gives_the_same_page(corridor_run: Run, pages: dict[str, str]) -> None:
    again = render(read_run(corridor_run.path), translator("kk"), [Sibling("report.html", "en")])
    assert again == pages["kk"]


def test_a_report_finishes_a_run_or_nothing_appears(tmp_path: Path) -> None:
    outcome = run_steps(Request(StudyFolder(tmp_path / "study").path))
    run = write_run(outcome, tmp_path / "run", "keruen run", finisher("en", "kk"))
    assert {"report.html", "report.kk.html"} <= {path.name for path in run.path.iterdir()}
    with pytest.raises(UsageError):
        write_run(outcome, tmp_path / "other", "keruen run", finisher("en", "xx"))
    assert not (tmp_path / "other").exists()
    assert not list(tmp_path.glob(".run-*"))


def finisher(*languages: str) -> Callable[[Run], None]:
    def finish(run: Run) -> None:
        write_reports(run, languages)

    return finish


def test_a_run_without_its_study_is_told(small_run: Callable[[str], Run], tmp_path: Path) -> None:
    shutil.copytree(small_run("berth").path, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "inputs")
    with pytest.raises(KeruenError) as told:
        render(read_run(tmp_path / "run"), translator("en"))
    assert told.value.problems[0].code in {"no_such_folder", "not_a_study"}


def test_the_page_is_of_a_size_one_can_send(pages: dict[str, str]) -> None:
    assert all(50_000 < len(html.encode()) < 600_000 for html in pages.values())


def outline(root: Element) -> list[str]:
    """Headings, captions and heads of columns: what the page consists of, not what it computes."""
    lines = []
    for element in root.one("main").every():
        if element.name in {"h1", "h2", "h3"}:
            lines.append(f"{'#' * int(element.name[1])} {element.words}")
        elif element.name == "caption":
            lines.append(f"  table: {re.sub(r' ?source [0-9 +[]+]?', '', element.words)}")
        elif element.name == "thead":
            lines.append("    " + " | ".join(cell.words for cell in element.every("th")))
        elif element.name == "figure":
            lines.append("  picture")
        elif element.name == "details":
            lines.append("  folded" if "open" not in element.attributes else "  unfolded")
    return [re.sub(r"\d+([.,]\d+)?", "N", line) for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_built_as_before(pages: dict[str, str], tmp_path: Path, language: str) -> None:
    found = "\n".join(outline(read_page(pages[language]))) + "\n"
    printed = tmp_path / f"corridor.{language}.txt"
    printed.write_text(found, encoding="utf-8")
    golden = GOLDEN / printed.name
    assert found == golden.read_text(encoding="utf-8"), f"if meant: cp {printed} {golden}"
