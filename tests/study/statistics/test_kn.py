"""The race: its constants, its rule by hand, and its promise on the hardest case that the promise covers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.study.statistics.kn import difference_variances, race, squared_constant

ALPHA = 0.05


def observations(seed, best=2, k=5, sd=3.0, delta=1.0, correlation=0.0, n=500):
    """Slippage: one system is better by delta than all others, which are equal."""
    rng = np.random.default_rng(seed)
    own, common = rng.normal(size=(k, n)), rng.normal(size=n)
    values = sd * (math.sqrt(1 - correlation) * own + math.sqrt(correlation) * common)
    values[best] += delta
    return values


def outcomes(macro_replications, correlation, seed):
    """Share of races won by the best, and replications of all systems together that they took on average."""
    won, taken = 0, 0
    for m in range(macro_replications):
        found = race(observations([seed, m], correlation=correlation), ALPHA, 1.0, 20)
        assert len(found.survivors) == 1
        won += found.survivors == (2,)
        taken += sum(left or found.looked for left in found.left_after)
    return won / macro_replications, taken / macro_replications


def least(macro_replications):
    """What a true probability of 0.95 stays above, but once in 740 times."""
    return 0.95 - 3 * math.sqrt(0.95 * 0.05 / macro_replications)


@pytest.mark.parametrize(("correlation", "mean_replications"), [(0.0, 292), (0.8, 102)])
def test_the_best_wins_as_often_as_promised(correlation, mean_replications):
    chance, taken = outcomes(150, correlation, 1)
    assert chance >= least(150)
    assert taken == pytest.approx(mean_replications, rel=0.12)


@pytest.mark.slow
@pytest.mark.parametrize(("correlation", "mean_replications"), [(0.0, 292), (0.8, 102)])
def test_the_best_wins_as_often_as_promised_in_a_thousand_races(correlation, mean_replications):
    chance, taken = outcomes(1000, correlation, 2)
    assert chance >= least(1000)
    assert taken == pytest.approx(mean_replications, rel=0.05)


def test_the_promise_is_not_kept_by_chance():
    """With a fifth of the room the same races are lost far more often than promised: the tests above have power."""
    won = sum(race(observations([3, m]), 0.9, 1.0, 20).survivors == (2,) for m in range(150))
    assert won / 150 < least(150)


def test_the_constant_is_that_of_the_article():
    eta = 0.5 * ((2 * 0.05 / 4) ** (-2 / 19) - 1)
    assert squared_constant(5, 0.05, 20) == pytest.approx(2 * eta * 19, rel=1e-14)
    # the boundary gives each pair alpha / (k - 1): (1 + 2 eta) ^ (-(n0 - 1) / 2) / 2
    assert 0.5 * (1 + 2 * eta) ** (-19 / 2) == pytest.approx(0.05 / 4, rel=1e-12)


def test_variances_are_those_of_the_differences():
    values = observations(4, n=30)
    found = difference_variances(values)
    for i in range(5):
        for j in range(5):
            assert found[i, j] == pytest.approx(np.var(values[i] - values[j], ddof=1), abs=1e-12)


def test_a_race_by_hand():
    """Two systems that differ by 2 in the mean; the variance of the difference over the first three is 4."""
    values = [[4.0, 2.0, 6.0, 2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 4.0, 2.0, 0.0, 0.0, 0.0]]
    differences = [4, 2, 2, 0, 2, 2, 2]
    variance = np.var(differences[:3], ddof=1)
    h2 = 2 * (0.5 * ((2 * 0.1 / 1) ** (-2 / 2) - 1)) * 2
    when = next(
        r for r in range(3, 8) if sum(differences[:r]) > max(0.0, 0.5 * (h2 * variance / 0.5**2 - r) * 0.5)
    )  # delta / 2 (h2 S2 / delta2 - r)
    found = race(values, 0.1, 0.5, 3)
    assert found.survivors == (0,)
    assert found.left_after == (None, when)
    assert found.looked == when
    assert 3 < when < 7


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_the_outcome_does_not_depend_on_batches(seed, batches):
    values = observations(seed, n=200)
    whole = race(values, ALPHA, 1.0, 10)
    for end in [*np.cumsum(batches).tolist(), 200]:
        part = race(values[:, :end], ALPHA, 1.0, 10)
        for early, late in zip(part.left_after, whole.left_after, strict=True):
            assert early == (late if late is not None and late <= end else None)


def test_what_came_after_leaving_is_not_looked_at():
    values = observations(5)
    whole = race(values, ALPHA, 1.0, 20)
    for i, left in enumerate(whole.left_after):
        values[i, left or whole.looked :] = math.nan
    assert race(values, ALPHA, 1.0, 20) == whole


def test_a_replication_without_a_value_is_left_out_for_all():
    values = observations(6)
    holed = np.insert(values, 3, math.nan, axis=1)
    holed[0, 3] = 99.0
    whole, without = race(values, ALPHA, 1.0, 20), race(holed, ALPHA, 1.0, 20)
    assert without.survivors == whole.survivors
    assert (whole.used, without.used, without.looked) == (whole.looked, whole.looked, whole.looked + 1)
    assert without.left_after == tuple(None if left is None else left + 1 for left in whole.left_after)


def test_equal_systems_leave_the_first():
    values = observations(7, k=1, best=0)
    assert race(np.vstack([values, values, values]), ALPHA, 1.0, 20).survivors == (0,)


def test_alone_there_is_nothing_to_race():
    found = race([[1.0, 2.0, 3.0]], ALPHA, 1.0, 2)
    assert found.survivors == (0,)
    assert found.looked == 0


def test_it_says_when_it_will_end_at_the_latest():
    values = observations(8)
    before = race(values[:, :19], ALPHA, 1.0, 20)
    assert before.at_latest is None
    early = race(values[:, :20], ALPHA, 1.0, 20)
    assert len(early.survivors) > 1
    assert race(values, ALPHA, 1.0, 20).looked <= early.at_latest
