"""How often the policy that is named is the right one, in the least favourable cases."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np

from sim.study.statistics.feasibility import Demand, cheapest
from sim.study.statistics.kn import race
from sim.study.statistics.ocba import further
from sim.study.statistics.rinott import constant
from sim.study.statistics.spending import looks
from tests.theory.days import mm1_first

from .queues import generator, mean_waits
from .row import Found, Row, shown

K, SD, DELTA, PROMISE, FIRST = 5, 3.0, 1.0, 0.95, 20
"""The slippage configuration: one of five is better by exactly the difference that matters, the others are alike."""
AT_MOST = 600
"""Values at hand for each system, more than two stages ever ask for."""
LOWEST = 0.929
"""0.95 less three standard errors of a thousand studies."""

LOAD, WAITING = 0.9, 100
"""Skewed values: mean waits of so many customers of a day, M/M/1 that starts empty."""
ON_BOUNDS = "four policies, two limits on mean waits of a day (M/M/1 at load .9), all true means on their bounds"

Study = tuple[bool, float]
"""Whether the right one was named, and the replications it took, of all systems together."""


def normal(rng: np.random.Generator, correlation: float, columns: int, best: int) -> np.ndarray:
    """Systems × replications of correlated normal values."""
    common, own = rng.standard_normal(columns), rng.standard_normal((K, columns))
    values = SD * (np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own)
    values[best] += DELTA
    return values


def kim_nelson(correlation: float) -> Callable[[np.random.Generator, int], Study]:
    def study(rng: np.random.Generator, best: int) -> Study:
        values = normal(rng, correlation, 100, best)
        while len((found := race(values, 1 - PROMISE, DELTA, FIRST)).survivors) > 1:
            values = np.hstack([values, normal(rng, correlation, 100, best)])
        spent = sum(found.looked if left is None else left for left in found.left_after)
        return found.survivors == (best,), spent

    return study


def rinott() -> Callable[[np.random.Generator, int], Study]:
    h = constant(K, FIRST, PROMISE)

    def study(rng: np.random.Generator, best: int) -> Study:
        values = normal(rng, 0.0, AT_MOST, best)
        wanted = [max(FIRST, ceil((h * sd / DELTA) ** 2)) for sd in values[:, :FIRST].std(axis=1, ddof=1)]
        found = int(np.argmax([row[:n].mean() for row, n in zip(values, wanted, strict=True)]))
        return found == best, sum(wanted)

    return study


def ocba(rng: np.random.Generator, best: int, budget: int = 290, step: int = 10) -> Study:
    """As many replications as Kim and Nelson's take, where the rule of thumb puts them."""
    values, counts = normal(rng, 0.0, AT_MOST, best), [10] * K
    while sum(counts) < budget:
        means, sds = _moments(values, counts)
        counts = [n + more for n, more in zip(counts, further(counts, means, sds, step), strict=True)]
    return int(np.argmax(_moments(values, counts)[0])) == best, sum(counts)


def _moments(values: np.ndarray, counts: list[int]) -> tuple[list[float], list[float]]:
    parts = [row[:n] for row, n in zip(values, counts, strict=True)]
    return [float(part.mean()) for part in parts], [float(part.std(ddof=1)) for part in parts]


def smallest_of_ten(rng: np.random.Generator, best: int) -> Study:
    """No procedure: ten replications each, and the largest mean is taken."""
    return int(np.argmax(normal(rng, 0.0, 10, best).mean(axis=1))) == best, 10 * K


def limits(rng: np.random.Generator, best: int) -> Study:
    """Four policies, the cheaper the worse: the two cheapest miss a limit each, on a mean and on a share of days.

    `best` is not used, for the costs decide. Right is: nothing that is proven is false, whether or not it ends.
    """
    n, means, shares = 800, np.array([10.3, 9.7, 9.5, 9.0]), np.array([0.97, 0.84, 0.96, 0.99])
    waits = means[:, None] + rng.standard_normal((4, n))
    good = rng.random((4, n)) < shares[:, None]
    costs = np.arange(4)[:, None] + 0.5 * rng.standard_normal((4, n))
    demands = (Demand(True, 10.0), Demand(False, 0.5, 0.9))
    values = [[wait.tolist(), kept.astype(float).tolist()] for wait, kept in zip(waits, good, strict=True)]
    found = cheapest(values, costs.tolist(), demands, 0.0, 1 - PROMISE, looks(20, n))
    truth = [(mean <= 10.0, share >= 0.9) for mean, share in zip(means, shares, strict=True)]
    wrong = any(
        said is not None and said != so
        for policy, is_so in zip(found.kept, truth, strict=True)
        for said, so in zip(policy, is_so, strict=True)
    )
    return not wrong and found.cheapest in (None, 2), float(found.looked)


def waits_on_their_bounds(first: int) -> Callable[[np.random.Generator, int], Study]:
    """Four policies with two limits each, on means of skewed waits; every true mean is exactly on its bound.

    Right is: nothing is said to be below it.
    """
    demand = Demand(True, mm1_first(LOAD, 1.0, WAITING).wait, strict=True)

    def study(rng: np.random.Generator, best: int) -> Study:
        n = 200
        waits = mean_waits(rng, LOAD, 8 * n, WAITING).reshape(4, 2, n)
        costs = rng.standard_normal((4, n))
        found = cheapest(waits.tolist(), costs.tolist(), (demand, demand), 0.0, 1 - PROMISE, looks(first, n))
        return not any(True in kept for kept in found.kept), float(found.looked)

    return study


def cases() -> tuple[tuple[str, str, Callable[[np.random.Generator, int], Study], float | None], ...]:
    return (
        ("slippage, k = 5, sd 3, difference 1", "Kim and Nelson, independent", kim_nelson(0.0), LOWEST),
        ("the same", "Kim and Nelson, paired, correlation .8", kim_nelson(0.8), LOWEST),
        ("the same", "Rinott", rinott(), LOWEST),
        ("the same", "allocation after Chen (no promise)", ocba, None),
        ("the same", "ten replications each (not offered)", smallest_of_ten, None),
        ("four policies, two limits; two miss one each", "cheapest that keeps the limits", limits, LOWEST),
        (ON_BOUNDS, "the same, first look at 40", waits_on_their_bounds(40), LOWEST),
        (ON_BOUNDS, "the same, first look at 20 (warned of)", waits_on_their_bounds(20), None),
    )


def make(tries: int) -> list[Row]:
    made = []
    for problem, name, study, low in cases():
        rng = generator(f"selection {name}")
        right, spent = zip(*(study(rng, i % K) for i in range(tries)), strict=True)
        share = float(np.mean(right))
        made.append(
            Row((problem, name), (shown(share) if low is None else Found(share, low), shown(float(np.mean(spent)), 0)))
        )
    return made


HEAD = ("problem", "procedure")
FIGURES = ("right (at least)", "replications")
