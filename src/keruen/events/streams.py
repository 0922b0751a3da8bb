"""Random numbers drawn by counter: the same key gives the same number, whoever asks, and when.

A stream belongs to (seed, draw, entity). Its base is a 64-bit number mixed from the three, and its
numbers are those of the SplitMix64 generator started at the base, so that number n is one mixing of
base + (n + 1) * 0x9E3779B97F4A7C15 and needs none before it (G. L. Steele, D. Lea, C. H. Flood,
"Fast splittable pseudorandom number generators", OOPSLA 2014; constants as in S. Vigna's
prng.di.unimi.it/splitmix64.c).

Logarithm, exponential function and the normal distribution are written out in additions,
multiplications, divisions and square roots, which IEEE 754 rounds in one way only: compiled and
plain code give the same bits.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from keruen.jit import part, plain

_MASK: Final = 0xFFFFFFFFFFFFFFFF
_STEP: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_UNIT: Final = 1.0 / 9007199254740992.0
"""2 to the power -53: the spacing of the uniform numbers."""

_LN2_HIGH: Final = 6.93147180369123816490e-01
_LN2_LOW: Final = 1.90821492927058770002e-10
"""Their sum is ln 2; the first has so few digits that small multiples of it are exact."""

_SQRT_HALF: Final = 0.70710678118654752440
_EXP_TERMS: Final = 14


def _masked(number: int) -> Any:  # noqa: ANN401 - a machine word
    return int(number) & _MASK


@part
def _machine_word(number: int) -> Any:  # noqa: ANN401
    return np.uint64(number)


# Where compilation is switched off, a machine word is an integer kept below 2 ** 64 by masks.
_unsigned = _masked if plain(_machine_word) is _machine_word else _machine_word


@part
def mix(number: int) -> int:
    """Mix 64 bits so that every bit of the result depends on every bit given.

    >>> hex(mix(0x9E3779B97F4A7C15))
    '0xe220a8397b1dcdaf'
    """
    word = _unsigned(number)
    word = ((word ^ (word >> 30)) * _FIRST) & _MASK
    word = ((word ^ (word >> 27)) * _SECOND) & _MASK
    return word ^ (word >> 31)  # type: ignore[no-any-return]


@part
def stream(seed: int, draw: int, entity: int) -> int:
    """Base of the stream of one entity in one draw: 63 bits, which fit a signed machine word."""
    first = mix(_unsigned(seed))
    second = mix((_unsigned(first) + _STEP * _unsigned(draw + 1)) & _MASK)
    return mix(_unsigned(second) ^ (_STEP * _unsigned(entity + 1) & _MASK)) >> 1


@part
def word(base: int, counter: int) -> int:
    """Number ``counter`` (0, 1, 2, ...) of a stream, 64 bits.

    The reference generator started at 1234567 begins alike:

    >>> [word(1234567, counter) for counter in range(2)]
    [6457827717110365317, 3203168211198807973]
    """
    return mix((_unsigned(base) + _STEP * _unsigned(counter + 1)) & _MASK)


@part
def uniform(base: int, counter: int) -> float:
    """Uniform number in [0, 1), a multiple of 2 ** -53; uses one counter.

    >>> uniform(1234567, 0)
    0.3500795420214081
    """
    return (_unsigned(word(base, counter)) >> 11) * _UNIT  # type: ignore[no-any-return]


@part
def natural_log(number: float) -> float:
    """Natural logarithm of a positive normal number, to a few units of the last digit.

    number = m 2^e with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh s with s = (m - 1)/(m + 1), as
    a sum of odd powers of s.

    >>> natural_log(1.0), round(natural_log(10.0), 12)
    (0.0, 2.302585092994)
    """
    mantissa, exponent = math.frexp(number)
    if mantissa < _SQRT_HALF:
        mantissa *= 2.0
        exponent -= 1
    ratio = (mantissa - 1.0) / (mantissa + 1.0)
    square = ratio * ratio
    near = 1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0 + square * (1.0 / 9.0)))
    far = 1.0 / 11.0 + square * (1.0 / 13.0 + square * (1.0 / 15.0 + square * (1.0 / 17.0)))
    last = 1.0 / 19.0 + square * (1.0 / 21.0 + square * (1.0 / 23.0 + square * (1.0 / 25.0)))
    fourth = square * square * square * square
    total = square * (near + fourth * (far + fourth * last))
    return exponent * _LN2_HIGH + (2.0 * ratio * (1.0 + total) + exponent * _LN2_LOW)


@part
def natural_exp(number: float) -> float:
    """Exponential function of a number within +-700, to a few units of the last digit.

    number = k ln 2 + r with |r| <= ln 2 / 2; exp r by its power series.

    >>> natural_exp(0.0), round(natural_exp(1.0), 12)
    (1.0, 2.718281828459)
    """
    power = math.floor(number / (_LN2_HIGH + _LN2_LOW) + 0.5)
    rest = (number - power * _LN2_HIGH) - power * _LN2_LOW
    total = 1.0
    for term in range(_EXP_TERMS, 0, -1):
        total = 1.0 + total * rest / term
    return math.ldexp(total, int(power))


@part
def exponential(base: int, counter: int) -> float:
    """Exponential number of mean 1, by inversion; uses one counter.

    >>> round(exponential(1234567, 0), 6)
    0.430905
    """
    return -natural_log(1.0 - uniform(base, counter))


@part
def normal(base: int, counter: int) -> float:
    """Normal number of mean 0 and deviation 1, by the polar method of Marsaglia.

    Tries pairs of uniform numbers until one falls into the unit circle, four in five do. It uses
    counters from ``counter`` upwards, and nearly never more than 32; the method is written down in
    G. Marsaglia and T. A. Bray, "A convenient method for generating normal variables", SIAM Review
    6 (1964).

    >>> round(normal(1234567, 0), 6)
    -0.480243
    """
    place = counter
    while True:
        across = 2.0 * uniform(base, place) - 1.0
        along = 2.0 * uniform(base, place + 1) - 1.0
        square = across * across + along * along
        if 0.0 < square < 1.0:
            return across * math.sqrt(-2.0 * natural_log(square) / square)
        place += 2


@part
def lognormal(base: int, counter: int, log_mean: float, log_deviation: float) -> float:
    """Lognormal number: exp of a normal one of the given mean and deviation; counters as there.

    >>> lognormal(1234567, 0, 0.0, 0.0)
    1.0
    """
    return natural_exp(log_mean + log_deviation * normal(base, counter))
