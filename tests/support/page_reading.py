"""Read a page of HTML back: its elements in order, each with its attributes, parents and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "hr", "img", "input", "link", "base", "source", "wbr", "area"})


@dataclass(slots=True)
class Element:
    """One element: its name, attributes, the words inside it, its children and its parent."""

    name: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def __getitem__(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")

    def every(self, *names: str) -> Iterator[Element]:
        """This element's descendants of these names, in order; all when no name is given."""
        for child in self.children:
            if not names or child.name in names:
                yield child
            yield from child.every(*names)

    def one(self, name: str, identifier: str = "") -> Element:
        """The first descendant of a name, and of an id when one is given."""
        for found in self.every(name):
            if not identifier or found["id"] == identifier:
                return found
        raise AssertionError(f"no {name} {identifier}")

    def above(self) -> Iterator[Element]:
        """The elements around this one, the nearest first."""
        if self.parent is not None:
            yield self.parent
            yield from self.parent.above()

    @property
    def words(self) -> str:
        """All words inside, spaces joined; script and style say nothing to a reader."""
        return " ".join(" ".join(self._said()).split())

    def _said(self) -> Iterator[str]:
        if self.name in {"script", "style"}:
            return
        children = iter(self.children)
        for piece in self.pieces:
            if piece == "\0":
                yield from next(children)._said()
            else:
                yield piece


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = self.root
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._add(tag, attrs)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        self.open.pieces.append("\0")
        return element

    def handle_endtag(self, tag: str) -> None:
        if self.open.name != tag:
            self.faults.append(f"</{tag}> closes <{self.open.name}>")
            return
        self.open = self.open.parent or self.root

    def handle_data(self, data: str) -> None:
        self.open.pieces.append(data.replace("\0", ""))


def read_page(html: str) -> Element:
    """Read a page; tags that do not nest, or attributes given twice, fail the test."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.faults == []
    assert reader.open is reader.root, f"<{reader.open.name}> is never closed"
    return reader.root
