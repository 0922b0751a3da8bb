from __future__ import annotations

from keruen.model.pieces import pieces_of


def test_what_hangs_together_is_one_piece_whatever_the_order() -> None:
    (piece,) = pieces_of([("c", "d"), ("a", "b"), ("c", "b")])
    assert piece.ends == ("a", "d")
    assert piece.nodes == frozenset("abcd")


def test_a_circle_has_no_ends() -> None:
    circle, row = pieces_of([("a", "b"), ("b", "c"), ("c", "a"), ("x", "y")])
    assert (circle.ends, circle.told) == ((), "a–b")
    assert row.told == "x–y"
