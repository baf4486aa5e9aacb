"""How much each action that a customer met counts for her."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.quality.marks import Marks
from sim.quality.sums import ratio, summed
from sim.quality.tables import DIMENSIONS, Flags, Floats, Ints, Judgement


class Shares(NamedTuple):
    """The weights of r marks and of D dimensions for n encounters."""

    cell: Ints  # (r,) encounter × D + dimension
    within: Floats  # (r,) sums to 1 over each encounter and dimension met
    across: Floats  # (n, D) sums to 1 over the dimensions met
    met: Flags  # (n, D)

    def overall(self, within: Floats) -> Floats:
        """(r,) share of each mark in its encounter, for weights within the dimensions."""
        return self.across.reshape(-1)[self.cell] * within


def shares_of(table: Judgement, marks: Marks, n: int) -> Shares:
    """Weights renormalised over what each customer met; an action met k times counts k times, a k-th each."""
    cell = marks.encounter * len(DIMENSIONS) + table.dimension[marks.action]
    pair = marks.encounter * len(table.names) + marks.action
    times = np.bincount(pair, minlength=n * len(table.names))[pair]
    within = normalised(table.weight[marks.action] / times, cell, n * len(DIMENSIONS))
    met = summed(within, cell, n * len(DIMENSIONS)).reshape(n, len(DIMENSIONS)) > 0
    return Shares(cell, within, dimension_weights(table.dimension_weight, met), met)


def dimension_weights(weight: Floats, met: Flags) -> Floats:
    """(n, D) dimension weights renormalised over the dimensions met; zero for the others."""
    kept = np.where(met, weight, 0.0)
    total = np.cumsum(kept, axis=1)[:, -1:]
    return ratio(kept, total, 0.0)


def normalised(weight: Floats, group: Ints, groups: int) -> Floats:
    """Weights divided by the sum of their group; zero where that sum is zero."""
    return ratio(weight, summed(weight, group, groups)[group], 0.0)
