from __future__ import annotations

from keruen.report import svg
from keruen.report.legend import KeyGroup, Swatch, draw_key
from picture_reading import text_at, texts


def swatch(label: str) -> Swatch:
    return Swatch(lambda x, y: svg.rect(x, y, 4, 4), 20, label)


def drawn(groups: list[KeyGroup], width: float) -> tuple[str, float]:
    markup, height = draw_key(groups, 2, 10, width)
    return svg.document(svg.Sheet(width, height, "t", "d", "p"), markup), height


def test_groups_stand_side_by_side_while_there_is_room() -> None:
    groups = [KeyGroup("Use", (swatch("low"), swatch("high"))), KeyGroup("Width", (swatch("10"),))]
    wide, wide_height = drawn(groups, 600)
    narrow, narrow_height = drawn(groups, 120)
    assert text_at(wide, "Use")[1] == text_at(wide, "Width")[1]
    assert text_at(wide, "Use")[0] < text_at(wide, "Width")[0]
    assert text_at(narrow, "Use")[1] < text_at(narrow, "Width")[1]
    assert narrow_height > wide_height
    assert texts(wide) == ["Use", "low", "high", "Width", "10"]


def test_swatches_flow_over_rows_and_none_leaves_the_width() -> None:
    group = KeyGroup("", tuple(swatch(f"class {i}") for i in range(12)))
    picture, height = drawn([group], 200)
    places = [text_at(picture, f"class {i}") for i in range(12)]
    assert len({y for _, y in places}) > 1
    assert all(x + svg.text_width("class 11", 11.5) <= 202 for x, _ in places)
    assert max(y for _, y in places) <= 10 + height


def test_an_empty_group_takes_no_room() -> None:
    assert draw_key([KeyGroup("Nothing", ())], 0, 0, 100) == ("", 0.0)
