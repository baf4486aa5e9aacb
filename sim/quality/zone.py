"""The zone of tolerance: between what a customer wishes for and what she will put up with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.quality.tables import Floats

WIDTH = 1.2  # Likert points, of a dimension without weight
SLACK = 1e-9  # equal levels, summed in different order, are equal

BELOW, WITHIN, ABOVE, NOT_MET = -1, 0, 1, -9


def adequate(expected: Floats, dimension_weight: Floats) -> Floats:
    """The least level that will do: narrower where a dimension matters more (Zeithaml et al. 1993)."""
    return expected - WIDTH * (1 - dimension_weight)


def zone(perceived: Floats, expected: Floats, dimension_weight: Floats) -> NDArray[np.int8]:
    """(n, D) BELOW the adequate level, WITHIN the zone, ABOVE the expected level; NOT_MET for a NaN."""
    state = np.zeros(perceived.shape, dtype=np.int8)
    state[perceived < adequate(expected, dimension_weight) - SLACK] = BELOW
    state[perceived > expected + SLACK] = ABOVE
    state[np.isnan(perceived)] = NOT_MET
    return state
