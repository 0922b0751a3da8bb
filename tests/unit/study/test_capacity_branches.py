"""Responses on one day, by combination of alternatives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keruen.capacity.registry import Capacities
from keruen.model.draws import uncertain
from keruen.rail.line_capacity import Level
from keruen.study.capacity_branches import Work
from keruen.study.capacity_moves import Judgements
from support.tiny_study import assumed, tiny_model, tiny_tables


def test_combinations_are_worked_out_and_what_moves_nothing_is_idle(tmp_path: Path) -> None:
    tables = tiny_tables()
    tracks = {**assumed(("sections", "ab", "tracks"), 1, 2), "distribution": "alternatives"}
    tables["provenance"] = [tracks, assumed(("signalling", "semi", "start_min"), 1, 3)]
    base = tiny_model(tmp_path, tables)
    day = Capacities(base.at(date(2024, 7, 1)))
    elements = (("sections", "ab", "both"), ("sections", "bc", "both"))
    judgements = Judgements(base, uncertain(base))
    told: list[float] = []
    work = Work(day, judgements, elements, Level.AVAILABLE, set())
    state = work.state(told.append)
    assert sorted(state.branches) == [(0,), (1,)]
    assert told == [0.5, 1.0]
    of_tracks = next(n for n, its in enumerate(judgements.members) if its[0].column == "tracks")
    assert state.choosers.tolist() == [[of_tracks], [-1]]
    single, double = (state.branches[place,] for place in (0, 1))
    pair = day.patched({("sections", "ab", "tracks"): "2"}).of("sections", "ab")
    gross = next(r.gross_trains_per_day for r in pair if r.level == "available")
    assert gross is not None
    assert np.exp(double.base[0, 0]) == pytest.approx(gross * 365)
    start = 1 - of_tracks
    assert single.low[0].toarray()[start, 0] > 0.0 > single.high[0].toarray()[start, 0]
    assert not double.low[0].toarray()[start].any()
