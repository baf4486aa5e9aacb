"""A mixture of laws: with some probability one of them, else another.

A mixture too is a non-decreasing function of one uniform number. Its steps (constants, observed values) are
exact. Between them one continuous law is asked with the uniform number rescaled; several are inverted
together, by halving an interval always at the same points, so that the result cannot decrease by a rounding
of the probabilities.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass, field

import numpy as np

from sim.chance.continuous import FIRST_UNIFORM, LAST_UNIFORM, Constant, ContinuousLaw, Law, Numbers, Steps

_FINE = 2.0**-46  # an interval this small, relative to its ends, is a value
_MAX_HALVINGS = 200


def steps(weighted: list[tuple[float, float]]) -> Law:
    """The law of (value, weight) pairs; weights of any positive sum."""
    total = math.fsum(weight for _, weight in weighted)
    shares: dict[float, list[float]] = {}
    for value, weight in sorted(weighted):
        if weight > 0.0:
            shares.setdefault(value, []).append(weight)
    if len(shares) == 1:
        return Constant(next(iter(shares)))
    merged = [math.fsum(parts) for parts in shares.values()]
    upto = (np.cumsum(merged) / total).tolist()
    upto[-1] = 1.0
    mean = math.fsum(value * weight for value, weight in weighted if weight > 0.0) / total
    return Steps(np.array(list(shares)), np.array(upto), mean)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Continuous ``parts`` with their ``weights`` beside steps.

    Step i, of value ``values[i]``, holds the uniform numbers in (``below[i]``, ``upto[i]``]; ``taken[i]`` is
    the probability of all steps before it. The halving starts from ``low`` and ``high``.
    """

    parts: tuple[ContinuousLaw, ...]
    weights: tuple[float, ...]
    values: Numbers
    below: Numbers
    upto: Numbers
    taken: Numbers = field(repr=False)
    low: float
    high: float
    mean: float

    @property
    def is_constant(self) -> bool:
        """Never: it has a continuous part."""
        return False

    def quantile(self, u: float) -> float:
        """The value at ``u``."""
        i = bisect_left(self.upto, u)
        if i < self.values.size and u > self.below[i]:
            return float(self.values[i])
        target = u - float(self.taken[i])
        if len(self.parts) == 1:
            rescaled = min(max(target / self.weights[0], FIRST_UNIFORM), LAST_UNIFORM)
            value = self.parts[0].quantile(rescaled)
        else:
            value = self._halve(target)
        if i > 0:
            value = max(value, float(self.values[i - 1]))
        return min(value, float(self.values[i])) if i < self.values.size else value

    def quantiles(self, u: Numbers) -> Numbers:
        """``quantile`` of each element, the same bits."""
        u = np.asarray(u, dtype=np.float64)
        flat = u.ravel()
        i = np.searchsorted(self.upto, flat, side="left")
        out = np.append(self.values, math.nan)[i]
        between = np.flatnonzero(~(flat > np.append(self.below, math.inf)[i]))
        if between.size:
            i = i[between]
            target = flat[between] - self.taken[i]
            if len(self.parts) == 1:
                rescaled = np.minimum(np.maximum(target / self.weights[0], FIRST_UNIFORM), LAST_UNIFORM)
                value = self.parts[0].quantiles(rescaled)
            else:
                value = self._halve_array(target)
            value = np.maximum(value, np.append(-math.inf, self.values)[i])
            out[between] = np.minimum(value, np.append(self.values, math.inf)[i])
        return out.reshape(u.shape)

    def _bounds(self, target: float) -> tuple[float, float]:
        """Least and greatest quantile of the parts: the mixture's lies between."""
        share = min(max(target / math.fsum(self.weights), FIRST_UNIFORM), LAST_UNIFORM)
        found = [part.quantile(share) for part in self.parts]
        return min(found), max(found)

    def _halve(self, target: float) -> float:
        least, most = self._bounds(target)
        low, high = self.low, self.high
        for _ in range(_MAX_HALVINGS):
            if high - low <= _FINE * max(abs(low), abs(high)):
                break
            middle = low + 0.5 * (high - low)
            if middle < least or (middle < most and self._below(middle) < target):
                low = middle
            else:
                high = middle
        return high

    def _below(self, x: float) -> float:
        total = 0.0
        for part, weight in zip(self.parts, self.weights, strict=True):
            total = total + weight * part.cdf(x)
        return total

    def _halve_array(self, target: Numbers) -> Numbers:
        share = np.minimum(np.maximum(target / math.fsum(self.weights), FIRST_UNIFORM), LAST_UNIFORM)
        found = [part.quantiles(share) for part in self.parts]
        least, most = np.minimum.reduce(found), np.maximum.reduce(found)
        low, high = np.full(target.shape, self.low), np.full(target.shape, self.high)
        for _ in range(_MAX_HALVINGS):
            open_ = high - low > _FINE * np.maximum(np.abs(low), np.abs(high))
            if not open_.any():
                break
            middle = low + 0.5 * (high - low)
            right = middle < least
            asked = np.flatnonzero(open_ & ~right & (middle < most))
            right[asked] = self._below_array(middle[asked]) < target[asked]
            low = np.where(open_ & right, middle, low)
            high = np.where(open_ & ~right, middle, high)
        return high

    def _below_array(self, x: Numbers) -> Numbers:
        total = np.zeros(x.shape)
        for part, weight in zip(self.parts, self.weights, strict=True):
            total = total + weight * part.cdfs(x)
        return total


def mixture(laws: list[Law], weights: list[float]) -> Law:
    """The mixture of ``laws`` with these probabilities; mixtures within it are taken apart."""
    points: list[tuple[float, float]] = []
    parts: list[tuple[ContinuousLaw, float]] = []
    for law, weight in zip(laws, weights, strict=True):
        if weight > 0.0:
            _take_apart(law, weight, points, parts)
    if not parts:
        return steps(points)
    if len(parts) == 1 and not points:
        return parts[0][0]
    return _mixture(points, parts)


def _take_apart(
    law: Law, weight: float, points: list[tuple[float, float]], parts: list[tuple[ContinuousLaw, float]]
) -> None:
    match law:
        case Constant(value):
            points.append((value, weight))
        case Steps():
            shares = np.diff(law.upto, prepend=0.0)
            points.extend((float(v), weight * float(s)) for v, s in zip(law.values, shares, strict=True))
        case Mixture():
            shares = law.upto - law.below
            points.extend((float(v), weight * float(s)) for v, s in zip(law.values, shares, strict=True))
            parts.extend((part, weight * own) for part, own in zip(law.parts, law.weights, strict=True))
        case _:
            parts.append((law, weight))  # type: ignore[arg-type]


def _mixture(points: list[tuple[float, float]], parts: list[tuple[ContinuousLaw, float]]) -> Mixture:
    total = math.fsum([weight for _, weight in points] + [weight for _, weight in parts])
    shares: dict[float, float] = {}
    for value, weight in sorted(points):
        shares[value] = shares.get(value, 0.0) + weight / total
    laws = tuple(law for law, _ in parts)
    weights = tuple(weight / total for _, weight in parts)
    taken = np.append(0.0, np.cumsum(list(shares.values())))
    under = [math.fsum(w * law.cdf(v) for law, w in zip(laws, weights, strict=True)) for v in shares]
    below = np.maximum.accumulate(np.array(under) + taken[:-1]) if under else np.empty(0)
    terms = [value * share for value, share in shares.items()]
    terms += [law.mean * weight for law, weight in zip(laws, weights, strict=True)]
    return Mixture(
        parts=laws,
        weights=weights,
        values=np.array(list(shares)),
        below=below,
        upto=np.array(under) + taken[1:] if under else np.empty(0),
        taken=taken,
        low=min(law.quantile(FIRST_UNIFORM) for law in laws),
        high=max(law.quantile(LAST_UNIFORM) for law in laws),
        mean=math.fsum(terms),
    )
