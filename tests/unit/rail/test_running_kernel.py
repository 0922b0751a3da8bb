from __future__ import annotations

import numpy as np
import pytest

from keruen.jit import plain
from keruen.rail import running, running_kernel
from keruen.rail.rolling_stock import GONDOLA_LOADED, KZ8A, TE33A
from keruen.rail.running import NotRunnableError, Stop, run_train
from keruen.rail.track_profile import TrackProfile, track_profile
from keruen.rail.train import Train, wagons_of_mass

KERNELS = ("effort_n", "_quadratic", "_level_surplus", "_end_of_pull")
ENTRIES = ("brake_backward", "pull_forward", "account")


def runs() -> list[tuple[Train, TrackProfile, list[Stop], float]]:
    rng = np.random.default_rng(11)
    km = np.append(0.0, np.cumsum(rng.uniform(0.3, 3.0, 12)))
    radii = rng.choice([np.inf, 600.0, 1200.0], 12)
    hilly = track_profile(km, rng.uniform(-8.0, 8.0, 12), rng.integers(5, 10, 12) * 10.0, radii)
    heavy = Train(((KZ8A, 1), (TE33A, 1)), wagons_of_mass(GONDOLA_LOADED, 5500.0))
    light = Train(((TE33A, 1),), (), 120.0)
    return [(heavy, hilly, [Stop(7.7, 2.0)], 50.0), (light, hilly, [], 400.0)]


def un_jit(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KERNELS:
        monkeypatch.setattr(running_kernel, name, plain(getattr(running_kernel, name)))
    for name in ENTRIES:
        monkeypatch.setattr(running, name, plain(getattr(running_kernel, name)))


def test_the_plain_twin_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = [run_train(train, line, stops, step) for train, line, stops, step in runs()]
    un_jit(monkeypatch)
    assert vars(running)["account"] is plain(running_kernel.account)
    for ours, (train, line, stops, step) in zip(compiled, runs(), strict=True):
        twin = run_train(train, line, stops, step)
        for name, expected in ours._asdict().items():
            assert np.array_equal(getattr(twin, name), expected), name


@pytest.mark.parametrize("jitted", [True, False])
def test_compiled_and_plain_fail_for_the_same_reasons(
    jitted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not jitted:
        un_jit(monkeypatch)
    weak = Train(((TE33A, 1),), wagons_of_mass(GONDOLA_LOADED, 6000.0))
    with pytest.raises(NotRunnableError, match="train_stalls"):
        run_train(weak, track_profile([0.0, 10.0, 30.0], [0.0, 9.0]))
    with pytest.raises(NotRunnableError, match="train_cannot_start"):
        run_train(weak, track_profile([0.0, 10.0], 9.0))
    feeble = weak._replace(service_deceleration_m_per_s2=0.05)
    with pytest.raises(NotRunnableError, match="brakes_do_not_hold"):
        run_train(feeble, track_profile([0.0, 10.0], -9.0))
