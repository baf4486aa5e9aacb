"""Intervals of what a policy changes, where the difference of the two long runs, or days, is known exactly."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from sim.study.statistics.paired import paired
from tests.theory.days import mm1_first
from tests.theory.oracles import pollaczek_khinchine

from .means import LEANING, Bands, leaning, usual
from .queues import Works, generator, mean_waits
from .row import ENOUGH, MOST, SIZES, Cover, Found, Row, cover, shown, studies

FASTER = {"load": 0.8, "customers": 200}
"""A day of M/M/1 that starts empty: services of mean 1 and of 0.9, the same customers; mean wait of the first 200."""
TRAINED = {"arrive": 0.2, "actions": 5, "before": 0.6, "after": 0.9}
"""Long run of M/G/1: 1.5 minutes and half a minute for each of five actions done; training makes staff do more."""


def exact_faster() -> float:
    load, n = FASTER["load"], int(FASTER["customers"])
    return mm1_first(load, 1 / 0.9, n).wait - mm1_first(load, 1.0, n).wait


def faster(rng: np.random.Generator, copies: int) -> np.ndarray:
    work = rng.standard_exponential(copies)
    return np.stack([work, 0.9 * work])


def exact_trained() -> float:
    """Pollaczek and Khinchine's mean wait for each adherence a: services have variance 0.25 · 5 · a · (1 − a)."""

    def wait(adherence: float) -> float:
        n = int(TRAINED["actions"])
        mean = 1.5 + 0.5 * n * adherence
        return pollaczek_khinchine(TRAINED["arrive"], mean, 0.5 * np.sqrt(n * adherence * (1 - adherence)) / mean)

    return float(wait(TRAINED["after"]) - wait(TRAINED["before"]))


def trained() -> Works:
    """Each action that is done before the training is done after it, too: (a, b) of the five are, a ≤ b."""
    n, before, after = int(TRAINED["actions"]), TRAINED["before"], TRAINED["after"]
    done = [(a, b) for b in range(n + 1) for a in range(b + 1)]
    chances = np.array([binom.pmf(b, n, after) * binom.pmf(a, b, before / after) for a, b in done])
    upto, works = np.cumsum(chances)[:-1], 1.5 + 0.5 * np.array(done, float).T
    return lambda rng, copies: works[:, np.searchsorted(upto, rng.random(copies))]


def compared(before: np.ndarray, after: np.ndarray, exact: float, size: int) -> tuple[Cover, Cover, float]:
    """Coverage of the paired interval, and of one that leans with the differences; what pairing saved, the median."""
    pairs = list(zip(studies(before, size), studies(after, size), strict=True))
    found = [paired(b.tolist(), a.tolist()) for b, a in pairs]
    plain = cover([(p.difference - p.half_width, p.difference + p.half_width) for p in found], exact)
    corrected = cover([leaning(a - b) for b, a in pairs], exact)
    return plain, corrected, float(np.median([p.variance_ratio for p in found]))


def rows(problem: str, exact: float, both: np.ndarray, bands: Bands) -> list[Row]:
    made = []
    for size in SIZES:
        plain, corrected, saved = compared(both[0], both[1], exact, size)
        figures = (
            Found(plain.share, *bands.get(size, ())),
            shown(plain.half_width),
            Found(corrected.share, *LEANING[size]),
            shown(corrected.half_width),
            shown(saved, 1),
        )
        made.append(Row((problem, f"{exact:.6f}", str(size)), figures))
    return made


def make(tries: int) -> list[Row]:
    n = int(FASTER["customers"])
    day = mean_waits(generator("faster"), FASTER["load"], tries * MOST, n, works=faster)
    long_run = mean_waits(generator("trained"), TRAINED["arrive"], tries * MOST, 1000, 300, works=trained())
    return [
        *rows(
            "mean wait of the first 200 of a day, M/M/1 at load 0.8: ten per cent faster",
            exact_faster(),
            day,
            {MOST: ENOUGH},
        ),
        *rows("long-run mean wait, M/G/1: actions done .9 instead of .6", exact_trained(), long_run, usual()),
    ]


HEAD = ("problem", "exact", "replications")
FIGURES = (
    "paired t covers (must lie in)",
    "half-width",
    "corrected for skewness (must lie in)",
    "half-width",
    "variance saved, median",
)
