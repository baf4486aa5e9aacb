"""Quantiles of all visits together, and intervals of a result's measures."""

import math

import numpy as np
import pytest

import sim
from sim.errors import InputError

from .scenarios import desk


@pytest.fixture(scope="module")
def result():
    return sim.run(desk(replications=8), policies="all", jobs=1, log=True)


def test_the_pooled_percentile_is_that_of_all_visits(result):
    visits = result.visits()
    waits = visits[(visits["policy"] == "third") & (visits["stage"] == "desk") & visits["started_min"].notna()][
        "wait_min"
    ]
    found = result.quantile(0.9, "third", stage="desk")
    exact = float(np.quantile(waits, 0.9))
    assert found.value == pytest.approx(exact, rel=0.01)  # counts are kept in fine bins
    assert found.low < found.value < found.high
    assert found.n == 8


def test_quality_has_quantiles_too(result):
    assert 1 <= result.quantile(0.5, what="satisfaction").value <= 7


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"p": 1.0}, "between 0 and 1"),
        ({"p": 0.9, "policy": "thrid"}, "did you mean 'third'"),
        ({"p": 0.9, "what": "waits"}, "did you mean 'wait'"),
        ({"p": 0.9, "stage": "dask"}, "did you mean 'desk'"),
    ],
)
def test_what_is_not_there_is_told(result, asked, told):
    with pytest.raises(InputError, match=told):
        result.quantile(**asked)


def test_values_and_intervals_of_a_measure(result):
    values = result.values("wait_p90[stage=desk]", "third")
    assert values.index.tolist() == list(range(8))
    low, high = result.interval("wait_p90[stage=desk]", "third")
    summary = result.summary()
    row = summary[(summary["policy"] == "third") & (summary["measure"] == "wait_p90") & (summary["stage"] == "desk")]
    row = row[row["segment"].isna()].iloc[0]
    assert (low + high) / 2 == pytest.approx(row["mean"])
    assert (high - low) / 2 == pytest.approx(row["half_width"])
    skewed = result.interval("wait_p90[stage=desk]", "third", skewed=True)
    assert skewed[0] < values.mean() < skewed[1]
    assert skewed != (low, high)
    assert math.isnan(sim.run(desk(), replications=1, jobs=1).interval("wait_mean")[0])
    with pytest.raises(InputError, match="did you mean 'third'"):
        result.values("wait_mean", "thrid")
