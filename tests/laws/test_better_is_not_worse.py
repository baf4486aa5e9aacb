"""Training and willingness never turn a delivered action into a missed one, at the same pressure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.actions import HIT, fatigue_factor, wanted_share, what_came_of
from sim.rules.customer import joining_chance
from tests.by_hand.run import Run, segment
from tests.laws.sites import busy

SHARES = st.floats(0, 1)
UNIFORMS = st.floats(0, 1, exclude_min=True, exclude_max=True)


def actions_of(run):
    """What came of every action, by customer, stage, visit and action."""
    names = {action.name for stage in run.site.stages for action in stage.actions}
    return {
        (row["number"], row["stage"], row["visit"], name): row[name]
        for row in run.visits
        for name in names & row.keys()
        if row["how"] == "served"
    }


def quiet(**changes):
    """Everybody starts at once and no action takes time, so that nothing but the actions can differ."""
    scenario = busy()
    staff = {
        "clerk": {"count": 1, "skill": 0.7, "skill_sd": 0.4, "adherence": 0.8, "at_once": 500},
        "boss": {"count": 1, "skill": 0.7, "adherence": 0.9, "at_once": 500},
    }
    actions = {name: {**action, "time": 0} for name, action in scenario["actions"].items()}
    return {
        **scenario,
        "staff": staff,
        "actions": actions,
        "management": {},
        "site": {"places": {"room": 500}},
        **changes,
    }


BETTER = {
    "training": {"training": {"course": {"who": ["clerk", "boss"], "day": 0, "effect": 0.5}}},
    "willingness": {"staff": {role: {**values, "adherence": 0.95} for role, values in quiet()["staff"].items()}},
    "skill": {"staff": {role: {**values, "skill": 0.9} for role, values in quiet()["staff"].items()}},
    "empowerment": {"staff": {role: {**values, "empowerment": 0.5} for role, values in quiet()["staff"].items()}},
}


@pytest.mark.parametrize("what", BETTER)
def test_better_staff_turn_no_hit_into_a_miss(what):
    before, after = actions_of(Run(quiet())), actions_of(Run(quiet(**BETTER[what])))
    shared = before.keys() & after.keys()  # on the day of a course the trainees are away
    assert len(shared) > 300
    assert not [key for key in shared if before[key] == "hit" and after[key] != "hit"]
    assert [key for key in shared if before[key] != "hit" and after[key] == "hit"]


@given(UNIFORMS, *[SHARES] * 6)
def test_one_action_by_its_rule(u, wanted, known, willing, load, fatigue, more):
    """Each threshold raised, alone, leaves a hit a hit."""

    def came(knows, wills):
        return what_came_of(u, wanted, wanted * knows, wanted * knows * wills, load, fatigue)

    base = came(known, willing)
    if base == HIT:
        assert came(max(known, more), willing) == HIT
        assert came(known, max(willing, more)) == HIT


@given(UNIFORMS, *[SHARES] * 5)
def test_causes_partition_the_misses(u, wanted, known, willing, load, fatigue):
    """A hit if below the product; else the first threshold passed over."""
    thresholds = [wanted, wanted * known, wanted * known * willing]
    thresholds += [thresholds[2] * load, thresholds[2] * load * fatigue]
    expected = next((k + 1 for k, threshold in enumerate(thresholds) if u >= threshold), 0)
    assert what_came_of(u, *thresholds[:3], load, fatigue) == expected


@given(SHARES, SHARES, SHARES)
def test_more_required_or_allowed_is_tried_at_least_as_often(required, more, empowerment):
    low, high = sorted((required, more))
    assert wanted_share(low, empowerment) <= wanted_share(high, empowerment) + 1e-15
    assert 0 <= wanted_share(required, empowerment) <= 1 + 1e-15


@given(st.floats(0, 100), st.floats(0, 1))
def test_fatigue_is_a_share(hours, rate):
    assert 0 <= fatigue_factor(hours, rate) <= 1


@given(st.integers(0, 50), st.integers(0, 9), st.floats(0, 3), SHARES, st.booleans(), st.integers(-1, 9))
def test_a_longer_queue_never_makes_joining_likelier(waiting, serving, a, if_wait, inverse, limit):
    now = joining_chance(waiting, serving, a, if_wait, inverse, limit)
    assert 0 <= now <= 1
    assert joining_chance(waiting + 1, serving, a, if_wait, inverse, limit) <= now


def test_one_more_clerk_makes_no_fifo_customer_wait_longer():
    """First come first served, one stage, infinite patience, staff all alike: sample by sample."""

    def waits(count):
        law = {"dist": "lognormal", "mean": 5, "cv": 1}
        run = Run(
            {
                "calendar": {"days": 2},
                "customers": {"all": {**segment(start="desk"), "arrivals": {"rate": "20/h"}}},
                "stages": {"desk": {"staff": ["clerk"], "work": law}},
                "staff": {"clerk": {"count": count}},
            }
        )
        return {row["number"]: row["wait"] for row in run.visits}

    two, three = waits(2), waits(3)
    assert two.keys() == three.keys()
    assert all(three[number] <= two[number] for number in two)
    assert sum(three.values()) < sum(two.values())
