"""The best of several policies, replication by replication: who is clearly behind leaves the race (Kim and Nelson)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


class Race(NamedTuple):
    """How a race stands."""

    survivors: tuple[int, ...]  # one: it is won
    left_after: tuple[int | None, ...]  # replications after which each system was out; None: still in
    looked: int  # replications up to which the race was run
    used: int  # of them, those in which all that raced had a value
    at_latest: int | None  # usable replications after which one will be left in any case; None: not known yet


def race(observations: ArrayLike, alpha: float, delta: float, first: int) -> Race:
    """Race systems over replications 0, 1, 2 …; large is good. If the best leads every other by at least ``delta``, it
    is the one left with a probability of at least 1 − ``alpha``.

    ``observations``: systems × replications. The replications may pair the systems (common customers) or not; over
    replications they are independent, and normal (means over a day nearly are). A replication that one still racing
    has no value for (NaN) is left out for all; values of those who have left are not looked at. ``first``:
    replications from which variances are taken, at least 2, and after which every further one is a look. What comes
    out depends on the values alone, never on the batches in which they came. Equal systems, to the last bit: the
    first wins.

    Source: Kim and Nelson 2001, ACM TOMACS 11(3), with c = 1.
    """
    values = np.asarray(observations, dtype=float)
    k, columns = values.shape
    inside = np.arange(k)
    left: list[int | None] = [None] * k
    sums, used, reach, looked = np.zeros(k), [], np.full((k, k), np.inf), 0
    for column in range(columns):
        now = values[inside, column]
        if len(inside) == 1 or np.isnan(now).any():
            looked = looked if len(inside) == 1 else column + 1
            continue
        looked = column + 1
        sums[inside] += now
        used.append(column)
        if len(used) == first:
            reach = squared_constant(k, alpha, first) * difference_variances(values[:, used])
        if len(used) >= first:
            room = np.maximum(0.0, reach[np.ix_(inside, inside)] / delta - delta * len(used)) / 2
            beaten = _beaten(sums[inside], room)
            for loser in inside[beaten]:
                left[int(loser)] = column + 1
            inside = inside[~beaten]
    at_latest = _at_latest(reach[np.ix_(inside, inside)], delta)
    return Race(tuple(map(int, inside)), tuple(left), looked, len(used), at_latest)


def squared_constant(k: int, alpha: float, first: int) -> float:
    """h²: how far systems may drift apart by chance, in units of the variance of their difference."""
    if k < 2:
        return 0.0
    eta = ((2 * alpha / (k - 1)) ** (-2 / (first - 1)) - 1) / 2
    return float(2 * eta * (first - 1))


def difference_variances(values: Floats) -> Floats:
    """Sample variances of the differences between all pairs of systems (rows)."""
    differences = values[:, None, :] - values[None, :, :]
    variances: Floats = differences.var(axis=2, ddof=1)
    return variances


def _beaten(sums: Floats, room: Floats) -> NDArray[np.bool_]:
    """Who is behind somebody by more than the room between the two; at a dead heat without room, the later one."""
    behind = sums[None, :] - sums[:, None]
    earlier = np.tri(len(sums), k=-1, dtype=bool)
    beaten: NDArray[np.bool_] = ((behind > room) | ((behind == room) & (room == 0) & earlier)).any(axis=1)
    return beaten


def _at_latest(reach: Floats, delta: float) -> int | None:
    """From then on no pair has room left."""
    widest = float(reach.max(initial=0.0))
    return int(widest / delta**2) + 1 if widest < np.inf else None
