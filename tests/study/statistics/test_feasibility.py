"""Limits kept or not, and the cheapest that keeps them: rarely wrong at the boundary, soon decided away from it."""

import math
from itertools import islice

import numpy as np
import pytest

from sim.study.statistics.feasibility import Demand, cheapest
from sim.study.statistics.spending import looks

ALPHA = 0.05


def standing(values, costs, demands, delta=0.0, at_most=300, alpha=ALPHA):
    return cheapest(values, costs, demands, delta, alpha, looks(20, at_most))


def most(macro):
    """What a true share of ALPHA stays below, but once in 740 times."""
    return ALPHA + 3 * math.sqrt(ALPHA * (1 - ALPHA) / macro)


MEAN = Demand(below=True, bound=10.0)
CHANCE = Demand(below=True, bound=10.0, share=0.9)


def at_the_boundary(rng, n=300):
    """A measure whose mean is the bound, and one that is below the bound in 90 % of replications exactly."""
    return [rng.normal(10.0, 3.0, n), np.where(rng.random(n) < 0.9, 9.0, 11.0)]


@pytest.mark.parametrize("verdict", [True, False])
def test_at_the_boundary_no_verdict_falls_too_often(verdict):
    """Four policies with two limits each, all of them on the bound: in one study of twenty at most any is called."""
    rng, macro, wrong = np.random.default_rng(3 + verdict), 250, 0
    for _ in range(macro):
        values = [at_the_boundary(rng) for _ in range(4)]
        found = standing(values, [np.zeros(300)] * 4, [MEAN, CHANCE])
        wrong += any(verdict in kept for kept in found.kept)
    assert wrong / macro <= most(macro)


def test_skewed_values_on_the_boundary_are_hardly_oftener_called_kept_than_promised():
    """Exponential values, first look at 40: 3.4 % were measured (15 % by Student's t, which this would find 499 times
    in 500); four policies, two strict limits each."""
    rng, macro, wrong = np.random.default_rng(14), 300, 0
    demand = Demand(below=True, bound=1.0, strict=True)
    for _ in range(macro):
        values = rng.exponential(1.0, (4, 2, 140)).tolist()
        costs = rng.normal(0.0, 1.0, (4, 140)).tolist()
        found = cheapest(values, costs, [demand, demand], 0.0, ALPHA, looks(40, 140))
        wrong += any(True in kept for kept in found.kept)
    assert wrong / macro <= most(macro)


@pytest.mark.parametrize("demand", [MEAN, CHANCE])
def test_away_from_the_boundary_verdicts_fall(demand):
    """A standard deviation off the bound (0.995 and 0.6 of replications instead of 0.9), all verdicts are right within
    so many replications in nine studies of ten."""
    rng, macro, right = np.random.default_rng(5), 200, 0
    for _ in range(macro):
        if demand is MEAN:
            good, bad = rng.normal(7.0, 3.0, 300), rng.normal(13.0, 3.0, 300)
        else:
            good, bad = (np.where(rng.random(300) < p, 9.0, 11.0) for p in (0.995, 0.6))
        found = standing([[good], [bad], [bad[::-1]]], [np.full(300, c) for c in (2.0, 1.0, 0.5)], [demand])
        right += found.decided and found.cheapest == 0 and found.looked <= (70 if demand is MEAN else 250)
    assert right / macro > 0.9


def problem(rng, n=400):
    """Five policies: the cheapest two fail the limit, the third and fourth keep it, the fifth is dear."""
    base = rng.normal(0, 2, n)  # the same customers
    waits = [base + rng.normal(mean, 1, n) for mean in (12.0, 11.0, 9.0, 6.0, 3.0)]
    work = rng.normal(0, 5, n)
    costs = [work + rng.normal(cost, 1, n) for cost in (100.0, 102.0, 104.0, 105.0, 130.0)]
    return [[wait] for wait in waits], costs


@pytest.mark.parametrize("macro", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_the_cheapest_is_found_as_often_as_promised(macro):
    rng = np.random.default_rng(7)
    decided = wrong = 0
    for _ in range(macro):
        values, costs = problem(rng)
        found = standing(values, costs, [MEAN], at_most=400)
        decided += found.decided
        wrong += found.decided and found.cheapest != 2
    assert wrong / macro <= most(macro)
    assert decided / macro > 0.95


def test_equal_costs_that_never_vary_are_settled_by_order_and_indifference_settles_near_ones():
    rng = np.random.default_rng(8)
    kept = [[rng.normal(5, 1, 300)] for _ in range(3)]
    same = standing(kept, [np.full(300, 7.0)] * 3, [MEAN])
    assert (same.cheapest, same.decided) == (0, True)
    near = [rng.normal(cost, 1.0, 300) for cost in (7.0, 7.0, 7.0)]
    assert not standing(kept, near, [MEAN]).decided
    assert standing(kept, near, [MEAN], delta=1.0).decided


def test_one_that_may_still_keep_the_limit_and_costs_less_leaves_it_undecided():
    rng = np.random.default_rng(9)
    values = [[rng.normal(10.0, 3, 100)], [rng.normal(5, 1, 100)]]
    found = standing(values, [np.full(100, 1.0), np.full(100, 2.0)], [MEAN], at_most=100)
    assert found.kept == ((None,), (True,))
    assert (found.cheapest, found.decided) == (None, False)
    dearer = standing(values, [np.full(100, 3.0), np.full(100, 2.0)], [MEAN], at_most=100)
    assert (dearer.cheapest, dearer.decided) == (1, True)
    assert dearer.left_after[0] is not None


def test_none_may_keep_all():
    rng = np.random.default_rng(10)
    values = [[rng.normal(5, 1, 100), rng.normal(15, 1, 100)], [rng.normal(15, 1, 100), rng.normal(5, 1, 100)]]
    found = standing(values, [np.zeros(100)] * 2, [MEAN, MEAN])
    assert (found.cheapest, found.decided) == (None, True)
    assert [found.keeps_all(i) for i in range(2)] == [False, False]
    assert found.inside == ()


def test_the_outcome_does_not_depend_on_batches_nor_on_values_of_those_who_are_out():
    values, costs = problem(np.random.default_rng(11))
    whole = standing(values, costs, [MEAN], at_most=400)
    assert whole.decided
    for n in range(10, 400, 7):
        part = standing([[one[:n] for one in own] for own in values], [cost[:n] for cost in costs], [MEAN], at_most=400)
        for early, late in zip(part.left_after, whole.left_after, strict=True):
            assert early == (late if late is not None and late <= n else None)
    cut = [left or whole.looked for left in whole.left_after]
    seen = [[one[:n] for one in own] for own, n in zip(values, cut, strict=True)]
    assert standing(seen, [cost[:n] for cost, n in zip(costs, cut, strict=True)], [MEAN], at_most=400) == whole


def test_looks_are_few():
    values, costs = problem(np.random.default_rng(12))
    found = standing(values, costs, [MEAN], at_most=400)
    assert found.looked == list(islice(looks(20, 400), 30))[found.looks - 1]


def test_a_limit_with_missing_values_is_judged_by_the_others():
    rng = np.random.default_rng(13)
    values = rng.normal(5, 1, 40)
    values[::2] = math.nan
    assert standing([[values]], [np.zeros(40)], [MEAN]).kept == ((True,),)
