"""Projects open as late as targets of the past were missed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from keruen.errors import RangeError
from keruen.model.delays import opening_delays
from support.tiny_study import change, hauled_tables, project, tiny_model


def test_openings_are_as_late_as_targets_were_missed(tmp_path: Path) -> None:
    tables = hauled_tables()
    tables["projects"] = [
        project("soon", status="committed", open_date="2028-07-01"),
        project("tried", status="candidate", open_date="2028-07-01"),
        project("done", status="committed", open_date="2020-07-01"),
    ]
    tables["project_changes"] = [
        change(row, ("sections", section, "length_km"), 45)
        for row, section in (("soon", "ab"), ("tried", "bc"), ("done", "de"))
    ]
    base = tiny_model(tmp_path, tables)
    order = list(base["projects"].index)
    late = opening_delays(base, 64, 1, [0.5, 1.25])
    left = (date(2028, 7, 1) - base.settings.base_date).days / 365
    soon = late[:, order.index("soon")]
    assert 0.0 == soon.min() < soon.max() <= left
    assert np.isinf(late[:, order.index("tried")]).all()
    assert not late[:, order.index("done")].any()
    assert opening_delays(base, 8, 1, [0.5])[0, order.index("soon")] == pytest.approx(left)
    assert (opening_delays(base, 8, 1, [0.5, 1.25]) == late[:8]).all()
    with pytest.raises(RangeError):
        opening_delays(base, 8, 1, [])
    with pytest.raises(RangeError):
        opening_delays(base, 8, 1, [0.0, 1.0])
