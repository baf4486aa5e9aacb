"""Our SimPy engine against textbook SimPy: CPU time in one process, order A B A B, records kept, drawing included.

    python benchmarks/engine.py [--rounds 5] [--customers 10000] [--sizes] [--full]

Exit status 1 if the two disagree on the mean wait: then they are not the same model and the ratio means nothing.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import cases
import textbook

from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import Site, site_of
from sim.flow.state import initial_state
from sim.scenario import load

STANDARD_ERRORS_APART = 5.0  # of the difference of two mean waits, over the rounds


class Model(NamedTuple):
    """One model in both forms."""

    name: str
    scenario: Callable[[int], dict[str, Any]]  # by number of days
    textbook: Callable[[int, int], list[textbook.Visit]]  # by number of days, seed
    customers_a_day: float


class Timed(NamedTuple):
    """One run."""

    seconds: float
    customers: int
    visits: int
    mean_wait_min: float


MODELS = (
    Model(
        "M/M/3 at 90 % load",
        lambda days: cases.mmc_scenario(days, cases.MMC),
        lambda days, seed: textbook.mmc(days, seed, cases.MMC),
        cases.MMC.rate * cases.MINUTES_PER_DAY,
    ),
    Model(
        "M/M/3 at 120 %, patience",
        lambda days: cases.mmc_scenario(days, cases.IMPATIENT),
        lambda days, seed: textbook.mmc(days, seed, cases.IMPATIENT),
        cases.IMPATIENT.rate * cases.MINUTES_PER_DAY,
    ),
    Model(
        "four-stage network",
        cases.network_scenario,
        textbook.network,
        sum(cases.NETWORK.rates_per_hour),
    ),
)


def time_ours(site: Site, seed: int) -> Timed:
    """Draw, simulate and check one replication block by block; the blocks are kept."""
    gc.collect()
    begun = time.process_time()
    blocks = list(simulate(draw(site, initial_state(site, seed, 0), seed, 0)))
    seconds = time.process_time() - begun
    visits = sum(len(block.stage) for block in blocks)
    waited_us = sum(int(block.wait_us.sum()) for block in blocks)
    return Timed(seconds, sum(len(block.number) for block in blocks), visits, waited_us / visits / 60e6)


def time_textbook(model: Model, days: int, seed: int) -> Timed:
    """Simulate once; the list of visits is kept."""
    gc.collect()
    begun = time.process_time()
    visits = model.textbook(days, seed)
    seconds = time.process_time() - begun
    waited = sum((v.ended if v.started is None else v.started) - v.joined for v in visits)
    return Timed(seconds, len({v.customer for v in visits}), len(visits), waited / len(visits))


def compare(model: Model, customers: int, rounds: int) -> bool:
    """Print the rounds of one model and their medians; true if both forms agree on the mean wait."""
    days = max(1, round(customers / model.customers_a_day))
    site = site_of(load(model.scenario(days)))
    time_ours(site, 0)  # first use imports modules and fills caches
    pairs = [(time_ours(site, seed), time_textbook(model, days, seed)) for seed in range(1, rounds + 1)]
    print(f"\n{model.name}: {days} days, about {customers} customers, {pairs[0][0].visits} visits")
    print("  round      ours  textbook   ratio   (µs of CPU per customer)")
    for number, (ours, book) in enumerate(pairs, 1):
        print(f"  {number:5d}  {_each(ours):8.1f}  {_each(book):8.1f}  {_each(book) / _each(ours):6.2f}")
    ours_each, book_each = (statistics.median(_each(pair[side]) for pair in pairs) for side in (0, 1))
    ratio = statistics.median(_each(book) / _each(ours) for ours, book in pairs)
    print(f"  median {ours_each:8.1f}  {book_each:8.1f}  {ratio:6.2f}")
    per_visit = [statistics.median(p[side].seconds / p[side].visits * 1e6 for p in pairs) for side in (0, 1)]
    print(f"  visit  {per_visit[0]:8.1f}  {per_visit[1]:8.1f}          (µs of CPU per visit)")
    return _agree([ours.mean_wait_min for ours, _ in pairs], [book.mean_wait_min for _, book in pairs])


def _each(run: Timed) -> float:
    return run.seconds / run.customers * 1e6


def _agree(ours: list[float], book: list[float]) -> bool:
    means = statistics.mean(ours), statistics.mean(book)
    verdict = True
    if len(ours) > 1:
        error = ((statistics.variance(ours) + statistics.variance(book)) / len(ours)) ** 0.5
        verdict = abs(means[0] - means[1]) <= STANDARD_ERRORS_APART * error
    print(f"  mean wait {means[0]:.3f} and {means[1]:.3f} min: {'agree' if verdict else 'DISAGREE'}")
    return verdict


def by_size(model: Model, sizes: list[int]) -> None:
    """Print our cost of a visit for runs of different lengths, records kept: it must not grow."""
    print(f"\n{model.name}, by length of the run")
    print("  customers     visits   µs of CPU per visit")
    for customers in sizes:
        days = max(1, round(customers / model.customers_a_day))
        ours = time_ours(site_of(load(model.scenario(days))), 1)
        print(f"  {ours.customers:9d}  {ours.visits:9d}   {ours.seconds / ours.visits * 1e6:6.1f}")


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--customers", type=int, default=10_000, help="about so many in each run")
    parser.add_argument("--sizes", action="store_true", help="also the cost of a visit by length of the run")
    parser.add_argument("--full", action="store_true", help="and at a million customers (minutes, gigabytes)")
    asked = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    agree = [compare(model, asked.customers, asked.rounds) for model in MODELS]
    if asked.sizes or asked.full:
        by_size(MODELS[0], [10_000, 100_000, *([1_000_000] if asked.full else [])])
        by_size(MODELS[2], [10_000, 100_000, *([1_000_000] if asked.full else [])])
    return 0 if all(agree) else 1


if __name__ == "__main__":
    sys.exit(main())
