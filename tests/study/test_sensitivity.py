"""Sensitivity: effects known by hand, parameters that nothing reads, and conclusions that turn where they should."""

import json
import math

import numpy as np
import pytest
from scipy.stats import t as student

import sim
from sim.errors import InputError, ScenarioError
from sim.study.sensitivity import whole_ranges
from sim.study.sensitivity.sensitivity import planned, sensitivity
from sim.study.statistics.morris_sobol import indices
from tests.study.scenarios import desk


def pair(**more):
    """Two customers a minute apart at a desk, each of w min of work: the second waits w − 1. Two more never wait.

    So the mean wait is (w − 1) / 4. Under robot the two go to a till, at which they take 3 min each, whatever w is:
    the mean wait is 1 / 2.
    """
    return {
        "name": "pair",
        "calendar": {"days": 1, "open": "09:00", "close": "10:00"},
        "replications": 3,
        "customers": {
            "pair": {"arrivals": {"at": ["09:00", "09:01"]}, "start": "desk"},
            "late": {"arrivals": {"at": ["09:30", "09:40"]}, "start": "till"},
        },
        "stages": {
            "desk": {"staff": ["clerk"], "work": "4 min"},
            "till": {"staff": ["robot"], "work": "3 min"},
        },
        "staff": {"clerk": {"count": 1}, "robot": {"count": 1}},
        "policies": {"as_is": {}, "robot": {"customers.pair.start": "till"}},
        "uncertain": {"stages.desk.work": ["2 min", "6 min"], "quality.loss_aversion": [1.5, 2.5]},
        **more,
    }


def rows(found, **chosen):
    frame = found.effects
    for name, value in chosen.items():
        frame = frame[frame[name].isna() if value is None else (frame[name] == value).fillna(False)]
    return frame


def change(found, **chosen):
    return [(row.change, row.half_width) for row in rows(found, **chosen).itertuples()]


@pytest.fixture(scope="module")
def by_hand():
    return sensitivity(pair(), jobs=1)


def test_effects_of_a_queue_by_hand(by_hand):
    assert by_hand.measures == ("wait_mean",)
    own = {"policy": "as_is", "against": None, "parameter": "stages.desk.work"}
    assert change(by_hand, **own) == [(pytest.approx(-0.5), 0), (pytest.approx(0.5), 0)]
    assert list(rows(by_hand, **own)["as_written"]) == pytest.approx([0.75, 0.75])
    assert list(rows(by_hand, **own)["mean"]) == pytest.approx([0.25, 1.25])
    assert list(rows(by_hand, **own)["value"]) == ["2 min", "6 min"]
    differences = rows(by_hand, policy="robot", against="as_is", parameter="stages.desk.work")
    assert list(differences["mean"]) == pytest.approx([0.25, -0.75])
    assert list(differences["change"]) == pytest.approx([0.5, -0.5])


def test_a_difference_has_the_half_width_and_verdict_of_its_conclusion():
    found = sensitivity(short(), "wait_mean", ranges=scaled((0.5, 1.5)), jobs=1)
    (one,) = found.conclusions
    own = rows(found, policy="third", against="as_is")
    assert list(own["difference_half_width"]) == [turn.difference.half_width for turn in one.turns]
    assert list(own["verdict"]) == [turn.outcome for turn in one.turns]
    alone = rows(found, against=None)
    assert alone["difference_half_width"].isna().all()
    assert alone["verdict"].isna().all()
    told = found.to_json_object()["results"]
    assert told[0]["verdict"] is None
    assert told[-1]["verdict"] == one.turns[-1].outcome


def test_the_verdict_at_each_end(by_hand):
    assert list(rows(by_hand, against="as_is")["verdict"]) == ["reversed", "holds", "holds", "holds"]
    given = pair(policies={"as_is": {}, "quick": {"stages.desk.work": "3 min"}})
    assert list(rows(sensitivity(given, jobs=1), against="as_is")["verdict"]) == ["left out"] * 2 + ["holds"] * 2


def test_what_nothing_reads_changes_exactly_nothing(by_hand):
    assert change(by_hand, parameter="quality.loss_aversion") == [(0.0, 0.0)] * 6
    assert change(by_hand, policy="robot", against=None) == [(0.0, 0.0)] * 4


def test_the_sentence_says_where_the_order_turns(by_hand):
    # robot − as_is = 1 / 2 − (w − 1) / 4 is 0 at w = 3 exactly, and the difference is a straight line in w.
    (one,) = by_hand.conclusions
    (turn,) = [turn for turn in one.turns if turn.outcome == "reversed"]
    assert (turn.parameter, turn.end, turn.side, turn.crossing) == ("stages.desk.work", "low", "below", "3.0 min")
    assert one.sentence == (
        "robot beats as_is on wait_mean (−0.25 ±0.00 min), unless stages.desk.work is below about 3.0 min "
        "(at 2 min: +0.25 ±0.00 min)"
    )
    assert by_hand.sentences == (one.sentence,)


def test_the_sentence_is_told_from_the_winners_side():
    # As written w is 2.5 min and the desk is ahead: robot − as_is = 1 / 8. A high w turns that round at 3 min.
    given = pair(stages={**pair()["stages"], "desk": {"staff": ["clerk"], "work": "2.5 min"}})
    assert sensitivity(given, jobs=1).sentences == (
        (
            "as_is beats robot on wait_mean (−0.12 ±0.00 min), unless stages.desk.work is above about 3.0 min "
            "(at 6 min: +0.75 ±0.00 min)"
        ),
    )


def test_an_order_that_holds():
    found = sensitivity(pair(uncertain={"stages.desk.work": ["3.5 min", "6 min"]}), jobs=1)
    assert found.sentences == ("robot beats as_is on wait_mean (−0.25 ±0.00 min), at both ends of every range",)
    assert not found.conclusions[0].changes


def test_an_order_that_is_not_clear_becomes_so_at_the_ends():
    level = pair(stages={**pair()["stages"], "desk": {"staff": ["clerk"], "work": "3 min"}})
    (sentence,) = sensitivity(level, jobs=1).sentences
    assert sentence.startswith("robot and as_is cannot be told apart on wait_mean (0 min, robot − as_is)")
    assert "robot is better with stages.desk.work at 6 min (−0.75 ±0.00 min)" in sentence
    assert "as_is is better with stages.desk.work at 2 min (−0.25 ±0.00 min)" in sentence


def test_a_measure_of_which_more_is_neither_good_nor_bad():
    found = sensitivity(pair(uncertain={"stages.desk.work": ["1 min", "6 min"]}), "service_mean", jobs=1)
    assert found.sentences[0].startswith(
        "as_is has the higher service_mean than robot (+0.50 ±0.00 min), unless stages.desk.work is below about 3.0 min"
    )


def test_relative_ranges_are_on_top_of_what_is_written():
    found = sensitivity(pair(), ranges={"stages.desk.work": ({"times": 0.5}, {"times": 1.5})}, jobs=1)
    assert [mean for mean, _ in change(found, policy="as_is")] == pytest.approx([-0.5, 0.5])
    assert found.conclusions[0].turns[0].crossing == "×0.75"
    assert found.as_written == ("×1",)


def short(**more):
    return desk(calendar={"days": 1, "open": "09:00", "close": "11:00"}, **more)


def scaled(scale):
    return {"customers.calm.arrivals.scale": scale}


def test_changes_and_intervals_are_those_of_paired_runs():
    found = sensitivity(short(), ["wait_mean"], ranges=scaled((0.5, 1.5)), jobs=1)
    frames = [sim.run(short(), "third", levers=levers, jobs=1).measures for levers in (None, scaled(0.5))]
    whole = [
        frame[(frame["measure"] == "wait_mean") & frame["stage"].isna() & frame["segment"].isna()] for frame in frames
    ]
    gaps = whole[1]["value"].to_numpy(float) - whole[0]["value"].to_numpy(float)
    half = student.ppf(0.975, len(gaps) - 1) * gaps.std(ddof=1) / math.sqrt(len(gaps))
    assert change(found, policy="third", against=None)[0] == (pytest.approx(gaps.mean()), pytest.approx(half))


def test_what_is_said_of_a_pair_holds_together():
    found = sensitivity(short(), "wait_mean", ranges=scaled((0.5, 1.5)), jobs=1)
    (one,) = found.conclusions
    first = rows(found, policy="third", against="as_is").iloc[0]
    n, sd = one.difference.n, one.difference.sd
    wider = student.ppf(1 - 0.05 / 3 / 2, n - 1)  # as written and at two ends
    assert one.difference.mean == pytest.approx(first["as_written"])
    assert one.difference.half_width == pytest.approx(wider * sd / math.sqrt(n))
    assert one.turns[0].difference.mean == pytest.approx(first["mean"])


def test_cases_that_are_the_same_are_simulated_once():
    plan = planned(pair(uncertain={"stages.desk.work": ["4 min", "6 min"]}))
    assert [case.name for case in plan.cases] == [
        "as_is", "robot", "as_is | stages.desk.work=6 min", "robot | stages.desk.work=6 min",
    ]  # fmt: skip
    assert plan.runs == 12
    assert plan.cases[2].words[1:] == ('--set=stages.desk.work="6 min"', "--policy", "as_is")


COURSE = {"who": "clerk", "actions": "all", "day": 1, "hours": 1}


def trained(**more):
    return desk(**{"policies": {"as_is": {}, "train": {"training.course": COURSE}}, **more})


def test_a_parameter_that_one_policy_has_alone():
    uncertain = {"training.course.effect": [-3.0, 3.0]}
    found = sensitivity(
        trained(uncertain=uncertain, staff={"clerk": {"count": 2, "skill": 0.7}}), "satisfaction", jobs=1
    )
    assert found.cases == 4
    assert found.as_written == ("0.62",)
    assert change(found, policy="as_is") == [(0.0, 0.0)] * 2
    low, high = (mean for mean, _ in change(found, policy="train", against=None))
    assert low < 0 < high
    assert change(found, policy="train", against="as_is") == change(found, policy="train", against=None)


def test_loading_checks_such_a_parameter_too():
    with pytest.raises(ScenarioError, match=r"uncertain\.training\.course\.effect"):
        sim.load(trained(uncertain={"training.course.effect": [0.3, "much"]}))
    with pytest.raises(ScenarioError, match=r"uncertain\.training\.curse\.effect"):
        sim.load(trained(uncertain={"training.curse.effect": [0.3, 0.9]}))


def test_a_policy_that_sets_the_parameter_itself_is_warned_of():
    found = sensitivity(pair(policies={"as_is": {}, "quick": {"stages.desk.work": "3 min"}}), jobs=1)
    (warning,) = found.warnings
    assert warning.startswith("policy quick sets stages.desk.work itself")
    assert warning.endswith("conclusions on it leave that parameter out")
    (one,) = found.conclusions
    assert one.left_out == ("stages.desk.work",)
    assert {turn.parameter for turn in one.turns} == {"quality.loss_aversion"}
    assert found.sentences == (
        "quick beats as_is on wait_mean (−0.25 ±0.00 min), at both ends of every range but stages.desk.work",
    )


def test_a_value_outside_of_its_range_is_warned_of():
    (warning,) = planned(pair(uncertain={"stages.desk.work": ["5 min", "6 min"]})).warnings
    assert warning == "stages.desk.work as written is not between 5 min and 6 min"


def test_what_is_set_is_known():
    found = sensitivity(pair(), levers={"stages.desk.work": "5 min"}, jobs=1)
    assert [of.path for of in found.ranges] == ["quality.loss_aversion"]
    assert found.warnings == ("stages.desk.work is set, so it is not moved",)
    assert found.conclusions[0].difference.mean == pytest.approx(-0.5)


def test_what_no_policy_asked_for_has_is_left_out():
    uncertain = {"training.course.effect": [0.3, 0.9], "staff.clerk.pace": [0.9, 1.1]}
    plan = planned(trained(uncertain=uncertain), policies=["as_is"])
    assert [of.path for of in plan.ranges] == ["staff.clerk.pace"]
    assert plan.warnings == ("training.course.effect is there under none of these policies",)


def test_words_can_be_moved_one_at_a_time_only():
    ranges = {"choose_staff": ("first", "random")}
    found = sensitivity(short(), "wait_mean", ranges=ranges, jobs=1)
    assert list(rows(found, policy="as_is")["value"]) == ["first", "random"]
    with pytest.raises(InputError, match=r"choose_staff: there is nothing between first and random, which .* Morris"):
        sensitivity(desk(), ranges=ranges, method="morris")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"scenario": desk()}, r"uncertain:\n    staff\.clerk\.pace: \[0\.9, 1\.1\]\nor .*--range"),
        ({"ranges": {"staff.clerk.pcae": (1, 2)}}, "did you mean 'pace'"),
        ({"ranges": {"staff.clerk.skill": (0.8, 1.8), "staff.robot.pace": (-1, 1)}}, r"(?s)skill, 1\.8.*pace, −1"),
        ({"ranges": {"staff.clerk.skill": (0.8,)}}, "two values are due"),
        ({"levers": {"staff.clerk.pace": 1}, "ranges": {"staff.clerk.pace": (0.9, 1.1)}}, "a value and a range"),
        ({"levers": {"stages.desk.work": 3, "quality.loss_aversion": 2}}, "nothing is left to move"),
        ({"measures": "wait_maen"}, "did you mean 'wait_mean'"),
        ({"measures": "wait_mean[stage=dsk]"}, "did you mean 'desk'"),
        ({"measures": "net_gain"}, "ask for profit"),
        ({"policies": "robt"}, "did you mean 'robot'"),
        ({"method": "moris"}, "did you mean 'morris'"),
        ({"confidence": 95}, "confidence"),
        ({"size": 4}, "a size is for"),
        ({"method": "sobol", "size": 12}, "power of 2"),
        ({"replications": 0}, "replications"),
        ({"ranges": {"staff.clerk.skill": (0.95, 0.7)}}, r"^staff.clerk.skill: .* wrong way round; write 0.7 first"),
        ({"ranges": {"staff.clerk.skill": (0.9, 0.9)}}, "both ends of the range are 0.9; write two values"),
        ({"ranges": {"seed": (1, 5)}}, "seed decides nothing of the site.*chosen by --seed"),
        ({"ranges": {"replications": (1, 5)}}, "replications decides nothing of the site.*chosen by -n"),
        (
            {"scenario": pair(uncertain={"staff.clerk.pace": [1.1, 0.9], "staff.robot.pace": [1.5, 1.5]})},
            r"(?s)scenario: uncertain\.staff\.clerk\.pace: .*\n.*uncertain\.staff\.robot\.pace: both ends",
        ),
    ],
)
def test_what_makes_no_sense_is_told_before_the_work(words, told):
    with pytest.raises(InputError, match=told):
        planned(**{"scenario": pair(), **words})


@pytest.mark.parametrize("method", ["one_at_a_time", "morris"])
def test_a_measure_that_a_policy_does_not_have_is_told_after_one_run_of_each(method):
    done = []
    with pytest.raises(InputError, match="satisfaction"):
        sensitivity(pair(), "satisfaction", method=method, jobs=1, progress=lambda now, _: done.append(now))
    assert max(done, default=0) <= 2


def test_a_measure_that_no_run_of_an_end_has_is_told_after_one_run_of_each_case():
    done = []
    ranges = {"stages.desk.staff": ([], ["clerk"])}  # nobody queues where nobody serves
    with pytest.raises(InputError, match=r"stages\.desk\.staff=\[\]: no measure 'wait_mean\[stage=desk\]'"):
        sensitivity(pair(), "wait_mean[stage=desk]", ranges=ranges, jobs=1, progress=lambda now, _: done.append(now))
    assert max(done) == planned(pair(), "wait_mean[stage=desk]", ranges=ranges).runs / 3


def test_a_name_that_one_policy_alone_has_is_told_before_the_work():
    with pytest.raises(
        InputError, match=r"'training_learning\[event=course\]' is not there under policy as_is: no event"
    ):
        planned(trained(), "training_learning[event=course]", ranges=scaled((0.5, 1.5)))


def test_a_policy_that_is_written_out_is_compared_with_those_of_the_file():
    more = "quick: stages.desk.work=3 min"
    assert [case.name for case in planned(pair(), policies=[more]).nominal] == ["as_is", "robot", "quick"]
    assert [case.name for case in planned(pair(), policies=["robot", more]).nominal] == ["as_is", "robot", "quick"]


def test_one_replication_is_said_to_show_no_chance():
    (sentence,) = sensitivity(pair(), replications=1, jobs=1).sentences
    assert sentence == (
        "robot and as_is are not told apart on wait_mean by one replication, which cannot show what is chance "
        "(−0.25 min, robot − as_is)"
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_numbers_do_not_depend_on_workers(jobs, by_hand):
    assert sensitivity(pair(), jobs=jobs).effects.equals(by_hand.effects)


def test_morris_on_a_queue_by_hand():
    # The wait is a plane in w: the whole range, 4 min, changes it by 1, whatever else is moved.
    found = sensitivity(pair(), method="morris", size=3, jobs=1)
    work, idle = rows(found, policy="as_is").itertuples()
    assert (work.mu_star, work.mu, work.sigma) == pytest.approx((1, 1, 0), abs=1e-6)
    assert (idle.mu_star, idle.mu, idle.sigma) == (0, 0, 0)
    work, _ = rows(found, policy="robot", against="as_is").itertuples()
    assert (work.mu_star, work.mu) == pytest.approx((1, -1), abs=1e-6)
    # The levels are 0, 1/3, 2/3 and 1: w of 2, 3 1/3, 4 2/3 and 6 min; as_is is ahead at the first of them.
    ahead = int((planned(pair(), method="morris", size=3).points[:, 0] < 0.2).sum())
    assert 0 < ahead < 9
    more = f"as_is is better than robot on wait_mean at {ahead} of 9 points"
    fewer = f"robot is better than as_is on wait_mean at {9 - ahead} of 9 points"
    assert found.sentences == (more if ahead > 4 else fewer,)
    assert found.conclusions == ()


def points(*cases):
    """A design of one policy, whose points are all of these cases."""
    return whole_ranges.Points((), (), np.zeros((len(cases), 1)), [[case] for case in cases])


def test_points_are_averaged_over_the_replications_that_all_have():
    nan = math.nan
    values = np.array([[1.0, 2.0, 9.0], [4.0, nan, 6.0], [nan, nan, nan], [7.0, 7.0, nan]])
    means, replications = whole_ranges.average(points(0, 1), values)
    assert (means[:2], replications) == ([5.0, 5.0], 2)
    means, replications = whole_ranges.average(points(0, 1, 2, 3), values)
    assert replications == 1
    assert means == pytest.approx([1.0, 4.0, nan, 7.0], nan_ok=True)
    means, replications = whole_ranges.average(points(2), values)
    assert replications == 0
    assert np.isnan(means).all()


def test_replications_without_a_value_cost_no_point():
    # Of the hasty one comes in a run or so: in some runs there is nobody whose wait could be averaged.
    rare = desk(replications=4, seed=1)
    rare["customers"]["hasty"]["arrivals"]["rate"] = "0.15/h"
    found = sensitivity(
        rare, "wait_mean[segment=hasty]", ranges={"staff.clerk.pace": (0.8, 1.2)}, method="morris", size=3, jobs=1
    )
    some = sim.run(rare, jobs=1).values("wait_mean[segment=hasty]").notna().sum()
    assert 0 < some < 4
    told = f"wait_mean[segment=hasty] is averaged over {some} of 4 replications, those that all cases have"
    assert found.warnings == (told,)
    assert found.effects["mu"].notna().all()
    assert "more are not" not in found.sentences[0]


@pytest.mark.parametrize(
    ("gaps", "says"),
    [
        ([-1.0, -1.0, 1.0], "b is better than a on wait_mean at 2 of 3 points"),
        ([-1.0] * 5 + [math.nan] * 15, "b is better than a on wait_mean at all 5 points where it is defined for both"),
        (
            [-1.0, 1.0, 1.0, math.nan],
            "a is better than b on wait_mean at 2 of 3 points where it is defined for both (1",
        ),
        ([0.0, 0.0], "b and a come out alike on wait_mean at all 2 points"),
        ([0.0, math.nan], "b and a come out alike on wait_mean at the only point where it is defined for both (1 more"),
        ([math.nan] * 4, "b and a cannot be compared on wait_mean: at no point is it defined for both"),
    ],
)
def test_only_points_that_are_defined_are_counted(gaps, says):
    assert whole_ranges._counted("a", "b", "wait_mean", gaps).startswith(says)


def test_failed_points_are_told_and_leave_the_others_alone():
    full = pair(uncertain={"site.max_in_system": [1, 50], "stages.desk.work": ["2 min", "6 min"]})
    found = sensitivity(full, method="morris", size=3, replications=2, jobs=1)
    design = planned(full, method="morris", size=3).points
    failing = int((design[:, 0] == 0).sum())
    failed = len(found.failures)
    assert 0 < failing < len(design)
    assert f"{failed} of {found.runs} runs failed" in found.warnings
    assert any("wait_mean is undefined in" in warning for warning in found.warnings)
    assert f"({failing} more are not)" in found.sentences[0]


def test_failed_runs_are_left_out_pair_by_pair():
    found = sensitivity(pair(uncertain={"site.max_in_system": [1, 50]}), replications=2, jobs=1)
    assert found.warnings[-1] == (
        f"{len(found.failures)} of {found.runs} runs failed; "
        "each difference leaves out the replications that either side lacks"
    )
    assert found.sentences[0].endswith("no longer clear with site.max_in_system at 1 (undefined)")


def test_sobol_on_a_queue_by_hand():
    found = sensitivity(pair(), method="sobol", size=4, replications=1, jobs=1)
    points = planned(pair(), method="sobol", size=4).points
    wait = (2 + 4 * points[:, 0] - 1) / 4
    work, idle = rows(found, policy="as_is").itertuples()
    by_hand, _ = indices("sobol", points, wait, found.seed, 0.95)
    assert (work.s1, work.s1_half_width, work.st, work.st_half_width) == pytest.approx(by_hand, abs=1e-6)
    assert (idle.s1, idle.st) == (0, 0)


def test_json_says_all_and_nothing_undefined():
    found = sensitivity(pair(), replications=1, jobs=1)
    told = json.loads(json.dumps(found.to_json_object(), allow_nan=False))
    assert told["method"] == "one_at_a_time"
    assert (told["runs"], told["replications"]) == (found.runs, 1)
    assert told["results"][0]["half_width"] is None
    assert told["conclusions"][0]["clear"] is False
    assert told["sentences"] == list(found.sentences)
    assert "stages.desk.work" in found._repr_html_()
    assert np.isnan(found.effects["half_width"]).all()
