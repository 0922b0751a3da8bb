from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from keruen.cli.route import by_way_of, parse_most, parse_quantity
from keruen.errors import UsageError
from support.command_line import call
from support.page_reading import read_page
from support.worlds import template

ASKED = ("--commodity", "container", "--year", "2026")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return template("corridor")(tmp_path / "corridor")


def test_a_quote_by_names_and_a_page(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = study.parent / "quote.html"
    called = call(capsys, "route", str(study), "шығыс", "BATYS", *ASKED, "-o", str(page), "--json")
    assert called.status == 0
    result = called.envelope["result"]
    assert result["files"] == [str(page)]
    assert (result["origin"]["id"], result["destination"]["id"]) == ("east", "batys")
    chain = result["chains"][0]
    items = chain["items_usd"]
    assert chain["cost_usd"] == pytest.approx(sum(items.values()))
    assert items["subsidy"] == -50.0
    assert chain["time_h"] == pytest.approx(sum(leg["time_h"] for leg in chain["legs"]))
    assert sum(one["probability_share"] for one in result["chains"]) <= 1.0 + 1e-12
    told = read_page(page.read_text(encoding="utf-8"))
    assert [one["id"] for one in told.every("section")][:2] == ["chains", "map"]
    assert {"no_emission_factor"} == set(called.codes)


def test_quantity_scales_money_and_gases_but_no_hours(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, ten = (
        call(
            capsys, "route", str(study), "tau", "west", *ASKED, "--quantity", n, "--json"
        ).envelope["result"]["chains"][0]
        for n in ("1", "10")
    )
    for key in ("cost_usd", "time_cost_usd", "co2e_known_kg", "felt_usd"):
        assert ten[key] == pytest.approx(10.0 * one[key])
    assert ten["time_h"] == one["time_h"]


@pytest.mark.parametrize("language", ["en", "kk"])
def test_the_screen(
    study: Path,
    language: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    called = call(capsys, "route", str(study), "east", "west", *ASKED, "--lang", language)
    assert called.status == 0
    assert max(map(len, called.out.splitlines())) <= 80
    assert {"en": "change of gauge: Qaqpa", "kk": "табан ауыстыру: Қақпа"}[language] in called.out
    assert "cli." not in called.out
    assert "word." not in called.out


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("eats", "west", *ASKED), 2, "unknown_name"),
        (("east", "east", *ASKED), 2, "same_place"),
        (("east", "west", "--year", "2026"), 2, "missing_option"),
        (("east", "west", *ASKED, "--most", "0"), 2, "bad_most"),
        (("lonely", "west", *ASKED), 3, "no_way_out"),
    ],
)
def test_each_way_to_fail(
    study: Path,
    arguments: tuple[str, ...],
    status: int,
    code: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nodes = study / "nodes.csv"
    alone = "lonely,Lonely,,,,station,XB,,,own_estimate,assumed,\n"
    nodes.write_text(nodes.read_text(encoding="utf-8") + alone, encoding="utf-8")
    called = call(capsys, "route", str(study), *arguments, "--json")
    assert (called.status, called.codes) == (status, [code])
    if status == 3:
        problem = called.envelope["problems"][0]
        assert (problem["file"], problem["row"]) == ("nodes.csv", 12)


def accesses(study: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Legs between a zone and its node, in a year that is not given."""
    called = call(capsys, "route", str(study), "east", "tau", "--commodity", "container", "--json")
    assert called.status == 0
    assert called.envelope["year"] == 2024
    legs = [leg for chain in called.envelope["result"]["chains"] for leg in chain["legs"]]
    access = [leg for leg in legs if leg["mode"] == "access"]
    assert access
    return access


def test_without_a_year_it_is_the_base_year(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lorries ask for the way between a zone and its node; where they do not, nobody says nought.

    0.09 dollars a tonne-kilometre over 300 km of a box of ten tonnes.
    """
    priced = accesses(study, capsys)
    assert all(leg["priced"] for leg in priced)
    assert [leg["cost_usd"] for leg in priced] == pytest.approx([0.09 * 300.0 * 10.0] * len(priced))
    tariffs = study / "tariffs.csv"
    text = tariffs.read_text(encoding="utf-8")
    assert text.count(",,both,road,") == 1
    tariffs.write_text(text.replace(",,both,road,", ",dry_bulk,both,road,"), encoding="utf-8")
    assert not any(leg["priced"] for leg in accesses(study, capsys))


def test_activities_are_told_in_the_language(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = call(capsys, "route", str(study), "east", "west", *ASKED, "--lang", "kk", "--json")
    rules = [problem["rule"] for problem in called.envelope["problems"]]
    assert any("тасымал (теміржол, дизель тартымы, XA, контейнерлер)" in rule for rule in rules)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "two", "1e308", "1e10", "1e-300"])
def test_no_quantity(text: str) -> None:
    with pytest.raises(UsageError):
        parse_quantity(text)


def test_number_of_chains() -> None:
    assert parse_most("20") == 20
    for text in ("21", "1.0", ""):
        with pytest.raises(UsageError):
            parse_most(text)


def leg(mode: str, start: str, end: str) -> dict[str, str]:
    return {
        "mode": mode,
        "from": start,
        "to": end,
        "from_name": start.upper(),
        "to_name": end.upper(),
    }


def test_what_is_said_of_chains_tells_them_apart() -> None:
    shared = leg("border", "x", "y")
    north = {"legs": [shared, leg("border", "n", "m")], "places": {"p": "P", "q": "Q"}}
    other = {"legs": [shared, leg("border", "n", "m")], "places": {"p": "P", "r": "R"}}
    by_sea = {"legs": [shared, leg("sea", "a", "b")], "places": {"p": "P"}}
    assert by_way_of([north, by_sea]) == [["M"], ["A – B"]]
    assert by_way_of([north, other, by_sea]) == [["M", "Q"], ["M", "R"], ["A – B"]]
    far = [leg("border", "n", "n"), leg("rail", "n", "m"), leg("border", "m", "m")]
    assert by_way_of([{"legs": [shared, *far], "places": {"p": "P"}}, by_sea]) == [["M"], ["A – B"]]
    one_side = {"legs": [shared, *far[:2]], "places": {"p": "P"}}
    assert by_way_of([one_side, by_sea]) == [["N"], ["A – B"]]
    assert by_way_of([north]) == [["Y", "M"]]
    assert by_way_of([{"legs": [], "places": {"p": "P"}}]) == [["P"]]
