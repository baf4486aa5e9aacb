"""Exact waiting times of single queues, from the formulas of queueing theory.

Rates are per minute, times in minutes. Each function names the model in Kendall's notation; the sources are
Gross, Shortle, Thompson & Harris, *Fundamentals of Queueing Theory* (5th ed.), unless another is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm


class Queue(NamedTuple):
    """What theory says of one queue; `tail(t)` is the chance that a served customer waits longer than t."""

    waited: float
    wait: float
    length: float
    tail: Callable[[float], float]

    def percentile(self, percent: float) -> float:
        """The wait that `percent` of the served do not exceed: 0 while enough of them do not wait at all."""
        return quantile(self.tail, percent)


def quantile(tail: Callable[[float], float], percent: float) -> float:
    """Smallest t >= 0 with tail(t) <= 1 - percent/100, for a tail that is continuous beyond zero."""
    above = 1 - percent / 100
    if tail(0.0) <= above:
        return 0.0
    high = 1.0
    while tail(high) > above:
        high *= 2
    return brentq(lambda t: tail(t) - above, 0.0, high, xtol=1e-12, rtol=1e-13)


# ---- exponential service


def erlang_b(load: float, servers: int) -> float:
    """Share of customers lost in M/G/c/c: the recursion B(c) = aB(c-1) / (c + aB(c-1))."""
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = load * blocked / (c + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """Share of customers who wait in M/M/c."""
    blocked = erlang_b(load, servers)
    return blocked / (1 - load / servers * (1 - blocked))


def mmc(arrive: float, serve: float, servers: int = 1) -> Queue:
    """M/M/c, first come first served."""
    waited = erlang_c(arrive / serve, servers)
    spare = servers * serve - arrive
    wait = waited / spare
    return Queue(waited, wait, arrive * wait, lambda t: waited * math.exp(-spare * t))


def gi_m_1(transform: Callable[[float], float], serve: float, arrive: float) -> Queue:
    """GI/M/1: `transform` is the Laplace transform of the gap, `arrive` one over its mean.

    The share who wait is the root in (0, 1) of s = A(mu(1 - s)).
    """
    root = brentq(lambda s: transform(serve * (1 - s)) - s, 0.0, 1 - 1e-9, xtol=1e-15)
    wait = root / (serve * (1 - root))
    return Queue(root, wait, arrive * wait, lambda t: root * math.exp(-serve * (1 - root) * t))


def constant_transform(value: float) -> Callable[[float], float]:
    return lambda s: math.exp(-s * value)


def erlang_transform(mean: float, k: int) -> Callable[[complex], complex]:
    return lambda s: (1 + s * mean / k) ** (-k)


# ---- general service, one server


def pollaczek_khinchine(arrive: float, mean: float, cv: float) -> float:
    """Mean wait of M/G/1."""
    return arrive * mean**2 * (1 + cv**2) / (2 * (1 - arrive * mean))


def mg1(arrive: float, mean: float, cv: float, transform: Callable[[complex], complex]) -> Queue:
    """M/G/1, with the tail of the wait from the Pollaczek-Khinchine transform."""
    load = arrive * mean
    wait = pollaczek_khinchine(arrive, mean, cv)

    def tail_transform(s: complex) -> complex:
        waits = (1 - load) * s / (s - arrive * (1 - transform(s)))
        return (1 - waits) / s

    return Queue(load, wait, arrive * wait, lambda t: load if t == 0 else invert(tail_transform, t))


def invert(transform: Callable[[complex], complex], t: float) -> float:
    """f(t) from its Laplace transform, to about eight digits where f is smooth (Abate & Whitt, EULER)."""
    a, terms, averaged = 18.4, 40, 11
    total = transform(complex(a / (2 * t))).real / 2
    partial = []
    for k in range(1, terms + averaged + 1):
        total += (-1) ** k * transform(complex(a / (2 * t), k * math.pi / t)).real
        partial.append(total)
    binomial = [math.comb(averaged, j) / 2**averaged for j in range(averaged + 1)]
    euler = math.fsum(b * s for b, s in zip(binomial, partial[-averaged - 1 :], strict=True))
    return math.exp(a / 2) / t * euler


def md1(arrive: float, service: float) -> Queue:
    """M/D/1: Erlang's sum for the distribution of the wait."""
    load = arrive * service
    wait = pollaczek_khinchine(arrive, service, 0.0)

    def tail(t: float) -> float:
        ahead = [(k * service - t) * arrive for k in range(int(t // service) + 1)]
        return 1 - (1 - load) * math.fsum(
            (-1) ** k * math.exp(k * math.log(-x) - x - math.lgamma(k + 1)) if x < 0 else float(k == 0)
            for k, x in enumerate(ahead)
        )

    return Queue(load, wait, arrive * wait, tail)


class Batches(NamedTuple):
    waited: float
    wait: float


def batches(arrive: float, serve: float, sizes: Sequence[int]) -> Batches:
    """M[X]/M/1: parties at rate `arrive`, each size of `sizes` equally likely; figures of single customers.

    A party waits as one customer of M/G/1; within it the k-th waits for k - 1 services more.
    """
    mean = sum(sizes) / len(sizes)
    square = sum(x * x for x in sizes) / len(sizes)
    load = arrive * mean / serve
    work_square = (mean + square) / serve**2
    party = arrive * work_square / (2 * (1 - load))
    inside = (square - mean) / (2 * mean) / serve
    return Batches(1 - (1 - load) / mean, party + inside)


# ---- priorities


def cobham(classes: Sequence[tuple[float, float, float]]) -> list[float]:
    """Mean waits in M/G/1 with non-preemptive priorities; classes are (rate, mean service, mean square)."""
    residual = sum(rate * square for rate, _, square in classes) / 2
    loads = np.cumsum([0.0] + [rate * mean for rate, mean, _ in classes])
    return [float(residual / ((1 - before) * (1 - upto))) for before, upto in pairwise(loads)]


def priorities_mmc(rates: Sequence[float], serve: float, servers: int) -> list[float]:
    """Mean waits in M/M/c, non-preemptive priorities, one service law (Kella & Yechiali 1985)."""
    top = erlang_c(sum(rates) / serve, servers) / (servers * serve)
    loads = np.cumsum([0.0, *rates]) / (servers * serve)
    return [float(top / ((1 - before) * (1 - upto))) for before, upto in pairwise(loads)]


# ---- impatient customers


class Patience(NamedTuple):
    """A law of patience: `more(x)` its survival, with `jumps`; `capped(x)` the mean of min(patience, x)."""

    more: Callable[[np.ndarray], np.ndarray]
    capped: Callable[[np.ndarray], np.ndarray]
    jumps: tuple[float, ...] = ()


def exponential_patience(mean: float) -> Patience:
    return Patience(lambda x: np.exp(-x / mean), lambda x: mean * -np.expm1(-x / mean))


def constant_patience(value: float) -> Patience:
    return Patience(lambda x: (x < value) * 1.0, lambda x: np.minimum(x, value), (value,))


def lognormal_patience(mean: float, cv: float) -> Patience:
    sigma = math.sqrt(math.log1p(cv * cv))
    mu = math.log(mean) - sigma**2 / 2

    def z(x: np.ndarray) -> np.ndarray:
        return (np.log(np.maximum(x, 1e-300)) - mu) / sigma

    return Patience(lambda x: norm.sf(z(x)), lambda x: mean * norm.cdf(z(x) - sigma) + x * norm.sf(z(x)))


def some_leave_at_once(share: float, others: Patience) -> Patience:
    """`share` of the customers do not wait at all."""
    return Patience(lambda x: (1 - share) * others.more(x), lambda x: (1 - share) * others.capped(x), others.jumps)


class Impatient(NamedTuple):
    """M/M/c+G; `wait` is over all who join, `wait_served` and `tail` over the served."""

    abandoned: float
    waited: float
    wait: float
    wait_served: float
    length: float
    tail: Callable[[float], float]

    def percentile(self, percent: float) -> float:
        return quantile(self.tail, percent)


def impatient(arrive: float, serve: float, servers: int, patience: Patience) -> Impatient:
    """M/M/c+G: Baccelli & Hebuterne (1981), in the form of Zeltyn & Mandelbaum (2005).

    The offered wait has density proportional to exp(lambda H(x) - c mu x), H(x) the mean of min(patience, x).
    """
    load = arrive / serve
    idle = sum(
        math.exp((j - servers + 1) * math.log(load) + math.lgamma(servers) - math.lgamma(j + 1)) for j in range(servers)
    )
    end = 1.0
    while arrive * float(patience.capped(np.array(end))) - servers * serve * end > -60:
        end *= 1.3

    def integrals(start: float) -> tuple[float, ...]:
        """Of the density beyond `start`: itself, times H, times served, times served times x."""
        x, weight = gauss(start, end, patience.jumps)
        density = weight * np.exp(arrive * patience.capped(x) - servers * serve * x)
        served = density * patience.more(x)
        return tuple(math.fsum(part) for part in (density, density * patience.capped(x), served, served * x))

    offered, capped, served, served_wait = integrals(0.0)
    total = idle + arrive * offered
    all_served = (idle + arrive * served) / total
    return Impatient(
        abandoned=1 - all_served,
        waited=arrive * offered / total,
        wait=arrive * capped / total,
        wait_served=arrive * served_wait / total / all_served,
        length=arrive**2 * capped / total,
        tail=lambda t: arrive * integrals(t)[2] / total / all_served if t < end else 0.0,
    )


def gauss(start: float, end: float, breaks: Sequence[float], panels: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a composite Gauss rule on [start, end] that puts no panel across a break."""
    edges = np.unique([*np.linspace(start, end, panels + 1), *(b for b in breaks if start < b < end)])
    node, weight = np.polynomial.legendre.leggauss(10)
    half = np.diff(edges)[:, None] / 2
    x = (edges[:-1, None] + half) + half * node
    return x.ravel(), (half * weight).ravel()


# ---- networks


def traffic(outside: dict[str, float], routes: dict[str, dict[str, float]]) -> dict[str, float]:
    """Visit rates of the stages of an open network; routes to names not in `outside` leave."""
    names = list(outside)
    share = np.array([[routes.get(a, {}).get(b, 0.0) for b in names] for a in names])
    rates = np.linalg.solve(np.eye(len(names)) - share.T, np.array([outside[n] for n in names]))
    return dict(zip(names, map(float, rates), strict=True))
