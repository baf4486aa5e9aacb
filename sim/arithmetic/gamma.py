"""The gamma distribution and the gamma function's logarithm.

Sources: Loader (2000), "Fast and accurate computation of binomial probabilities", for the density; the power
series of P and Gautschi's form of the continued fraction of Q (Gil, Segura and Temme 2007, section 6.4) for
the distribution function.
"""

import math
from typing import Any

import numpy as np

from .elementary import FloatArray, exp, exp_array, log, log_array, log_tail

_HALF_LOG_TWO_PI = 0.9189385332046727
_INV_SQRT_TWO_PI = 0.3989422804014327
_ALMOST_NOTHING = 2.0**-56  # terms below this share of a sum leave it, and all later sums, unchanged


def deviance(value: float, mean: float) -> float:
    """r − 1 − log r of the ratio r = value/mean > 0, without cancellation where they are close."""
    d = (value - mean) / mean
    if -0.29 < d < 0.41:
        return log_tail(d)
    return d - log(value / mean)


def deviance_array(value: FloatArray, mean: float) -> FloatArray:
    """``deviance`` of each element, the same bits."""
    d = (value - mean) / mean
    near = (d > -0.29) & (d < 0.41)
    if near.all():
        return log_tail(d)
    return np.where(near, log_tail(np.where(near, d, 0.0)), d - log_array(value / mean))


def stirling_error(a: float) -> float:
    """log Γ(a) − [(a − ½)·log a − a + ½·log 2π] for a > 0."""
    total = 0.0
    while a < 16.0:
        if a < 2.0:
            total = total + ((a + 0.5) * log((a + 1.0) / a) - 1.0)
        else:
            total = total + (0.5 / a - (a + 0.5) * deviance(a + 1.0, a))
        a = a + 1.0
    r = 1.0 / (a * a)
    tail = 1.0 / 1188.0 - r * (691.0 / 360360.0 - r / 156.0)
    tail = 1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r * tail)))
    return total + tail / a


def log_gamma(a: float) -> float:
    """log Γ(a) for a > 0, error below 4e-15 × max(1, |log Γ(a)|)."""
    if not 0.0 < a < math.inf:
        return math.inf if a in (0.0, math.inf) else math.nan
    return (a - 0.5) * log(a) - a + _HALF_LOG_TWO_PI + stirling_error(a)


def _series_step(shape: float, x: Any, n: float, term: Any, total: Any) -> tuple[Any, Any]:
    term = term * (x / (shape + n))
    return term, total + term


def _lower_sum(shape: float, x: float) -> float:
    """P(shape, x) / (x·density) for x < shape + 1."""
    term = total = 1.0 / shape
    n = 1.0
    while term > _ALMOST_NOTHING * total:
        term, total = _series_step(shape, x, n, term, total)
        n += 1.0
    return total


def _lower_sum_array(shape: float, x: FloatArray) -> FloatArray:
    term: Any = np.full_like(x, 1.0 / shape)
    total: Any = term
    n = 1.0
    while (term > _ALMOST_NOTHING * total).any():
        term, total = _series_step(shape, x, n, term, total)
        n += 1.0
    return np.asarray(total)


def _fraction_step(n: float, state: tuple[Any, ...], shape: float) -> tuple[Any, ...]:
    p, q, ratio, term, total = state
    p = p + (2.0 * n - 1.0 - shape)
    tau = p * (1.0 + ratio)
    ratio = tau / (q - tau)
    term = term * ratio
    return p, q, ratio, term, total + term


def _upper_sum(shape: float, x: float) -> float:
    """Q(shape, x) / (x·density) for x ≥ shape + 1."""
    base = x + 1.0 - shape
    p, ratio, term, total = 0.0, 0.0, 1.0, 1.0
    q = (x - 1.0 - shape) * base
    step = 4.0 * base
    n = 1.0
    while abs(term) > _ALMOST_NOTHING * total:
        q = q + (step + 8.0 * (n - 1.0))
        p, q, ratio, term, total = _fraction_step(n, (p, q, ratio, term, total), shape)
        n += 1.0
    return total / base


def _upper_sum_array(shape: float, x: FloatArray) -> FloatArray:
    base = x + 1.0 - shape
    state: tuple[Any, ...] = (0.0, (x - 1.0 - shape) * base, 0.0, np.ones_like(x), np.ones_like(x))
    step = 4.0 * base
    n = 1.0
    while (np.abs(state[3]) > _ALMOST_NOTHING * state[4]).any():
        p, q, ratio, term, total = state
        state = _fraction_step(n, (p, q + (step + 8.0 * (n - 1.0)), ratio, term, total), shape)
        n += 1.0
    return np.asarray(state[4] / base)


def gamma_mass(shape: float, x: float, error: float) -> float:
    """x times the density at x; ``error`` is stirling_error(shape)."""
    return _INV_SQRT_TWO_PI * math.sqrt(shape) * exp(-error - shape * deviance(x, shape))


def gamma_mass_array(shape: float, x: FloatArray, error: float) -> FloatArray:
    """``gamma_mass`` of each element, the same bits."""
    far = exp_array(-error - shape * deviance_array(x, shape))
    return _INV_SQRT_TWO_PI * math.sqrt(shape) * far


def gamma_tails(shape: float, x: float, error: float) -> tuple[float, float, float]:
    """P, Q and x·density at x; ``error`` is stirling_error(shape)."""
    mass = gamma_mass(shape, x, error)
    if x < shape + 1.0:
        low = mass * _lower_sum(shape, x)
        return low, 1.0 - low, mass
    high = mass * _upper_sum(shape, x)
    return 1.0 - high, high, mass


def gamma_tails_array(shape: float, x: FloatArray, error: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """``gamma_tails`` of each element, the same bits."""
    mass = gamma_mass_array(shape, x, error)
    lower = x < shape + 1.0
    tail = np.empty_like(x)
    tail[lower] = mass[lower] * _lower_sum_array(shape, x[lower])
    tail[~lower] = mass[~lower] * _upper_sum_array(shape, x[~lower])
    return np.where(lower, tail, 1.0 - tail), np.where(lower, 1.0 - tail, tail), mass


def gamma_cdf(x: float, shape: float) -> float:
    """P(shape, x): the probability that a gamma number of this shape and scale 1 stays below ``x``."""
    if not 0.0 < x < math.inf:
        return math.nan if x != x else (1.0 if x > 0.0 else 0.0)
    return gamma_tails(shape, x, stirling_error(shape))[0]


def gamma_cdf_array(x: FloatArray, shape: float) -> FloatArray:
    """``gamma_cdf`` of each element, the same bits."""
    x = np.asarray(x, dtype=np.float64)
    inside = (x > 0.0) & (x < math.inf)
    value = gamma_tails_array(shape, np.where(inside, x, shape), stirling_error(shape))[0]
    return np.where(inside, value, np.where(x != x, math.nan, np.where(x > 0.0, 1.0, 0.0)))
