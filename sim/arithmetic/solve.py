"""Where a tail of a gamma or beta law begins: a first guess, improved until nothing is left to improve.

The unknown is v = log x (gamma) or log(x/(1 − x)) (beta): in it both laws are log-concave and Halley's rule
settles in three or four steps. A beta law with ``b`` = inf stands for the gamma law of shape ``a``, its
limit.

Sources of the guesses: Wilson and Hilferty (1931); Abramowitz and Stegun 26.5.22; the leading terms of the
tails.
"""

import math
from typing import Any

import numpy as np

from .beta import beta_error, beta_mass, beta_mass_array, beta_tails, beta_tails_array
from .elementary import FloatArray, exp, exp_array, log, log_array
from .gamma import gamma_mass, gamma_mass_array, gamma_tails, gamma_tails_array, log_gamma, stirling_error
from .normal import normal_quantile

_FAR = 700.0  # x, or 1 − x, below exp of minus this counts as 0
_MAX_STEPS = 50


def log_error(a: float, b: float) -> float:
    """What Stirling's formula leaves out of the law's constant."""
    return stirling_error(a) if b == math.inf else beta_error(a, b)


def _gamma_guess(t: float, upper: bool, shape: float) -> float:
    z = normal_quantile(t)
    root = 1.0 - 1.0 / (9.0 * shape) + (-z if upper else z) / (3.0 * math.sqrt(shape))
    if shape >= 1.0 and root > 0.35:
        return log(shape) + 3.0 * log(root)
    front = log_gamma(shape) + log(shape)
    low = (log(1.0 - t if upper else t) + front) / shape
    if low < -1.0 or not upper:
        return low + exp(min(low, 0.0)) / (shape + 1.0)
    return log(max(log(shape) - front - log(t), 0.4))


def _beta_guess(t: float, upper: bool, a: float, b: float) -> float:
    if a >= 1.0 and b >= 1.0:
        z = -normal_quantile(t) if upper else normal_quantile(t)
        bend = (z * z - 3.0) / 6.0
        one_a, one_b = 1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0)
        h = 2.0 / (one_a + one_b)
        w = z * math.sqrt(bend + h) / h + (one_b - one_a) * (bend + 5.0 / 6.0 - 2.0 / (3.0 * h))
        return log(a / b) + 2.0 * w
    low_part = a * log(a / (a + b)) - log(a)
    high_part = b * log(b / (a + b)) - log(b)
    both = exp(low_part) + exp(high_part)
    low, high = (1.0 - t, t) if upper else (t, 1.0 - t)
    if low * both < exp(low_part):
        side = min(log(a * both * low) / a, -1e-12)
        return side - log(1.0 - exp(side))
    side = min(log(b * both * high) / b, -1e-12)
    return log(1.0 - exp(side)) - side


def guess(t: float, upper: bool, a: float, b: float) -> float:
    """About the v at which the lower (or upper) tail is ``t``."""
    return _gamma_guess(t, upper, a) if b == math.inf else _beta_guess(t, upper, a, b)


def _state(v: float, a: float, b: float, error: float) -> tuple[float, float, float, float]:
    """Both tails, dP/dv and the slope of log(dP/dv) at v."""
    if b == math.inf:
        x = exp(v)
        low, high, mass = gamma_tails(a, x, error)
        return low, high, mass, a - x
    y = 1.0 / (1.0 + exp(v))
    x = 1.0 / (1.0 + exp(-v))
    low, high, mass = beta_tails(a, b, x, y, error)
    return low, high, mass, a * y - b * x


def _state_array(v: FloatArray, a: float, b: float, error: float) -> tuple[FloatArray, ...]:
    if b == math.inf:
        x = exp_array(v)
        return (*gamma_tails_array(a, x, error), a - x)
    y = 1.0 / (1.0 + exp_array(v))
    x = 1.0 / (1.0 + exp_array(-v))
    return (*beta_tails_array(a, b, x, y, error), a * y - b * x)


def _newton(log_ratio: Any, rate: Any, drift: Any) -> tuple[Any, Any]:
    newton = log_ratio / rate
    return newton, 1.0 - 0.5 * newton * (drift - rate)


def _enough(a: float, b: float) -> float:
    """A last step this small leaves an error of its third power."""
    return 1e-5 / (1.0 + math.sqrt(a if b == math.inf else a / (a + b) * b))


def solve(t: float, upper: bool, a: float, b: float, error: float) -> float:
    """v at which the lower (or upper) tail is ``t`` in (0, ½]; ∓inf where x, or 1 − x, would vanish."""
    v = guess(t, upper, a, b)
    enough = _enough(a, b)
    for _ in range(_MAX_STEPS):
        if not -_FAR <= v <= _FAR:
            return math.inf if v > 0.0 else -math.inf
        low, high, mass, drift = _state(v, a, b, error)
        tail = high if upper else low
        rate = (-mass if upper else mass) / tail
        newton, damping = _newton(log(tail / t), rate, drift)
        step = max(min(newton / max(damping, 0.5), 2.0), -2.0)
        v = v - step
        if -enough < step < enough:
            break
    return v


def solve_array(t: FloatArray, upper: bool, a: float, b: float, error: float) -> FloatArray:
    """``solve`` for each tail, the same bits."""
    v = np.array([guess(one, upper, a, b) for one in t.tolist()], dtype=np.float64)
    enough = _enough(a, b)
    active = np.arange(v.size)
    for _ in range(_MAX_STEPS):
        far = ~((v[active] >= -_FAR) & (v[active] <= _FAR))
        v[active[far]] = np.where(v[active[far]] > 0.0, math.inf, -math.inf)
        active = active[~far]
        if not active.size:
            break
        low, high, mass, drift = _state_array(v[active], a, b, error)
        tail = high if upper else low
        rate = (-mass if upper else mass) / tail
        newton, damping = _newton(log_array(tail / t[active]), rate, drift)
        step = np.maximum(np.minimum(newton / np.maximum(damping, 0.5), 2.0), -2.0)
        v[active] = v[active] - step
        active = active[~((step > -enough) & (step < enough))]
    return v


def point(v: float, a: float, b: float, error: float) -> tuple[float, float, float]:
    """x, 1 − x (1 for a gamma law) and dP/dv at v; at ∓inf, x is 0 or 1 and stays so (dP/dv is infinite)."""
    if not -_FAR <= v <= _FAR:
        return (0.0 if v < 0.0 else 1.0), 1.0, math.inf
    if b == math.inf:
        x = exp(v)
        return x, 1.0, gamma_mass(a, x, error)
    x, y = 1.0 / (1.0 + exp(-v)), 1.0 / (1.0 + exp(v))
    return x, y, beta_mass(a, b, x, y, error)


def point_array(v: FloatArray, a: float, b: float, error: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """``point`` of each element, the same bits."""
    lost = ~((v >= -_FAR) & (v <= _FAR))
    clean = np.where(lost, 0.0, v)
    if b == math.inf:
        x, y = exp_array(clean), np.ones_like(v)
        mass = gamma_mass_array(a, x, error)
    else:
        x, y = 1.0 / (1.0 + exp_array(-clean)), 1.0 / (1.0 + exp_array(clean))
        mass = beta_mass_array(a, b, x, y, error)
    return np.where(lost, (v > 0.0) * 1.0, x), np.where(lost, 1.0, y), np.where(lost, math.inf, mass)
