"""Fine bins for durations, from integers alone: a value's bin is known to within 0.1 per cent of the value."""

from __future__ import annotations

from functools import cache

import numpy as np

from sim.flow.log import Ints

COARSE = 10
"""So many fine bins make one bin of the stored distributions, at most 2 per cent wide."""


@cache
def edges_us() -> Ints:
    """Lower edges in microseconds, from 0: steps of one, then of 0.2 per cent, to beyond the end of the clock."""
    edges = [0]
    while edges[-1] < 1 << 60:
        edges.append(edges[-1] + max(1, edges[-1] // 500))
    return np.array(edges, np.int64)


def bin_of(values_us: Ints) -> Ints:
    """Position of the bin that holds each duration (not negative)."""
    return np.searchsorted(edges_us(), values_us, side="right") - 1


def middle_us(position: int) -> int:
    """A duration within 0.1 per cent of everything the bin holds."""
    edges = edges_us()
    return int(edges[position] + edges[position + 1] - 1) // 2
