"""Many copies of one queue at once, customer after customer: waits whose exact mean theory knows.

A copy is a replication. Times are minutes, services have mean 1 unless said, customers are served in order.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import numpy as np

CHUNK = 10_000
"""Copies that are looked after together: their arrays fit in the processor's cache."""

Works = Callable[[np.random.Generator, int], np.ndarray]
"""Service times of the next customer of so many copies: (copies,), or (systems, copies) that share customers."""


def generator(name: str) -> np.random.Generator:
    """Chance of an experiment, by its name."""
    return np.random.default_rng([2026, zlib.crc32(name.encode())])


def exponential(rng: np.random.Generator, copies: int) -> np.ndarray:
    return rng.standard_exponential(copies)


def lindley(
    rng: np.random.Generator, load: float, copies: int, customers: int, works: Works = exponential
) -> Iterator[np.ndarray]:
    """Wait of customer 1, 2, 3 … in M/G/1 that starts empty, by Lindley's recursion; `load` arrivals a minute.

    The array is used again: what is kept of it must be a copy.
    """
    work = works(rng, copies)
    wait = np.zeros_like(work)
    yield wait
    for _ in range(customers - 1):
        wait += work
        wait -= rng.standard_exponential(copies) / load
        np.maximum(wait, 0.0, out=wait)
        yield wait
        work = works(rng, copies)


def means(waits: Iterator[np.ndarray], warm_up: int = 0) -> np.ndarray:
    """Mean wait of each copy over the customers after the first `warm_up`."""
    total, count = 0.0, 0
    for i, wait in enumerate(waits):
        if i >= warm_up:
            total = total + wait
            count += 1
    return total / count


def in_chunks(copies: int, simulate: Callable[[int], np.ndarray]) -> np.ndarray:
    """`simulate(copies)` piece by piece; the copies are the last axis."""
    pieces = [min(CHUNK, copies - done) for done in range(0, copies, CHUNK)]
    return np.concatenate([simulate(piece) for piece in pieces], axis=-1)


def mean_waits(
    rng: np.random.Generator, load: float, copies: int, customers: int, warm_up: int = 0, works: Works = exponential
) -> np.ndarray:
    """Mean wait of `customers` customers after the first `warm_up`, of each copy of an M/G/1 that starts empty."""
    return in_chunks(copies, lambda n: means(lindley(rng, load, n, warm_up + customers, works), warm_up))


def impatient_waits(
    rng: np.random.Generator, arrive: float, servers: int, patience: float, copies: int, customers: int, warm_up: int
) -> np.ndarray:
    """Mean wait in M/M/c+M (services of mean 1), those who give up included, after the first `warm_up` customers.

    Who would wait longer than her patience leaves no work behind (Kiefer and Wolfowitz's recursion with that rule).
    """
    return in_chunks(
        copies, lambda n: means(_impatient(rng, arrive, servers, patience, n, warm_up + customers), warm_up)
    )


def _impatient(
    rng: np.random.Generator, arrive: float, servers: int, patience: float, copies: int, customers: int
) -> Iterator[np.ndarray]:
    until_free, everyone = np.zeros((servers, copies)), np.arange(copies)
    for _ in range(customers):
        until_free -= rng.standard_exponential(copies) / arrive
        np.maximum(until_free, 0.0, out=until_free)
        server = until_free.argmin(axis=0)
        offered = until_free[server, everyone]
        bears = rng.standard_exponential(copies) * patience
        until_free[server, everyone] += np.where(bears > offered, rng.standard_exponential(copies), 0.0)
        yield np.minimum(offered, bears)
