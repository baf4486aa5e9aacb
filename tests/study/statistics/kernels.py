"""Waits of an M/M/1 queue for many replications at once: Lindley's recursion as running minima, no loop."""

from __future__ import annotations

import math

import numpy as np

CELLS = 4_000_000
"""So many waits at a time: enough to be fast, few enough to fit any memory."""


def lindley(services: np.ndarray, gaps: np.ndarray, first: np.ndarray | float = 0.0) -> np.ndarray:
    """Waits of customers 0, 1, 2 … (axis 1): gap i is that before customer i (gap 0 is not used)."""
    walk = np.zeros_like(services)
    walk[:, 0] = first
    walk[:, 1:] = services[:, :-1] - gaps[:, 1:]
    walk = np.cumsum(walk, axis=1)
    return walk - np.minimum(0.0, np.minimum.accumulate(walk, axis=1))


def waits(rng: np.random.Generator, rows: int, customers: int, load: float, steady: bool = False) -> np.ndarray:
    """Rows of waits; one arrival a minute, services of ``load`` minutes; from empty, or in steady state."""
    first = np.zeros(rows)
    if steady:
        first = np.where(rng.random(rows) < load, rng.exponential(load / (1 - load), rows), 0.0)
    return lindley(rng.exponential(load, (rows, customers)), rng.exponential(1.0, (rows, customers)), first)


def mean_waits(rng: np.random.Generator, macros: int, replications: int, customers: int, load: float) -> np.ndarray:
    """Mean wait of the first customers from empty: macro-replications × replications."""
    return paired_mean_waits(rng, macros, replications, customers, load, 1.0)[0]


def paired_mean_waits(
    rng: np.random.Generator, macros: int, replications: int, customers: int, load: float, pace: float
) -> tuple[np.ndarray, np.ndarray]:
    """The same from the same customers served at pace 1 and at ``pace``."""
    rows = macros * replications
    found = np.empty((2, rows))
    step = math.ceil(CELLS / customers)
    for start in range(0, rows, step):
        here = slice(start, min(rows, start + step))
        shape = (here.stop - start, customers)
        services, gaps = rng.exponential(load, shape), rng.exponential(1.0, shape)
        found[0, here] = lindley(services, gaps).mean(axis=1)
        found[1, here] = found[0, here] if pace == 1.0 else lindley(services / pace, gaps).mean(axis=1)
    return found[0].reshape(macros, replications), found[1].reshape(macros, replications)


def steady_quantile(load: float, p: float) -> float:
    """Of the wait in steady state, where P(wait > x) = load · exp(−(1 − load) x / load)."""
    return max(0.0, math.log(load / (1 - p)) * load / (1 - load))
