from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest

from keruen.cli.naming import Names
from keruen.cli.route import Shape
from keruen.flows.freight.forwarding import Wanted, quote
from keruen.i18n import translator
from keruen.model.place_names import Named
from keruen.report.route_page import NARROWEST, render_route
from support.forwarding import YEAR, corridor_flows
from support.page_reading import Element, read_page


def result(language: str) -> dict[str, Any]:
    base, model, flows = corridor_flows()
    wanted = Wanted(Named("zones", "east"), Named("zones", "west"), "container")
    found = quote(base, model, flows, wanted)
    names = Names(translator(language), model, base)
    return Shape(names, 2.0).result(found, flows, wanted, 2024)


def page(language: str, shape: dict[str, Any]) -> str:
    return render_route(translator(language), corridor_flows().model, shape, date(YEAR, 7, 1))


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_page_says_what_the_answer_says(language: str) -> None:
    shape = result(language)
    text = page(language, shape)
    read: Element = read_page(text)
    t = translator(language)
    chain = shape["chains"][0]
    told = " ".join(" ".join(one.pieces) for one in read.one("section", "chains").every("td"))
    assert t.number(chain["cost_usd"], 0) in told
    legs = read.one("section", "chain-1").one("tbody")
    assert len([row for row in legs.children if row.name == "tr"]) == len(chain["legs"])
    assert "report." not in re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_foot_promises_no_copy_of_the_study(language: str) -> None:
    t, text = translator(language), unescape(page(language, result(language)))
    assert t("report.route.foot") in text
    assert t("report.foot") not in text


def test_a_leg_without_a_price_is_told() -> None:
    shape, note = result("en"), translator("en")("report.route.unpriced")
    assert note not in unescape(page("en", shape))
    first = shape["chains"][0]["legs"]
    first[0] = {**first[0], "priced": False, "cost_usd": 0.0, "items_usd": {}}
    assert note in unescape(page("en", shape))


def test_the_page_asks_nothing_of_any_other_place() -> None:
    text = unescape(page("en", result("en")))
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href)=\"(?!#)", text)


def test_chains_lie_over_each_other_the_likeliest_on_top() -> None:
    shape = result("en")
    shape["chains"] = [shape["chains"][0], {**shape["chains"][0], "via": ["other"]}]
    text = page("en", shape)
    wide = [
        float(one) for one in re.findall(r'stroke="var\(--k-s[01]\)" stroke-width="([\d.]+)"', text)
    ]
    assert min(wide) <= NARROWEST < max(wide)
    assert text.index('stroke="var(--k-s1)" stroke-width="5.2"') < text.index(
        'stroke="var(--k-s0)" stroke-width="2.6"'
    )


def test_a_study_without_coordinates_has_no_map() -> None:
    model = corridor_flows().model
    bare = {**model.tables, "coordinates": model["coordinates"].iloc[:0]}
    told = render_route(
        translator("en"), replace(model, tables=bare), result("en"), date(YEAR, 7, 1)
    )
    assert '<section id="map"' not in told
