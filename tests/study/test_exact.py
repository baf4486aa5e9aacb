"""Sums do not depend on how the numbers are dealt into blocks."""

from math import fsum, isnan

import numpy as np

from sim.study.tallies.exact import exact_sums


def test_a_mean_is_the_correctly_rounded_one():
    chance = np.random.default_rng(3)
    for values in (chance.uniform(1, 7, 1000), chance.uniform(-6, 6, 1000), np.full(999, 0.1), np.array([1 / 3])):
        whole = exact_sums((1,), values, np.zeros(len(values), np.int64))
        exact = [round(value * 2**52) / 2**52 for value in values]
        assert whole.mean((0,)) == fsum(exact) / len(exact)
        assert abs(whole.mean((0,)) - fsum(values) / len(values)) < 1e-15


def test_any_dealing_gives_the_same_bits():
    chance = np.random.default_rng(4)
    values, place = chance.uniform(-7, 7, 5000), chance.integers(0, 3, 5000)
    whole = exact_sums((3,), values, place)
    for trial in range(20):
        order = chance.permutation(5000)
        summed = exact_sums((3,), np.zeros(0), np.zeros(0, np.int64))
        for part in np.array_split(order, trial + 1):
            summed = summed + exact_sums((3,), values[part], place[part])
        assert [summed.mean((k,)) for k in range(3)] == [whole.mean((k,)) for k in range(3)]


def test_what_is_missing_is_left_out_and_of_nothing_there_is_no_mean():
    sums = exact_sums((2,), np.array([1.0, np.nan, 3.0]), np.array([0, 0, 0]))
    assert sums.mean((0,)) == 2.0
    assert isnan(sums.mean((1,)))


def test_millions_do_not_overflow():
    values = np.full(3_000_000, 7.0)
    sums = exact_sums((1,), values, np.zeros(len(values), np.int64))
    total = sums
    for _ in range(9):
        total = total + sums
    assert total.mean((0,)) == 7.0
