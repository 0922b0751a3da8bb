from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from keruen.errors import FailedError, KeruenError, UsageError
from keruen.flows.freight.selection import Subject, find_subject, standing_of, users_of
from keruen.flows.freight.tables import link_table
from keruen.flows.freight.years import mid_year
from keruen.model import Model, load_model
from support.freight_study import corridor

YEAR = 2027


def found(name: str) -> Subject:
    years, days = corridor()
    return find_subject(years.freight(YEAR), years.base, days(mid_year(YEAR)).model, name)


@pytest.mark.parametrize(
    ("name", "table", "row"),
    [
        ("ailaq_grain", "handling", "ailaq_grain"),
        ("sections/orta_tepe", "sections", "orta_tepe"),
        ("ailaq_port", "terminals", "ailaq_port"),
        ("Айлақ порты", "terminals", "ailaq_port"),
        ("tau, EXIT west", "border_crossings", "tau_exit"),
        ("orta", "nodes", "orta"),
    ],
)
def test_an_element_is_found_by_id_and_by_name(name: str, table: str, row: str) -> None:
    subject = found(name)
    assert (subject.table, subject.row) == (table, row)
    assert subject.links.size
    assert subject.has_load == (table not in ("nodes", "terminals"))


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("ailaq_grian", UsageError, "unknown_element"),
        ("sections/orta_tepee", UsageError, "unknown_element"),
        ("orta_dala_bypass", FailedError, "element_not_in_service"),
        ("orta_loading", FailedError, "element_without_flow"),
    ],
)
def test_what_cannot_be_asked_is_refused(name: str, kind: type[KeruenError], code: str) -> None:
    with pytest.raises(kind) as refused:
        found(name)
    (problem,) = refused.value.problems
    assert problem.code == code


def test_a_near_miss_gets_a_suggestion() -> None:
    with pytest.raises(UsageError) as refused:
        found("ailaq_grian")
    assert refused.value.problems[0].params["better"] == "ailaq_grain"


@pytest.mark.parametrize(
    ("said", "better"),
    [
        ("Ailaq Port of", "Port of Ailaq"),
        ("tepe_orta", "orta_tepe"),
        ("порты Айлақ", "Айлақ порты"),
        ("the Port of Ailaq", "Port of Ailaq"),
    ],
)
def test_words_in_another_order_get_a_suggestion(said: str, better: str) -> None:
    with pytest.raises(UsageError) as refused:
        found(said)
    assert refused.value.problems[0].params["better"] == better


@pytest.mark.parametrize(
    ("said", "better"),
    [
        ("Aktau", "aktau_port"),
        ("Port of Aktau", "aktau_port"),
        ("Порт Актау", "Актау-Порт"),
        ("Ақтау", "Ақтау порты"),
        ("Kuryk", "kuryk_port"),
    ],
)
def test_who_names_a_port_means_the_port(said: str, better: str, repository: Path) -> None:
    years, _ = corridor()
    base = reference_study(repository)
    with pytest.raises(UsageError) as refused:
        find_subject(years.freight(YEAR), base, base, said)
    assert refused.value.problems[0].params["better"] == better


@cache
def reference_study(repository: Path) -> Model:
    return load_model(repository / "src/keruen/studies/kazakhstan")


@pytest.mark.parametrize("name", ["orta_tepe", "ailaq_jaga_container", "tau_exit", "ailaq_grain"])
def test_users_add_up_to_the_load(name: str) -> None:
    flows = corridor()[0].flows(YEAR)
    subject = found(name)
    users, standings = users_of(flows, subject), standing_of(flows, subject)
    links = link_table(flows)
    own = links[links["element_row"] == name]
    assert users["share"].sum() == pytest.approx(1.0)
    assert users["flow_t_per_year"].sum() == pytest.approx(own["flow_t_per_year"].sum())
    assert users["flow_teu_per_year"].sum() == pytest.approx(own["flow_teu_per_year"].sum())
    assert [one.load for one in standings] == pytest.approx(own["load_per_year"].tolist())
    assert users["relation_share"].between(0.0, 1.0).all()


def test_a_way_that_everybody_takes_has_the_whole_of_every_relation() -> None:
    flows = corridor()[0].flows(YEAR)
    users = users_of(flows, found("ailaq_port"))
    # Nothing else joins the east and the west.
    assert np.allclose(users["relation_share"], 1.0)
    assert set(users["destination"]) | set(users["origin"]) == {"east", "middle", "west"}
    assert users_of(flows, found("qaqpa_ailaq_road")).empty
