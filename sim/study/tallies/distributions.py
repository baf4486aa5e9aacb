"""Distributions of waits, stays and quality: counts in fine bins, so that figures need no log."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import Ints
from sim.flow.site import Site
from sim.study.tallies.bins import COARSE, edges_us
from sim.study.tallies.judged import BINS_PER_POINT, HISTOGRAMS, LIKERT_LOW
from sim.study.tallies.rows import MINUTE_US
from sim.study.tallies.samples import Samples

WHAT = ("wait", "stay", *HISTOGRAMS)
"""Waits of served visits by stage and segment (minutes); stays and quality of encounters by segment
(minutes on site; 1..7)."""
NO_STAGE = -1


class Distributions(NamedTuple):
    """Counts that are not zero, one row each: in [low, high) or, where low is high, exactly there."""

    what: NDArray[np.int8]  # position in WHAT
    stage: NDArray[np.int16]  # position, or NO_STAGE
    segment: NDArray[np.int16]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    counts: Ints


def distributions(site: Site, waits: Samples, stays: Samples, quality: Ints | None) -> Distributions:
    """Counts by bin. ``waits`` by stage × segment, ``stays`` by segment, ``quality`` (HISTOGRAMS, segments, bins)."""
    segments = len(site.segments)
    pieces = [_durations(0, waits, segments, by_stage=True), _durations(1, stays, segments, by_stage=False)]
    if quality is not None:
        pieces.append(_quality(quality))
    return Distributions(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))


def _durations(what: int, samples: Samples, segments: int, by_stage: bool) -> Distributions:
    counts = samples.counts()
    starts = np.array([0, *range(1, counts.shape[1], COARSE)])  # the first bin is zero itself, alone
    coarse = np.add.reduceat(counts, starts, axis=1)
    cell, position = np.nonzero(coarse)
    edges = np.append(edges_us()[starts], edges_us()[-1]) / MINUTE_US
    low, high = edges[position], edges[position + 1]
    stage = cell // segments if by_stage else np.full(len(cell), NO_STAGE)
    return Distributions(
        np.full(len(cell), what, np.int8),
        stage.astype(np.int16),
        (cell % segments).astype(np.int16),
        low,
        np.where(position == 0, low, high),
        coarse[cell, position],
    )


def _quality(counts: Ints) -> Distributions:
    which, segment, position = np.nonzero(counts)
    low = LIKERT_LOW + position / BINS_PER_POINT
    return Distributions(
        (which + WHAT.index(HISTOGRAMS[0])).astype(np.int8),
        np.full(len(which), NO_STAGE, np.int16),
        segment.astype(np.int16),
        low,
        LIKERT_LOW + (position + 1) / BINS_PER_POINT,
        counts[which, segment, position],
    )
