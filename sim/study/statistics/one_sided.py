"""Whether replications prove that a limit holds, or that it does not, at a stated risk of error."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.study.statistics.skewness import skew_interval


def one_sided(
    values: Sequence[float], below: bool, bound: float, share: float | None, alpha: float, strict: bool = False
) -> bool | None:
    """Judge "the mean is at most (else at least) ``bound``", or with ``share``: "it is so in that share of
    replications or more".

    True: it holds, said wrongly with a probability of at most ``alpha``; False: it does not, likewise; None: the
    replications prove neither. NaN values are left out. ``strict``: a value that touches the bound does not keep it.
    A mean is judged by `mean_limits` (nearly exact for normal replications, approximate for others), a share by the
    limits of Clopper and Pearson (exact).
    """
    if share is None:
        return _mean_keeps(values, below, bound, alpha, strict)
    low, high = share_limits(values, below, bound, alpha, strict)
    return True if low >= share else False if high < share else None


def _mean_keeps(values: Sequence[float], below: bool, bound: float, alpha: float, strict: bool) -> bool | None:
    low, high = mean_limits(values, alpha)
    if low == high:
        return keeps(low, below, bound, strict)
    if low > bound or high < bound:
        return (high < bound) if below else (low > bound)
    return None


def mean_limits(values: Sequence[float], alpha: float) -> tuple[float, float]:
    """Lower and upper limit of the mean, each wrong with a probability of ``alpha``; infinite where nothing is known.

    Both together are an interval of confidence 1 − 2 · ``alpha``, Student's t corrected for skewness (`skew_interval`).
    The probability is kept for normal values, and approximately for others. Of mean waits of a day (M/M/1 at load 0.9,
    100 customers) the upper limit is too low in 5.4, 4.1 and 3.6 % of studies of 10, 20 and 30 replications where 2.5 %
    is asked for; Student's t has 9.5, 7.7 and 6.6 %. Small ``alpha`` takes more replications, as all that is normal
    only approximately does. Values that never varied are their own limits as
    soon as they are many enough to prove their median (a sign test, 2^−n ≤ ``alpha``); fewer of them prove nothing,
    for the rare event may be yet to come.
    """
    known = defined(values)
    n = len(known)
    if n and min(known) == max(known):
        return (known[0], known[0]) if 0.5**n <= alpha else (-math.inf, math.inf)
    if n < 2:
        return -math.inf, math.inf
    return skew_interval(known, 1 - 2 * alpha)


def share_limits(
    values: Sequence[float], below: bool, bound: float, alpha: float, strict: bool = False
) -> tuple[float, float]:
    """Lower and upper limit of the chance that a replication keeps the bound, each wrong with at most ``alpha``."""
    known = defined(values)
    return binomial_limits(sum(keeps(value, below, bound, strict) for value in known), len(known), alpha)


def binomial_limits(successes: int, n: int, alpha: float) -> tuple[float, float]:
    """Limits of a chance after so many successes in ``n`` trials, each wrong with at most ``alpha``.

    0 and 1 after no trial. Source: Clopper and Pearson 1934, Biometrika 26.
    """
    from scipy.special import betaincinv

    low = 0.0 if successes == 0 else float(betaincinv(successes, n - successes + 1, alpha))
    high = 1.0 if successes == n else float(betaincinv(successes + 1, n - successes, 1 - alpha))
    return low, high


def keeps(value: float, below: bool, bound: float, strict: bool = False) -> bool:
    """Whether one value keeps the bound; one that touches it does, unless ``strict``."""
    if value == bound:
        return not strict
    return value < bound if below else value > bound


def defined(values: Sequence[float]) -> list[float]:
    """The values without NaN."""
    return [float(value) for value in values if not math.isnan(value)]
