"""What an experiment found: a figure, and the band that it has to lie in; a table of such rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

TRIES = 1000
"""Macro-replications: whole studies of 100 replications. Of smaller studies, as many as these hold."""
SIZES = (5, 10, 20, 40, 100)
MOST = max(SIZES)

ENOUGH = (0.925, 0.965)
"""Where the coverage at 100 replications has to lie."""
MEASURED = {5: 0.879, 10: 0.897, 20: 0.900, 40: 0.925}
"""Least coverage of mean waits measured beforehand: other measures have to be no worse, by `within`."""


class Found(NamedTuple):
    """A figure and its band; a figure that is only shown has no limits."""

    value: float
    low: float = -math.inf
    high: float = math.inf
    digits: int = 3

    @property
    def inside(self) -> bool:
        """A judged figure has to be there, and within its limits."""
        return not self.judged or self.low <= self.value <= self.high

    @property
    def judged(self) -> bool:
        return self.low > -math.inf or self.high < math.inf

    def __str__(self) -> str:
        value = f"{self.value:.{self.digits}f}" if math.isfinite(self.value) else "–"
        if not self.judged:
            return value
        if self.high == math.inf:
            return f"{value} (≥ {self.low:g})"
        if self.low == -math.inf:
            return f"{value} (≤ {self.high:g})"
        return f"{value} ({self.low:.3f} to {self.high:.3f})"


class Row(NamedTuple):
    labels: tuple[str, ...]
    found: tuple[Found, ...]


class Table(NamedTuple):
    """`make(tries)` gives the rows; the page prints those of `tries` macro-replications."""

    labels: tuple[str, ...]
    figures: tuple[str, ...]
    make: Callable[[int], list[Row]]
    tries: int = TRIES


def shown(value: float, digits: int = 3) -> Found:
    return Found(value, digits=digits)


def within(share: float, tries: int = TRIES) -> tuple[float, float]:
    """Three standard errors of a share that was measured beforehand, about it: 0.3 % of good programs are outside."""
    error = 3 * math.sqrt(share * (1 - share) / tries)
    return share - error, share + error


def no_worse(size: int) -> tuple[float, float]:
    """The band of a measure without a row of its own: as good as mean waits, at most what is promised.

    The upper end keeps intervals from covering by being too wide.
    """
    return ENOUGH if size not in MEASURED else (within(MEASURED[size])[0], within(0.95)[1])


def studies(values: np.ndarray, size: int) -> np.ndarray:
    """Replications (macro-replications, `MOST`) regrouped into all the studies of `size` that they hold."""
    return values.reshape(-1, size)


class Cover(NamedTuple):
    """Of the intervals of many studies: the share that held the truth, and half their median width."""

    share: float
    half_width: float


def cover(intervals: Sequence[tuple[float, float]], exact: float) -> Cover:
    low, high = np.array(intervals, float).T
    return Cover(float(np.mean((low <= exact) & (exact <= high))), float(np.median(high - low) / 2))
