"""Durations kept for percentiles: each one up to a million, from then on counts in fine bins."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.flow.log import Ints
from sim.study.tallies.bins import bin_of, edges_us, middle_us
from sim.study.tallies.block import count
from sim.study.tallies.rows import MINUTE_US

EXACT_UP_TO = 1_000_000


@dataclass(frozen=True)
class Samples:
    """Durations in microseconds, each of one cell (a stage and segment, say); what is kept depends on none of
    the blocks they came in: all of them, or if they are more than `EXACT_UP_TO` their counts by cell and bin."""

    cells: int
    n: int
    parts: tuple[tuple[Ints, Ints], ...]  # durations and their cells
    binned: Ints | None = None  # (cells, bins)

    def __add__(self, other: Samples) -> Samples:
        n = self.n + other.n
        if n <= EXACT_UP_TO:
            return Samples(self.cells, n, self.parts + other.parts)
        return Samples(self.cells, n, (), self.counts() + other.counts())

    def counts(self) -> Ints:
        """(cells, bins) how many durations each fine bin holds."""
        if self.binned is not None:
            return self.binned
        values, cells = self._all()
        return count((self.cells, len(edges_us())), cells, bin_of(values))

    def percentiles_min(self, chosen: list[Ints], percents: tuple[int, ...]) -> list[list[float]]:
        """Percentiles in minutes for each choice of cells, interpolated linearly between order statistics."""
        if self.binned is not None:
            cumulated = [np.cumsum(self.binned[cells].sum(axis=0)) for cells in chosen]
            return [[_from_bins(counts, percent) for percent in percents] for counts in cumulated]
        values, of = self._all()
        order = np.argsort(values, kind="stable")
        values, of = values[order], of[order]
        found = []
        for cells in chosen:
            wanted = np.zeros(self.cells, dtype=bool)
            wanted[cells] = True
            picked = values[wanted[of]]
            found.append([_from_sorted(picked, percent) for percent in percents])
        return found

    def _all(self) -> tuple[Ints, Ints]:
        nothing = np.zeros(0, np.int64)
        return (
            np.concatenate([nothing, *(values for values, _ in self.parts)]),
            np.concatenate([nothing, *(cells for _, cells in self.parts)]),
        )


def samples(cells: int, values_us: Ints, of: Ints) -> Samples:
    """Keep the durations of one block; ``of`` says which cell each belongs to."""
    whole = Samples(cells, len(values_us), ((values_us, of),))
    return whole + Samples(cells, 0, ())


def _from_sorted(values_us: Ints, percent: int) -> float:
    return _between(len(values_us), percent, lambda k: int(values_us[k]))


def _from_bins(cumulated: Ints, percent: int) -> float:
    def nth(k: int) -> int:
        return middle_us(int(np.searchsorted(cumulated, k, side="right")))

    return _between(int(cumulated[-1]), percent, nth)


def _between(n: int, percent: int, nth: Callable[[int], int]) -> float:
    """Value at rank (n − 1) × percent / 100, counted from 0, in minutes."""
    if n == 0:
        return math.nan
    below, rest = divmod((n - 1) * percent, 100)
    low = nth(below)
    high = nth(below + 1) if rest else low
    return (100 * low + rest * (high - low)) / (100 * MINUTE_US)
