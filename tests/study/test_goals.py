"""What precision is asked for: of means, or of differences from the baseline."""

import math
from dataclasses import fields, replace

import numpy as np
import pytest

from sim.errors import InputError
from sim.study.comparison.compare import compare
from sim.study.goals import Goal, Wish, goal_of, like, reached
from sim.study.results.identity import canonical_json
from sim.study.statistics.intervals import interval
from sim.study.statistics.paired import paired
from sim.study.statistics.precision import enough
from sim.study.tallies.rows import Key
from tests.study.scenarios import desk

WAIT, LIKED = Key("wait_mean"), Key("satisfaction")


def reading(*series):
    """Values of the cases, whatever the measure."""
    return lambda case, key, n: series[case][:n]


@pytest.mark.parametrize("wish", ["5%", "0.05", 0.05, {"within": "5 %"}, {"of": "wait_mean", "within": 0.05}, Goal()])
def test_goals_are_read(wish):
    assert goal_of(wish) == Goal((Wish(WAIT, 0.05),), 500)


def test_a_goal_may_be_of_a_part_of_the_site():
    goal = goal_of({"of": ["wait_p90[stage=desk]", "satisfaction"], "within": "2%", "at_most": 90})
    assert [wish.key for wish in goal.wishes] == [Key("wait_p90", stage="desk"), LIKED]
    assert {wish.within for wish in like(goal, "10%").wishes} == {0.1}
    assert goal.described() == [["wait_p90[stage=desk]", "satisfaction"], 0.02, 90]


@pytest.mark.parametrize(
    "wish", ["five", "0", 1.5, -0.1, True, None, {"withn": 0.1}, {"at_most": 1}, {"of": []}, {"of": [3]}]
)
def test_what_is_no_goal_is_refused(wish):
    with pytest.raises(InputError):
        goal_of(wish)


def test_means_of_every_case_must_be_known():
    calm, wild = [10.0, 10.1] * 10, [1.0, 9.0] * 10
    excess = Goal().excess(["as_is", "train"], reading(calm, wild), 20)
    assert list(excess) == ["wait_mean (as_is)", "wait_mean (train)"]
    found = interval(wild)
    assert excess["wait_mean (train)"][-1] == pytest.approx(found.half_width / (0.05 * found.mean))
    assert excess["wait_mean (as_is)"][-1] < 1


def test_differences_are_known_sooner_than_what_they_are_of():
    chance = np.random.default_rng(2)
    day = chance.normal(10, 3, 25)
    better = day - 1 + chance.normal(0, 0.1, 25)
    goal = Goal((Wish(WAIT, 0.02),), paired=True)
    excess = goal.excess(["as_is", "train"], reading(day, better), 25)
    assert list(excess) == ["wait_mean (train)"]
    assert enough(list(excess.values()), 500) == 25
    half = paired(day, better).half_width
    assert goal._one(Wish(WAIT, 0.1, relative=False), 1, 0, reading(day, better), 25)[-1] == pytest.approx(half / 0.1)
    assert goal._one(Wish(WAIT, 0.02), 1, 0, reading(day, better), 25)[-1] == pytest.approx(half / 0.02 / day.mean())
    assert Goal((Wish(WAIT, 0.02),)).excess(["as_is"], reading(day), 25)["wait_mean (as_is)"][-1] > 5


def test_policies_that_never_differ_are_known_to_be_equal():
    day = np.random.default_rng(3).normal(10, 3, 25)
    excess = Goal(paired=True).excess(["as_is", "same"], reading(day, day), 25)
    assert excess["wait_mean (same)"][-1] == 0


def test_how_it_ended_is_said_with_what_is_too_wide():
    wild = Goal((Wish(WAIT, 0.01),), 30)
    excess = wild.excess(["as_is"], reading([1.0, 9.0] * 20), 30)
    told = reached(wild, excess, 30)
    assert not told.precise
    assert "cap of 30" in told.message
    assert "wait_mean (as_is) is" in told.message
    assert "undefined" in reached(wild, {"x": np.full(30, math.inf)}, 30).message
    short = Goal((Wish(WAIT, 0.9),), 22)
    told = reached(short, short.excess(["as_is"], reading([1.0, 9.0] * 20), 22), 22)
    assert not told.precise
    assert "lasted" in told.message
    enough_so = Goal((Wish(WAIT, 0.05),), 25)
    assert reached(enough_so, enough_so.excess(["as_is"], reading([10.0, 10.1] * 20), 25), 25).precise


def test_whatever_decides_when_to_stop_is_part_of_what_identifies_a_run():
    usual = Goal((Wish(WAIT, 0.02),), 90, paired=True)
    assert usual.described() == [[["wait_mean", 0.02, True]], 90, True]
    others = {
        "wishes": (Wish(LIKED, 0.02),),
        "at_most": 91,
        "paired": False,
        "all_pairs": True,
        "confidence": 0.9,
    }
    assert set(others) == {field.name for field in fields(Goal)}
    told = [usual.described(), *(replace(usual, **{name: value}).described() for name, value in others.items())]
    assert len({canonical_json(one) for one in told}) == len(told)


def test_comparisons_at_another_confidence_are_other_runs():
    words = {"policies": ["third"], "precision": {"wait_mean": "5 min"}, "at_most": 25, "jobs": 1}
    usual, surer = (compare(desk(), **words, confidence=confidence).result for confidence in (0.95, 0.99))
    assert usual.content_id != surer.content_id
