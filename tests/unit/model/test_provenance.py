from __future__ import annotations

from keruen.model.provenance import (
    CONFIDENCES,
    count_cells,
    defaulted_cells,
    overrides,
)
from support.template_draft import Row, adding, draft, readings, setting


def counts(**edits: object) -> dict[str, int]:
    edited = draft(**edits)  # type: ignore[arg-type]
    return count_cells(edited.tables, overrides(edited.frame("provenance")))


def test_cells_are_counted_by_the_confidence_of_their_row() -> None:
    before = counts()
    assert list(before) == list(CONFIDENCES)
    after = counts(lines=setting("lines", "coast", confidence="official"))
    # name_en, name_kk, mode, operator
    assert after["official"] == 4
    assert after["assumed"] == before["assumed"] - 4


def test_a_line_of_its_own_counts_for_its_cell() -> None:
    own = {"table": "lines", "row": "coast", "column": "mode", "source": "own_estimate"}
    before, after = counts(), counts(provenance=adding({**own, "confidence": "published"}))
    assert after["published"] == 1
    assert after["assumed"] == before["assumed"] - 1


def test_empty_cells_and_defaults_are_not_counted() -> None:
    before = counts()
    emptied = counts(lines=setting("lines", "coast", operator=""))
    assert emptied["assumed"] == before["assumed"] - 1
    left = counts(handling=setting("handling", "ailaq_grain", hours_per_day=""))
    assert left["assumed"] == before["assumed"] - 1 + 1  # its line in provenance.csv vouches for it

    def without_line(rows: list[Row]) -> None:
        rows[:] = [
            row for row in rows if (row["row"], row["column"]) != ("ailaq_grain", "hours_per_day")
        ]

    own = counts(
        handling=setting("handling", "ailaq_grain", hours_per_day=""), provenance=without_line
    )
    assert own["assumed"] == before["assumed"] - 1


def test_lines_about_nothing_count_nothing() -> None:
    lost = {"table": "lines", "row": "nowhere", "column": "mode", "confidence": "official"}
    other = {"table": "line", "row": "coast", "column": "mode", "confidence": "official"}
    assert counts(provenance=adding(lost, other)) == counts()


def test_defaulted_cells_are_listed() -> None:
    found = defaulted_cells(readings())
    assert ("handling", "orta_loading", "service_stages") in found
    assert ("handling", "ailaq_grain", "service_stages") not in found
