"""Comparisons by simulation: which policies, which customers, how many replications."""

import pytest
from pandas.testing import assert_frame_equal

import sim
from sim.errors import InputError, ScenarioError
from sim.study.cases import cases_of, parse_policy, wishes_of

from .scenarios import desk


def written(name="desk", **more):
    return sim.load(desk(name=name, **more))


def test_every_policy_is_compared_with_the_first_on_the_same_customers():
    found = sim.compare(desk(), replications=4, jobs=1)
    assert (found.baseline, found.result.policies) == ("as_is", ("as_is", "third"))
    run = sim.run(desk(), policies="all", replications=4, jobs=1)
    assert_frame_equal(found.result.measures, run.measures)
    assert found.result.content_id == run.content_id
    row = found.table[found.table["measure"] == "wait_mean"].iloc[0]
    waits = [run.values("wait_mean", policy) for policy in ("as_is", "third")]
    assert row["difference"] == pytest.approx((waits[1] - waits[0]).mean())
    assert row["correlation"] > 0.5


def test_a_policy_that_changes_nothing_differs_by_exactly_nothing():
    found = sim.compare(desk(policies={"as_is": {}, "twin": {}}), measures=["wait_mean"], replications=3, jobs=1)
    assert found.table["difference"].tolist() == [0.0]
    assert found.table["verdict"].tolist() == ["equal"]


def test_policies_can_be_written_out_beside_those_of_the_file():
    found = sim.compare(desk(), policies=["fast: staff.clerk.pace=1.5; staff.clerk.count=2"], replications=2, jobs=1)
    assert found.result.policies == ("as_is", "third", "fast")
    assert found.result.scenario.policies["fast"] == {"staff.clerk.pace": 1.5, "staff.clerk.count": 2}
    only = sim.compare(desk(), policies=["third", "fast: staff.clerk.pace=1.5"], replications=2, jobs=1)
    assert only.result.policies == ("as_is", "third", "fast")
    bare = sim.compare(desk(policies={}), policies=["fast: staff.clerk.pace=1.5"], replications=2, jobs=1)
    assert bare.result.policies == ("as_is", "fast")
    assert sim.run(desk(), policy="fast: staff.clerk.pace=1.5", replications=1, jobs=1).policies == ("fast",)


def test_the_words_of_a_case_simulate_it_again():
    wishes = wishes_of(written(), ["third", "fast: staff.clerk.pace=1.5; staff.clerk.count=3"])
    third, fast = cases_of(wishes, {"customers.calm.arrivals.rate": "12/h"})
    assert third.words[1:] == ('--set=customers.calm.arrivals.rate="12/h"', "--policy", "third")
    assert parse_policy(fast.words[-1]) == ("fast", {"staff.clerk.pace": 1.5, "staff.clerk.count": 3})


@pytest.mark.parametrize(
    ("policies", "told"),
    [
        (["thrid"], "did you mean 'third'"),
        (["third: staff.clerk.pace=1.5"], "there is a policy 'third' already"),
        (["fast: nonsense"], "write PATH=VALUE"),
        (["fast:"], "is no policy"),
        (["fast: staff.clark.pace=1.5"], "did you mean 'clerk'"),
        (["fast: staff.clerk.pace=1; staff.clerk.pace=2"], "given twice"),
    ],
)
def test_what_is_no_policy_is_refused(policies, told):
    with pytest.raises((InputError, ScenarioError), match=told):
        sim.compare(desk(), policies=policies, replications=2, jobs=1)


def test_different_scenarios_are_compared_each_under_its_first_policy():
    slow = written("slow", staff={"clerk": {"count": 2, "pace": 0.8}})
    found = sim.compare(written(), slow, replications=3, jobs=1)
    assert found.result.policies == ("desk", "slow")
    assert found.result.settings["scenarios"]["slow"]["staff"]["clerk"]["pace"] == 0.8
    assert (found.table[found.table["measure"] == "wait_mean"]["difference"] > 0).all()
    with pytest.raises(InputError, match="same name"):
        sim.compare(written(), written(), replications=2, jobs=1)
    with pytest.raises(InputError, match="one at a time"):
        sim.compare(written(), slow, policies=["third"], replications=2, jobs=1)


def test_a_result_and_its_folder_are_compared_as_they_are(tmp_path):
    run = sim.run(desk(), policies="all", replications=3, jobs=1, out=tmp_path)
    direct, folder = sim.compare(run), sim.compare(run.folder)
    assert_frame_equal(direct.table, folder.table)
    with pytest.raises(InputError, match="one result"):
        sim.compare(run, desk())


def test_replications_are_added_until_the_difference_is_as_precise_as_wished():
    found = sim.compare(desk(), precision={"wait_mean": "30 s"}, at_most=60, jobs=1)
    row = found.table[found.table["measure"] == "wait_mean"].iloc[0]
    assert found.result.precise
    assert 25 <= found.result.replications < 60
    assert row["half_width"] <= 0.5
    capped = sim.compare(desk(), precision="0.1%", measures=["wait_mean"], at_most=25, jobs=1)
    assert capped.result.precise is False
    assert any("cap of 25" in warning for warning in capped.result.warnings)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"precision": {"wait_maen": "5%"}}, "did you mean 'wait_mean'"),
        ({"precision": {"satisfaction": "5 min"}}, "satisfaction"),
        ({"precision": {"wait_mean": "-1 min"}}, "wait_mean"),
        ({"precision": "5%", "replications": 5}, "not both"),
        ({"measures": ["wait_mean[stage=dask]"], "replications": 2}, "dask"),
        ({"confidence": 95}, "between 0 and 1"),
        ({"adjust": "bonferroni", "replications": 2}, "neither"),
        ({"pairs": "some", "replications": 2}, "neither"),
    ],
)
def test_what_makes_no_sense_is_refused(asked, told):
    with pytest.raises(InputError, match=told):
        sim.compare(desk(), jobs=1, **asked)


def test_one_policy_alone_is_told_what_would_do():
    with pytest.raises(InputError, match="only the baseline, as_is, was named"):
        sim.compare(desk(), policies=["as_is"], jobs=1)
    with pytest.raises(InputError, match="--policy"):
        sim.compare(desk(policies={}), jobs=1)
    with pytest.raises(InputError, match="scenario"):
        sim.compare()


def test_policies_that_simulate_other_lengths_of_time_are_warned_of():
    longer = desk(policies={"as_is": {}, "longer": {"calendar.days": 5}, "third": {"staff.clerk.count": 3}})
    (told,) = sim.compare(longer, replications=2, jobs=1).result.warnings
    assert told == "longer has another calendar.days than as_is: counts and money of the two do not compare"


def test_a_result_is_not_simulated_anew_and_says_so(tmp_path):
    run = sim.run(desk(policies={"as_is": {}, "third": {"staff.clerk.count": 3}, "fourth": {"staff.clerk.count": 4}}),
                  policies="all", replications=3, jobs=1)  # fmt: skip
    assert sim.compare(run, policies=["fourth"]).policies == ("fourth",)
    with pytest.raises(InputError, match="replications, seed: a result is compared as it is"):
        sim.compare(run, replications=50, seed=9)
    with pytest.raises(InputError, match="did you mean 'third'"):
        sim.compare(run, policies=["thrid"])


def test_what_cannot_be_is_told_before_anything_is_simulated(monkeypatch):
    monkeypatch.setattr("sim.study.study.Study.result", lambda *_: pytest.fail("simulated"))
    for measures, told in ((["wait_mean[stage=dask]"], "did you mean 'desk'"), (["net_gain"], "ask for profit")):
        with pytest.raises(InputError, match=told):
            sim.compare(desk(), measures=measures)
    with pytest.raises(InputError, match="at_most goes with a precision"):
        sim.compare(desk(), at_most=50)


def test_measures_by_hour_and_limits_by_hour_bring_their_rows_along():
    found = sim.compare(desk(), measures=["wait_mean[hour=9]"], replications=3, jobs=1)
    assert found.table["hour"].tolist() == [9]
    limited = sim.compare(desk(accept=["wait_mean[hour=9] < 30 min"]), replications=2, jobs=1)
    assert limited.result.settings["by"] == ["hour"]


def test_scenarios_that_measure_different_things_are_compared_in_what_they_share():
    paid = written("paid", staff={"clerk": {"count": 2, "wage": 20}})
    found = sim.compare(paid, written(), replications=3, jobs=1)
    assert "staff_cost" not in set(found.table["measure"])
    assert "wait_mean" in set(found.table["measure"])
    assert found.worth.empty


def test_precision_of_all_pairs_is_of_all_pairs():
    three = desk(policies={"as_is": {}, "third": {"staff.clerk.count": 3}, "slow": {"staff.clerk.pace": 0.8}})
    asked = {"precision": {"wait_mean": "45 s"}, "at_most": 200, "jobs": 1, "measures": ["wait_mean"]}
    assert (sim.compare(three, pairs="all", **asked).table["half_width"] <= 0.75).all()
