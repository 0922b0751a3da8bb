from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keruen.rail.dispatch import kernels
from keruen.rail.dispatch.network import Policy


@pytest.mark.parametrize(
    ("kept", "ready"),
    [
        (set(), set()),
        ({"advance"}, {Policy.FIRST_COME, Policy.PRIORITY}),
        ({"advance_looking_ahead"}, set()),
        ({"advance", "advance_looking_ahead"}, set(Policy)),
    ],
)
def test_look_ahead_has_kernels_of_its_own(
    kept: set[str], ready: set[Policy], monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_kept(function: Callable[..., Any]) -> bool:
        return function.__name__ in kept

    monkeypatch.setattr(kernels, "is_kept", is_kept)
    assert {policy for policy in Policy if kernels.is_compiled(policy)} == ready
