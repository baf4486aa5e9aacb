"""Planned training: when it works, on whom, on what, and how it fades. Worked out by hand."""

import pytest

from sim.arithmetic import normal_cdf, normal_quantile
from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import Run, clock, desk, segment

DAYS = 6
ACTION = {"stage": "desk", "dimension": "empathy", "weight": 1}


def course(skill, *, staff=None, **event):
    """One clerk, one customer a day at noon, a course on day 1 unless the event says otherwise."""
    roles = {"clerk": {"count": 1, "skill": skill, **(staff or {})}}
    scenario = desk(
        calendar={"days": DAYS, "open": "08:00", "close": "18:00"},
        customers={"all": segment("12:00")},
        staff=roles,
        actions={"greet": ACTION},
        training={"course": {"who": "clerk", "day": 1, **event}},
    )
    return Run(scenario)


def luck(day, action="greet"):
    return uniform(stream_key(1, 0, "action", "all", "desk", action), 0, day)


def came(run, action="greet"):
    return {int(row["joined"] // 1440): row[action] for row in run.visits if row["how"] == "served"}


def test_it_works_from_the_next_day_and_keeps_the_trainee_off_duty_on_its_day():
    """The gain takes knowledge from just below to just above the uniform of day 2; days 0 and 1 are as before."""
    z = normal_quantile(luck(2)) - 0.01
    run = course(normal_cdf(z), effect=0.02, half_time="never")
    assert came(run)[2] == "hit"
    assert 1 not in came(run)
    assert run.ended[1] == "turned_away"
    before = course(normal_cdf(z), effect=0.02, half_time="never", day=2)
    assert 2 not in came(before)
    assert came(before)[0] == came(run)[0]
    assert came(course(normal_cdf(z), effect=0.005, half_time="never"))[2] == "knowledge"


def test_backfill_covers_the_day_and_the_gain_comes_all_the_same():
    """With cover the desk is staffed on day 1, at the knowledge of before; from day 2 on the course works."""
    z = normal_quantile(luck(2)) - 0.01
    run = course(normal_cdf(z), effect=0.02, half_time="never", backfill=True)
    assert came(run)[1] == ("hit" if luck(1) < normal_cdf(z) else "knowledge")
    assert came(run)[2] == "hit"


@pytest.mark.parametrize(("method", "strength"), [("lecture", 0.8), ("video", 0.7), ("role_play", 1.2), ("case", 0.9)])
def test_the_method_multiplies_the_effect(method, strength):
    for more, result in ((1e-6, "hit"), (-1e-6, "knowledge")):
        z = normal_quantile(luck(2)) - 0.3 * strength + more
        assert came(course(normal_cdf(z), effect=0.3, method=method, half_time="never"))[2] == result


def test_half_is_left_after_the_half_time_as_a_hyperbola():
    """Half-time 2 days: on day 2 all of 0.4, on day 4 half of it."""
    for more, result in ((1e-6, "hit"), (-1e-6, "knowledge")):
        z = normal_quantile(luck(4)) - 0.2 + more
        assert came(course(normal_cdf(z), effect=0.4, half_time="2 d"))[4] == result


def test_every_repeats_it_and_gains_add_up():
    """Days 1 and 3, never forgotten: on day 4 twice the effect."""
    run = course(normal_cdf(normal_quantile(luck(4)) - 0.39), effect=0.2, half_time="never", every="2 d")
    assert came(run)[4] == "hit"
    assert sorted(came(run)) == [0, 2, 4]


def test_it_teaches_what_is_listed_and_nothing_else():
    actions = {name: {**ACTION, "weight": 0.5} for name in ("greet", "smile")}
    scenario = desk(
        calendar={"days": 3, "open": "08:00", "close": "18:00"},
        customers={"all": segment("12:00")},
        staff={"clerk": {"count": 1, "skill": 1e-9}},
        actions=actions,
        training={"course": {"who": "clerk", "day": 0, "actions": ["smile"], "effect": 20, "half_time": "never"}},
    )
    run = Run(scenario)
    assert came(run, "smile") == {1: "hit", 2: "hit"}
    assert came(run, "greet") == {1: "knowledge", 2: "knowledge"}


def test_the_share_sent_are_those_with_the_smallest_uniforms():
    scenario = desk(
        calendar={"days": 2, "open": "08:00", "close": "18:00"},
        staff={"clerk": {"count": 4}},
        training={"course": {"who": "clerk", "day": 0, "share": 0.5}},
    )
    run = Run(scenario)
    key = stream_key(1, 0, "training.trainee", "course", "clerk")
    sent = sorted(range(4), key=lambda m: uniform(key, m))[:2]
    there = {name for name, _, start, _ in run.spells if start == clock("08:00")}
    assert there == {f"clerk {m + 1}" for m in range(4) if m not in sent}


def test_it_leaves_other_roles_alone():
    scenario = desk(
        calendar={"days": 2, "open": "08:00", "close": "18:00"},
        staff={"clerk": {"count": 1, "skill": 1e-9}, "boss": {"count": 1}},
        stages={"desk": {"staff": ["clerk", "boss"], "work": 5}},
        actions={"greet": ACTION},
        training={"course": {"who": "boss", "day": 0, "effect": 20, "half_time": "never"}},
    )
    run = Run(scenario)
    assert run.at("desk", "member", "greet") == [("clerk 1", "knowledge"), ("clerk 1", "knowledge")]


def test_willingness_is_not_trained():
    run = course(1, staff={"adherence": 0}, effect=20)
    assert set(came(run).values()) == {"willingness"}
