"""Documentation is complete: links lead somewhere, generated pages are as generated."""

from __future__ import annotations

import re
from pathlib import Path

import make_docs
from keruen.schema import load_schema

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")


def pages(repository: Path) -> list[Path]:
    return [*sorted(repository.glob("*.md")), *sorted((repository / "docs").rglob("*.md"))]


def anchors(text: str) -> set[str]:
    """Anchors that a page offers: its headings, in the way of the usual renderers."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_and_pictures_lead_somewhere(repository: Path) -> None:
    broken = []
    for page in pages(repository):
        text = page.read_text(encoding="utf-8")
        for address in (*LINK.findall(text), *PICTURE.findall(text)):
            if re.match(r"[a-z]+:", address):
                continue
            name, _, anchor = address.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.exists():
                broken.append(f"{page.name}: {address}")
            elif anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
                broken.append(f"{page.name}: no heading for {address}")
    assert broken == []


def test_generated_pages_are_up_to_date() -> None:
    assert sorted(path.name for path in make_docs.stale_pages()) == [], "run make docs"


def test_every_table_and_column_is_described() -> None:
    schema = load_schema()
    for table in schema.tables.values():
        assert table.description.endswith(".")
        for column in table.columns.values():
            assert column.description.endswith("."), f"{table.name}.{column.name}"


def test_every_command_stands_in_the_reference(repository: Path) -> None:
    page = (repository / "docs/reference/cli.md").read_text(encoding="utf-8")
    listed = [" ".join(("keruen", *words)) for words in make_docs.commands()]
    assert len(listed) > 5
    assert [name for name in listed if f"\n## {name}\n" not in page] == []


def test_every_decision_stands_in_its_index(repository: Path) -> None:
    folder = repository / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    decisions = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert decisions
    assert [name for name in decisions if f"]({name})" not in index] == []
