"""Batch means of one long run: by hand, right in 95 of 100 cases where given, and refused where they would not be."""

import math

import numpy as np
import pytest

from sim.study.statistics.batch_means import BATCHES, LEAST, batch_means
from sim.study.statistics.intervals import interval
from tests.study.statistics.mm1 import MEAN, waits


def coverage_at_most_off(n):
    """Three standard errors of a coverage of 95 %."""
    return 3 * math.sqrt(0.95 * 0.05 / n)


def test_batches_of_equal_length_give_the_interval_of_their_means():
    values = np.random.default_rng(1).normal(5.0, 1.0, 400)
    found = batch_means(values)
    means = values.reshape(BATCHES, -1).mean(axis=1)
    assert found.refusal is None
    assert found.interval == pytest.approx(interval(means.tolist()))
    assert found.interval.n == BATCHES


def test_a_ratio_is_known_by_what_each_batch_adds_beyond_its_share():
    chance = np.random.default_rng(2)
    counts = chance.poisson(30, 400)
    found = batch_means(7.0 * counts, counts)
    assert found.interval.mean == 7.0
    assert found.interval.half_width == pytest.approx(0.0, abs=1e-12)
    sums = counts * chance.normal(7.0, 1.0, 400)
    beside = (sums - counts * sums.sum() / counts.sum()).reshape(BATCHES, -1).sum(axis=1)
    sd = math.sqrt((beside**2).sum() / (BATCHES - 1)) / (counts.sum() / BATCHES)
    found = batch_means(sums, counts).interval
    assert (found.mean, found.sd) == pytest.approx((sums.sum() / counts.sum(), sd))


def test_observations_without_a_count_are_no_observations():
    """Buckets of time in which nobody came say nothing, and do no harm."""
    sums, counts = np.tile([4.0, 0.0, 2.0], 200), np.tile([2, 0, 1], 200)
    assert batch_means(sums, counts).interval.mean == 2.0


def test_a_number_that_does_not_divide_uses_every_observation():
    values = np.random.default_rng(3).normal(5.0, 1.0, 413)
    assert batch_means(values).interval.mean == pytest.approx(values.mean())


def test_few_observations_are_refused_in_words():
    found = batch_means(np.ones(LEAST - 1), what="days")
    assert found.refusal == "too short for batch means: 199 days after the warm-up, 200 are due"
    assert found.interval.half_width is None
    assert found.interval.mean == 1.0


def test_nothing_to_divide_by_has_no_mean():
    found = batch_means(np.zeros(300), np.zeros(300))
    assert found.interval.mean is None
    assert found.refusal == "no batch means: the observations hold nothing to average"


def test_what_never_varies_is_known():
    found = batch_means(np.full(300, 0.1))
    assert found.refusal is None
    assert found.interval.half_width == pytest.approx(0.0, abs=1e-15)


def test_a_walk_is_refused():
    found = batch_means(np.cumsum(np.random.default_rng(4).normal(size=1000)))
    assert found.correlation > 0.9
    assert "still correlate by" in found.refusal
    assert found.interval.half_width is None


def test_equal_values_share_their_rank():
    """Most waits of a quiet desk are 0: were these ranked by their places, quiet would look like order."""
    quiet = np.zeros(400)
    quiet[::40] = np.arange(10.0)
    assert abs(batch_means(quiet).correlation) < 0.1


def test_independent_observations_are_accepted_and_covered():
    """1,000 series: three standard errors to either side, wrong once in 370."""
    chance = np.random.default_rng(6)
    found = [batch_means(chance.normal(size=400)) for _ in range(1000)]
    assert all(one.refusal is None for one in found)
    covered = np.mean([abs(one.interval.mean) <= one.interval.half_width for one in found])
    assert abs(covered - 0.95) < coverage_at_most_off(1000)


def test_a_busy_queue_of_ten_thousand_is_refused():
    """At load 0.9 batch means of 10,000 customers would cover 83 %; refused in 99 of 100 runs or more."""
    runs = waits(np.random.default_rng(7), 200, 10_000, empty=False)
    refused = [batch_means(run).refusal is not None for run in runs]
    assert np.mean(refused) >= 0.99


@pytest.mark.slow
def test_a_busy_queue_of_two_hundred_thousand_is_accepted_and_covered():
    """Coverage is 93 to 96.5 %, give or take three standard errors of 1,000 runs; one of 88 % would pass once in a
    hundred and fifty."""
    chance = np.random.default_rng(8)
    found = [batch_means(run) for _ in range(100) for run in waits(chance, 10, 200_000, empty=False)]
    given = [one.interval for one in found if one.refusal is None]
    assert len(given) >= 950
    covered = np.mean([abs(one.mean - MEAN) <= one.half_width for one in given])
    low, high = (c + z * math.sqrt(c * (1 - c) / len(given)) for c, z in ((0.93, -3), (0.965, 3)))
    assert low < covered < high
