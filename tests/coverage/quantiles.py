"""Intervals of a percentile of waits: by replications, and what becomes of it if waits are taken for independent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import binom, poisson

from sim.study.statistics.quantiles import Histogram, sectioned_quantile
from tests.theory.oracles import mmc, quantile

from .means import students
from .queues import generator, lindley
from .row import ENOUGH, Found, Row, cover, shown, within

LOAD, CUSTOMERS, WARM_UP, PERCENT = 0.9, 5000, 500, 90
SECTIONS = {10: (0.87, 0.97), 20: within(0.934), 100: ENOUGH}
FIRST, DAYS = 100, {20: (0.87, 0.97), 40: (0.9, 0.97), 100: ENOUGH}
AT_ONCE = 20
"""Macro-replications whose waits are held at a time: two thousand runs of five thousand."""
BIN_MIN, BINS = 0.1, 2500


def waits(rng: np.random.Generator, runs: int) -> np.ndarray:
    """(runs, CUSTOMERS) waits of the long run."""
    kept = np.empty((CUSTOMERS, runs), np.float32)
    for i, wait in enumerate(lindley(rng, LOAD, runs, WARM_UP + CUSTOMERS)):
        if i >= WARM_UP:
            kept[i - WARM_UP] = wait
    return np.ascontiguousarray(kept.T)


def histogram(run: np.ndarray) -> Histogram:
    """Counts in bins of a tenth of a minute; those who did not wait are a bin of their own."""
    counts = np.bincount(np.where(run > 0, (run / BIN_MIN).astype(int) + 1, 0), minlength=BINS)
    edges = np.arange(len(counts)) * BIN_MIN
    return Histogram(np.append(0.0, edges[:-1]), edges, counts)


def as_if_independent(pool: np.ndarray) -> tuple[float, float]:
    """The textbook interval between two order statistics, wrong for waits that follow each other."""
    n, p = pool.size, PERCENT / 100
    ranks = [int(binom.ppf(tail, n, p)) for tail in (0.025, 0.975)]
    low, high = np.partition(pool.ravel(), ranks)[ranks]
    return float(low), float(high)


Interval = tuple[float, float]


def sectioned(sections: list[Histogram]) -> Interval:
    found = sectioned_quantile(sections, PERCENT / 100)
    return found.low, found.high


def make(tries: int) -> list[Row]:
    exact, rng = mmc(LOAD, 1.0).percentile(PERCENT), generator("quantiles")
    of_pool: dict[int, list[Interval]] = {size: [] for size in SECTIONS}
    of_each: dict[int, list[Interval]] = {size: [] for size in SECTIONS}
    naive: list[Interval] = []
    for done in range(0, tries, AT_ONCE):
        runs = waits(rng, 100 * min(AT_ONCE, tries - done))
        bins, own = [histogram(run) for run in runs], np.quantile(runs, PERCENT / 100, axis=1)
        for size in SECTIONS:
            starts = range(0, len(runs), size)
            of_pool[size] += [sectioned(bins[start : start + size]) for start in starts]
            of_each[size] += [students(own[start : start + size]) for start in starts]
        naive += [as_if_independent(runs[start : start + 20]) for start in range(0, len(runs), 100)]
    problem = f"{PERCENT}th percentile of waits, M/M/1 at load {LOAD}, {CUSTOMERS:,} customers"
    made = []
    for size, band in SECTIONS.items():
        for name, intervals in (("pooled, by replications", of_pool), ("mean of percentiles", of_each)):
            covered = cover(intervals[size], exact)
            made.append(_row(problem, exact, name, size, Found(covered.share, *band), covered.half_width))
    covered = cover(naive, exact)
    wrong = Found(covered.share, high=0.2)
    made.append(_row(problem, exact, "as if waits were independent (not offered)", 20, wrong, covered.half_width))
    return made + days(tries)


def days(tries: int) -> list[Row]:
    """Days of 100 customers, so unequal that a day's own percentile says little of that of all customers."""
    exact = first_percentile(FIRST, PERCENT)
    rng, of_pool = generator("quantiles of days"), {size: list[Interval]() for size in DAYS}
    for done in range(0, tries, AT_ONCE):
        runs = first_waits(rng, 100 * min(AT_ONCE, tries - done))
        bins = [histogram(run) for run in runs]
        for size in DAYS:
            of_pool[size] += [sectioned(bins[start : start + size]) for start in range(0, len(runs), size)]
    problem, made = f"{PERCENT}th percentile of the first {FIRST} waits of a day, M/M/1 at load {LOAD}", []
    for size, band in DAYS.items():
        covered = cover(of_pool[size], exact)
        made.append(
            _row(problem, exact, "pooled, by replications", size, Found(covered.share, *band), covered.half_width)
        )
    return made


def first_waits(rng: np.random.Generator, runs: int) -> np.ndarray:
    kept = np.empty((FIRST, runs), np.float32)
    for i, wait in enumerate(lindley(rng, LOAD, runs, FIRST)):
        kept[i] = wait
    return np.ascontiguousarray(kept.T)


def first_percentile(customers: int, percent: float) -> float:
    """Of the waits of the first customers of an M/M/1 that starts empty: who finds k waits for k services."""
    found = np.array(list(found_inside(LOAD, customers))).mean(axis=0)
    return quantile(lambda t: float(found[1:] @ poisson.cdf(np.arange(len(found) - 1), t)), percent)


def found_inside(load: float, customers: int) -> Iterator[np.ndarray]:
    """Distribution of the number that customer 1, 2, 3 … finds; services have rate 1."""
    comes = load / (load + 1)
    inside = np.zeros(customers + 1)
    inside[0] = 1.0
    for _ in range(customers):
        yield inside
        joined, inside, left = np.append(0.0, inside[:-1]), np.zeros(customers + 1), 0.0
        for k in range(customers, -1, -1):
            reached = joined[k] + left
            inside[k] = reached * (comes if k else 1.0)
            left = reached - inside[k]


def _row(problem: str, exact: float, name: str, size: int, found: Found, half_width: float) -> Row:
    return Row((problem, f"{exact:.4f}", name, str(size)), (found, shown(half_width)))


HEAD = ("problem", "exact", "interval", "replications")
FIGURES = ("covers (must lie in)", "half-width")
