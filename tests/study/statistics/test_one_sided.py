"""Limits are judged at the risk stated: wrong verdicts are that rare, right ones common where there is room."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.study.statistics.one_sided import binomial_limits, keeps, mean_limits, one_sided, share_limits
from sim.study.statistics.skewness import skew_interval

ALPHA = 0.05
MACRO = 4000
# A true risk of 5 % shows within 4 standard errors of itself in all but 1 in 10,000 test runs.
SLACK = 4 * math.sqrt(ALPHA * (1 - ALPHA) / MACRO)


def verdicts(draw, below, bound, share=None, alpha=ALPHA):
    found = [one_sided(values, below, bound, share, alpha) for values in draw]
    return {verdict: found.count(verdict) / len(found) for verdict in (True, False, None)}


@pytest.mark.parametrize("below", [True, False])
def test_a_mean_on_its_bound_is_judged_either_way_at_the_risk_stated(below):
    draws = np.random.default_rng(11).normal(7.0, 2.0, (MACRO, 12))
    found = verdicts(draws, below, 7.0)
    assert abs(found[True] - ALPHA) < SLACK
    assert abs(found[False] - ALPHA) < SLACK


def test_the_power_is_that_of_students_test():
    n, shift = 15, 0.9
    draws = np.random.default_rng(12).normal(7.0, 1.0, (MACRO, n))
    found = verdicts(draws, True, 7.0 + shift)
    power = stats.nct.sf(stats.t.ppf(1 - ALPHA, n - 1), n - 1, shift * math.sqrt(n))
    assert power > 0.9
    assert abs(found[True] - power) < 4 * math.sqrt(power * (1 - power) / MACRO)
    assert found[False] < 0.001


@pytest.mark.parametrize(("chance", "n"), [(0.9, 60), (0.5, 20), (0.05, 40)])
def test_a_share_on_its_bound_is_wrongly_judged_no_more_often_than_stated(chance, n):
    """Exactly, over all outcomes: no chance is left in it."""
    risk_met = risk_not = 0.0
    for successes in range(n + 1):
        values = [0.0] * successes + [2.0] * (n - successes)
        verdict = one_sided(values, True, 1.0, chance, ALPHA)
        weight = stats.binom.pmf(successes, n, chance)
        risk_met += weight * (verdict is True)
        risk_not += weight * (verdict is False)
    assert 0 < risk_met <= ALPHA
    assert risk_not <= ALPHA


def test_a_share_is_proved_where_there_is_room():
    draws = np.random.default_rng(13).normal(0.0, 1.0, (500, 100))
    assert verdicts(draws, True, 2.5, 0.9)[True] > 0.9  # 99.4 % of the values are below
    assert verdicts(draws, True, 0.0, 0.9)[False] > 0.99  # half of them are


def test_binomial_limits_are_those_of_scipy():
    for successes, n in ((0, 7), (3, 7), (7, 7), (45, 50)):
        exact = stats.binomtest(successes, n).proportion_ci(0.9, "exact")
        assert binomial_limits(successes, n, ALPHA) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert binomial_limits(0, 0, ALPHA) == (0.0, 1.0)


def test_mean_limits_are_students_where_values_are_symmetric_and_lean_where_they_are_not():
    known = [3.0, 4.0, 5.0, 8.0, 9.0, 10.0]
    expected = stats.t.interval(1 - 2 * ALPHA, 5, np.mean(known), stats.sem(known))
    assert mean_limits([*known, math.nan], ALPHA) == pytest.approx(expected, rel=1e-9)
    lopsided = [3.0, 5.0, math.nan, 4.0, 8.0]
    assert mean_limits(lopsided, ALPHA) == skew_interval(lopsided, 1 - 2 * ALPHA)


@pytest.mark.parametrize(("n", "alpha", "measured", "students"), [(10, 0.025, 0.048, 0.096), (20, 0.002, 0.006, 0.023)])
def test_a_skewed_mean_on_its_bound_is_called_kept_about_half_as_often_as_by_student(n, alpha, measured, students):
    """Exponential values: the share that was measured, within four standard errors, which is far from Student's."""
    draws = np.random.default_rng(21).exponential(1.0, (MACRO, n))
    found = verdicts(draws, True, 1.0, alpha=alpha)
    slack = 4 * math.sqrt(measured * (1 - measured) / MACRO)
    assert found[True] < measured + slack < students
    assert found[False] <= alpha + 4 * math.sqrt(alpha / MACRO)


def test_values_that_never_vary_prove_something_once_a_sign_test_would():
    assert one_sided([1.0] * 4, True, 2.0, None, ALPHA) is None  # 1/16
    assert one_sided([1.0] * 5, True, 2.0, None, ALPHA) is True  # 1/32
    assert one_sided([1.0] * 5, False, 2.0, None, ALPHA) is False
    assert one_sided([1.0] * 5, True, 2.0, None, 0.025) is None


def test_few_values_prove_nothing():
    for values in ([], [1.0], [math.nan] * 9):
        assert one_sided(values, True, 2.0, None, ALPHA) is None
        assert one_sided(values, True, 2.0, 0.9, ALPHA) is None
    assert mean_limits([1.0], ALPHA) == (-math.inf, math.inf)


def test_a_bound_that_is_touched_is_kept_unless_it_is_strict():
    zeros = [0.0] * 9
    assert one_sided(zeros, True, 0.0, None, ALPHA) is True
    assert one_sided(zeros, True, 0.0, None, ALPHA, strict=True) is False
    assert one_sided(zeros, False, 0.0, 0.5, ALPHA) is True
    assert one_sided(zeros, False, 0.0, 0.5, ALPHA, strict=True) is False
    assert keeps(1.0, True, 1.0)
    assert not keeps(1.0, True, 1.0, strict=True)


def test_undefined_replications_do_not_count_among_those_that_keep_the_bound():
    assert share_limits([1.0, math.nan, 3.0], True, 2.0, ALPHA) == binomial_limits(1, 2, ALPHA)
