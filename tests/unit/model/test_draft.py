from __future__ import annotations

from keruen.model.draft import Draft
from support.template_draft import adding, draft, rows_of


def test_a_draft_gives_tables_and_frames() -> None:
    found = draft()
    assert found["nodes"].table.name == "nodes"
    assert found.frame("nodes") is found["nodes"].frame
    assert found.settings is not None


def test_of_rows_with_one_key_the_first_counts() -> None:
    twin = {**rows_of("lines")[0], "mode": "sea"}
    found = draft(lines=adding(twin))
    assert len(found.frame("lines")) == len(found.unique("lines")) + 1
    assert found.unique("lines").at["main", "mode"] == "rail"
    clean = draft()
    assert clean.unique("lines") is clean.frame("lines")


def test_what_checks_share_is_worked_out_once() -> None:
    asked: list[Draft] = []

    def rows(of: Draft) -> int:
        asked.append(of)
        return len(of.frame("nodes"))

    found = draft()
    assert found.once(rows) == found.once(rows) == len(found.frame("nodes"))
    assert len(asked) == 1
    other = draft()
    assert other.once(rows) > 0
    assert asked[1] is other
