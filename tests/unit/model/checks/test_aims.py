from __future__ import annotations

from dataclasses import replace

import pytest

from keruen.errors import Severity
from keruen.model.checks import aims
from keruen.model.draft import Draft
from keruen.model.settings import parse_settings
from keruen.schema import load_schema
from support.check_cases import Case, assert_told, at, cell
from support.template_draft import TEMPLATES, adding, draft, setting

CASES = [
    cell(
        aims.targets_make_sense,
        "unit_of_metric",
        ("targets", "main_line_pairs", "unit"),
        "t/year",
        value="t/year",
        metric="line_capacity_pairs",
        allowed="pairs/day",
    ),
    cell(
        aims.targets_make_sense,
        "ratio_needs_base",
        ("targets", "ratio_main_line", "base_date"),
        "",
    ),
    cell(
        aims.targets_make_sense,
        "subject_of_metric",
        ("targets", "corridor_volume", "subject_table"),
        "lines",
        allowed="corridors",
    ),
    cell(
        aims.currencies_convertible, "no_exchange_rate", ("tariffs", "haulage", "currency"), "XXX"
    ),
    Case(
        aims.currencies_convertible,
        "no_exchange_rate_in_year",
        at("tariffs", "grain_haulage", "price_year"),
        {"tariffs": setting("tariffs", "grain_haulage", price_year="2010")},
        {"currency": "XTS", "year": 2010},
        Severity.WARNING,
    ),
    cell(
        aims.spans_in_order,
        "span_reversed",
        ("tariffs", "support", "to_date"),
        "2023-12-31",
        first="from_date",
    ),
    cell(
        aims.spans_in_order,
        "span_reversed",
        ("projects", "port_cranes", "open_date"),
        "2020-01-01",
        first="start_date",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_broken_is_told_in_its_place(case: Case) -> None:
    assert_told(case)


def test_dollars_need_no_rate() -> None:
    assert aims.currencies_convertible(draft(exchange_rates=None))[0].code == "no_exchange_rate"
    edited = draft(
        exchange_rates=None,
        tariffs=setting("tariffs", "grain_haulage", currency="USD"),
        projects=setting("projects", "second_gauge_track", cost_currency="USD"),
    )
    assert aims.currencies_convertible(edited) == []


def test_the_currency_of_results_needs_a_rate() -> None:
    settings, _ = parse_settings((TEMPLATES / "berth" / "study.yaml").read_text(encoding="utf-8"))
    assert settings is not None
    in_tenge = Draft(replace(settings, currency="KZT"), draft("berth").tables)
    (told,) = aims.currencies_convertible(in_tenge)
    assert (told.code, told.place) == ("no_exchange_rate", "study.yaml:currency")
    rates = draft(exchange_rates=adding({"currency": "KZT", "year": "2024", "per_usd": "470"}))
    assert aims.currencies_convertible(Draft(in_tenge.settings, rates.tables)) == []


def test_the_rules_of_metrics_are_those_of_the_schema() -> None:
    columns = load_schema()["targets"].columns
    assert set(aims.METRIC_UNITS) == set(columns["metric"].values)
    assert {unit for units in aims.METRIC_UNITS.values() for unit in units} == set(
        columns["unit"].values
    )
    assert {t for tables in aims.METRIC_TABLES.values() for t in tables} <= set(
        columns["subject_table"].values
    )
