"""Rinott's constant against published values and other integrals, and the promise of the two stages."""

import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from sim.study.statistics.rinott import constant, sizes


@pytest.mark.parametrize(("k", "first", "confidence", "h"), [(10, 51, 0.975, 4.045), (1000, 51, 0.9, 5.488)])
def test_published_constants(k, first, confidence, h):
    """Bechhofer, Santner and Goldsman 1995, program of table 2.13, as quoted for the Java Simulation Library."""
    assert constant(k, first, confidence) == pytest.approx(h, abs=6e-4)


def test_five_systems_and_twenty_replications():
    assert constant(5, 20, 0.95) == pytest.approx(3.3854, abs=1e-4)


@pytest.mark.parametrize(
    ("first", "confidence", "h"), [(20, 0.95, 2.453), (40, 0.95, 2.386), (20, 0.9, 1.896), (40, 0.9, 1.852)]
)
def test_of_two_systems_it_is_the_constant_of_dudewicz_and_dalal(first, confidence, h):
    """Both are the quantile of the difference of two Student t; values as tabled in Law, Simulation Modeling."""
    assert constant(2, first, confidence) == pytest.approx(h, abs=6e-4)


def test_of_two_systems_it_is_a_quantile_of_the_difference_of_two_t():
    def chance(h):
        return integrate.quad(lambda t: stats.t.cdf(h + t, 11) * stats.t.pdf(t, 11), -60, 60, epsabs=1e-12)[0]

    assert constant(2, 12, 0.95) == pytest.approx(optimize.brentq(lambda h: chance(h) - 0.95, 1, 5), abs=1e-7)


@pytest.mark.parametrize(("k", "first"), [(3, 3), (4, 10), (8, 200)])
def test_the_integral_with_the_constant_is_the_confidence(k, first):
    df = first - 1
    h = constant(k, first, 0.95)
    rng = np.random.default_rng([k, first])
    y, x = rng.chisquare(df, (2, 2000, 400))
    inner = stats.norm.cdf(h / np.sqrt(df * (1 / x + 1 / y[:, :1]))).mean(axis=1)
    estimate = inner ** (k - 1)
    # the power of a mean of 400 is a little below that of the expectation; 3e-3 covers it and the sampling error
    assert estimate.mean() == pytest.approx(0.95, abs=3e-3 + 3 * estimate.std() / math.sqrt(2000))


def test_it_grows_with_systems_and_confidence_and_falls_with_replications():
    assert constant(1, 20, 0.95) == 0.0
    assert constant(2, 20, 0.95) < constant(3, 20, 0.95) < constant(3, 20, 0.99)
    assert constant(3, 20, 0.95) > constant(3, 40, 0.95) > constant(3, 400, 0.95)


def test_sizes_follow_the_variances():
    h = constant(3, 20, 0.95)
    assert sizes([3.0, 1.0, 0.0], 1.0, 20, 0.95) == [math.ceil((3 * h) ** 2), 20, 20]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_best_wins_as_often_as_promised(seed):
    """Slippage, five systems, 2000 selections: a true 0.95 stays above but once in 740 times; and few are wasted."""
    rng = np.random.default_rng(seed)
    macro, k, sd = 2000, 5, 3.0
    first = rng.normal(0, sd, (macro, k, 20))
    h = constant(k, 20, 0.95)
    n = np.maximum(20, np.ceil((h * first.std(axis=2, ddof=1)) ** 2))
    assert n[0].tolist() == sizes(first[0].std(axis=1, ddof=1).tolist(), 1.0, 20, 0.95)
    rest = np.where(n > 20, rng.normal(0, 1, (macro, k)) * sd * np.sqrt(np.maximum(n - 20, 0)), 0.0)
    means = (first.sum(axis=2) + rest) / n + np.array([0, 0, 1.0, 0, 0])
    chance = (means.argmax(axis=1) == 2).mean()
    assert chance >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / macro)
    assert n.sum(axis=1).mean() == pytest.approx(517, rel=0.03)
