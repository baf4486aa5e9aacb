"""Where a run has forgotten how it began: MSER-5 on the mean of several runs, and Welch's moving average to see it.

MSER (White 1997): of all cuts, the one after which the mean is known best by the marginal standard error of what is
left, sum of squares / count². On one run it cuts away busy periods, not the beginning (at a load of 0.9 the mean of
20,000 waits is then 4 % too low): so it is given the mean of at least ten pilot runs, and a single run is refused.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import InputError

Floats = NDArray[np.float64]
Verdict = Literal["fine", "run too short", "too few observations"]

PILOTS = 10
"""Runs averaged before the beginning is judged, at least."""
BATCH = 5
"""Observations to a batch: the 5 of MSER-5."""
LEAST = 50
"""Observations needed to judge: ten batches."""
_KEPT, _KEPT_SHARE = 5, 20  # batches left after any cut, at least, and one in twenty: the last few are alike by chance


class Cut(NamedTuple):
    """Where MSER-5 would cut a series."""

    observations: int | None  # to leave out, a multiple of `BATCH`; None with too few observations
    course: Floats  # the statistic of each cut, after 0, 1, 2 … batches
    verdict: Verdict


def averaged(runs: ArrayLike) -> Floats:
    """Mean over runs of each observation; ``runs`` is (runs, observations). InputError for fewer than `PILOTS` runs."""
    values = np.asarray(runs, dtype=float)
    if values.ndim != 2 or len(values) < PILOTS:
        found = len(values) if values.ndim == 2 else 1
        raise InputError(
            f"a warm-up is judged by the mean of at least {PILOTS} runs, not of {found}: "
            "on its own a run tells its busy periods, not how it began"
        )
    total: Floats = np.cumsum(values, axis=0)[-1]
    return total / len(values)


def mser5(series: ArrayLike) -> Cut:
    """The cut that MSER-5 suggests for a series averaged over runs; a remainder of less than five is not looked at.

    A cut in the second half says nothing but that the run is too short to tell.
    """
    values = np.asarray(series, dtype=float)
    if len(values) < LEAST:
        return Cut(None, np.zeros(0), "too few observations")
    course = _marginal_errors(_batched(values))
    best = int(np.argmin(course))
    return Cut(best * BATCH, course, "run too short" if 2 * best * BATCH > len(values) else "fine")


def _batched(values: Floats) -> Floats:
    whole = len(values) // BATCH * BATCH
    sums: Floats = np.add.reduceat(values[:whole], np.arange(0, whole, BATCH))
    return sums / BATCH


def _marginal_errors(batches: Floats) -> Floats:
    """Sum of squares about the mean of the batches left, over their count squared, for each cut."""
    moved = (batches - batches[-1])[::-1]  # about the last value: the squares of sums stay small
    left = np.arange(1, len(moved) + 1)
    sums, squares = np.cumsum(moved), np.cumsum(moved * moved)
    errors: Floats = (np.maximum(squares - sums * sums / left, 0.0) / left**2)[::-1]
    return errors[: len(batches) - max(_KEPT, len(batches) // _KEPT_SHARE) + 1]


def moving_average(series: ArrayLike, window: int) -> Floats:
    """Welch's moving average: mean of the ``window`` observations on either side and the one itself.

    Near the beginning of as many as there are on both sides; (observations − window,) long, for the last ones have
    no full window. InputError for a window that is negative or does not fit.
    """
    values = np.asarray(series, dtype=float)
    if window < 0 or 2 * window + 1 > len(values):
        most = (len(values) - 1) // 2
        raise InputError(f"window {window} does not fit {len(values)} observations; write 0 to {most}")
    before = np.concatenate([[0.0], np.cumsum(values)])
    middle = np.arange(len(values) - window)
    reach = np.minimum(middle, window)
    means: Floats = (before[middle + reach + 1] - before[middle - reach]) / (2 * reach + 1)
    return means
