"""Sums of real numbers that come out the same however the numbers are cut into blocks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import Ints
from sim.study.tallies.block import count, flat, total
from sim.study.tallies.rows import Part, added

_BITS = 52
_LOW_BITS = 26


@dataclass(frozen=True)
class ExactSums:
    """Sums of numbers by place of an array, as whole multiples of 2**-52 in two integers each."""

    high: Ints
    low: Ints
    n: Ints

    def __add__(self, other: ExactSums) -> ExactSums:
        return ExactSums(self.high + other.high, self.low + other.low, self.n + other.n)

    def mean(self, part: Part) -> float:
        """Mean over a scope's part, rounded once; of nothing it is undefined: NaN."""
        return self.per(added(self.n, part), part)

    def per(self, n: int, part: Part) -> float:
        """Sum of a scope's part / n, rounded once; where n is 0 it is undefined: NaN."""
        whole = (added(self.high, part) << _LOW_BITS) + added(self.low, part)
        return whole / (n << _BITS) if n else math.nan


def exact_sums(shape: tuple[int, ...], values: NDArray[np.float64], *positions: Ints) -> ExactSums:
    """Add up numbers of magnitude below 1024; those that are NaN are left out.

    A multiple of 2**-52 is kept as it is; what is finer is rounded to it. Integer sums know no order.
    """
    there = ~np.isnan(values)
    place = flat(shape, *positions)[there]
    whole = np.rint(values[there] * 2.0**_BITS).astype(np.int64)
    size = (math.prod(shape),)
    return ExactSums(
        high=total(size, whole >> _LOW_BITS, place).reshape(shape),
        low=total(size, whole & ((1 << _LOW_BITS) - 1), place).reshape(shape),
        n=count(size, place).reshape(shape),
    )
