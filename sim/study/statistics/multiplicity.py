"""Many comparisons at once: how to keep one of them from looking real by chance alone."""

from __future__ import annotations

import math
from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p values, in the order given: those at most alpha are false in at most alpha of all studies.

    Step-down procedure of Holm (1979): holds however the comparisons depend on each other, and never finds less
    than Bonferroni's. NaN (nothing to test) stays NaN and does not count as a comparison.
    """
    order = sorted((p, i) for i, p in enumerate(p_values) if not math.isnan(p))
    adjusted = [math.nan] * len(p_values)
    largest = 0.0
    for rank, (p, i) in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p))
        adjusted[i] = largest
    return adjusted


def simultaneous_confidence(confidence: float, comparisons: int) -> float:
    """Confidence that each interval needs for all of them to hold at once with ``confidence`` (Bonferroni).

    ValueError where there are no comparisons or ``confidence`` is not between 0 and 1.
    """
    if comparisons < 1 or not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence {confidence} in {comparisons} comparisons: 0..1 in at least 1 is due")
    return 1.0 - (1.0 - confidence) / comparisons
