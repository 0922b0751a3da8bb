from __future__ import annotations

import numpy as np
import pytest

from keruen.flows.joint import solve
from keruen.jit import plain


@pytest.mark.parametrize("kernel", [solve, plain(solve)])
def test_elimination_solves_what_numpy_solves(kernel: object) -> None:
    rng = np.random.default_rng(3)
    matrix, right = rng.normal(size=(9, 9)), rng.normal(size=9)
    matrix[0, 0] = 0.0
    both = np.concatenate([matrix, right[:, None]], axis=1)
    assert callable(kernel)
    kernel(both)
    assert both[:, 9] == pytest.approx(np.linalg.solve(matrix, right))
