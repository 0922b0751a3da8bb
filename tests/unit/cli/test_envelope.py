from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from pathlib import PurePosixPath
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keruen import __version__
from keruen.cli.answer import Answer, Asked
from keruen.cli.envelope import dumps, envelope, plain, records
from keruen.errors import ExitStatus, Problem, Severity
from keruen.i18n import translator

T = translator("en")


class Level(StrEnum):
    PRACTICAL = "practical"


class Rank(IntEnum):
    FIRST = 1


@dataclasses.dataclass(frozen=True)
class Record:
    id: str
    value: float


@pytest.mark.parametrize(
    ("value", "json_value"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (-float("inf"), None),
        (np.float64("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.datetime64("NaT"), None),
        (Decimal("NaN"), None),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (Decimal("2.50"), 2.5),
        (Fraction(1, 4), 0.25),
        (Level.PRACTICAL, "practical"),
        (Rank.FIRST, 1),
        (True, True),
        (dt.date(2025, 7, 10), "2025-07-10"),
        (pd.Timestamp(2025, 7, 10), "2025-07-10T00:00:00"),
        (np.datetime64("2025-07-10"), "2025-07-10"),
        (np.datetime64("2025-07-10", "ns"), "2025-07-10"),
        (np.datetime64("2025-07-10T12:00", "ns"), "2025-07-10T12:00:00"),
        (np.array([1.0, np.nan]), [1.0, None]),
        (np.array(3), [3]),
        (PurePosixPath("a/b"), "a/b"),
        (Record("a", float("inf")), {"id": "a", "value": None}),
        (MappingProxyType({Level.PRACTICAL: (1, [2])}), {"practical": [1, [2]]}),
        ({2030: 1, np.int64(2031): 2}, {"2030": 1, "2031": 2}),
    ],
)
def test_values_become_what_json_knows(value: object, json_value: object) -> None:
    assert plain(value) == json_value
    json.dumps(plain(value), allow_nan=False)


@pytest.mark.parametrize("value", [{1, 2}, object(), b"x", {None: 1}, {True: 1}, np.array([1j])])
def test_what_has_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        plain(value)


def test_two_keys_of_one_text_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        plain({1: "a", "1": "b"})


@given(st.text(st.characters()))
def test_any_text_survives_and_is_harmless_on_a_terminal(text: str) -> None:
    line = dumps({"text": text})
    assert json.loads(line) == {"text": text}
    assert line.isprintable()
    line.encode("utf-8")


def test_the_object_has_the_keys_of_the_contract_in_order() -> None:
    asked = Asked("capacity", study="s", year=2026, as_of=dt.date(2024, 12, 31), seed=7)
    built = envelope(asked, Answer(result={"elements": []}), T)
    assert built == {
        "format": 1,
        "keruen": __version__,
        "command": "capacity",
        "study": "s",
        "scenario": None,
        "year": 2026,
        "date": None,
        "as_of": "2024-12-31",
        "seed": 7,
        "status": "ok",
        "problems": [],
        "result": {"elements": []},
    }
    assert list(built) == list(json.loads(dumps(built)))


def test_the_answer_completes_what_was_asked() -> None:
    answer = Answer(result={}, asked=Asked("run", study="s", seed=42))
    assert envelope(Asked("run", study="s"), answer, T)["seed"] == 42


@pytest.mark.parametrize(
    ("severities", "status"),
    [((), "ok"), ((Severity.WARNING,), "ok"), ((Severity.WARNING, Severity.ERROR), "findings")],
)
def test_errors_make_findings(severities: tuple[Severity, ...], status: str) -> None:
    problems = [Problem(severity, "missing_value", "a.csv", 2, "b") for severity in severities]
    built = envelope(Asked("check"), Answer(problems=problems), T)
    assert built["status"] == status


def test_a_status_that_is_given_wins() -> None:
    assert Answer(status=ExitStatus.FAILED).outcome is ExitStatus.FAILED


def test_problems_are_told_in_the_language() -> None:
    problem = Problem(Severity.WARNING, "no_rows", "nodes.csv")
    built = envelope(Asked("check"), Answer(problems=[problem]), translator("kk"))
    assert built["problems"] == [
        {
            "severity": "warning",
            "code": "no_rows",
            "file": "nodes.csv",
            "row": None,
            "column": None,
            "rule": "Кестеде тақырып бар, бірақ жолдар жоқ.",
            "mend": "Оны толтырыңыз немесе файлды өшіріңіз.",
        }
    ]


def test_what_is_not_a_number_is_nothing() -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan, np.inf], "b": ["x", "", "z"]})
    assert records(frame) == [
        {"a": 1.0, "b": "x"},
        {"a": None, "b": ""},
        {"a": None, "b": "z"},
    ]
