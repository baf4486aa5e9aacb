"""The beta distribution: how likely a share below x is.

Source: the continued fraction of Didonato and Morris (1992), algorithm 708, summed term by term after Steed;
the density after Loader (2000).
"""

import math
from typing import Any

import numpy as np

from .elementary import FloatArray, exp, exp_array
from .gamma import deviance, deviance_array, stirling_error

_INV_SQRT_TWO_PI = 0.3989422804014327
_ALMOST_NOTHING = 2.0**-56  # terms below this share of a sum leave it, and all later sums, unchanged


def beta_error(a: float, b: float) -> float:
    """What Stirling's formula leaves out of log B(a, b)."""
    return stirling_error(a) + stirling_error(b) - stirling_error(a + b)


def beta_mass(a: float, b: float, x: float, y: float, error: float) -> float:
    """x·y·density at x = 1 − y; ``error`` is beta_error(a, b)."""
    n = a + b
    far = a * deviance(n * x, a) + b * deviance(n * y, b)
    return _INV_SQRT_TWO_PI * math.sqrt(a / n * b) * exp(-error - far)


def beta_mass_array(a: float, b: float, x: FloatArray, y: FloatArray, error: float) -> FloatArray:
    """``beta_mass`` of each element, the same bits."""
    n = a + b
    far = a * deviance_array(n * x, a) + b * deviance_array(n * y, b)
    return _INV_SQRT_TWO_PI * math.sqrt(a / n * b) * exp_array(-error - far)


def _level(a: float, b: float, x: Any, y: Any, m: float) -> Any:
    """The m-th partial denominator."""
    k = a + 2.0 * m
    first = m * (b - m) * x / (k - 1.0) if m > 0.0 else 0.0
    return m + first + (a + m) * (a * y - b * x + 1.0 + m * (1.0 + y)) / (k + 1.0)


def _weight(a: float, b: float, x: Any, m: float) -> Any:
    """The m-th partial numerator."""
    k = a + 2.0 * m - 1.0
    return ((a + m - 1.0) / k) * ((a + b + m - 1.0) / k) * (m * (b - m)) * x * x


def _fraction_step(a: float, b: float, x: Any, y: Any, m: float, ratio: Any, term: Any) -> tuple[Any, Any]:
    level = _level(a, b, x, y, m)
    ratio = 1.0 / (ratio * _weight(a, b, x, m) + level)
    return ratio, (level * ratio - 1.0) * term


def _lower_sum(a: float, b: float, x: float, y: float) -> float:
    """I(x; a, b) / (x·y·density) for x up to about the mean."""
    ratio = 1.0 / _level(a, b, x, y, 0.0)
    term = total = ratio
    m = 1.0
    while abs(term) > _ALMOST_NOTHING * total:
        ratio, term = _fraction_step(a, b, x, y, m, ratio, term)
        total = total + term
        m += 1.0
    return float(total)


def _lower_sum_array(a: float, b: float, x: FloatArray, y: FloatArray) -> FloatArray:
    ratio = 1.0 / _level(a, b, x, y, 0.0)
    term = total = ratio
    m = 1.0
    while (np.abs(term) > _ALMOST_NOTHING * total).any():
        ratio, term = _fraction_step(a, b, x, y, m, ratio, term)
        total = total + term
        m += 1.0
    return np.asarray(total)


def beta_tails(a: float, b: float, x: float, y: float, error: float) -> tuple[float, float, float]:
    """I(x; a, b), 1 − I and x·y·density at x = 1 − y; ``error`` is beta_error(a, b)."""
    mass = beta_mass(a, b, x, y, error)
    if (a + b + 2.0) * x < a + 1.0:
        low = mass * _lower_sum(a, b, x, y)
        return low, 1.0 - low, mass
    high = mass * _lower_sum(b, a, y, x)
    return 1.0 - high, high, mass


def beta_tails_array(
    a: float, b: float, x: FloatArray, y: FloatArray, error: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """``beta_tails`` of each element, the same bits."""
    mass = beta_mass_array(a, b, x, y, error)
    lower = (a + b + 2.0) * x < a + 1.0
    upper = ~lower
    tail = np.empty_like(x)
    tail[lower] = mass[lower] * _lower_sum_array(a, b, x[lower], y[lower])
    tail[upper] = mass[upper] * _lower_sum_array(b, a, y[upper], x[upper])
    return np.where(lower, tail, 1.0 - tail), np.where(lower, 1.0 - tail, tail), mass


def beta_cdf(x: float, a: float, b: float) -> float:
    """I(x; a, b): the probability that a beta number stays below ``x``."""
    if not 0.0 < x < 1.0:
        return math.nan if x != x else (1.0 if x > 0.0 else 0.0)
    return beta_tails(a, b, x, 1.0 - x, beta_error(a, b))[0]


def beta_cdf_array(x: FloatArray, a: float, b: float) -> FloatArray:
    """``beta_cdf`` of each element, the same bits."""
    x = np.asarray(x, dtype=np.float64)
    inside = (x > 0.0) & (x < 1.0)
    clean = np.where(inside, x, 0.5)
    value = beta_tails_array(a, b, clean, 1.0 - clean, beta_error(a, b))[0]
    return np.where(inside, value, np.where(x != x, math.nan, np.where(x > 0.0, 1.0, 0.0)))
