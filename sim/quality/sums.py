"""Sums by group, added row by row in their order, so that the last bit is the same everywhere; and looking up."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.quality.tables import Floats, Ints

T = TypeVar("T", bound=np.generic)


def summed(value: Floats, group: Ints, groups: int) -> Floats:
    """(groups,) sum of the values of each group; 0 for an empty one."""
    return np.asarray(np.bincount(group, value, minlength=groups), dtype=np.float64)


def ratio(part: Floats, whole: Floats, otherwise: float) -> Floats:
    """part / whole; `otherwise` where the whole is not positive."""
    result = np.full(np.broadcast(part, whole).shape, otherwise)
    np.divide(part, whole, out=result, where=whole > 0)
    return result


def looked_up(table: NDArray[T], row: Ints, column: Ints) -> NDArray[T]:
    """The entries table[row, column], in a third of the time."""
    found: NDArray[T] = table.reshape(-1).take(row * table.shape[1] + column)
    return found
