"""Read a drawn picture back, so that a test can ask what stands in it and where."""

from __future__ import annotations

from xml.etree import ElementTree

SPACE = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    """Parse our own output; markup that is not well formed fails the test that asked for it."""
    return ElementTree.fromstring(svg)  # noqa: S314  (made by the code under test)


def texts(svg: str) -> list[str]:
    """All visible words, in the order of drawing."""
    return ["".join(e.itertext()) for e in parsed(svg).iter(f"{SPACE}text")]


def titles(svg: str) -> list[str]:
    """All tooltips and the title of the picture itself."""
    return [e.text or "" for e in parsed(svg).iter(f"{SPACE}title")]


def elements(svg: str, name: str) -> list[ElementTree.Element]:
    """All elements of a name."""
    return list(parsed(svg).iter(f"{SPACE}{name}"))


def size(svg: str) -> tuple[float, float]:
    """Width and height of the picture in px."""
    root = parsed(svg)
    return float(root.attrib["width"]), float(root.attrib["height"])


def text_at(svg: str, words: str) -> tuple[float, float]:
    """Where a text begins, is centred or ends, as its anchor says."""
    for element in elements(svg, "text"):
        if "".join(element.itertext()) == words:
            return float(element.attrib["x"]), float(element.attrib["y"])
    raise AssertionError(f"no text {words!r} in the picture")
