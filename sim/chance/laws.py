"""From what a user knows of a duration (mean and spread, median and 95th percentile) to its law.

A law turns one uniform number into a duration, a patience, a group size (see ``continuous`` and ``mixture``).
"""

import math
from collections.abc import Callable
from typing import Any

from sim import arithmetic as ar
from sim.chance.continuous import (
    Beta,
    Constant,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Normal,
    Triangular,
    Uniform,
    Weibull,
)
from sim.chance.mixture import mixture, steps
from sim.errors import InputError

__all__ = ["Law", "exponential", "gamma", "law_of", "lognormal", "weibull"]

_Z95 = ar.normal_quantile(0.95)
_LEAST_SHAPE = 0.05  # the smallest gamma or beta shape whose quantiles are computed
_BETA_SHAPE = 1e8  # with larger beta shapes the law is a constant but for a part in ten thousand
_HALVINGS = 100


def law_of(distribution: Any) -> Law:
    """The law of a scenario's distribution: ``.dist`` and the parameters of its kind (None where absent).

    Raises ``InputError`` where no such law exists or its spread is beyond what can be computed. A law by time of
    day is no single law: take the law in force first.
    """
    match distribution.dist:
        case "constant":
            return Constant(float(distribution.value))
        case "exponential":
            return exponential(distribution.mean)
        case "lognormal" | "gamma" | "weibull":
            return _shaped(distribution)
        case "erlang":
            return _gamma(float(distribution.k), distribution.mean)
        case "uniform":
            return _even(distribution.low, distribution.high)
        case "triangular":
            return _triangular(distribution.low, distribution.mode, distribution.high)
        case "normal":
            return _normal(distribution.mean, distribution.sd, distribution.low, distribution.high)
        case "beta":
            return _beta(distribution.low, distribution.high, distribution.mean, distribution.sd)
        case "mixture":
            return mixture([law_of(one) for one in distribution.of], [float(w) for w in distribution.weights])
        case "empirical":
            values = [float(value) for value in distribution.values]
            weights = distribution.weights or [1.0] * len(values)
            return steps(list(zip(values, weights, strict=True)))
    raise InputError(f"no law of kind '{distribution.dist}'")


def exponential(mean: float) -> Law:
    """Exponential with that mean (0: always 0)."""
    return Exponential(mean) if mean > 0.0 else Constant(0.0)


def lognormal(mean: float, cv: float | None = None, sd: float | None = None) -> Law:
    """Lognormal with that mean, and cv or sd of the value itself."""
    return _spread(mean, cv, sd, _lognormal)


def gamma(mean: float, cv: float | None = None, sd: float | None = None) -> Law:
    """Gamma with that mean, and cv or sd of the value itself; the cv is at most 4.47."""
    return _spread(mean, cv, sd, lambda m, c: _gamma(1.0 / (c * c), m))


def weibull(mean: float, cv: float | None = None, sd: float | None = None) -> Law:
    """Weibull with that mean, and cv or sd of the value itself."""
    return _spread(mean, cv, sd, _weibull)


def _spread(mean: float, cv: float | None, sd: float | None, make: Callable[[float, float], Law]) -> Law:
    spread = cv if sd is None else _ratio(sd, mean)
    if mean == 0.0 or not spread:
        return Constant(float(mean))
    return make(mean, spread)


def _ratio(sd: float, mean: float) -> float:
    if mean == 0.0 and sd != 0.0:
        raise InputError(f"a law of mean 0 cannot have sd {sd:g}")
    return sd / mean if sd != 0.0 else 0.0


def _shaped(given: Any) -> Law:
    if given.p50 is not None:
        return _by_percentiles(given.dist, given.p50, given.p95)
    make = {"lognormal": lognormal, "gamma": gamma, "weibull": weibull}[given.dist]
    return make(given.mean, given.cv, given.sd)


def _by_percentiles(dist: str, p50: float, p95: float) -> Law:
    if p50 == p95:
        return Constant(float(p50))
    if not 0.0 < p50 < p95:
        raise InputError(f"p50 {p50:g} and p95 {p95:g} must be positive and in rising order")
    match dist:
        case "lognormal":
            sigma = ar.log(p95 / p50) / _Z95
            return Lognormal(p50, sigma, p50 * ar.exp(0.5 * sigma * sigma))
        case "gamma":
            shape = _gamma_shape(p95 / p50)
            return _gamma(shape, p50 / ar.gamma_quantile(0.5, shape) * shape)
    shape = ar.log(ar.log(20.0) / ar.log(2.0)) / ar.log(p95 / p50)
    scale = p50 / ar.power(ar.log(2.0), 1.0 / shape)
    return Weibull(shape, scale, scale * ar.exp(ar.log_gamma(1.0 + 1.0 / shape)))


def _gamma_shape(ratio: float) -> float:
    """The shape at which p95 / p50 is ``ratio``: the larger the shape, the smaller the ratio."""

    def too_small(shape: float) -> bool:
        return ar.gamma_quantile(0.95, shape) / ar.gamma_quantile(0.5, shape) > ratio

    if not too_small(_LEAST_SHAPE):
        raise InputError(f"a gamma law with p95 {ratio:g} times p50 is too uneven; a lognormal law may do")
    return _halved(too_small, _LEAST_SHAPE, 1e10)


def _halved(too_small: Callable[[float], bool], low: float, high: float) -> float:
    """Where ``too_small`` ends, between two positive numbers."""
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        if not low < middle < high:
            break
        low, high = (middle, high) if too_small(middle) else (low, middle)
    return high


def _lognormal(mean: float, cv: float) -> Law:
    spread = 1.0 + cv * cv
    return Lognormal(mean / math.sqrt(spread), math.sqrt(ar.log1p(cv * cv)), mean)


def _gamma(shape: float, mean: float) -> Law:
    if mean == 0.0:
        return Constant(0.0)
    if shape == 1.0:
        return Exponential(mean)
    if not shape >= _LEAST_SHAPE:
        raise InputError(f"a gamma law's cv cannot be above {1 / math.sqrt(_LEAST_SHAPE):.3g}; a lognormal law may do")
    return Gamma(shape, mean / shape)


def _weibull(mean: float, cv: float) -> Law:
    wanted = ar.log1p(cv * cv)

    def too_small(shape: float) -> bool:
        return ar.log_gamma(1.0 + 2.0 / shape) - 2.0 * ar.log_gamma(1.0 + 1.0 / shape) > wanted

    least, most = 0.05, 1e4
    if not too_small(least) or too_small(most):
        raise InputError(f"no Weibull law has cv {cv:g}; it can be from 0.0002 to 1000")
    shape = _halved(too_small, least, most)
    return Weibull(shape, mean / ar.exp(ar.log_gamma(1.0 + 1.0 / shape)), mean)


def _even(low: float, high: float) -> Law:
    if low > high:
        raise InputError(f"low {low:g} is above high {high:g}")
    return Constant(float(low)) if low == high else Uniform(low, high)


def _triangular(low: float, mode: float, high: float) -> Law:
    if not low <= mode <= high:
        raise InputError(f"low {low:g}, mode {mode:g}, high {high:g} are not in rising order")
    return Constant(float(low)) if low == high else Triangular(low, mode, high)


def _normal(mean: float, sd: float, low: float | None, high: float | None) -> Law:
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    if low > high:
        raise InputError(f"low {low:g} is above high {high:g}")
    if low == high or sd == 0.0:
        return Constant(float(min(max(mean, low), high)))
    first, last = (low - mean) / sd, (high - mean) / sd
    sign = -1.0 if first > 0.0 else 1.0
    near, far = (-last, -first) if first > 0.0 else (first, last)
    start = ar.normal_cdf(near)
    mass = ar.normal_cdf(far) - start
    if not mass > 0.0:
        raise InputError(f"nothing of a normal law of mean {mean:g} and sd {sd:g} lies from {low:g} to {high:g}")
    kept = mean + sd * ((ar.normal_density(first) - ar.normal_density(last)) / mass)
    return Normal(mean, sd, low, high, sign, start, mass, kept)


def _beta(low: float, high: float, mean: float, sd: float) -> Law:
    if sd == 0.0:
        return Constant(float(mean))
    if not low < mean < high:
        raise InputError(f"the mean {mean:g} must lie between low {low:g} and high {high:g}")
    width = high - low
    centre, rest, spread = (mean - low) / width, (high - mean) / width, sd / width
    total = centre * rest / (spread * spread) - 1.0
    a, b = centre * total, rest * total
    if not min(a, b) >= _LEAST_SHAPE:
        raise InputError(f"sd {sd:g} is too large for a beta law of mean {mean:g} from {low:g} to {high:g}")
    if total > _BETA_SHAPE:
        raise InputError(f"sd {sd:g} is too small for a beta law from {low:g} to {high:g}; write a constant")
    return Beta(low, width, a, b)
