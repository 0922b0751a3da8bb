"""The message catalogues: compiled, complete, the same in every language, nothing unused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import make_catalogues
from keruen.capacity import Capacities, capacity
from keruen.capacity.corridor import DIRECTIONS
from keruen.capacity.line_timetable import CLASSES
from keruen.capacity.registry import KINDS
from keruen.cli.studies import find_study
from keruen.errors import Severity
from keruen.i18n import LANGUAGES_FOLDER, filled, languages, parameters, translator, unit_code
from keruen.model import load_model
from keruen.rail.crossing import SCHEMES
from keruen.rail.dispatch.network import Cause, Policy
from keruen.rail.line_capacity import Level
from keruen.rail.line_result import LineMethod
from keruen.report.charts.ranges import Verdict
from keruen.schema import load_schema
from keruen.study.levers import LEVERS
from keruen.study.pipeline import STEPS
from keruen.study.why import RELATIONS
from keruen.units import UNITS
from support.message_codes import (
    limits_set,
    literals,
    spoken_codes,
    spoken_prefixes,
    told_problems,
)

SOURCES = sorted(LANGUAGES_FOLDER.glob("*/LC_MESSAGES/*.po"))
DOMAINS = sorted({path.stem for path in SOURCES})

# Put together from words while running (keruen.model.cells.check_bounds).
BUILT_PROBLEMS = {
    *("below_minimum", "above_maximum", "below_usual_minimum", "above_usual_maximum"),
    # By what fails (capacity/cannot_run.py): a start, the climb, the brakes.
    *(f"{of}_not_{does}" for of in ("ruling", "profile") for does in ("started", "held", "braked")),
    # What is told of pairs of an equilibrium, in the words of a file (cli/flows_tntp.py).
    *("tntp_pair_unreachable", "tntp_pair_to_itself"),
}
# Signs that are the same in every language.
SIGNS = re.compile(r"[\W\d_]*(TEU|STUDY|JSON|km|m|min|h)?[\W\d_]*")


@cache
def catalogue(language: str, domain: str) -> Catalog:
    path = LANGUAGES_FOLDER / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def messages(language: str) -> dict[str, Message]:
    found = {}
    for domain in DOMAINS:
        for message in catalogue(language, domain):
            if message.id:
                found[code_of(message)] = message
    return found


def code_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def texts_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def problem_codes() -> set[str]:
    return {code.split(".")[1] for code in messages("en") if code.startswith("problem.")}


def test_the_compiled_catalogues_are_those_of_their_sources() -> None:
    assert make_catalogues.stale() == {}
    assert {path.with_suffix(".mo") for path in SOURCES} == set(
        LANGUAGES_FOLDER.glob("*/LC_MESSAGES/*.mo")
    )


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_catalogue_and_code(language: str) -> None:
    folder = LANGUAGES_FOLDER / language / "LC_MESSAGES"
    assert sorted(path.stem for path in folder.glob("*.po")) == DOMAINS
    assert messages(language).keys() == messages("en").keys()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_no_message_is_fuzzy_obsolete_doubled_or_elsewhere(path: Path) -> None:
    found = catalogue(path.parts[-3], path.stem)
    assert not found.obsolete
    ids = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids)) == len(found)
    for message in found:
        assert not message.fuzzy
        if message.id:
            assert code_of(message).split(".")[0] == path.stem


@pytest.mark.parametrize("language", languages())
def test_no_message_is_empty_or_is_its_own_code(language: str) -> None:
    for code, message in messages(language).items():
        texts = texts_of(message)
        assert len(texts) == (
            catalogue(language, code.split(".")[0]).num_plurals if message.pluralizable else 1
        )
        assert all(text.strip() and text != code for text in texts), code


@pytest.mark.parametrize("language", languages())
def test_parameters_are_the_same_in_every_language(language: str) -> None:
    for code, message in messages(language).items():
        english = messages("en")[code]
        assert message.pluralizable == english.pluralizable, code
        wanted = {frozenset(parameters(text)) for text in texts_of(english)}
        assert {frozenset(parameters(text)) for text in texts_of(message)} == wanted, code
        assert len(wanted) == 1, code


def test_kazakh_is_translated_and_of_one_script() -> None:
    for code, message in messages("kk").items():
        for text, english in zip(texts_of(message), texts_of(messages("en")[code]), strict=True):
            bare = filled(text, dict.fromkeys(parameters(text), ""))
            if not SIGNS.fullmatch(bare):
                assert text != english, code
                assert re.search("[а-яәғқңөұүһі]", bare.lower()), code
            # A Latin letter inside a Cyrillic word looks right and is not found by a search.
            mixed = re.search("[a-z][а-яәғқңөұүһіё]|[а-яәғқңөұүһіё][a-z]", bare.lower())
            assert mixed is None, (code, text)


def test_every_problem_that_the_source_tells_is_in_the_catalogues() -> None:
    known = problem_codes()
    found = list(told_problems())
    assert len({told.code for told in found}) > 50, "the source was not read"
    assert not {f"{told.code} ({told.where})" for told in found if told.code not in known}


def test_every_problem_is_told_with_the_parameters_of_its_message() -> None:
    lacking = set()
    checked = 0
    for told in told_problems():
        if told.given is None or told.code not in problem_codes():
            continue
        checked += 1
        for part in ("rule", "mend", "suggest"):
            message = messages("en").get(f"problem.{told.code}.{part}")
            wanted = parameters(texts_of(message)[0]) if message else frozenset()
            if part != "suggest" or "better" in told.given:
                lacking |= {(told.where, told.code, name) for name in wanted - told.given}
    assert checked > 40, "the source was not read"
    assert not lacking


def test_every_problem_has_a_rule_and_a_mend_and_is_told_somewhere() -> None:
    codes = set(messages("en"))
    said = literals() | BUILT_PROBLEMS
    for code in problem_codes():
        assert {f"problem.{code}.rule", f"problem.{code}.mend"} <= codes, code
        assert code in said, f"{code} is told nowhere"


def test_every_other_code_exists_and_is_used() -> None:
    codes = {code for code in messages("en") if not code.startswith("problem.")}
    used, prefixes = spoken_codes(), spoken_prefixes()
    assert "cli.check.help" in used
    assert not {code for code in used if code not in codes and not code.endswith(".")}
    unused = {code for code in codes - used if not code.startswith(tuple(prefixes))}
    assert not unused


def engine_words() -> Iterator[tuple[str, set[str]]]:
    """Words of the engine that faces show, by family; limits are those that the source sets."""
    handling, fleets = load_schema()["handling"].columns, load_schema()["fleets"].columns
    yield "level", {level.value for level in Level}
    yield "line_method", {method.value for method in LineMethod}
    yield "line_train", set(CLASSES)
    yield "policy", {policy.name.lower() for policy in Policy}
    yield "wait", {cause.name.lower() for cause in Cause if cause}
    yield "direction", {*DIRECTIONS, "both"}
    yield "kind", set(KINDS)
    yield "native", {*handling["native_unit"].values, "train", "truck", "vessel"}
    yield "server", {*handling["kind"].values, "station_tracks"}
    yield "serves", set(handling["serves"].values) - {"any", "train"}
    yield "scheme", {scheme.name for scheme in SCHEMES}
    yield "step", {"check", *STEPS, "report", "export"}
    yield "verdict", {verdict.value for verdict in Verdict}
    model = load_model(find_study("kazakhstan")).in_year(2030)
    limits = limits_set() | {record.limit for record in capacity(Capacities(model))}
    assert {"crossing_period", "agreed_limit", "throats", "service_time", "stated"} <= limits
    yield "limit", limits | {f"units_{kind}" for kind in fleets["kind"].values}


@pytest.mark.parametrize("language", languages())
def test_codes_put_together_while_running_are_complete(language: str) -> None:
    t = translator(language)
    families = {f"unit.name.{unit_code(unit)}" for unit in UNITS}
    families |= {f"unit.value.{unit_code(unit)}" for unit in UNITS - {"1", "%"}}
    confidences = load_schema()["nodes"].columns["confidence"].values
    families |= {f"word.confidence.{word}" for word in confidences}
    families |= {f"word.severity.{severity.value}" for severity in Severity}
    families |= {f"cli.problems.{severity.value}" for severity in Severity}
    families |= {f"word.{family}.{word}" for family, words in engine_words() for word in words}
    families |= {f"cli.why.lever.{lever.replace('-', '_')}" for lever in LEVERS}
    families |= {f"cli.why.relation.{relation}" for relation in RELATIONS}
    assert not {code for code in families if not t.has(code)}
    units = {code for code in messages(language) if code.startswith("unit.")}
    assert units <= families


@pytest.mark.parametrize("language", languages())
def test_no_message_holds_a_character_that_pages_show_as_its_code(language: str) -> None:
    for code, message in messages(language).items():
        for text in texts_of(message):
            assert not {sign for sign in text if unicodedata.category(sign) == "Cf"}, code
