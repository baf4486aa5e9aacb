"""What a policy changes: the difference from the baseline, replication by replication with the same customers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from sim.study.statistics.intervals import CONFIDENCE, t_quantile


class Paired(NamedTuple):
    """A measure under two policies, compared by pairs of replications; what too few pairs leave undefined is NaN.

    All but ``n`` are floats in the measure's unit, save ``p_value`` (0..1), ``correlation`` (-1..1) and
    ``variance_ratio`` (0..inf).
    """

    baseline_mean: float
    mean: float
    difference: float  # policy - baseline
    half_width: float  # of the difference
    sd: float  # of the difference
    n: int  # pairs in which both are defined
    p_value: float  # two-sided; of so large a difference by chance alone
    correlation: float  # what pairing gained; NaN if one of the two never varies
    variance_ratio: float  # independent runs would need so many times the replications for the same half-width


class Ratio(NamedTuple):
    """What one unit of gain costs, with an interval that is unlimited where the gain may as well be none."""

    value: float
    low: float
    high: float
    bounded: bool


def paired(baseline: Sequence[float], policy: Sequence[float], confidence: float = CONFIDENCE) -> Paired:
    """Compare replications 0, 1, 2 … of a policy with the same ones of the baseline; NaN is one without a value.

    Student's t over the differences: exact for normal differences. Differences that are all exactly 0 give p = 1,
    all alike but not 0 give p = 0. ValueError where the two are not equally long.
    """
    pairs = _both_defined(baseline, policy)
    n, nan = len(pairs), math.nan
    if n == 0:
        return Paired(nan, nan, nan, nan, nan, 0, nan, nan, nan)
    before, after = [b for b, _ in pairs], [a for _, a in pairs]
    gaps = [a - b for b, a in pairs]
    difference = math.fsum(gaps) / n
    means = _mean(before), _mean(after), difference
    if n == 1:
        return Paired(*means, nan, nan, 1, nan, nan, nan)
    of_before, of_after, of_gaps = (_covariance(values, values) for values in (before, after, gaps))
    sd = math.sqrt(of_gaps)
    half_width = t_quantile(n - 1, 0.5 + confidence / 2) * sd / math.sqrt(n)
    return Paired(
        *means,
        half_width,
        sd,
        n,
        _p_value(difference, sd, n),
        _correlation(_covariance(before, after), of_before, of_after),
        _over(of_before + of_after, of_gaps),
    )


def ratio_of_differences(cost: Sequence[float], gain: Sequence[float], confidence: float = CONFIDENCE) -> Ratio:
    """Mean cost over mean gain of the pairs that are both defined, such as money per point of satisfaction.

    Interval of Fieller (1954): every ratio r for which the mean of cost - r * gain does not differ from 0 by
    Student's t. For normal pairs it covers what it says or more, however uncertain the gain. Where the gain itself
    does not differ from 0 the ratio may be as large as you like and of either sign: low and high are then infinite
    and ``bounded`` is False. The value is NaN where there is no pair or the mean gain is 0.
    ValueError where the two are not equally long.
    """
    pairs = _both_defined(cost, gain)
    n = len(pairs)
    costs, gains = [c for c, _ in pairs], [g for _, g in pairs]
    mean_gain = _mean(gains) if n else 0.0
    if mean_gain == 0.0:
        return Ratio(math.nan, -math.inf, math.inf, False)
    value = _mean(costs) / mean_gain
    if n == 1:
        return Ratio(value, -math.inf, math.inf, False)
    # Solved for the distance from the value, where the residuals' mean is 0: no difference of large squares.
    residuals = [c - value * g for c, g in pairs]
    scale = t_quantile(n - 1, 0.5 + confidence / 2) ** 2 / n
    certain = mean_gain**2 - scale * _covariance(gains, gains)
    if certain <= 0.0:
        return Ratio(value, -math.inf, math.inf, False)
    lean = scale * _covariance(residuals, gains)
    reach = math.sqrt(lean**2 + certain * scale * _covariance(residuals, residuals))
    return Ratio(value, value - (reach + lean) / certain, value + (reach - lean) / certain, True)


def _both_defined(first: Sequence[float], second: Sequence[float]) -> list[tuple[float, float]]:
    both = zip(first, second, strict=True)
    return [(a, b) for a, b in both if not (math.isnan(a) or math.isnan(b))]


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _covariance(first: Sequence[float], second: Sequence[float]) -> float:
    """Unbiased; exactly 0 where one of the two never varies."""
    if _constant(first) or _constant(second):
        return 0.0
    one, other = _mean(first), _mean(second)
    return math.fsum((a - one) * (b - other) for a, b in zip(first, second, strict=True)) / (len(first) - 1)


def _constant(values: Sequence[float]) -> bool:
    return all(value == values[0] for value in values)  # the rounded mean may differ from every value


def _p_value(difference: float, sd: float, n: int) -> float:
    from scipy.special import stdtr  # a tenth of the import time of scipy.stats, the same function

    if sd == 0.0:
        return 1.0 if difference == 0.0 else 0.0
    return float(2.0 * stdtr(n - 1, -abs(difference) / (sd / math.sqrt(n))))


def _correlation(covariance: float, of_first: float, of_second: float) -> float:
    if of_first == 0.0 or of_second == 0.0:
        return math.nan
    return max(-1.0, min(1.0, covariance / (math.sqrt(of_first) * math.sqrt(of_second))))


def _over(above: float, below: float) -> float:
    if below == 0.0:
        return math.inf if above > 0.0 else math.nan
    return above / below
