from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.freight.measures import (
    FITTED,
    FREE,
    OBSERVED_COLUMNS,
    TOUCHED,
    calibrated,
    observed_frame,
)
from support.measured_corridor import having


def test_what_the_fit_saw_is_told() -> None:
    berth = {"subject_table": "handling", "subject_row": "ailaq_container"}
    model = having(
        fitted={**berth, "commodity": "container", "use": "fit"},
        same={**berth, "commodity": "container", "unit": "t/year"},
        grain={**berth, "commodity": "grain"},
        by_class={**berth, "commodity_class": "dry_bulk"},
        elsewhere={"subject_table": "nodes", "subject_row": "ailaq", "commodity": "container"},
    )
    assert calibrated(model) == {
        "fitted": FITTED,
        "same": TOUCHED,
        "grain": FREE,
        "by_class": FREE,
        "elsewhere": FREE,
    }


def test_observations_stand_beside_what_was_computed() -> None:
    model = having(
        seen={"year": 2023, "observation": "boxes_2023", "use": "judge"}, unseen={"year": 2024}
    )
    frame = observed_frame(model, {"seen": 124000.0, "unseen": 1.0})
    assert list(frame.columns) == list(OBSERVED_COLUMNS)
    seen = frame.set_index("id").loc["seen"]
    assert seen["observed"] == 62000.0
    assert seen["log_ratio"] == pytest.approx(np.log(2.0))
    assert frame.set_index("id").loc["unseen", ["observed", "log_ratio"]].isna().all()
