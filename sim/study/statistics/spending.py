"""Looking more than once: at which numbers of replications one may look, and what error each look may spend."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log

GROWTH = 1.5
"""No look has more than so many times the replications of the one before (beyond rounding)."""


def looks(first: int, through: int) -> Iterator[int]:
    """Numbers of replications at which to look, without end: ``first``, then growing by one factor, the largest up to
    `GROWTH` that meets ``through`` exactly. They depend on no result, so that looking does not bias.

    ``through`` below ``first`` is as good as none.
    """
    steps = max(1, ceil(log(through / first) / log(GROWTH))) if through > first else 0
    factor = (through / first) ** (1 / steps) if steps else GROWTH
    exact, last = float(first), first
    yield first
    while True:
        exact *= factor
        last = max(last + 1, round(exact))
        yield last


def spent(look: int, alpha: float) -> float:
    """Error probability that look number 1, 2, 3 … may spend; over all looks, however many, they sum to ``alpha``."""
    return alpha / (look * (look + 1))
