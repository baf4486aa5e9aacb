"""Percentiles: those of NumPy while exact, within 0.1 per cent from bins, whatever the blocks."""

from math import isnan

import numpy as np
import pytest

from sim.study.tallies import samples as module
from sim.study.tallies.bins import bin_of, edges_us, middle_us
from sim.study.tallies.samples import samples

PERCENTS = (0, 1, 50, 90, 95, 99, 100)
EVERYTHING = np.array([0])


def one_cell(values):
    values = np.asarray(values, np.int64)
    return samples(1, values, np.zeros(len(values), np.int64))


def test_percentiles_are_numpys_linear_ones():
    chance = np.random.default_rng(1)
    for n in (1, 2, 3, 10, 11, 1000):
        values = chance.integers(0, 10**9, n)
        (found,) = one_cell(values).percentiles_min([EVERYTHING], PERCENTS)
        assert found == pytest.approx(np.percentile(values, PERCENTS) / 60e6, rel=1e-12)


def test_of_nothing_there_is_no_percentile():
    (found,) = one_cell([]).percentiles_min([EVERYTHING], (50,))
    assert isnan(found[0])


def test_cells_are_chosen_together_or_apart():
    both = samples(2, np.array([60, 120, 180]) * 1_000_000, np.array([0, 1, 1]))
    found = both.percentiles_min([np.array([0]), np.array([1]), np.array([0, 1])], (50,))
    assert found == [[1.0], [2.5], [2.0]]


def test_every_bin_holds_its_middle_within_a_thousandth():
    edges = edges_us()
    assert edges[0] == 0
    assert edges[-1] >= 2**60
    assert np.all(np.diff(edges) >= 1)
    for k in range(len(edges) - 1):
        low, last, middle = int(edges[k]), int(edges[k + 1]) - 1, middle_us(k)
        assert 1000 * (middle - low) <= low
        assert 1000 * (last - middle) <= last
    values = np.array([0, 1, 499, 500, 10**6, 10**12])
    position = bin_of(values)
    assert np.all(edges[position] <= values)
    assert np.all(values < edges[position + 1])


def test_beyond_the_limit_percentiles_come_from_bins_within_a_thousandth(monkeypatch):
    monkeypatch.setattr(module, "EXACT_UP_TO", 5000)
    chance = np.random.default_rng(2)
    values = (np.exp(chance.normal(18, 2, 20_000))).astype(np.int64)
    values[:3000] = 0  # many are served at once
    many = one_cell(values)
    assert many.binned is not None
    (found,) = many.percentiles_min([EVERYTHING], PERCENTS)
    exact = np.percentile(values, PERCENTS) / 60e6
    assert found == pytest.approx(exact, rel=0.00101)
    assert found[0] == 0.0


def test_the_limit_is_of_all_blocks_together_and_blocks_leave_no_trace(monkeypatch):
    monkeypatch.setattr(module, "EXACT_UP_TO", 100)
    values = np.arange(101) * 7_000_001
    whole = one_cell(values)
    assert whole.binned is not None
    assert one_cell(values[:100]).binned is None
    parts = one_cell(values[:50]) + one_cell(values[50:60]) + one_cell(values[60:])
    assert parts.binned is not None
    assert np.array_equal(parts.counts(), whole.counts())
    assert parts.percentiles_min([EVERYTHING], PERCENTS) == whole.percentiles_min([EVERYTHING], PERCENTS)
