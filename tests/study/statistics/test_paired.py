"""Paired differences and money per point: SciPy's paired t, hand-made cases, coverage of known differences."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.study.statistics.paired import paired, ratio_of_differences
from tests.study.statistics.kernels import paired_mean_waits
from tests.theory.days import mm1_first

NAN = math.nan


@pytest.mark.parametrize(("n", "confidence"), [(2, 0.95), (7, 0.9), (40, 0.99)])
def test_it_is_the_paired_t_of_scipy(n, confidence):
    rng = np.random.default_rng(n)
    before = rng.gamma(2.0, 3.0, n)
    after = 0.8 * before + rng.normal(0, 1, n)
    found = paired(before.tolist(), after.tolist(), confidence)
    theirs = stats.ttest_rel(after, before)
    low, high = theirs.confidence_interval(confidence)
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-10)
    assert (found.difference - found.half_width, found.difference + found.half_width) == pytest.approx((low, high))
    assert (found.baseline_mean, found.mean, found.n) == (pytest.approx(before.mean()), pytest.approx(after.mean()), n)
    assert found.sd == pytest.approx((after - before).std(ddof=1))
    assert found.correlation == pytest.approx(np.corrcoef(before, after)[0, 1])
    expected = (before.var(ddof=1) + after.var(ddof=1)) / (after - before).var(ddof=1)
    assert found.variance_ratio == pytest.approx(expected)


def test_pairs_of_which_one_is_missing_do_not_count():
    found = paired([1.0, NAN, 3.0, 4.0, 9.0], [2.0, 5.0, NAN, 7.0, 9.5])
    assert found == paired([1.0, 4.0, 9.0], [2.0, 7.0, 9.5])
    assert found.n == 3


def test_identical_policies_differ_by_exactly_nothing():
    values = [0.1, 0.7, 0.3]
    found = paired(values, values)
    assert (found.difference, found.half_width, found.p_value) == (0.0, 0.0, 1.0)
    assert found.correlation == pytest.approx(1.0)
    assert found.variance_ratio == math.inf


def test_a_difference_that_never_varies_is_certain():
    found = paired([1.0, 2.0, 4.0], [1.5, 2.5, 4.5])
    assert (found.difference, found.half_width, found.p_value, found.variance_ratio) == (0.5, 0.0, 0.0, math.inf)


def test_where_nothing_varies_pairing_gains_nothing():
    found = paired([0.1] * 7, [0.3] * 7)
    assert (found.sd, found.half_width, found.p_value) == (0.0, 0.0, 0.0)
    assert math.isnan(found.correlation)
    assert math.isnan(found.variance_ratio)
    one_sided = paired([0.1] * 3, [0.3, 0.4, 0.5])
    assert math.isnan(one_sided.correlation)
    assert one_sided.variance_ratio == pytest.approx(1.0)


def test_too_few_pairs_leave_it_undefined():
    nothing = paired([NAN, 1.0], [1.0, NAN])
    assert nothing.n == 0
    assert all(math.isnan(value) for value in nothing[:5] + nothing[6:])
    one = paired([2.0], [3.0])
    assert one[:3] == (2.0, 3.0, 1.0)
    assert one.n == 1
    assert all(math.isnan(value) for value in (one.half_width, one.sd, *one[6:]))
    with pytest.raises(ValueError, match="argument"):
        paired([1.0], [1.0, 2.0])


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=2, max_size=9))
def test_exchanging_the_two_turns_the_sign(pairs):
    before, after = [list(column) for column in zip(*pairs, strict=True)]
    there, back = paired(before, after), paired(after, before)
    assert there.difference == -back.difference
    assert (there.half_width, there.sd, there.p_value) == (back.half_width, back.sd, back.p_value)


@pytest.mark.parametrize(("replications", "least", "most"), [(20, 0.89, 0.96), (100, 0.925, 0.965)])
def test_coverage_of_a_known_difference(replications, least, most):
    """Ten per cent faster service for the first hundred customers of an M/M/1 queue at load 0.9: 1000 studies. The
    differences are as skewed as the waits, so that twenty replications cover about 92 % (3 sigma: 2.6 %)."""
    rng = np.random.default_rng(303 + replications)
    truth = mm1_first(1.0, 1.1 / 0.9, 100).wait - mm1_first(1.0, 1 / 0.9, 100).wait
    before, after = paired_mean_waits(rng, 1000, replications, 100, 0.9, 1.1)
    found = [paired(b, a) for b, a in zip(before.tolist(), after.tolist(), strict=True)]
    covered = sum(abs(f.difference - truth) <= f.half_width for f in found) / 1000
    assert least <= covered <= most
    assert np.median([f.variance_ratio for f in found]) > 5.0  # the same customers under both


# ---- money per point


def fieller_by_search(cost, gain, confidence):
    """Ends of the ratios that a t test of cost - r * gain does not reject."""
    value = np.mean(cost) / np.mean(gain)
    t = stats.t.ppf(0.5 + confidence / 2, len(cost) - 1)

    def beyond(r):
        gap = cost - r * gain
        return abs(gap.mean()) - t * stats.sem(gap)

    ends = []
    for sign in (-1, 1):
        near, far = 0.0, 1e-3
        while beyond(value + sign * far) < 0:
            near, far = far, 2 * far
        for _ in range(80):
            middle = (near + far) / 2
            near, far = (middle, far) if beyond(value + sign * middle) < 0 else (near, middle)
        ends.append(value + sign * near)
    return tuple(ends)


def test_the_interval_holds_the_ratios_that_a_t_test_would_not_reject():
    rng = np.random.default_rng(1954)
    gain = rng.normal(2.0, 1.0, 12)
    cost = 30 * gain + rng.normal(100, 20, 12)
    found = ratio_of_differences(cost.tolist(), gain.tolist(), 0.9)
    assert found.bounded
    assert found.value == pytest.approx(cost.mean() / gain.mean())
    assert (found.low, found.high) == pytest.approx(fieller_by_search(cost, gain, 0.9), rel=1e-9)


def test_a_certain_gain_divides_the_interval_of_the_cost():
    cost = [10.0, 14.0, 12.0, 18.0]
    low, high = stats.t.interval(0.95, 3, loc=np.mean(cost), scale=stats.sem(cost))
    found = ratio_of_differences(cost, [2.0] * 4)
    assert found[:3] == pytest.approx((np.mean(cost) / 2, low / 2, high / 2))


def test_a_cost_that_follows_the_gain_is_known_exactly():
    found = ratio_of_differences([3.0, 6.0, 9.0, 6.0], [1.0, 2.0, 3.0, 2.0])
    assert found == (3.0, 3.0, 3.0, True)


def test_a_gain_that_may_be_none_leaves_the_price_open():
    gain = [1.0, -1.0, 2.0, -0.5]
    assert paired([0.0] * 4, gain).p_value > 0.05
    found = ratio_of_differences([10.0, 11.0, 9.0, 10.0], gain)
    assert (found.low, found.high, found.bounded) == (-math.inf, math.inf, False)
    assert found.value == pytest.approx(40 / 1.5)
    for cost, none in (([1.0, 2.0], [1.0, -1.0]), ([], []), ([1.0, NAN], [NAN, 2.0])):
        found = ratio_of_differences(cost, none)
        assert math.isnan(found.value)
        assert not found.bounded
    assert ratio_of_differences([6.0, NAN], [2.0, 1.0]) == (3.0, -math.inf, math.inf, False)


@given(st.lists(st.tuples(st.integers(-400, 400), st.integers(-40, 40)), min_size=2, max_size=12))
def test_the_price_is_limited_where_the_gain_differs_from_none(pairs):
    cost, gain = [[number / 8 for number in column] for column in zip(*pairs, strict=True)]
    found, test = ratio_of_differences(cost, gain), paired([0.0] * len(gain), gain)
    if abs(test.p_value - 0.05) > 1e-9:
        assert found.bounded == (test.p_value < 0.05 and test.difference != 0.0)
    if found.bounded:
        assert found.low <= found.value <= found.high


@pytest.mark.parametrize(("gain_mean", "most"), [(2.0, 0.962), (0.7, 1.0)])
def test_coverage_of_a_known_ratio(gain_mean, most):
    """Normal pairs, ratio 1.5, twenty replications, 3000 studies: 95 % where the gain is plain (3 sigma: 1.2 %), no
    less where it is doubtful: there the unlimited intervals hold every ratio."""
    rng = np.random.default_rng(54)
    gain = rng.normal(gain_mean, 2.0, (3000, 20))
    cost = 1.5 * gain_mean + 0.5 * (gain - gain_mean) + rng.normal(0, 1, gain.shape)
    found = [ratio_of_differences(c, g) for c, g in zip(cost.tolist(), gain.tolist(), strict=True)]
    covered = sum(f.low <= 1.5 <= f.high for f in found) / 3000
    assert 0.938 <= covered <= most
    limited = sum(f.bounded for f in found) / 3000
    assert limited > 0.95 if gain_mean == 2.0 else 0.1 < limited < 0.9
