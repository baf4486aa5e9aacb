"""The laws themselves: each is its quantile, one uniform number in, one value out, never decreasing.

So a customer who is unlucky under one policy is as unlucky under another, and a changed spread moves everybody
without re-dealing. ``quantile`` and ``quantiles`` give the same bits on every machine.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim import arithmetic as ar

Numbers = NDArray[np.float64]
Real = TypeVar("Real", float, Numbers)

LAST_UNIFORM = 1.0 - 2.0**-53
FIRST_UNIFORM = 2.0**-53
GAMMA_TABLE_SHAPE = 1e5  # larger shapes need no table


class Law(Protocol):
    """A distribution, as a non-decreasing function of one uniform number in (0, 1)."""

    @property
    def mean(self) -> float:
        """Expected value, exact."""

    @property
    def is_constant(self) -> bool:
        """Whether every draw is the same value."""

    def quantile(self, u: float) -> float:
        """The value at uniform number ``u``."""

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""


class ContinuousLaw(Law, Protocol):
    """A law without steps: the probability of staying below x is known too."""

    def cdf(self, x: float) -> float:
        """Probability of a value below ``x``, absolute error below 1e-14."""

    def cdfs(self, x: Numbers) -> Numbers:
        """``cdf`` of each element, the same bits."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Always ``value``, which may be infinite."""

    value: float

    @property
    def mean(self) -> float:
        """The value."""
        return self.value

    @property
    def is_constant(self) -> bool:
        """Always."""
        return True

    def quantile(self, u: float) -> float:
        """The value."""
        return self.value

    def quantiles(self, u: Numbers) -> Numbers:
        """The value, for each."""
        return np.full(np.shape(u), self.value)


class _Varying:
    __slots__ = ()

    @property
    def is_constant(self) -> bool:
        """Never: a law without spread is a ``Constant``."""
        return False


@dataclass(frozen=True, slots=True)
class Steps(_Varying):
    """Rising ``values``; value i is drawn up to the uniform number ``upto[i]``, the last of which is 1."""

    values: Numbers
    upto: Numbers
    mean: float

    def quantile(self, u: float) -> float:
        """The first value whose step reaches ``u``."""
        return float(self.values[bisect_left(self.upto, u)])

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element."""
        return np.asarray(self.values[np.searchsorted(self.upto, u, side="left")])


@dataclass(frozen=True, slots=True)
class Exponential(_Varying):
    """Exponential with that mean."""

    mean: float

    def quantile(self, u: float) -> float:
        """−mean · log(1 − u)."""
        return -self.mean * ar.log(1.0 - u)

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""
        return -self.mean * ar.log_array(1.0 - u)

    def cdf(self, x: float) -> float:
        """Probability of a value below ``x``."""
        return 1.0 - ar.exp(-max(x, 0.0) / self.mean)

    def cdfs(self, x: Numbers) -> Numbers:
        """``cdf`` of each element, the same bits."""
        return 1.0 - ar.exp_array(-np.maximum(x, 0.0) / self.mean)


@dataclass(frozen=True, slots=True)
class Lognormal(_Varying):
    """exp of a normal number: ``median`` · exp(``sigma`` · z)."""

    median: float
    sigma: float
    mean: float

    def quantile(self, u: float) -> float:
        """The value at ``u``."""
        return self.median * ar.exp(self.sigma * ar.normal_quantile(u))

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""
        return self.median * ar.exp_array(self.sigma * ar.normal_quantile_array(u))

    def cdf(self, x: float) -> float:
        """Probability of a value below ``x``."""
        return ar.normal_cdf(ar.log(max(x, 0.0) / self.median) / self.sigma)

    def cdfs(self, x: Numbers) -> Numbers:
        """``cdf`` of each element, the same bits."""
        return ar.normal_cdf_array(ar.log_array(np.maximum(x, 0.0) / self.median) / self.sigma)


@dataclass(frozen=True, slots=True)
class Weibull(_Varying):
    """``scale`` · (−log(1 − u))**(1/``shape``)."""

    shape: float
    scale: float
    mean: float

    def quantile(self, u: float) -> float:
        """The value at ``u``."""
        return self.scale * ar.power(-ar.log(1.0 - u), 1.0 / self.shape)

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""
        return self.scale * ar.power_array(-ar.log_array(1.0 - u), 1.0 / self.shape)

    def cdf(self, x: float) -> float:
        """Probability of a value below ``x``."""
        return 1.0 - ar.exp(-ar.power(max(x, 0.0) / self.scale, self.shape))

    def cdfs(self, x: Numbers) -> Numbers:
        """``cdf`` of each element, the same bits."""
        return 1.0 - ar.exp_array(-ar.power_array(np.maximum(x, 0.0) / self.scale, self.shape))


# A table costs as much as ten thousand draws and is a pure function of the shape: so it is kept.
@lru_cache(maxsize=64)
def _gamma_table(shape: float) -> Numbers:
    table = ar.gamma_table(shape)
    table.flags.writeable = False
    return table


@lru_cache(maxsize=64)
def _beta_table(a: float, b: float) -> Numbers:
    table = ar.beta_table(a, b)
    table.flags.writeable = False
    return table


@dataclass(frozen=True, slots=True)
class Gamma(_Varying):
    """Gamma of that shape and scale."""

    shape: float
    scale: float

    @property
    def mean(self) -> float:
        """Shape times scale."""
        return self.shape * self.scale

    def quantile(self, u: float) -> float:
        """The value at ``u``."""
        if self.shape > GAMMA_TABLE_SHAPE:
            return self.scale * ar.gamma_quantile(u, self.shape)
        return self.scale * ar.table_quantile(u, _gamma_table(self.shape))

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""
        if self.shape > GAMMA_TABLE_SHAPE:
            return self.scale * ar.gamma_quantile_array(u, self.shape)
        return self.scale * ar.table_quantile_array(u, _gamma_table(self.shape))

    def cdf(self, x: float) -> float:
        """Probability of a value below ``x``."""
        return ar.gamma_cdf(x / self.scale, self.shape)

    def cdfs(self, x: Numbers) -> Numbers:
        """``cdf`` of each element, the same bits."""
        return ar.gamma_cdf_array(x / self.scale, self.shape)


@dataclass(frozen=True, slots=True)
class Beta(_Varying):
    """``low`` + ``width`` · a beta(a, b) share."""

    low: float
    width: float
    a: float
    b: float

    @property
    def mean(self) -> float:
        """Expected value."""
        return self.low + self.width * (self.a / (self.a + self.b))

    def quantile(self, u: float) -> float:
        """The value at ``u``."""
        return self.low + self.width * ar.table_quantile(u, _beta_table(self.a, self.b))

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""
        return self.low + self.width * ar.table_quantile_array(u, _beta_table(self.a, self.b))

    def cdf(self, x: float) -> float:
        """Probability of a value below ``x``."""
        return ar.beta_cdf((x - self.low) / self.width, self.a, self.b)

    def cdfs(self, x: Numbers) -> Numbers:
        """``cdf`` of each element, the same bits."""
        return ar.beta_cdf_array((x - self.low) / self.width, self.a, self.b)


@dataclass(frozen=True, slots=True)
class Uniform(_Varying):
    """Even between ``low`` and ``high``."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        """The middle."""
        return 0.5 * (self.low + self.high)

    def quantile(self, u: float) -> float:
        """The value at ``u``."""
        return self.low + (self.high - self.low) * u

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""
        return self.low + (self.high - self.low) * u

    def cdf(self, x: float) -> float:
        """Probability of a value below ``x``."""
        return min(max((x - self.low) / (self.high - self.low), 0.0), 1.0)

    def cdfs(self, x: Numbers) -> Numbers:
        """``cdf`` of each element, the same bits."""
        return np.minimum(np.maximum((x - self.low) / (self.high - self.low), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Triangular(_Varying):
    """Rising from ``low`` to ``mode``, falling to ``high``."""

    low: float
    mode: float
    high: float

    @property
    def mean(self) -> float:
        """Mean of the three corners."""
        return (self.low + self.mode + self.high) / 3.0

    def _areas(self) -> tuple[float, float, float]:
        """The uniform number of the mode; width times the rising and times the falling part."""
        width = self.high - self.low
        rising, falling = self.mode - self.low, self.high - self.mode
        return rising / width, width * rising, width * falling

    def quantile(self, u: float) -> float:
        """The value at ``u``."""
        turn, rising, falling = self._areas()
        if u < turn:
            return min(self.low + math.sqrt(u * rising), self.mode)
        return max(self.high - math.sqrt((1.0 - u) * falling), self.mode)

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""
        turn, rising, falling = self._areas()
        up = np.minimum(self.low + np.sqrt(u * rising), self.mode)
        return np.where(u < turn, up, np.maximum(self.high - np.sqrt((1.0 - u) * falling), self.mode))

    def cdf(self, x: float) -> float:
        """Probability of a value below ``x``."""
        x = min(max(x, self.low), self.high)
        _, rising, falling = self._areas()
        if x < self.mode:
            return (x - self.low) * (x - self.low) / rising
        return 1.0 - (self.high - x) * (self.high - x) / falling if falling > 0.0 else 1.0

    def cdfs(self, x: Numbers) -> Numbers:
        """``cdf`` of each element, the same bits."""
        return np.array([self.cdf(one) for one in x.tolist()], dtype=np.float64)


def _coarse(p: Real) -> Real:
    """``p`` to 43 bits: steps that the last-bit errors of a normal quantile cannot turn around."""
    wide = p * 1025.0
    return wide - (wide - p)


@dataclass(frozen=True, slots=True)
class Normal(_Varying):
    """Normal with ``centre`` and ``sd``, kept between ``low`` and ``high``; ``mean`` is of what is kept.

    The probability ``start`` + ``mass`` · u is counted from below, or from above (``sign`` −1) where only the
    upper tail is kept, so that no precision is lost far out.
    """

    centre: float
    sd: float
    low: float
    high: float
    sign: float
    start: float
    mass: float
    mean: float

    def quantile(self, u: float) -> float:
        """The value at ``u``."""
        p = min(self.start + self.mass * (u if self.sign > 0.0 else 1.0 - u), LAST_UNIFORM)
        p = _coarse(p) if p <= 0.5 else 1.0 - _coarse(1.0 - p)
        value = self.centre + self.sign * self.sd * ar.normal_quantile(p)
        return min(max(value, self.low), self.high)

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""
        p = np.minimum(self.start + self.mass * (u if self.sign > 0.0 else 1.0 - u), LAST_UNIFORM)
        p = np.where(p <= 0.5, _coarse(p), 1.0 - _coarse(1.0 - p))
        value = self.centre + self.sign * self.sd * ar.normal_quantile_array(p)
        return np.minimum(np.maximum(value, self.low), self.high)

    def cdf(self, x: float) -> float:
        """Probability of a value below ``x``."""
        x = min(max(x, self.low), self.high)
        share = (ar.normal_cdf(self.sign * (x - self.centre) / self.sd) - self.start) / self.mass
        return share if self.sign > 0.0 else 1.0 - share

    def cdfs(self, x: Numbers) -> Numbers:
        """``cdf`` of each element, the same bits."""
        x = np.minimum(np.maximum(x, self.low), self.high)
        share = (ar.normal_cdf_array(self.sign * (x - self.centre) / self.sd) - self.start) / self.mass
        return share if self.sign > 0.0 else 1.0 - share
