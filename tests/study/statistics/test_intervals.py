"""Intervals over replications: those of SciPy's Student t; undefined where they are."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.study.statistics.intervals import Interval, interval, needed, relative_half_width, t_quantile


def test_half_width_is_students():
    values = np.random.default_rng(1).exponential(3.0, 17)
    found = interval(values.tolist())
    low, high = stats.t.interval(0.95, 16, loc=values.mean(), scale=stats.sem(values))
    assert found.mean == pytest.approx(values.mean(), rel=1e-14)
    assert found.sd == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert found.half_width == pytest.approx((high - low) / 2, rel=1e-10)
    assert found.n == 17


@pytest.mark.parametrize("df", [1, 2, 9, 99])
def test_quantiles_of_t(df):
    assert t_quantile(df, 0.975) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-10)


def test_too_few_leave_it_undefined():
    assert interval([]) == Interval(None, None, None, 0)
    assert interval([math.nan]) == Interval(None, None, None, 0)
    assert interval([2.5]) == Interval(2.5, None, None, 1)
    assert interval([2.5, math.nan, 3.5]).n == 2


def test_a_constant_has_no_width():
    assert interval([0.1] * 7).half_width == 0.0
    assert relative_half_width(interval([0.0, 0.0])) == 0.0
    assert relative_half_width(interval([-1.0, 1.0])) is None


def test_needed_is_the_least_number_that_is_enough():
    found = interval(np.random.default_rng(2).normal(10, 3, 12).tolist())

    def relative(n: int) -> float:
        return stats.t.ppf(0.975, n - 1) * found.sd / math.sqrt(n) / found.mean

    for within in (0.5, 0.2, 0.05, 0.01):
        n = needed(found, within)
        assert relative(n) <= within
        assert n == 2 or relative(n - 1) > within
    assert needed(interval([1.0])) is None


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.99])
def test_needed_is_the_least_number_at_any_confidence(confidence):
    found = interval(np.random.default_rng(3).normal(10, 3, 12).tolist())
    n = needed(found, 0.02, confidence)

    def relative(n: int) -> float:
        return stats.t.ppf(0.5 + confidence / 2, n - 1) * found.sd / math.sqrt(n) / found.mean

    assert relative(n) <= 0.02 < relative(n - 1)


def test_needed_where_it_cannot_be_told():
    assert needed(interval([-1.0, 1.0])) is None
    assert needed(interval([4.0, 4.0])) == 2
