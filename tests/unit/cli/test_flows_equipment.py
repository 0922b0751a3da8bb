from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from keruen.cli.flows_equipment import empties_told, show_equipment, show_refused
from keruen.cli.naming import Names
from keruen.cli.screen import Screen
from keruen.i18n import translator
from support.forwarding import corridor

NAN = float("nan")


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "equipment": ["boxes", "boxes", "boxes", "hoppers"],
            "zone": ["east", "west", "middle", "west"],
            "unit": ["TEU", "TEU", "TEU", "t"],
            "received_per_year": [1000.0, 9000.0, 0.0, 500.0],
            "empty_in_per_year": [1500.0, 0.0, 0.0, 0.0],
            "empty_out_per_year": [0.0, 1500.0, 0.0, 0.0],
            "refused_in_per_year": [4500.0, 0.0, 0.0, 0.0],
            "refused_out_per_year": [0.0, 4500.0, 0.0, 0.0],
            "left_per_year": [-6000.0, 6500.0, -500.0, 500.0],
            "price_usd": [700.0, 0.0, 700.0, NAN],
            "saving_usd": [5835.0, 0.0, NAN, NAN],
            "acquired_usd_per_year": [4.2e6, 0.0, 3.5e5, NAN],
        }
    )


def screened(language: str, table: pd.DataFrame) -> str:
    stream = io.StringIO()
    screen = Screen(translator(language), stream)
    names = Names(screen.t, corridor().base)
    show_refused(screen, names, table)
    show_equipment(screen, names, table)
    return " ".join(stream.getvalue().split())


def test_kinds_are_told_with_what_is_turned_away(table: pd.DataFrame) -> None:
    boxes, hoppers = empties_told(table)
    assert boxes == {
        "equipment": "boxes",
        "unit": "TEU",
        "loaded_per_year": 10_000.0,
        "carried_per_year": 1500.0,
        "refused_per_year": 4500.0,
        "refused_share": 0.75,
        "acquired_per_year": 6500.0,
        "acquired_usd_per_year": 4.55e6,
    }
    assert hoppers["acquired_usd_per_year"] is None
    json.dumps([boxes, hoppers], allow_nan=False)


@pytest.mark.parametrize(
    ("language", "pieces"),
    [
        (
            "en",
            (
                "of 6,000 TEU a year that would return empty, 4,500 (75%) are turned away",
                "Containers TEU 10,000 1,500 4,500 6,500 4.55",
                "Grain wagons t 500 0 0 0 —",
                "Containers The east 1,500 0 4,500 -6,000 700 5,835",
            ),
        ),
        ("kk", ("ішінен 4 500 (75%)", "Қайтпағаны", "TEU 10 000 1 500 4 500 6 500 4,55")),
    ],
)
def test_the_screen(
    language: str, pieces: tuple[str, ...], table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    told = screened(language, table).replace("\u00a0", " ").replace("\u202f", " ")
    for piece in pieces:
        assert piece in told
    assert "cli." not in told


def test_nothing_is_said_of_what_is_not_there(table: pd.DataFrame) -> None:
    assert screened("en", table.iloc[:0]) == ""
    none = table.assign(refused_in_per_year=0.0)
    assert "would return empty," not in screened("en", none)
