"""Words that are put together while a page is written: complete in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import keruen
from keruen.capacity.factors import GROUPS
from keruen.capacity.registry import KINDS
from keruen.i18n import languages, translator
from keruen.model.provenance import CONFIDENCES
from keruen.rail.dispatch.network import Policy
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineMethod
from keruen.report.charts.ranges import Verdict
from keruen.report.map_records import LineStyle, PointKind
from keruen.report.page.geography import COUNTRIES, WATERS
from keruen.schema import load_schema
from keruen.study.history import UNLISTED_LOOP
from keruen.study.what_ifs import AS_IT_STANDS, DECIDED, MEASURES

SOURCE = Path(keruen.__file__).parent


def limits_told() -> Iterator[str]:
    """Limits that the capacity room names in its records, and the endings of those it builds."""
    for path in (SOURCE / "capacity").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def values(table: str, column: str) -> tuple[str, ...]:
    return load_schema()[table].columns[column].values


def families() -> set[str]:
    schema = load_schema()
    found = {f"report.table.{name}" for name in schema.tables}
    found |= {f"report.level.{level.value}" for level in Level}
    found |= {f"report.verdict.{verdict.value}" for verdict in Verdict}
    found |= {f"report.element.{kind}" for kind in KINDS}
    found |= {
        f"report.{family}.{name}"
        for name in (*GROUPS, UNLISTED_LOOP)
        for family in ("factor", "factor_told")
    }
    found |= {f"report.confidence.{word}" for word in CONFIDENCES}
    found |= {f"report.map.point.{kind.value}" for kind in PointKind}
    found |= {f"report.map.line.{style.value}" for style in LineStyle}
    found |= {f"report.map.area.{name}" for name in (*COUNTRIES, *WATERS)}
    found |= {f"report.map.heading.{name}" for name in ("eurasia", "kazakhstan", "study")}
    measures = (AS_IT_STANDS, *MEASURES, DECIDED)
    found |= {f"report.{of}.{name}" for name in measures for of in ("what_if", "what_if_told")}
    found |= {f"report.trains.method.{method.value}" for method in LineMethod}
    found |= {f"report.trains.policy.{policy.name.lower()}" for policy in Policy}
    found |= {f"report.reason.{code}" for code in ("flows_needed", "out_of_service")}
    for family, table, column in (
        ("handling", "handling", "kind"),
        ("serves", "handling", "serves"),
        ("native", "handling", "native_unit"),
        ("mode", "sections", "mode"),
        ("project", "projects", "kind"),
        ("status", "projects", "status"),
        ("role", "project_parties", "role"),
        ("system", "systems", "kind"),
        ("needs", "questions", "needs"),
        ("kind", "targets", "kind"),
        ("stated", "targets", "kind"),
        ("bound", "corridor_mix", "direction"),
    ):
        found |= {f"report.{family}.{value}" for value in values(table, column)}
    for column in ("tonnes", "loaded", "counted"):
        words = set(values("observations", column)) - {"none"}
        found |= {f"report.counting.{column}.{word}" for word in words}
    for kind in values("targets", "kind"):
        found |= {f"report.finding.{kind}.{verdict}" for verdict in ("met", "missed")}
    return found


@pytest.mark.parametrize("language", languages())
def test_every_word_of_the_schema_and_the_engines_has_its_message(language: str) -> None:
    t = translator(language)
    assert not {code for code in families() if not t.has(code)}


@pytest.mark.parametrize("language", languages())
def test_every_limit_that_an_element_can_have_is_told(language: str) -> None:
    t = translator(language)
    catalogue = set(t.catalogues["word"]._catalog)  # type: ignore[attr-defined]
    told = {code.removeprefix("word.limit.") for code in catalogue if "word.limit." in str(code)}
    known = set(limits_told())
    kinds = {f"units_{kind}" for kind in values("fleets", "kind")}
    stations = {"tracks", "throats"}
    assert told - kinds - stations <= known, "a limit is told that no element can have"
    assert kinds | stations <= told
    records = re.compile(
        r"(accepted_wait|agreed_limit|crossing_period|service_time|unbounded|stated)"
    )
    assert {text for text in known if records.fullmatch(text)} <= told


@pytest.mark.parametrize("language", languages())
def test_every_quantity_of_a_study_has_a_name(language: str) -> None:
    t = translator(language)
    numeric = {
        column.name
        for table in load_schema().tables.values()
        for column in table.facts
        if column.type.is_numeric
    }
    assert len(numeric) > 60
    assert not {name for name in numeric if not t.has(f"report.quantity.{name}")}
