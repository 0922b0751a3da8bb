from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from keruen.events import streams
from keruen.jit import plain


def test_known_answers_of_the_reference_generator() -> None:
    # First numbers of SplitMix64 started at 1234567 and at 0.
    known = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [streams.word(1234567, counter) for counter in range(5)] == known
    assert streams.word(0, 0) == 0xE220A8397B1DCDAF


def test_keys_give_streams_of_their_own() -> None:
    keys = [
        (seed, draw, entity) for seed in range(20) for draw in range(20) for entity in range(20)
    ]
    bases = {streams.stream(*key) for key in keys}
    assert len(bases) == len(keys)
    assert all(0 <= base < 2**63 for base in bases)
    assert streams.stream(-5, 0, 0) != streams.stream(5, 0, 0)


@pytest.mark.parametrize(
    ("draw", "distribution"),
    [
        (streams.uniform, stats.uniform),
        (streams.exponential, stats.expon),
        (streams.normal, stats.norm),
    ],
)
def test_numbers_have_their_distribution_along_and_across_streams(draw, distribution) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    along = [draw(streams.stream(3, 1, 4), 64 * counter) for counter in range(4000)]
    across = [draw(streams.stream(3, 1, entity), 0) for entity in range(4000)]
    for sample in (along, across):
        assert stats.kstest(sample, distribution.cdf).pvalue > 0.01
    assert abs(np.corrcoef(along, across)[0, 1]) < 0.05


def test_logarithm_and_exponential_are_those_of_mathematics() -> None:
    for number in np.exp(np.linspace(-40.0, 40.0, 801)):
        assert streams.natural_log(number) == pytest.approx(math.log(number), rel=1e-14, abs=1e-16)
    for number in np.linspace(-600.0, 600.0, 801):
        assert streams.natural_exp(number) == pytest.approx(math.exp(number), rel=1e-13)
    sample = [streams.lognormal(streams.stream(0, 0, k), 0, -1.0, 0.5) for k in range(4000)]
    assert np.median(sample) == pytest.approx(math.exp(-1.0), rel=0.03)


def test_plain_functions_give_the_same_bits() -> None:
    for number in np.exp(np.linspace(-30.0, 30.0, 201)):
        assert plain(streams.natural_log)(number) == streams.natural_log(number)
    for number in np.linspace(-100.0, 100.0, 201):
        assert plain(streams.natural_exp)(number) == streams.natural_exp(number)
