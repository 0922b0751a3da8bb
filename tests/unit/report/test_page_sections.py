"""What the sections of a page say of a run: against its tables, counted and written another way."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest

from keruen.i18n import translator
from keruen.report.page import Matter
from keruen.report.page.context import Context, context_of
from keruen.report.page.corridors import mix
from keruen.report.page.elements import elements
from keruen.report.page.ladders import corridor_ladders
from keruen.report.page.line_rise import rises
from keruen.report.page.maps import maps
from keruen.report.page.matter import runs_of
from keruen.report.page.names import Names
from keruen.report.page.projects import projects
from keruen.report.page.staircases import staircases
from keruen.report.page.systems import observations, questions, systems
from keruen.report.page.verdicts import answers, cell_text
from keruen.study.history import UNLISTED_LOOP
from keruen.study.store import Run


@pytest.fixture(scope="module")
def context(corridor: Matter) -> Context:
    return context_of(corridor, translator("en"))


def with_table(matter: Matter, name: str, frame: pd.DataFrame) -> Context:
    """The same run with another result table."""
    tables = MappingProxyType({**matter.run.tables, name: frame})
    run = Run(matter.run.path, matter.run.manifest, tables)
    return context_of(replace(matter, run=run), translator("en"))


def changed_target(matter: Matter, key: str, **cells: str | float | None) -> Context:
    """The same run with one target's results set."""
    frame = matter.table("targets").copy()
    for column, value in cells.items():
        frame[column] = frame[column].astype(object)
        frame.loc[frame["id"] == key, column] = value
    return with_table(matter, "targets", frame)


def test_cards_follow_the_systems_of_the_study(context: Context) -> None:
    cards = answers(context).cards
    systems_of = [context.matter.model.text("targets", card.id, "system") for card in cards]
    order = [str(system) for system in context.matter.model["systems"].index]
    assert systems_of == sorted(systems_of, key=order.index)


def test_a_missed_claim_is_said_plainly(context: Context) -> None:
    card = next(card for card in answers(context).cards if card.id == "main_line_pairs")
    assert card.verdict == "missed"
    assert card.sentence == "The claim does not hold in the model at the end of 2028."
    assert card.stated == "24\u00a0pairs/day"
    assert card.blocked_by == ("Tau–Qaqpa",)
    assert card.first_year == "not in 2024–2028"
    assert not card.is_met_once


def test_what_was_stated_or_chosen_to_fit_is_no_finding(corridor: Matter) -> None:
    held: dict[str, str | float | None] = {"verdict": "met", "is_stated": False, "surpassed_by": ""}
    fitted = changed_target(
        corridor, "port_boxes", **held, fitted="sections/tau_qaqpa/crossing_gap_km"
    )
    card = next(card for card in answers(fitted).cards if card.id == "port_boxes")
    assert (card.is_finding, card.is_firm, card.remark) == (False, True, "chosen to fit")
    assert "Tau–Qaqpa" in card.firmness
    assert "1 of those that hold is no finding" in answers(fitted).doubt
    stated = changed_target(corridor, "port_boxes", **{**held, "is_stated": True})
    card = next(card for card in answers(stated).cards if card.id == "port_boxes")
    assert (card.is_finding, card.remark) == (False, "as stated")


def test_a_met_target_names_its_year_and_nothing_in_the_way(corridor: Matter) -> None:
    told = changed_target(
        corridor,
        "port_boxes",
        verdict="met",
        computed=160_000.0,
        first_year=2027.0,
        blocked_by="",
        computed_low=155_000.0,
        computed_high=170_000.0,
    )
    table = corridor.table("target_turns")
    told = with_table(told.matter, "target_turns", table[table["target"] != "port_boxes"])
    card = next(card for card in answers(told).cards if card.id == "port_boxes")
    assert (card.first_year, card.blocked_by, card.is_firm) == ("2027", (), True)
    assert card.firmness.startswith("Firm")
    assert answers(told).summary.startswith("Of 4 claims, facts and targets tested, 1 hold")


def test_what_unblocks_is_named_with_its_cost(corridor: Matter) -> None:
    told = changed_target(
        corridor, "port_boxes", unblocked_by="port_cranes second_track", unblocking_cost_usd=128e6
    )
    card = next(card for card in answers(told).cards if card.id == "port_boxes")
    assert card.unblocked_by == ("New cranes at Ailaq", "Second track Tepe–Dala")
    assert card.unblocking_cost == "$128M at 2024 prices"
    partly = changed_target(corridor, "port_boxes", unblocked_by="port_cranes dredging")
    card = next(card for card in answers(partly).cards if card.id == "port_boxes")
    assert card.unblocking_cost == "$18M at 2024 prices, and 1 project of unknown cost"
    unknown = changed_target(corridor, "port_boxes", unblocked_by="dredging")
    card = next(card for card in answers(unknown).cards if card.id == "port_boxes")
    assert card.unblocking_cost == "cost not known"


def test_a_volume_needs_flows_and_shows_the_observation(corridor: Matter) -> None:
    told = changed_target(
        corridor,
        "corridor_volume",
        verdict="undetermined",
        reason="flows_needed",
        computed=None,
        computed_low=None,
        computed_high=None,
        blocked_by="",
    )
    card = next(card for card in answers(told).cards if card.id == "corridor_volume")
    assert "flows are needed" in card.sentence
    assert card.observed == "1.4\u00a0Mt/year"
    assert card.observed_definition.text.startswith("Net tonnes in transit")
    assert (card.computed, card.picture, card.firmness) == ("", "", "")


def test_the_capacity_of_a_corridor_says_of_which_element_it_is(corridor: Matter) -> None:
    def card_with(binding: str) -> str:
        told = changed_target(corridor, "corridor_volume", binding=binding)
        return next(one for one in answers(told).cards if one.id == "corridor_volume").full

    table = corridor.table("targets").set_index("id")
    line = str(table["binding"]["corridor_volume"])
    assert not line.startswith("fleets/")
    fleet = corridor.model["fleets"].index[0]
    flows_know, flows_do_not = card_with(line), card_with(f"fleets/{fleet}")
    assert "busiest month" in flows_know
    assert "Flows do not know this limit" not in flows_know
    assert flows_do_not.endswith("turn no cargo away there.")
    other = changed_target(corridor, "port_boxes", binding="sections/x")
    assert next(one for one in answers(other).cards if one.id == "port_boxes").full == ""


def test_what_was_only_said_is_not_called_observed(corridor: Matter) -> None:
    counted = next(
        one for one in answers(context_of(corridor, translator("en"))).cards if one.observed
    )
    assert counted.observed_label == "Observed"
    seen = corridor.model.text("targets", counted.id, "observation")
    frame = corridor.model["observations"].copy()
    for name, value in (("from_date", None), ("to_date", None), ("counted", "none")):
        frame[name] = frame[name].astype(object)
        frame.loc[seen, name] = value
    tables = {**corridor.model.tables, "observations": frame}
    model = replace(corridor.model, tables=MappingProxyType(tables))
    told = context_of(replace(corridor, model=model), translator("en"))
    card = next(one for one in answers(told).cards if one.id == counted.id)
    assert card.observed_label == "Stated, not counted"


def test_assumed_numbers_that_turn_a_verdict_are_told_with_both_ends(context: Context) -> None:
    card = next(card for card in answers(context).cards if card.id == "port_boxes")
    turns = context.matter.table("target_turns")
    assert len(turns[turns["target"] == "port_boxes"]) == len(card.turns) > 0
    assert not card.is_firm
    for turn in card.turns:
        assert turn.name.startswith("Port of Ailaq, berths")
        assert "TEU/year" in turn.value_at_low + turn.value_at_high


def test_a_number_that_a_project_sets_is_named_as_the_project_says_it(corridor: Matter) -> None:
    turns = corridor.table("target_turns").copy()
    turns = turns[turns["target"] == "port_boxes"].iloc[:1]
    changes = corridor.model["project_changes"]
    change = next(str(key) for key in changes.index if changes.at[key, "project"] == "port_cranes")
    turns["stands_in"] = f"project_changes/{change}/value"
    card = next(
        card
        for card in answers(with_table(corridor, "target_turns", turns)).cards
        if card.id == "port_boxes"
    )
    assert card.turns[0].name.startswith("New cranes at Ailaq → ")
    older = with_table(corridor, "target_turns", turns.drop(columns="stands_in"))
    card = next(card for card in answers(older).cards if card.id == "port_boxes")
    assert card.turns[0].name.startswith("Port of Ailaq")


def test_a_loop_that_no_list_shows_is_no_part_of_the_rise(corridor: Matter) -> None:
    factors = corridor.table("line_factors")
    built = factors[factors["factor"] != UNLISTED_LOOP]
    loops = built.drop_duplicates("level").assign(
        factor=UNLISTED_LOOP, share_ratio=1.0, alone_ratio=1.3, without_ratio=0.77, assumed=True
    )
    both = pd.concat([built, loops], ignore_index=True)
    (rise,) = rises(with_table(corridor, "line_factors", both))
    assert rise.answer[-1].endswith("the ratio would be ×\u00a00.77.")
    assert "passing loop" not in rise.answer[-2]
    row = rise.factors[-1]
    assert row.values == (("—", "×\u00a01.3", "×\u00a00.77"),) * 3
    (without,) = rises(with_table(corridor, "line_factors", built))
    assert without.factor_picture == rise.factor_picture


def test_ranges_of_cells_are_written_as_what_they_are(context: Context) -> None:
    assert cell_text(context, "sections", "x", "signalling", "semi") in {
        "semi",
        context.names.of("signalling", "semi"),
    }
    assert cell_text(context, "handling", "x", "service_h", "2.5") == "2.5\u00a0h"
    assert cell_text(context, "projects", "x", "open_date", "2027-07-01") == "Jul 1, 2027"
    assert cell_text(context, "handling", "x", "service_h", "a few") == "a few"


def test_the_rise_of_a_line_is_told_at_each_level_and_date(context: Context) -> None:
    (rise,) = rises(context)
    history = context.matter.table("line_history")
    assert len(rise.days) == history["date"].nunique()
    assert len(rise.levels) == history["level"].nunique() == 3
    assert rise.title == "Tau–Ailaq: is ×\u00a01.5 true, and of what?"
    assert rise.answer[0] == "×\u00a01.5 is reached at no level of capacity."
    assert [level.reached for level in rise.levels] == [False, False, False]
    assert rise.days[0].double_track == "46 of 218\u00a0km"
    factors = context.matter.table("line_factors")
    assert len(rise.factors) == factors["factor"].nunique()


def test_claims_that_hold_at_some_levels_or_at_all_are_told_apart(corridor: Matter) -> None:
    history = corridor.table("line_history").copy()
    last = history["date"].max()
    history.loc[(history["date"] == last) & (history["level"] == "maximal"), "trains_per_day"] *= 2
    (rise,) = rises(with_table(corridor, "line_history", history))
    assert "some levels of capacity only (maximal)" in rise.answer[0]
    history.loc[history["date"] == last, "trains_per_day"] *= 2
    (rise,) = rises(with_table(corridor, "line_history", history))
    assert "every level" in rise.answer[0]


def test_every_year_of_a_corridor_stands_in_one_row_of_its_table(context: Context) -> None:
    (corridor,) = staircases(context)
    years: list[int] = []
    for row in corridor.years:
        ends = [int(year) for year in row.years.split("–")]
        years += range(ends[0], ends[-1] + 1)
    assert years == list(context.matter.years)
    ladders = context.matter.table("ladders")
    assert ladders["level"].nunique() == len(corridor.level_names)
    opened = [row.openings for row in corridor.years if row.openings]
    assert any("Second track Tepe–Dala" in text for text in opened)


def test_ladders_show_first_and_last_year_and_one_between(context: Context) -> None:
    (found,) = corridor_ladders(context)
    years = [entry.year for entry in found.years]
    assert years[0] == context.matter.years[0]
    assert years[-1] == context.matter.years[-1]
    ladders = context.matter.table("ladders")
    for entry in found.years:
        own = ladders[(ladders["year"] == entry.year) & (ladders["level"] == context.matter.level)]
        assert entry.all_steps == len(own)
        assert [step.rank for step in entry.steps] == list(range(1, min(len(own), 10) + 1))
        assert entry.needs
    assert any(step.lifted_by for entry in found.years for step in entry.steps)


def test_the_mix_of_a_corridor_adds_up(context: Context) -> None:
    shares = [float(row.share.rstrip("%")) for row in mix(context, "east_west")]
    assert sum(shares) == pytest.approx(100.0)
    assert all(row.notes for row in mix(context, "east_west"))


def test_elements_without_bound_are_counted_and_left_out(context: Context) -> None:
    found = elements(context)
    table = context.matter.table("capacity")
    ends = table[(table["level"] == "practical") & table["year"].isin((2024, 2028))]
    unbounded = ends[ends["limit"] == "unbounded"].drop_duplicates(["kind", "id"])
    bounded = ends[ends["limit"] != "unbounded"].drop_duplicates(["kind", "id", "direction"])
    assert found.unbounded == len(unbounded) > 0
    assert len(found.rows) == len(bounded)
    assert len({row.name for row in found.rows}) == len(found.rows), "names tell elements apart"
    opened = next(row for row in found.rows if row.own[0].text == "not in service")
    assert opened.own[1].key


def test_sort_keys_are_numbers(context: Context) -> None:
    for row in elements(context).rows:
        for figure in (*row.own, *row.tonnes, *row.teu):
            assert figure.key == "" or float(figure.key) >= 0
            assert (figure.key == "") == (figure.text in {"—", "not in service"})


def test_maps_show_every_placed_section_once(context: Context) -> None:
    found = maps(context)
    assert [drawn.heading for drawn in found.maps] == ["The network, 2024", "The network, 2028"]
    wide = found.maps[0].picture.split('class="k-narrow"')[0]
    for name in ("Tau", "Ailaq"):
        assert f">{name}</text>" in wide
    assert "used by background trains" in wide
    assert found.licences


def test_a_study_without_coordinates_has_no_map(corridor: Matter) -> None:
    tables = {**corridor.model.tables}
    tables["coordinates"] = tables["coordinates"].iloc[:0]
    bare = replace(corridor, model=replace(corridor.model, tables=MappingProxyType(tables)))
    assert maps(context_of(bare, translator("en"))).maps == ()


def test_projects_tell_cost_or_reason_never_both(context: Context) -> None:
    found = projects(context)
    assert found.committed + found.candidates == len(found.rows) == 7
    by_id = {row.id: row for row in found.rows}
    assert by_id["port_cranes"].cost == "$18M"
    assert by_id["dredging"].cost == ""
    assert by_id["dredging"].cost_reason.text == "No estimate has been made yet."
    assert by_id["second_track"].part_of == "Programme for the main line"
    assert by_id["second_gauge_track"].cost_stated
    opens = [row.opens_key for row in found.rows]
    assert opens == sorted(opens)


def test_systems_questions_and_observations_are_all_there(context: Context) -> None:
    model = context.matter.model
    assert len(systems(context)) == len(model["systems"])
    assert {t.id for system in systems(context) for t in system.targets} == set(
        model["targets"].index
    )
    (question,) = questions(context)
    assert question.is_open
    told = {row.name: row for row in observations(context)}
    assert told["Transit in 2023"].period == "2023"
    assert told["Transit in 2023"].counting == "net tonnes, loaded, counted once, counted at Ailaq"


def test_names_fall_back_to_english_and_then_to_the_id(corridor: Matter) -> None:
    names = Names(corridor, translator("kk"))
    assert names.of("nodes", "no_such_place") == "no_such_place"
    assert re.search("[а-яәғқңөұүһі]", names.of("projects", "port_cranes").lower())
    russian_only = Names(corridor, replace(translator("kk"), language="ru"))
    assert russian_only.of("projects", "port_cranes") == "New cranes at Ailaq"


def test_neighbours_alike_are_grouped() -> None:
    assert runs_of([]) == []
    assert runs_of([1, 1, 2, 1]) == [(0, 1), (2, 2), (3, 3)]
