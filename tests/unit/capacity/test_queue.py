from __future__ import annotations

from pathlib import Path

import pytest

from keruen.capacity.queue import (
    FORMULAS,
    mean_closed_share,
    read_servers,
    read_weather,
    throughput,
)
from keruen.capacity.reader import ElementReader
from keruen.rail.line_capacity import Level
from keruen.terminals.handling import FAIR, Weather
from support.tiny_study import row_of, tiny_day, tiny_tables


def test_months_weigh_by_their_days() -> None:
    february = Weather([0.0, 1.0, *([0.0] * 10)], 24.0)
    assert mean_closed_share(february) == pytest.approx(28 / 365)


def test_a_terminal_without_a_weather_site_has_fair_weather(tmp_path: Path) -> None:
    reader = ElementReader(tiny_day(tmp_path).model, "handling", "berth_c")
    assert read_weather(reader, "port_c") is FAIR
    assert read_weather(reader, "") is FAIR


def test_levels_never_rise_and_stages_steady_the_service(tmp_path: Path) -> None:
    tables = tiny_tables()
    row_of(tables, "handling", "berth_c")["service_stages"] = 4
    reader = ElementReader(tiny_day(tmp_path, tables).model, "handling", "berth_c")
    servers = read_servers(reader, 2.0)
    assert (servers.servers, servers.service_h) == (1, 10.0)
    assert (servers.service_scv, servers.arrival_scv) == (0.25, 0.5)
    found = [throughput(reader, servers, FAIR, level) for level in Level]
    assert found[0].per_year == pytest.approx(876)
    assert found[0].per_year > found[1].per_year >= found[2].per_year > 175.2
    assert found[0].utilisation == 1.0
    assert found[1].utilisation == pytest.approx(found[1].per_year / 876)
    assert set(FORMULAS) == set(Level)
