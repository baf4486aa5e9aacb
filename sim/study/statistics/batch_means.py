"""How sure the mean of one long run is: batch means, refused while the batches still hang together."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.study.statistics.intervals import CONFIDENCE, Interval, t_quantile

Floats = NDArray[np.float64]

BATCHES = 20
"""Batches that the interval is made of."""
SMALL = 400
"""Small batches, at most, whose correlation tells whether the big ones are long enough."""
LEAST = 200
"""Observations needed: with fewer, a big batch would have less than ten small ones."""
MOST_CORRELATED = 0.3
"""Lag-1 rank correlation of the small batches from which on the big ones are not independent enough.

The idea is Law and Carson's (1979). Of ranks, not of the values: the values' correlation is low where a run happened
to miss the long busy periods, and accepting those runs alone would make the intervals too narrow.
"""


class BatchMeans(NamedTuple):
    """An interval from one run, or why there is none."""

    interval: Interval  # n counts batches; half-width and sd are None where refused
    correlation: float  # of the ranks of a small batch and the next; NaN where nothing varies or there are too few
    refusal: str | None


def batch_means(
    sums: ArrayLike, counts: ArrayLike | None = None, confidence: float = CONFIDENCE, what: str = "observations"
) -> BatchMeans:
    """Interval of sum / count from one run that has forgotten how it began.

    ``sums`` and ``counts``: of each observation in order (a bucket of time, say); counts absent: one each. ``what``
    the refusal calls them. The observations are merged into at most `SMALL` batches; where neighbours among these
    correlate by less than `MOST_CORRELATED`, into `BATCHES` big ones, from which Student's t interval follows.
    """
    total = np.asarray(sums, dtype=float)
    size = np.ones(len(total)) if counts is None else np.asarray(counts, dtype=float)
    mean = math.fsum(total) / math.fsum(size) if math.fsum(size) else None
    if mean is None:
        return BatchMeans(
            Interval(None, None, None, 0), math.nan, f"no batch means: the {what} hold nothing to average"
        )
    if len(total) < LEAST:
        few = f"too short for batch means: {len(total)} {what} after the warm-up, {LEAST} are due"
        return BatchMeans(Interval(mean, None, None, 0), math.nan, few)
    beside = total - mean * size  # what an observation adds beyond its share; sums to 0
    correlation = _lag_1(_ranks(_merged(beside, min(SMALL, len(beside)))))
    if correlation >= MOST_CORRELATED:
        hang = (
            f"too short for batch means: a batch and the next still correlate by {correlation:.2f}, "
            f"{MOST_CORRELATED} is the most"
        )
        return BatchMeans(Interval(mean, None, None, 0), correlation, hang)
    return BatchMeans(_interval(mean, _merged(beside, BATCHES), math.fsum(size), confidence), correlation, None)


def _merged(values: Floats, batches: int) -> Floats:
    """Sums of so many batches, as equal in length as can be."""
    starts = np.arange(batches) * len(values) // batches
    merged: Floats = np.add.reduceat(values, starts)
    return merged


def _ranks(values: Floats) -> Floats:
    """Rank of each value, equal ones sharing the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(count) - (count - 1) / 2)[place]
    return ranks


def _lag_1(values: Floats) -> float:
    around = values - math.fsum(values) / len(values)
    square = math.fsum(around * around)
    return math.fsum(around[1:] * around[:-1]) / square if square else math.nan


def _interval(mean: float, beside: Floats, count: float, confidence: float) -> Interval:
    batches = len(beside)
    sd = math.sqrt(math.fsum(beside * beside) / (batches - 1)) * batches / count
    half = t_quantile(batches - 1, 0.5 + confidence / 2) * sd / math.sqrt(batches)
    return Interval(mean, half, sd, batches)
