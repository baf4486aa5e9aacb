"""The limits of a scenario: checked before anything is simulated, judged after it, policy by policy."""

import math

import pytest

import sim
from sim.errors import InputError, ScenarioError
from sim.scenario import load
from sim.study import workers
from sim.study.keys import key_of
from sim.study.limits.asked import problems_of
from sim.study.statistics.skewness import skew_interval
from tests.study.scenarios import desk


def run(accept, replications=6, **more):
    return sim.run(desk(accept=accept, **more), policies="all", replications=replications, jobs=1)


@pytest.fixture
def idle(monkeypatch):
    """Nothing may be simulated."""

    def refuse(*_):
        raise AssertionError("simulated before the check")

    monkeypatch.setattr(workers, "replicate_some", refuse)


def test_one_row_per_policy_and_limit_in_the_order_of_the_file():
    limits = ["wait_p90 < 600 min", "wait_mean[stage=till, segment=calm] > 500 min", "satisfaction > 1 in 20%"]
    result = run(limits)
    found = result.acceptance()
    assert list(found.columns) == ["policy", "limit", "verdict", "estimate", "low", "high", "n", "more"]
    assert found["policy"].tolist() == ["as_is"] * 3 + ["third"] * 3
    assert found["limit"].tolist() == limits * 2
    assert found["verdict"].tolist() == ["met", "not met", "met"] * 2
    assert (found["n"] == 6).all()
    assert found["more"].isna().all()


def test_the_estimate_is_the_mean_that_the_summary_has():
    result = run(["wait_mean[stage=till, segment=calm] < 1 min", "wait_mean < 1 s in 50%"])
    row, chance = (row for row in result.acceptance().itertuples() if row.policy == "third")
    rows = result.summary()
    same = rows[
        (rows["policy"] == "third")
        & (rows["measure"] == "wait_mean")
        & (rows["stage"] == "till")
        & (rows["segment"] == "calm")
        & rows["hour"].isna()
    ]
    assert row.estimate == pytest.approx(same["mean"].item(), rel=1e-12)
    values = result.values(key_of("wait_mean[stage=till, segment=calm]"), "third").tolist()
    assert (row.low, row.high) == pytest.approx(skew_interval(values), rel=1e-12)
    assert row.high - row.estimate > row.estimate - row.low  # waits are skewed
    site = result.measures.query("policy == 'third' and measure == 'wait_mean'")
    waits = site[site["stage"].isna() & site["segment"].isna()]["value"]
    assert chance.estimate == (waits < 1 / 60).mean()


def test_a_confidence_can_be_asked_for():
    result = run(["wait_mean < 1 min"])
    wide, narrow = result.acceptance(0.99), result.acceptance(0.5)
    assert (wide["high"] - wide["low"] > narrow["high"] - narrow["low"]).all()


def test_without_limits_there_are_no_rows():
    result = run([], replications=1)
    assert result.acceptance().empty
    assert result.to_json_object()["acceptance"] == []


def test_json_says_none_for_what_is_not_known():
    (row, _) = run(["wait_mean < 1 min"], replications=1).to_json_object()["acceptance"]
    assert row["verdict"] == "not decided"
    assert (row["low"], row["high"], row["more"], row["n"]) == (None, None, 5, 1)
    assert isinstance(row["n"], int)
    assert isinstance(row["more"], int)
    assert not math.isnan(row["estimate"])


def test_the_first_policy_is_not_judged_by_what_it_is_worth_against_itself():
    priced = desk(accept=["net_gain > -1e9"])
    priced["staff"]["clerk"]["wage"] = 20
    found = sim.run(priced, policies="all", replications=8, jobs=1).acceptance()
    assert found["policy"].tolist() == ["third"]
    assert found["verdict"].tolist() == ["met"]


def test_limits_by_hour_and_member_bring_their_rows():
    result = run(["wait_mean[hour=9] < 600 min", "utilisation[role=clerk, member=clerk 1] < 500%"])
    assert (result.acceptance()["verdict"] == "met").all()
    assert sorted(result.settings["by"]) == ["hour", "member"]


def test_a_limit_is_kept_with_the_stored_run(tmp_path):
    result = sim.run(desk(accept=["wait_mean < 1 min"]), replications=4, jobs=1, out=tmp_path)
    assert sim.read(result.folder).acceptance().equals(result.acceptance())


@pytest.mark.usefixtures("idle")
def test_all_that_is_wrong_is_told_before_anything_is_simulated():
    accept = ["wait_p9 < 1", "wait_p90 < 3", "wait_p90[stage=dsk] < 3", "service_level > 80"]
    with pytest.raises(ScenarioError) as problem:
        run(accept, precision={"of": ["wait_men", "wait_mean[segment=hasti]"]})
    told = {one.path: one.message for one in problem.value.problems}
    assert list(told) == ["accept.0", "accept.2", "accept.3", "precision.of.0", "precision.of.1"]
    assert "did you mean 'wait_p99'" in told["accept.0"]
    assert "no stage 'dsk'; did you mean 'desk'" in told["accept.2"]
    assert "80% or 0.8" in told["accept.3"]
    assert "did you mean 'wait_mean'" in told["precision.of.0"]
    assert "no segment 'hasti'; did you mean 'hasty'" in told["precision.of.1"]


@pytest.mark.usefixtures("idle")
def test_a_precision_asked_for_in_passing_is_checked_too():
    with pytest.raises(InputError, match="did you mean 'wait_mean'"):
        sim.run(desk(), precision={"of": ["wait_men"]}, jobs=1)


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("wait_mean[segment=x] < 1", "no segment 'x'; there are hasty, calm"),
        ("utilisation[role=clark] < 1", "no role 'clark'; did you mean 'clerk'"),
        ("hit_rate[action=greeting] > 1%", "no action 'greeting'; did you mean 'greet'"),
        ("gap_customer[dimension=tangable] < 1", "no dimension 'tangable'; did you mean 'tangibles'"),
        ("training_learning[event=course] > 0", "no event 'course'; there are none"),
    ],
)
def test_names_that_the_scenario_does_not_have(limit, told):
    (problem,) = problems_of(load(desk(accept=[limit])))
    assert told in problem.message


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("satisfaction > 8", "can never hold: satisfaction is from 1 to 7 (points)"),
        ("satisfaction > 7", "can never hold"),
        ("satisfaction < 9 in 90%", "always holds"),
        ("satisfaction <= 7", "always holds"),
        ("satisfaction >= 1", "always holds"),
        ("wait_p90 < -3 min", "can never hold: wait_p90 is from 0 on (minutes)"),
        ("wait_p90 > -3 min", "always holds"),
        ("wait_p90 < 0", "can never hold"),
        ("abandoned_share < 300%", "always holds: abandoned_share is from 0 to 1 (share)"),
        ("cronbach_alpha > 1.2", "can never hold: cronbach_alpha is at most 1 (ratio)"),
        ("gap_customer < -7", "can never hold: gap_customer is from -6 to 6 (points)"),
    ],
)
def test_a_bound_out_of_the_measures_range(limit, told):
    (problem,) = problems_of(load(desk(accept=[limit])))
    assert problem.message.startswith(f"'{limit}' ")
    assert told in problem.message


@pytest.mark.parametrize(
    "limit",
    [
        "satisfaction > 1",
        "satisfaction < 7",
        "satisfaction >= 7",
        "wait_p90 <= 0",
        "wait_p90 > 0",
        "turned_away < 1 in 90%",
        "abandoned_share < 100%",
        "utilisation[role=clerk] < 300%",
        "gap_customer > -1",
        "cronbach_alpha > -3",
        "nps > -100",
    ],
)
def test_a_bound_within_the_range_or_at_its_end(limit):
    assert problems_of(load(desk(accept=[limit]))) == ()


@pytest.mark.parametrize("limit", ["net_gain > 0", "profit > 0", "break_even_day < 3 d", "lifetime_value > 5"])
def test_money_is_for_scenarios_with_money(limit):
    poor, rich = desk(accept=[limit]), desk(accept=[limit])
    rich["staff"]["clerk"]["wage"] = 20
    (problem,) = problems_of(load(poor))
    assert "there is no money in this scenario: give a wage, a fee or a margin" in problem.message
    assert problems_of(load(rich)) == ()


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("utilisation < 90%", "it has rows by role alone, such as utilisation[role=clerk]"),
        ("utilisation[member=Eva] < 90%", "such as utilisation[role=clerk, member=Eva]"),
        ("part_design < 1", "by stage and action alone, such as part_design[stage=desk, action=greet]"),
        ("part_design[action=wait] < 1", "such as part_design[stage=desk, action=wait]"),
        ("demand_factor > 1", "such as demand_factor[segment=hasty]"),
        ("training_learning > 0", "it has rows by event alone, of which there are none"),
    ],
)
def test_a_measure_without_a_row_of_the_whole_site(limit, told):
    (problem,) = problems_of(load(desk(accept=[limit])))
    assert told in problem.message


def test_what_is_one_for_all_policies_is_no_policys_to_set():
    policies = {"as_is": {}, "third": {"seed": 4, "staff.clerk.count": 3, "replications": 2}}
    told = {one.path: one.message for one in problems_of(load(desk(policies=policies)))}
    assert list(told) == ["policies.third.seed", "policies.third.replications"]
    assert "--seed" in told["policies.third.seed"]
    assert "-n" in told["policies.third.replications"]
    with pytest.raises(ScenarioError, match=r"policies\.third\.seed: one for all policies"):
        sim.run(desk(policies=policies), jobs=1)


def test_a_measure_that_no_row_has_is_told_after_the_first_replication(monkeypatch):
    done = []
    real = workers.replicate_some

    def counted(scenario, seed, replications, options):
        done.extend(replications)
        return real(scenario, seed, replications, options)

    monkeypatch.setattr(workers, "replicate_some", counted)
    with pytest.raises(InputError) as problem:
        run(["satisfaction[stage=desk] > 3", "wait_p90 < 3", "complaints < 3"], replications=50)
    first, second = str(problem.value).splitlines()
    assert "accept: 'satisfaction[stage=desk] > 3': no measure" in first
    assert "accept: 'complaints < 3': no measure" in second
    assert set(done) == {0}


def test_precision_of_one_stage():
    wish = {"of": ["wait_mean[stage=desk]"], "within": "60%", "at_most": 40}
    result = sim.run(desk(precision=wish), jobs=1)
    rows = result.summary()
    at_desk = rows[(rows["measure"] == "wait_mean") & (rows["stage"] == "desk") & rows["segment"].isna()]
    assert result.precise
    assert at_desk["half_width"].item() <= 0.6 * at_desk["mean"].item()
