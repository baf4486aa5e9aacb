"""Differences between policies from a result whose numbers are known."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.study.comparison.comparison import compared
from sim.study.comparison.differences import _chance, _verdict
from sim.study.results.frames import MEASURES
from sim.study.statistics.intervals import t_quantile
from sim.study.statistics.paired import Paired, paired
from sim.study.tallies.rows import Key

from .scenarios import desk

DAY = [4.0, 6.0, 5.0, 9.0, 6.0, 7.0, 5.0]
LIKED = [4.0, 4.2, 4.1, 3.6, 4.1, 4.3, 3.9]
MORE = (0.1, -0.1, 0.0, 0.1, -0.1, 0.05, -0.05)
TOLD = {
    "as_is": {"wait_mean": DAY, "satisfaction": LIKED, "arrivals": [30.0] * 7, "staff_cost": [100.0] * 7},
    "train": {
        "wait_mean": [w + 1 + e for w, e in zip(DAY, MORE, strict=True)],
        "satisfaction": [s + 0.5 for s in LIKED],
        "arrivals": [30.0] * 7,
        "staff_cost": [150.0] * 7,
    },
    "same": {"wait_mean": DAY, "satisfaction": LIKED, "arrivals": [30.0] * 7, "staff_cost": [100.0] * 7},
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
    return replace(run, measures=frame, replications=7)


def row(found, policy, measure):
    table = found.table
    return next(table[(table["policy"] == policy) & (table["measure"] == measure)].itertuples())


def test_differences_are_taken_within_each_replication(result):
    found = row(compared(result, None, 0.95), "train", "wait_mean")
    change = np.array(MORE) + 1
    assert found.difference == pytest.approx(change.mean())
    half = t_quantile(6, 0.975) * change.std(ddof=1) / math.sqrt(7)
    assert found.half_width == pytest.approx(half)
    assert (found.baseline_mean, found.n) == (6.0, 7)
    assert found.variance_ratio > 50  # the days differ far more than the change does
    assert found.verdict == "worse"


def test_what_management_spends_is_certain_and_policies_that_never_differ_are_equal(result):
    comparison = compared(result, None, 0.95)
    cost = row(comparison, "train", "staff_cost")
    assert (cost.difference, cost.half_width, cost.verdict) == (50.0, 0.0, "worse")
    same = row(comparison, "same", "wait_mean")
    assert (same.difference, same.half_width, same.verdict) == (0.0, 0.0, "equal")
    assert math.isnan(cost.p_value)
    assert math.isnan(same.p_value)  # nothing is left to chance
    assert comparison.comparisons == 2  # the wait and the satisfaction under `train`


def test_what_is_the_same_in_few_replications_may_be_luck(result):
    """All on one side of nothing: p = 2 ** (1 - n)."""
    liked = row(compared(result, [Key("satisfaction")], 0.95), "train", "satisfaction")
    assert (liked.difference, liked.p_value, liked.verdict) == (pytest.approx(0.5), 2.0**-6, "better")
    few = replace(result, measures=result.measures[result.measures["replication"] < 4], replications=4)
    liked = row(compared(few, [Key("satisfaction")], 0.95), "train", "satisfaction")
    assert (liked.p_value, liked.verdict) == (2.0**-3, "not clear")
    assert math.isnan(liked.half_width)


def test_rare_events_of_policies_that_are_alike_seldom_look_different():
    """400 studies of one comparison, 3 replications of counts of mean 1, all by chance: at most 5 % are false and some
    2 % standard error; with p = 0 for differences that never vary there were 9 %."""
    chance = np.random.default_rng(8)
    found = 0
    for _ in range(400):
        one = Paired(*_paired_of(chance.poisson(1, 3), chance.poisson(1, 3)))
        found += _verdict(Key("abandoned"), one, _chance(Key("abandoned"), one), 0.95) in ("better", "worse")
    assert found / 400 < 0.09


def _paired_of(baseline, policy):
    return paired(baseline.astype(float).tolist(), policy.astype(float).tolist())


def test_the_rounding_of_large_numbers_is_no_difference(result):
    noise = [965.4 + k + (2.3e-13 if k % 3 == 0 else 0.0) for k in range(7)]
    rows = result.measures.copy()
    rows.loc[(rows["measure"] == "wait_mean") & (rows["policy"] == "as_is"), "value"] = [965.4 + k for k in range(7)]
    rows.loc[(rows["measure"] == "wait_mean") & (rows["policy"] == "train"), "value"] = noise
    found = row(compared(replace(result, measures=rows), [Key("wait_mean")], 0.95), "train", "wait_mean")
    assert (found.difference, found.verdict) == (0.0, "equal")


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
        "worse in wait_mean (+1.00 ± 0.08 min) and staff_cost (+50 ± 0)."
    )
    assert comparison.words("same") == "same: the same as as_is in every replication."
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
    assert both.simultaneous_half_width == pytest.approx(both.half_width * t_quantile(6, 0.9875) / t_quantile(6, 0.975))


def test_everything_goes_into_json(result):
    import json

    told = json.loads(json.dumps(compared(result, None, 0.95).to_json_object(), allow_nan=False))
    assert told["baseline"] == "as_is"
    assert told["results"][0]["stage"] is None
    assert told["verdicts"]["same"] == "same: the same as as_is in every replication."
    assert "train" in compared(result, None, 0.95)._repr_html_()


def test_one_policy_has_nothing_to_be_compared_with():
    with pytest.raises(InputError, match="one policy only"):
        compared(sim.run(desk(), replications=1, jobs=1), None, 0.95)


def test_a_policy_that_lacks_a_measure_does_not_hide_it_from_the_others(result):
    rows = result.measures
    some = rows[~((rows["policy"] == "same") & (rows["measure"] == "wait_mean"))]
    lacking = replace(result, measures=some)
    assert "wait_mean" not in set(compared(lacking, None, 0.95).table["measure"])  # not all have it
    asked = compared(lacking, [Key("wait_mean")], 0.95)
    assert row(asked, "train", "wait_mean").verdict == "worse"
    assert (row(asked, "same", "wait_mean").n, row(asked, "same", "wait_mean").verdict) == (0, "not clear")


def test_a_policy_of_which_nothing_could_be_measured_is_left_out(result):
    rows = result.measures
    assert compared(replace(result, measures=rows[rows["policy"] != "train"]), None, 0.95).policies == ("same",)
    with pytest.raises(InputError, match="no replication of as_is, the baseline"):
        compared(replace(result, measures=rows[rows["policy"] != "as_is"]), None, 0.95)


def test_policies_that_are_all_alike_are_said_to_be_equal(result):
    rows = result.measures
    alike = compared(replace(result, measures=rows[rows["policy"] != "train"]), None, 0.95)
    assert set(alike.table["verdict"]) == {"equal"}
    assert alike.words("same") == "same: the same as as_is in every replication."
