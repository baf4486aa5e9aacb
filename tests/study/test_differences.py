"""Differences between policies from a result whose numbers are known."""

import math

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.study.comparison.comparison import compared
from sim.study.results.frames import MEASURES
from sim.study.statistics.intervals import t_quantile
from sim.study.tallies.rows import Key

from .scenarios import desk

DAY = [4.0, 6.0, 5.0, 9.0, 6.0]
LIKED = [4.0, 4.2, 4.1, 3.6, 4.1]
TOLD = {
    "as_is": {"wait_mean": DAY, "satisfaction": LIKED, "arrivals": [30.0] * 5, "staff_cost": [100.0] * 5},
    "train": {
        "wait_mean": [w + 1 + e for w, e in zip(DAY, (0.1, -0.1, 0.0, 0.1, -0.1), strict=True)],
        "satisfaction": [s + 0.5 for s in LIKED],
        "arrivals": [30.0] * 5,
        "staff_cost": [150.0] * 5,
    },
    "same": {"wait_mean": DAY, "satisfaction": LIKED, "arrivals": [30.0] * 5, "staff_cost": [100.0] * 5},
}


@pytest.fixture(scope="module")
def result():
    """A run whose measures are replaced by the numbers above."""
    run = sim.run(desk(policies={"as_is": {}, "train": {}, "same": {}}), policies="all", replications=1, jobs=1)
    rows = [
        {"policy": policy, "replication": r, "measure": measure, "value": value}
        for policy, measures in TOLD.items()
        for measure, values in measures.items()
        for r, value in enumerate(values)
    ]
    frame = pd.DataFrame(rows).reindex(columns=list(MEASURES))
    from dataclasses import replace

    return replace(run, measures=frame, replications=5)


def row(found, policy, measure):
    table = found.table
    return next(table[(table["policy"] == policy) & (table["measure"] == measure)].itertuples())


def test_differences_are_taken_within_each_replication(result):
    found = row(compared(result, None, 0.95), "train", "wait_mean")
    change = np.array([0.1, -0.1, 0.0, 0.1, -0.1]) + 1
    assert found.difference == pytest.approx(change.mean())
    half = t_quantile(4, 0.975) * change.std(ddof=1) / math.sqrt(5)
    assert found.half_width == pytest.approx(half)
    assert (found.baseline_mean, found.n) == (6.0, 5)
    assert found.variance_ratio > 50  # the days differ far more than the change does
    assert found.verdict == "worse"


def test_what_never_varies_is_certain_and_counts_as_no_comparison(result):
    comparison = compared(result, None, 0.95)
    assert comparison.comparisons == 1  # the wait under `train`; all other differences are constants
    liked = row(comparison, "train", "satisfaction")
    assert (liked.difference, liked.verdict) == (pytest.approx(0.5), "better")
    cost = row(comparison, "train", "staff_cost")
    assert (cost.difference, cost.half_width, cost.p_adjusted, cost.verdict) == (50.0, 0.0, 0.0, "worse")
    same = row(comparison, "same", "wait_mean")
    assert (same.difference, same.p_value, same.verdict) == (0.0, 1.0, "equal")


def test_measures_that_no_policy_changes_are_left_out_unless_asked_for(result):
    assert "arrivals" not in set(compared(result, None, 0.95).table["measure"])
    asked = compared(result, [Key("arrivals")], 0.95)
    assert row(asked, "train", "arrivals").verdict == "equal"


def test_money_per_point_is_the_ratio_of_the_means_and_is_not_said_without_a_gain(result):
    worth = compared(result, None, 0.95).worth
    train = worth[(worth["policy"] == "train")].set_index("measure")
    assert train.loc["satisfaction", "per_unit"] == pytest.approx(100.0)
    assert train.loc["satisfaction", "cost"] == 50.0
    assert math.isnan(train.loc["wait_mean", "per_unit"])  # waits grew
    assert worth[worth["policy"] == "same"]["per_unit"].isna().all()


def test_verdicts_name_what_is_better_and_what_is_worse(result):
    comparison = compared(result, None, 0.95)
    assert comparison.words("train") == (
        "train against as_is: better in satisfaction (+0.50 ± 0.00); "
        "worse in wait_mean (+1.00 ± 0.12 min) and staff_cost (+50 ± 0)."
    )
    assert comparison.words("same") == "same: no clear difference from as_is."
    with pytest.raises(InputError, match="not compared"):
        comparison.words("same", "train")


def test_each_may_be_compared_with_each(result):
    table = compared(result, [Key("wait_mean")], 0.95, pairs="all").table
    assert list(zip(table["against"], table["policy"], strict=True)) == [
        ("as_is", "train"),
        ("as_is", "same"),
        ("train", "same"),
    ]
    assert table["difference"].tolist() == pytest.approx([1.0, 0.0, -1.0])


def test_holm_and_simultaneous_intervals_grow_with_the_number_of_comparisons(result):
    alone = row(compared(result, [Key("wait_mean")], 0.95, "none", "all"), "train", "wait_mean")
    both = row(compared(result, [Key("wait_mean")], 0.95, "holm", "all"), "train", "wait_mean")
    assert both.p_adjusted == pytest.approx(2 * both.p_value)  # train against as_is and same against train vary
    assert both.half_width == alone.half_width == alone.simultaneous_half_width
    assert both.simultaneous_half_width == pytest.approx(both.half_width * t_quantile(4, 0.9875) / t_quantile(4, 0.975))


def test_everything_goes_into_json(result):
    import json

    told = json.loads(json.dumps(compared(result, None, 0.95).to_json_object(), allow_nan=False))
    assert told["baseline"] == "as_is"
    assert told["results"][0]["stage"] is None
    assert told["verdicts"]["same"] == "same: no clear difference from as_is."
    assert "train" in compared(result, None, 0.95)._repr_html_()


def test_one_policy_has_nothing_to_be_compared_with():
    with pytest.raises(InputError, match="one policy only"):
        compared(sim.run(desk(), replications=1, jobs=1), None, 0.95)
