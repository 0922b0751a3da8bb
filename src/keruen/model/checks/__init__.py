"""The checks a study must pass: named functions from a draft to its problems.

A new check is a function in one of these rooms and a line in ``CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from keruen.errors import Problem
from keruen.model.checks import (
    aims,
    calibration,
    changes,
    corridors,
    demand,
    measures,
    network,
    prices,
    projects,
    provenance,
    rail,
    references,
    terminals,
)
from keruen.model.draft import Draft

Check = Callable[[Draft], list[Problem]]

CHECKS: Final[tuple[Check, ...]] = (
    references.tables_not_read,
    references.dangling_references,
    references.dangling_cells,
    references.tables_without_rows_named,
    references.unfilled_inheritance,
    provenance.unknown_columns,
    provenance.ranges_in_order,
    provenance.incomplete_ranges,
    provenance.assumed_without_range,
    network.loops_to_self,
    network.rail_without_attributes,
    network.shorter_than_straight,
    network.gauge_breaks,
    network.dangling_nodes,
    network.missing_coordinates,
    rail.haulings_in_conflict,
    rail.carried_among_freight,
    rail.locomotives_of_the_traction,
    rail.classes_half_described,
    rail.profiles_over_their_section,
    rail.profiles_too_steep,
    rail.limits_above_the_permitted,
    rail.no_train_fits_a_loop,
    rail.lines_in_pieces,
    terminals.handling_without_capacity,
    terminals.borders_without_capacity,
    terminals.pools_without_payload,
    terminals.pools_overcommitted,
    terminals.closures_by_month,
    terminals.depth_without_level,
    corridors.points_connected,
    corridors.corridors_have_points,
    corridors.mix_adds_to_one,
    corridors.mix_has_loadings,
    corridors.elements_serve_the_mix,
    demand.zones_off_network,
    demand.totals_stated_once,
    demand.terms_convert,
    demand.totals_have_pairs,
    demand.parts_within_wholes,
    demand.pairs_served,
    prices.tariffs_per_km_have_mode,
    prices.prices_of_one_sign,
    prices.links_have_a_price,
    prices.accesses_have_a_price,
    prices.assumptions_stated,
    prices.options_complete,
    prices.history_once,
    prices.values_once,
    prices.aversions_avoid_one,
    prices.emissions_stated,
    measures.measures_convert,
    measures.measures_match_observations,
    measures.terms_of_one_measure,
    calibration.parameters_move_flows,
    calibration.parameters_few,
    projects.circular_envelopes,
    projects.costs_stated,
    projects.costs_add_up,
    projects.projects_open,
    changes.changes_apply,
    changes.inserts_complete,
    changes.inserts_in_conflict,
    changes.changes_after_inserts,
    changes.sets_in_conflict,
    aims.targets_make_sense,
    aims.currencies_convertible,
    aims.spans_in_order,
)
"""Every check, in the order their problems are told."""
