from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.freight.variability import closed_hours, departures, service_variance


@pytest.mark.parametrize("open_h", [0.0, 8.0, 20.0, 24.0])
def test_closed_hours_by_counting_minutes(open_h: float) -> None:
    comes = (np.arange(200_000) + 0.5) * 24.0 / 200_000
    waits = np.where(comes < open_h, 0.0, 24.0 - comes)
    found = closed_hours(open_h)
    assert found.wait_h == pytest.approx(waits.mean(), rel=1e-4, abs=1e-9)
    assert found.variance_h2 == pytest.approx(waits.var(), rel=1e-4, abs=1e-9)


def test_departures_and_service() -> None:
    evenly = (np.arange(10_000) + 0.5) * 12.0 / 10_000
    found = departures(12.0)
    assert found.wait_h == pytest.approx(evenly.mean())
    assert found.variance_h2 == pytest.approx(evenly.var(), rel=1e-6)
    assert service_variance(6.0, 1.0) == 36.0
