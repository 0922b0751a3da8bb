from __future__ import annotations

from keruen.errors import Severity
from keruen.model.findings import MAX_TOLD, Fault, Suggestions, and_more, cap_rows, closest, cut


def test_the_nearest_word_is_found_and_far_ones_are_not() -> None:
    assert closest("Lenght_KM", ["tracks", "length_km"]) == "length_km"
    assert closest("zzz", ["tracks", "length_km"]) == ""
    assert closest("x" * 100_000, ["tracks"]) == ""
    assert closest("tracks", []) == ""


def test_suggestions_are_looked_for_once_and_not_without_end() -> None:
    suggest = Suggestions(["tracks"])
    assert suggest("track") == suggest("track") == "tracks"
    words = [f"trackz{i}" for i in range(100)]
    assert sum(bool(suggest(word)) for word in words) < 30


def test_only_the_first_are_told_and_the_rest_is_counted() -> None:
    told = cap_rows("c", "f.csv", "x", ((row, {}) for row in range(MAX_TOLD)), Severity.WARNING)
    assert [problem.row for problem in told] == list(range(MAX_TOLD))
    told = cap_rows("c", "f.csv", "x", ((row, {}) for row in range(MAX_TOLD + 7)), Severity.WARNING)
    assert len(told) == MAX_TOLD + 1
    assert (told[-1].code, told[-1].severity, told[-1].row) == ("and_more", Severity.WARNING, None)
    assert told[-1].params == {"code_told": "c", "more": 7}
    assert and_more("c", "f.csv", None, 0) == []


def test_a_fault_becomes_a_problem_at_a_place() -> None:
    problem = Fault("c", {"a": 1}, Severity.WARNING).at("f.csv", 3, "x")
    assert (problem.place, problem.code, problem.severity) == ("f.csv:3:x", "c", Severity.WARNING)
    assert len(cut("y" * 500)) == 80
