"""How many replications are enough: until what was asked for is known as precisely as wished, and stays so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.study.statistics.intervals import CONFIDENCE

LEAST = 20
"""No stop before so many: with fewer the half-width itself is too uncertain."""
LOOK_AHEAD = 5
"""Having become precise, the measures must stay so for this many further replications (for n above 100, n/20)."""

Floats = NDArray[np.float64]


class Running(NamedTuple):
    """Mean and half-width after 1, 2, 3 … replications; NaN and infinite where they are undefined."""

    mean: Floats
    half_width: Floats


def running(values: Sequence[float] | Floats, confidence: float = CONFIDENCE) -> Running:
    """Student's t interval of a series as it grows; NaN values, replications without one, are left out."""
    from scipy.special import stdtrit

    numbers = np.asarray(values, dtype=float)
    there = ~np.isnan(numbers)
    n = np.cumsum(there)
    origin = numbers[there][0] if there.any() else 0.0  # keeps the squares small; a constant gives exactly 0
    moved = np.where(there, numbers - origin, 0.0)
    sums, squares = np.cumsum(moved), np.cumsum(moved * moved)
    mean, half = np.full(len(numbers), np.nan), np.full(len(numbers), np.inf)
    mean[n >= 1] = origin + sums[n >= 1] / n[n >= 1]
    enough = n >= 2
    count, total = n[enough], sums[enough]
    spread = np.sqrt(np.maximum(0.0, squares[enough] - total * total / count) / (count - 1))
    half[enough] = stdtrit(count - 1, 0.5 + confidence / 2) * spread / np.sqrt(count)
    return Running(mean, half)


def beyond(half_width: Floats, wished: Floats) -> Floats:
    """How many times wider than wished; 0 where nothing varied, infinite where it cannot be told."""
    known = np.isfinite(half_width) & (wished > 0)
    return np.where(half_width == 0, 0.0, np.where(known, half_width / np.where(known, wished, 1.0), np.inf))


def look_ahead(n: int) -> int:
    """For how many further replications precision must last that was first reached at n."""
    return max(LOOK_AHEAD, n * LOOK_AHEAD // 100)


def enough(excess: Sequence[Floats], at_most: int) -> int | None:
    """Replications at which a search stops, or None to go on: a function of the values in order alone.

    ``excess`` holds, for each figure, `beyond` after 1, 2, 3 … replications. All must come to 1 or less and stay
    there for `look_ahead` further replications (after Hoad, Robinson and Davies 2010); these count too. At
    ``at_most`` the search stops in any case.
    """
    available = min(at_most, *(len(course) for course in excess))
    since: int | None = None
    for n in range(min(LEAST, at_most), available + 1):
        if not all(course[n - 1] <= 1 for course in excess):
            since = None
            continue
        since = n if since is None else since
        if n >= since + look_ahead(since):
            return n
    return at_most if available == at_most else None


def lasts(excess: Sequence[Floats], n: int) -> bool:
    """Whether a search that stopped at n had been precise for as long as it must."""
    return enough([course[:n] for course in excess], 1 << 62) is not None


def next_batch(done: int, at_most: int) -> int:
    """How many replications there should be before looking again; no part of the result depends on it."""
    first = LEAST + LOOK_AHEAD
    return min(at_most, first if done < first else done + max(LOOK_AHEAD, done // 4))
