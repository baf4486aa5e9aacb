"""What trainings have done, by hand: days before and after, people and actions, reaction and learning."""

from __future__ import annotations

import random
from dataclasses import replace
from math import isnan, nan
from statistics import NormalDist

import numpy as np
import pytest

from sim.arithmetic import normal_cdf
from sim.flow.abilities import Abilities, knowledge
from sim.flow.log import AUTOMATED, FIXED, Cause
from sim.flow.people import Member
from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import site_of
from sim.flow.state import initial_state
from sim.quality.levels import Gap
from sim.quality.perceive import perceive
from sim.scenario import load
from sim.study.tallies.block import block_of
from sim.study.tallies.kirkpatrick import Lesson, kirkpatrick, lesson_of, windows_of
from sim.study.tallies.rows import Key
from sim.study.tallies.standing import Standing

from .logs import cut, encounter, judged_rows, log, perception, visit

DAY = 24 * 60
HIT, LAPSE, NOT_REQUIRED = int(Cause.HIT), int(Cause.KNOWLEDGE), int(Cause.NOT_REQUIRED)
PHI = NormalDist().cdf


def shop(days=10, skill=0.5, staff=None, **more):
    """Two clerks who know half of what they should, and a cook; greeting and confirming at the desk."""
    action = {"dimension": "empathy", "weight": 0.25, "expected": 0.9}
    return site_of(
        load(
            {
                "name": "shop",
                "calendar": {"days": days, "open": "08:00", "close": "20:00"},
                "customers": {"all": {"arrivals": {"rate": "20/h"}, "start": "desk"}},
                "stages": {
                    "desk": {"staff": ["clerk"], "work": "1 min", "next": {"meal": 0.5, "leave": 0.5}},
                    "meal": {"staff": ["cook"], "work": "1 min"},
                },
                "staff": staff or {"clerk": {"count": 2, "skill": skill}, "cook": {"count": 1, "skill": 0.9}},
                "actions": {
                    "greet": {"stage": "desk", **action},
                    "wait": {"stage": "desk", "kind": "wait", "dimension": "responsiveness", "weight": 1},
                    "confirm": {"stage": "desk", **action, "checkable": True},
                    "serve": {"stage": "meal", **action},
                    "ask": {"stage": "meal", **action},
                },
                **more,
            }
        )
    )


def course(**more):
    return {"course": {"who": "clerk", "actions": ["greet"], "day": 4, "evaluate": "2 d", **more}}


def plan_of(at, seed=1, replication=0):
    return draw(at, initial_state(at, seed, replication), seed, replication)


def service(customer, day, causes, *, member=0, stage=0):
    return visit(customer, day * DAY + 600, day * DAY + 600, day * DAY + 601, member=member, stage=stage, causes=causes)


def services(at, found, arrived=None):
    """A log of one customer for each service."""
    rows = [encounter(one["joined_us"] / 60e6, one["ended_us"] / 60e6) for one in found]
    return log(at, rows, found)


def counted(at, whole, lessons, seen=None):
    found = kirkpatrick(block_of(whole, seen))
    table = dict(replace(found, lessons=tuple(lessons)).rows(at, ()))
    return lambda name, event="course": table[Key(name, event=event)]


def lesson(day, trainees=(0,), actions=(0,), learning=0.1):
    return Lesson("course", day, trainees, tuple((m, k) for m in trainees for k in actions), 5.0, learning)


def test_behaviour_is_the_change_of_the_trainees_hit_rate_on_what_was_taught():
    at = shop(training=course())
    visits = [
        service(0, 2, (HIT, LAPSE)),
        service(1, 3, (LAPSE, HIT)),
        service(2, 3, (LAPSE, HIT)),
        service(3, 3, (NOT_REQUIRED, HIT)),  # could have been: 1 of 4 before
        service(4, 1, (HIT, HIT)),  # three days before: too long ago
        service(5, 4, (HIT, HIT)),  # on the day of the training
        service(6, 5, (HIT, LAPSE)),
        service(7, 6, (HIT, LAPSE)),
        service(8, 6, (LAPSE + FIXED, LAPSE)),  # mended afterwards, not done at once: 2 of 3 after
        service(9, 6, (HIT + AUTOMATED, LAPSE)),  # a machine's
        service(10, 7, (LAPSE, LAPSE)),  # too late
        service(11, 5, (LAPSE, LAPSE), member=1),  # not a trainee
    ]
    value = counted(at, services(at, visits), [lesson(4)])
    assert value("training_behaviour") == 2 / 3 - 1 / 4
    assert value("training_transfer") == 2 / 3 - 1 / 4 - 0.1
    assert value("training_learning") == 0.1
    assert value("training_reaction") == 5.0
    both = counted(at, services(at, visits), [lesson(4, (0, 1), (0, 1))])
    assert both("training_behaviour") == (2 + 0 + 0) / (3 + 4 + 2) - (1 + 3) / (4 + 4)


def test_services_of_the_warm_up_are_no_measure():
    at = shop(training=course(), calendar={"days": 10, "warm_up": "3 d"})
    visits = [service(0, 2, (HIT,)), service(1, 3, (LAPSE,)), service(2, 5, (HIT,))]
    assert counted(at, services(at, visits), [lesson(4)])("training_behaviour") == 1


def at_hour(customer, day, hour, cause):
    start = day * DAY + hour * 60
    return visit(customer, start, start, start + 1, member=0, causes=(cause,))


def test_a_night_belongs_to_the_day_on_which_it_began():
    """Open from 18:00 to 02:00, but not on Sundays, day 6: after midnight nobody is trained yet."""
    week = ["mon", "tue", "wed", "thu", "fri", "sat"]
    at = shop(training=course(evaluate="1 d"), calendar={"days": 10, "open": "18:00", "close": "02:00", "week": week})
    visits = [
        at_hour(0, 3, 20, LAPSE),
        at_hour(1, 4, 1, LAPSE),  # of the night before the training
        at_hour(2, 4, 20, LAPSE),
        at_hour(3, 5, 1, LAPSE),  # of the training's own
        at_hour(4, 5, 18, HIT),
        at_hour(5, 6, 1, HIT),
        at_hour(6, 7, 18, LAPSE),
    ]
    value = counted(at, services(at, visits), [lesson(4)])
    assert value("training_behaviour") == 1
    assert {day: part[1].sum() for day, part in kirkpatrick(block_of(services(at, visits), None)).acts.items()} == {
        3: 2,
        4: 2,
        5: 2,
        7: 1,
    }
    alone = [services(at, [{**one, "encounter": 0}]) for one in visits]
    assert [next(iter(kirkpatrick(block_of(one, None)).acts)) for one in alone] == [3, 3, 4, 4, 5, 5, 7]
    seen = perception(len(visits), satisfaction=np.array([2.0, 2, 4, 4, 5, 5, 7]))
    value = counted(at, services(at, visits), [lesson(4)], seen)
    assert value("training_results_satisfaction") == 5 - 2


def test_services_before_any_opening_and_after_the_last_day_are_of_the_first_and_the_last():
    at = shop(days=3, training=course(day=1))
    visits = [at_hour(0, 0, 1, HIT), at_hour(1, 3, 1, HIT), at_hour(2, 4, 20, HIT)]
    assert sorted(kirkpatrick(block_of(services(at, visits), None)).acts) == [0, 2]


def test_occurrences_are_weighed_alike_and_those_without_data_left_out():
    at = shop(days=30, training=course(day=4, every="10 d"))
    visits = [
        *(service(i, 3, (LAPSE,)) for i in range(9)),
        *(service(9 + i, 5, (HIT,)) for i in range(9)),  # +1
        service(18, 13, (HIT,)),
        service(19, 13, (LAPSE,)),
        service(20, 15, (HIT,)),
        service(21, 16, (LAPSE,)),  # 0
        service(22, 23, (HIT,)),  # nothing after
    ]
    held = [lesson(24, learning=0.3), lesson(4, learning=0.1), lesson(14, learning=0.2)]
    value = counted(at, services(at, visits), held)
    assert value("training_behaviour") == 0.5
    assert value("training_transfer") == ((1 - 0.1) + (0 - 0.2)) / 2
    assert value("training_learning") == pytest.approx(0.2)


def test_what_was_never_held_or_never_seen_is_undefined():
    at = shop(training={**course(), "other": {"who": "cook", "day": 9}})
    value = counted(at, services(at, [service(0, 8, (HIT,))]), [])
    for name in ("reaction", "learning", "behaviour", "transfer", "results", "results_satisfaction"):
        assert isnan(value(f"training_{name}"))
        assert isnan(value(f"training_{name}", "other"))


@pytest.mark.parametrize(
    ("evaluate", "held", "expected"),
    [
        ("3 d", [5], [((2, 5), (6, 9))]),
        ("3 d", [1], [((0, 1), (2, 5))]),
        ("3 d", [0], [((0, 0), (1, 4))]),
        ("3 d", [8], [((5, 8), (9, 10))]),
        ("3 d", [9], [((6, 9), (10, 10))]),
        ("never", [5], [((0, 5), (6, 10))]),
        ("3 d", [2, 4, 9], [((0, 2), (3, 4)), ((3, 4), (5, 8)), ((6, 9), (10, 10))]),
        ("3 d", [4, 5], [((1, 4), (5, 5)), ((5, 5), (6, 9))]),
    ],
)
def test_windows_are_cut_at_the_horizon_and_at_their_neighbours(evaluate, held, expected):
    at = shop(training=course(evaluate=evaluate))
    found = windows_of(at, "course", held)
    assert [((b.start, b.stop), (a.start, a.stop)) for b, a in found] == expected


WEEK = (1, 2, 3, 3, 4, 5, 6, 6)


def judged_week(visits=()):
    """Customers of days 1 to 6; those of day 4 meet the training itself."""
    at = shop(training=course())
    whole = log(at, [encounter(day * DAY + 600, day * DAY + 610) for day in WEEK], list(visits))
    n = len(WEEK)
    gaps, weights = np.full((5, n, 5), nan), np.zeros((n, 5))
    gaps[Gap.CUSTOMER, :, 0] = [9, 2.0, 1.0, 1.5, 9, 0.5, 1.0, nan]
    gaps[Gap.CUSTOMER, :, 1] = [9, 1.0, 0.0, 0.5, 9, -0.5, 0.0, nan]
    weights[:-1, 0], weights[:-1, 1] = 0.75, 0.25
    seen = perception(
        n,
        gaps=gaps,
        gap_weights=weights,
        satisfaction=np.array([1, 4.0, 5.0, 6.0, 1, 6.0, 6.5, nan]),
    )
    seen.return_probability = np.array([0, 0.25, 0.5, 0.75, 0, 0.75, 0.5, nan])
    return at, whole, seen


def test_results_are_the_change_of_what_customers_of_the_site_make_of_it():
    at, whole, seen = judged_week()
    value = counted(at, whole, [lesson(4)], seen)
    before = (0.75 * (2 + 1 + 1.5) + 0.25 * (1 + 0 + 0.5)) / 3
    after = (0.75 * (0.5 + 1) + 0.25 * -0.5) / 2
    assert value("training_results") == pytest.approx(after - before, rel=1e-14)
    assert value("training_results_satisfaction") == 6.25 - 5
    assert value("training_results_return_probability") == 0.625 - 0.5


def test_any_cutting_gives_the_same_bits():
    found = enumerate([(2, HIT), (3, LAPSE), (5, HIT)], 1)
    at, whole, seen = judged_week(service(i, day, (cause, HIT)) for i, (day, cause) in found)
    expected = _bits(at, [kirkpatrick(block_of(whole, seen))])
    for trial in range(20):
        blocks = cut(whole, 3, random.Random(trial))
        assert _bits(at, [kirkpatrick(block_of(block, judged_rows(seen, rows))) for block, rows in blocks]) == expected


def _bits(at, parts):
    """Every row but reaction and learning, which are no matter of the log."""
    summed = parts[0]
    for part in parts[1:]:
        summed = summed + part
    found = [value for _, value in replace(summed, lessons=(lesson(4),)).rows(at, ())]
    assert not any(isnan(value) for value in found)
    return found


# ---- reaction and learning ------------------------------------------------------------------------


def test_learning_is_the_mean_change_of_the_chance_to_know_on_the_next_day():
    at = shop(training=course(actions=["greet", "confirm"], effect=0.5, method="role_play"))
    plan = plan_of(at)
    found = lesson_of(plan, plan.trainings[0])
    assert (found.event, found.day, found.trainees) == ("course", 4, (0, 1))
    assert found.taught == ((0, 0), (0, 1), (1, 0), (1, 1))
    assert found.learning == pytest.approx(PHI(0.5 * 1.2) - 0.5, abs=1e-12)


def test_learning_counts_what_trainees_know_already():
    """An earlier course, coaching and reflection leave less to learn; half of the first gain is gone by then."""
    two = course(day=4, every="3 d", actions=["greet"], half_time="3 d", effect=0.6)
    at = shop(
        training=two,
        management={"reflection": {"gain": 0.4, "every": 20}, "crm": {"greet": {"skill": 0.2}}},
        review="1 d",
    )
    plan = plan_of(at)
    first, second = plan.trainings[:2]
    known = 0.2
    assert lesson_of(plan, first).learning == pytest.approx(PHI(known + 0.6) - PHI(known), abs=1e-12)
    assert lesson_of(plan, second).learning == pytest.approx(PHI(known + 0.9) - PHI(known + 0.3), abs=1e-12)
    people = tuple(person._replace(coached=0.5, reflections=20) for person in plan.state.people)
    coached = replace(plan, state=replace(plan.state, people=people))
    known = 0.2 + 0.5 + 0.2  # half of the gain of reflection after 20
    assert lesson_of(coached, first).learning == pytest.approx(PHI(known + 0.6) - PHI(known), abs=1e-12)


def test_who_always_knows_learns_nothing():
    at = shop(skill=1, training=course(actions="all"))
    plan = plan_of(at)
    found = lesson_of(plan, plan.trainings[0])
    assert found.taught == ((0, 0), (0, 1), (1, 0), (1, 1))  # clerks do not serve meals
    assert found.learning == 0


def varied(**more):
    """Beside what is required, at the desk: an action for half of one segment, one for nobody, one of a machine, an
    outcome; at a booth without staff one as a clerk does it."""
    action = {"dimension": "empathy", "weight": 0.2, "expected": 0.9}
    segment = {"arrivals": {"rate": "15/h"}, "start": "desk"}
    given = {
        "customers": {"old": segment, "new": segment},
        "stages": {
            "desk": {"staff": ["clerk"], "work": "1 min", "next": {"booth": 0.5, "meal": 0.5}},
            "booth": {"staff": [], "work": "1 min"},
            "meal": {"staff": ["cook"], "work": "1 min"},
        },
        "actions": {
            "greet": {"stage": "desk", **action},
            "explain": {"stage": "desk", **action, "required": {"new": 0.5, "old": 0}},
            "upsell": {"stage": "desk", **action, "required": 0},
            "print": {"stage": "desk", **action},
            "result": {"stage": "desk", "kind": "outcome", "dimension": "reliability", "weight": 1, "expected": 0.9},
            "hint": {"stage": "booth", "dimension": "tangibles", "weight": 1, "expected": 0.9, "by": "clerk"},
            "serve": {"stage": "meal", **action},
        },
        "management": {"automation": {"print": {"share": 1, "time": "1 s"}}},
        "staff": {"clerk": {"count": 2, "skill": 0.5}, "cook": {"count": 1, "skill": 0.9}},
    }
    return shop(**{**given, **more})


def test_learning_is_of_what_a_trainees_services_can_show_as_far_as_it_is_wanted():
    at = varied(training=course(actions="all", effect=0.5, who=["clerk", "cook"]))
    plan = plan_of(at)
    found = lesson_of(plan, plan.trainings[0])
    greet, explain, serve = 0, 1, 6
    assert found.taught == ((0, greet), (0, explain), (1, greet), (1, explain), (2, serve))
    clerk, cook = PHI(0.5) - 0.5, PHI(0.5 + NormalDist().inv_cdf(0.9)) - 0.9
    assert found.learning == pytest.approx((2 * clerk + 2 * 0.25 * clerk + cook) / 5, abs=1e-12)


def test_the_empowered_offer_what_nobody_asks_for():
    staff = {"clerk": {"count": 1, "skill": 0.5, "empowerment": 0.4}, "cook": {"count": 1}}
    plan = plan_of(varied(staff=staff, training=course(actions=["greet", "explain", "upsell"], effect=0.5)))
    found = lesson_of(plan, plan.trainings[0])
    assert found.taught == ((0, 0), (0, 1), (0, 2))
    assert found.learning == pytest.approx((1 + (0.7 + 0.4) / 2 + 0.4) / 3 * (PHI(0.5) - 0.5), abs=1e-12)


@pytest.mark.parametrize("actions", [["upsell"], ["print"], ["result"], ["serve"]])
def test_of_a_course_in_which_nothing_can_show_nothing_is_known(actions):
    at = varied(training=course(actions=actions))
    plan = plan_of(at)
    found = lesson_of(plan, plan.trainings[0])
    assert found.taught == ()
    assert isnan(found.learning)
    everything = [service(i, day, (HIT,) * 5) for i, day in enumerate((3, 5))]
    value = counted(at, services(at, everything), [found])
    assert isnan(value("training_behaviour"))
    assert isnan(value("training_transfer"))
    assert value("training_reaction") == found.reaction


def test_reactions_lie_about_five_and_a_half_and_are_each_trainees_own():
    many = {"clerk": {"count": 500}, "cook": {"count": 1}}
    plan = plan_of(shop(staff=many, training=course(day=4, every="2 d")))
    everyone = [lesson_of(plan, one).reaction for one in plan.trainings[:2]]
    assert everyone[0] != everyone[1]
    # Mean of N(5.5, 1) cut at 7, and at 1: 5.4707; its error over 500 is .042. Four errors: 1 in 16,000.
    for mean in everyone:
        assert mean == pytest.approx(5.4707, abs=4 * 0.042)
    single = [lesson_of(plan, plan.trainings[0]._replace(trainees=frozenset({m}))).reaction for m in range(20)]
    assert len(set(single)) > 15
    assert all(1 <= one <= 7 for one in single)
    few = plan_of(shop(staff={**many, "clerk": {"count": 20}}, training=course(day=4)))
    again = [lesson_of(few, few.trainings[0]._replace(trainees=frozenset({m}))).reaction for m in range(20)]
    assert single == again  # whoever else works here
    replaced = replace(plan.state, people=tuple(person._replace(hire=1) for person in plan.state.people))
    newcomer = lesson_of(replace(plan, state=replaced), plan.trainings[0]._replace(trainees=frozenset({0})))
    assert newcomer.reaction != single[0]


def test_lessons_are_counted_on_their_day():
    at = shop(training=course(day=4, every="3 d"))
    plan = plan_of(at)
    block = block_of(log(at, [], []), None)
    held = [[one.day for one in kirkpatrick(block, day, plan).lessons] for day in range(10)]
    assert held == [[], [], [], [], [4], [], [], [7], [], []]


# ---- knowledge ------------------------------------------------------------------------------------


def test_knowledge_is_over_members_and_the_actions_of_their_stages():
    """Five days after it began to work, half of the clerks' gain in one of their two actions is left."""
    at = shop(training={"course": {"who": "clerk", "actions": ["greet"], "day": 4, "effect": 0.5, "half_time": "5 d"}})
    table = dict(Standing(plan_of(at), 10).rows(at, ()))
    clerk, cook = (PHI(0.25) + 0.5) / 2, 0.9
    assert table[Key("knowledge", role="clerk")] == pytest.approx(clerk, abs=1e-12)
    assert table[Key("knowledge", role="cook")] == pytest.approx(cook, abs=1e-12)
    assert table[Key("knowledge")] == pytest.approx((2 * clerk + cook) / 3, abs=1e-12)
    before = dict(Standing(plan_of(at), 4).rows(at, ()))
    assert before[Key("knowledge", role="clerk")] == pytest.approx(0.5, abs=1e-12)


def test_of_two_periods_the_later_ones_knowledge_counts():
    plan = plan_of(shop(training=course()))
    sooner, later = Standing(plan, 5), Standing(plan, 10)
    assert sooner + later is later
    assert later + sooner is later


def test_knowledge_is_what_the_floor_works_with():
    at = shop(
        staff={"clerk": {"count": 2, "skill": 0.7, "skill_sd": 0.3}, "cook": {"count": 1, "skill": 0.9}},
        training=course(actions="all", half_time="9 d"),
        management={"reflection": {"gain": 0.4}, "crm": {"confirm": {"skill": 0.3}}},
        review="1 d",
    )
    plan = plan_of(at)
    people = tuple(p._replace(coached=0.1 * m, reflections=7 + m) for m, p in enumerate(plan.state.people))
    plan = replace(plan, state=replace(plan.state, people=people))
    members = [Member(m, table, people[m], 0.0) for m, table in enumerate(at.members)]
    floor = Abilities(plan)
    for day in (4, 5, 9):
        floor.begin_day(day, members)
        for m, stage in ((0, 0), (1, 0), (2, 1)):
            for k, action in enumerate(at.stages[stage].actions):
                _, known, _ = floor.thresholds(stage, 0, members[m]).actions[k]
                assert known == normal_cdf(knowledge(plan, m, action.name, day))


# ---- simulated ------------------------------------------------------------------------------------


@pytest.mark.parametrize("adherence", [1.0, 0.4])
def test_a_simulated_course_is_learned_and_used_by_the_willing(adherence):
    """What is done is what is known × who is willing: transfer falls short by the unwilling part, within chance.

    About 240 customers a day, before and after are 10 days each: the standard error of the difference of two rates is
    below .015. Five of them are .075: a failure by chance is less than 1 in a million, and the shortfall of .135
    could not be missed.
    """
    staff = {"clerk": {"count": 2, "skill": 0.5, "adherence": adherence}, "cook": {"count": 1}}
    at = shop(days=22, staff=staff, training=course(day=11, evaluate="10 d", effect=0.6))
    plan = plan_of(at)
    total = None
    for day, one in enumerate(simulate(plan)):
        part = kirkpatrick(block_of(one, perceive(one)), day, plan)
        total = part if total is None else total + part
    table = dict(total.rows(at, ()))
    learned = table[Key("training_learning", event="course")]
    assert learned == pytest.approx(PHI(0.6) - 0.5, abs=1e-12)
    assert sum(int(c[1, :2, 0].sum()) for c in total.acts.values()) > 4500
    transfer = table[Key("training_transfer", event="course")]
    assert transfer == pytest.approx((adherence - 1) * learned, abs=0.075)
    if adherence == 1:
        assert table[Key("training_results", event="course")] < 0
        assert table[Key("training_results_satisfaction", event="course")] > 0
        assert table[Key("training_results_return_probability", event="course")] > 0


KNOWN = NormalDist().inv_cdf(0.6)


@pytest.mark.parametrize("effect", [2.0, -0.5])
def test_whoever_always_does_what_she_knows_to_do_transfers_all_of_it(effect):
    """All is taught, with an outcome, an action of a machine and such as few or nobody wants among it.

    About 360 customers a day, half of whom each clerk and the cook serve; 20 days before and after: over 17,000
    chances each. The standard error of the difference of two rates is below sqrt(2 · .25 / 17,000) = .0054; five of
    them are .027: a failure by chance is less than 1 in a million. What is learned is .14 at least. Unweighed, with
    the outcome, the machine's and the unwanted, it would be off by .06 at least.
    """
    staff = {"clerk": {"count": 2, "skill": 0.6, "adherence": 1}, "cook": {"count": 1, "skill": 0.6, "adherence": 1}}
    event = course(
        who=["clerk", "cook"], actions="all", day=20, evaluate="20 d", effect=effect, half_time="never", backfill=True
    )
    at = varied(days=41, staff=staff, training=event)
    plan = plan_of(at)
    parts = [kirkpatrick(block_of(one, None), day, plan) for day, one in enumerate(simulate(plan))]
    found = sum(parts[1:], parts[0])
    table = dict(found.rows(at, ()))
    assert min(sum(int(found.acts[day][1].sum()) for day in days) for days in (range(20), range(21, 41))) > 17_000
    assert table[Key("training_learning", event="course")] == pytest.approx(
        0.7 * (PHI(KNOWN + effect) - 0.6), abs=1e-12
    )
    assert table[Key("training_transfer", event="course")] == pytest.approx(0, abs=0.027)
