"""Sums and means by group, added row by row in their order, so that the last bit is the same everywhere."""

from __future__ import annotations

import numpy as np

from sim.quality.tables import Floats, Ints


def summed(value: Floats, group: Ints, groups: int) -> Floats:
    """(groups,) sum of the values of each group; 0 for an empty one."""
    return np.asarray(np.bincount(group, value, minlength=groups), dtype=np.float64)


def ratio(part: Floats, whole: Floats, otherwise: float) -> Floats:
    """part / whole; `otherwise` where the whole is not positive."""
    result = np.full(np.broadcast(part, whole).shape, otherwise)
    np.divide(part, whole, out=result, where=whole > 0)
    return result
