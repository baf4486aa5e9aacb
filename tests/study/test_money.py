"""Costs, margins and the value of customers, worked out on paper; and one simulated replication added up again."""

from __future__ import annotations

import random
from dataclasses import replace
from math import isnan
from types import SimpleNamespace

import numpy as np
import pytest

from sim.flow.log import AUTOMATED, FIXED, Cause, Ended, Spell, VisitEnded
from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import site_of
from sim.flow.state import initial_state
from sim.quality.loyalty import return_probability
from sim.scenario import load
from sim.study.tallies.block import block_of
from sim.study.tallies.money import counts_money, money
from sim.study.tallies.rows import Key

from .logs import cut, encounter, judged_rows, log, perception, spell, visit
from .scenarios import desk

DAY = 24 * 60
HIT, LAPSE = int(Cause.HIT), int(Cause.KNOWLEDGE)


def shop(**more):
    """Two clerks at 20 an hour and a cook at 30; families bring 10 a head, singles 40; a quarter on top of wages."""
    segment = {"arrivals": {"rate": "1/h"}, "start": "desk"}
    given = {
        "name": "shop",
        "calendar": {"days": 3, "open": "08:00", "close": "20:00"},
        "customers": {"families": {**segment, "margin": 10}, "singles": {**segment, "margin": 40}},
        "stages": {
            "desk": {"staff": ["clerk", "cook"], "work": "5 min", "next": {"booth": 0.5, "plain": 0.5}},
            "booth": {"staff": [], "work": "1 min"},
            "plain": {"staff": ["clerk"], "work": "1 min"},
        },
        "staff": {"clerk": {"count": 2, "wage": 20}, "cook": {"count": 1, "wage": 30, "serves": {"desk": 1}}},
        "actions": {
            "greet": {"stage": "desk", "dimension": "empathy", "weight": 0.5, "expected": 0.9, "severity": "minor"},
            "confirm": {"stage": "desk", "dimension": "empathy", "weight": 0.3, "expected": 0.9, "checkable": True},
            "hint": {"stage": "booth", "dimension": "empathy", "weight": 0.2, "expected": 0.5, "by": "clerk"},
        },
        "money": {"burden": 0.25, "discount": 0.25, "visits_per_year": 2, "horizon": "365 d"},
        **more,
    }
    return site_of(load(given))


def rows_of(whole, seen=None, by=(), **context):
    found = list(money(block_of(whole, seen), **context).rows(whole.site, by))
    table = dict(found)
    assert len(table) == len(found), "a row is there twice"
    return lambda name, **scope: table[Key(name, **scope)]


def held(at, event, day, *trainees, backfill=False):
    """A plan in which these take part in a course, whoever was to be sent."""
    course = SimpleNamespace(event=event, day=day, trainees=frozenset(trainees), backfill=backfill)
    return SimpleNamespace(site=at, trainings=(course,))


def test_paid_time_is_on_duty_overtime_and_breaks():
    at = shop()
    spells = [
        spell(0, 480, 600),  # two hours
        spell(0, 600, 630, Spell.BREAK),
        spell(0, 630, 720),
        spell(0, 720, 750, Spell.OVERTIME),  # four and a half hours in all
        spell(0, 650, 660, Spell.WASTED),
        spell(0, 670, 680, Spell.REFLECTING),
        spell(1, 480, 540),
        spell(2, DAY + 480, DAY + 600),
    ]
    value = rows_of(log(at, [], [], spells), by=("member",))
    assert value("staff_cost", role="clerk", member="clerk 1") == 4.5 * 20 * 1.25
    assert value("staff_cost", role="clerk", member="clerk 2") == 1 * 20 * 1.25
    assert value("staff_cost", role="clerk") == 5.5 * 20 * 1.25
    assert value("staff_cost", role="cook") == 2 * 30 * 1.25
    assert value("staff_cost") == 5.5 * 25 + 2 * 37.5
    assert value("profit") == -value("staff_cost")


def test_paid_time_of_the_warm_up_is_cut_off_and_days_end_at_midnight():
    at = shop(calendar={"days": 3, "warm_up": "10 h"})
    long = [spell(0, 480, 2 * DAY + 60), spell(2, 3 * DAY - 60, 3 * DAY + 30)]  # beyond the last day: part of it
    counted = money(block_of(log(at, [], [], long), None))
    minutes = counted.rostered_us // 60_000_000
    assert minutes[:, 0].tolist() == [14 * 60, DAY, 60]
    assert minutes[:, 2].tolist() == [0, 0, 90]
    assert counted.daily(at).staff.tolist() == [14 * 25, 24 * 25, 1 * 25 + 1.5 * 37.5]


def encounters_of_every_end():
    endings = [Ended.COMPLETED] * 3 + [Ended.BALKED, Ended.BLOCKED, Ended.ABANDONED, Ended.TURNED_AWAY]
    rows = [encounter(500 + i, 510 + i, ended_as=way, segment=i % 2) for i, way in enumerate(endings)]
    return [*rows, encounter(590, ended_as=Ended.UNFINISHED, segment=1)]


def test_margins_count_people_of_the_completed_and_of_the_lost():
    whole = log(shop(), encounters_of_every_end(), [])
    value = rows_of(replace(whole, group=np.array([3, 1, 2, 1, 4, 2, 5, 9])))
    assert value("margin", segment="families") == 10 * (3 + 2)
    assert value("margin", segment="singles") == 40 * 1
    assert value("margin") == value("profit") == 90
    assert value("lost_margin", segment="families") == 10 * (4 + 5)
    assert value("lost_margin", segment="singles") == 40 * (1 + 2)
    assert value("lost_margin") == 210  # the unfinished one is not lost


def test_encounters_of_the_warm_up_bring_nothing():
    at = shop(calendar={"days": 3, "open": "08:00", "close": "20:00", "warm_up": "1 d"})
    whole = log(at, [encounter(500, DAY + 500), encounter(DAY + 500, DAY + 510, ended_as=Ended.COMPLETED)], [])
    assert rows_of(whole)("margin") == 10


def test_training_costs_fees_and_paid_hours_even_in_the_warm_up():
    course = {"who": ["clerk", "cook"], "day": 0, "hours": 6, "fee": 300}
    at = shop(training={"course": course}, calendar={"days": 3, "open": "08:00", "close": "20:00", "warm_up": "1 d"})
    nothing = log(at, [], [])
    value = rows_of(nothing, day=0, plan=held(at, "course", 0, 1, 2))
    assert value("training_cost") == (300 + 6 * 20 * 1.25) + (300 + 6 * 30 * 1.25)
    assert value("profit") == -value("training_cost")
    assert rows_of(nothing, day=1, plan=held(at, "course", 0, 1, 2))("training_cost") == 0


def training_cost(at, day, *plans):
    parts = [money(block_of(log(at, [], []), None), day, plan) for plan in plans]
    return [dict(part.rows(at, ()))[Key("training_cost")] for part in parts], parts[0].daily(at).training.tolist()


@pytest.mark.parametrize(("hours", "paid"), [(0, 12), (6, 12), (12, 12), (14, 14)])
def test_who_is_not_stood_in_for_is_paid_for_her_duty_or_the_course_whichever_is_more(hours, paid):
    at = shop(training={"course": {"who": ["clerk"], "day": 1, "hours": hours, "fee": 300}})
    costs, by_day = training_cost(at, 1, held(at, "course", 1, 0), held(at, "course", 1, 0, backfill=True))
    assert costs == [300 + paid * 20 * 1.25, 300 + hours * 20 * 1.25]
    assert by_day == [0, costs[0], 0]


def test_two_courses_in_a_day_are_one_duty():
    courses = {name: {"who": ["clerk"], "day": 1, "hours": 5, "fee": 10} for name in ("early", "late")}
    at = shop(training=courses)
    plans = [held(at, name, 1, 0).trainings for name in courses]
    both = SimpleNamespace(site=at, trainings=plans[0] + plans[1])
    assert training_cost(at, 1, both)[0] == [2 * 10 + 12 * 25]  # ten hours of courses


NIGHT = {"days": 3, "open": "18:00", "close": "04:00"}


def test_the_duty_missed_is_the_shift_that_begins_that_day_cut_like_any():
    """Shifts from 16:00 to 02:00 and from 22:00 to 06:00 are six and six hours of the night; one is off on day 1."""
    clerks = [{"name": "Ana", "shift": ["16:00", "02:00"]}, {"name": "Ben", "shift": ["22:00", "06:00"]}]
    clerks += [{"name": "Cem", "shift": ["18:00", "04:00"], "days": ["mon", "wed"]}]
    staff = {"clerk": {"members": clerks, "wage": 20}, "cook": {"count": 1, "wage": 30, "serves": {"desk": 1}}}
    at = shop(calendar=NIGHT, staff=staff, training={"course": {"who": ["clerk"], "day": 1}})
    assert training_cost(at, 1, held(at, "course", 1, 0))[1] == [0, 6 * 25, 2 * 25]
    assert training_cost(at, 1, held(at, "course", 1, 1))[1] == [0, 2 * 25, 4 * 25]
    assert training_cost(at, 1, held(at, "course", 1, 2))[1] == [0, 0, 0]
    assert training_cost(at, 2, held(at, "course", 2, 2))[1] == [0, 0, 10 * 25]  # beyond the last midnight
    warm = shop(calendar={**NIGHT, "warm_up": "44 h"}, staff=staff, training={"course": {"who": ["clerk"], "day": 1}})
    assert training_cost(warm, 1, held(warm, "course", 1, 0))[1] == [0, 4 * 25, 2 * 25]


@pytest.mark.parametrize("calendar", [{"days": 3, "open": "09:00", "close": "11:00"}, NIGHT, {"days": 3}])
def test_a_course_in_the_time_of_a_duty_changes_what_it_is_called_not_what_is_paid(calendar):
    """What drops out of the wages of the roster is the cost of training, day by day: in each replication."""
    given = desk(calendar=calendar, training={"course": {"who": "clerk", "share": 0.5, "day": 1, "hours": 1}})
    away = load(given).with_levers({"staff.clerk.wage": 18, "calendar.warm_up": "20 h"})
    there = away.with_levers({"training.course.backfill": True, "training.course.hours": 0})
    for replication in range(2):
        costs = []
        for scenario in (away, there):
            at = site_of(scenario)
            plan = draw(at, initial_state(at, 3, replication), 3, replication)
            parts = [money(block_of(one, None), day, plan) for day, one in enumerate(simulate(plan))]
            costs.append(sum(parts[1:], parts[0]).daily(at))
        assert costs[0].training.sum() > 0 == costs[1].training.sum()
        assert costs[0].cost.tolist() == pytest.approx(costs[1].cost.tolist(), rel=1e-12)


def service(encounter, **given):
    return visit(encounter, 500, 500, 505, **given)


def delivered():
    """Three services at the desk, one at the booth, one where there are no actions, one that never began."""
    visits = [
        service(0, causes=(HIT, LAPSE + FIXED)),  # two hits
        service(1, causes=(HIT + AUTOMATED, HIT)),  # one is the machine's
        service(2, causes=(LAPSE, int(Cause.NOT_REQUIRED))),
        service(3, stage=1, member=-1, causes=(HIT,)),  # as a clerk does it, though nobody serves
        service(4, stage=2),
        visit(5, 500, None, 505, ended_as=VisitEnded.ABANDONED),
    ]
    return [encounter(500, 505, segment=1) for _ in visits], visits


@pytest.mark.parametrize(
    ("management", "cost"),
    [
        ({"audit": {"share": 0.5, "cost": 8}}, 8 * 0.5 * 3),  # services at stages with actions
        ({"incentive": {"on": "hits", "cost": 0.5}}, 0.5 * 3),
        ({"incentive": {"on": "speed", "cost": 0.5}}, 0.5 * 4),  # services by staff
        ({"recovery": {"stage": "plain", "cost": 15}}, 15 * 2),
    ],
)
def test_what_management_does_costs_by_the_case(management, cost):
    whole = log(shop(management=management), *delivered())
    whole = replace(whole, resolved=np.array([1, 0, 1, 0, 0, 0]))
    value = rows_of(whole)
    assert value("management_cost") == cost
    assert value("profit") == 6 * 40 - cost


def test_what_reviews_cost_is_management_cost():
    costs = tuple(SimpleNamespace(kind=kind, day=1, amount=40.0) for kind in ("coaching", "research", "hiring"))
    at = shop()
    counted = money(block_of(log(at, [], []), None), 1, None, costs)
    assert dict(counted.rows(at, ()))[Key("management_cost")] == 120
    assert counted.daily(at).management.tolist() == [0, 120, 0]


def judged_shop(visits=(), spells=()):
    """A family of three, a family of one and two singles, completed on days 0, 1 and 1, 2."""
    rows = [
        encounter(500, 510),
        encounter(DAY + 500, DAY + 510),
        encounter(DAY + 500, DAY + 510, segment=1),
        encounter(2 * DAY + 500, 2 * DAY + 510, segment=1),
        encounter(500, 510, ended_as=Ended.ABANDONED),
    ]
    whole = replace(log(shop(), rows, list(visits), list(spells)), group=np.array([3, 1, 1, 1, 1]))
    seen = perception(5, satisfaction=np.array([5.0, 5.0, 5.0, np.nan, np.nan]))
    seen.return_probability = np.array([0.5, 0.75, 0.8, np.nan, np.nan])
    return whole, seen


def test_lifetime_value_is_that_of_a_completed_customer():
    """Over one year the multiple is r / 1.25: one purchase a year ahead, twice the margin of an encounter.

    A family of three that comes back with chance .5 and a family of one with .75 are worth what each is.
    """
    value = rows_of(*judged_shop())
    families = 2 * 10 * (3 * 0.5 + 1 * 0.75) / 2 / 1.25
    singles = 2 * 40 * 0.8 / 1.25
    assert value("lifetime_value", segment="families") == pytest.approx(families, rel=1e-14)
    assert value("lifetime_value", segment="singles") == pytest.approx(singles, rel=1e-14)
    assert value("lifetime_value") == pytest.approx((2 * families + 2 * singles) / 4, rel=1e-14)


def test_customer_equity_of_a_day_is_of_the_customers_of_that_day():
    whole, seen = judged_shop()
    daily = money(block_of(whole, seen)).daily(whole.site)
    day_0 = 2 * 10 * 3 * 0.5 / 1.25
    day_1 = 2 * 10 * 1 * 0.75 / 1.25 + 2 * 40 * 0.8 / 1.25
    day_2 = 2 * 40 * 0.8 / 1.25  # not judged herself: as likely to come back as the other
    assert daily.equity.tolist() == pytest.approx([day_0, day_1, day_2], rel=1e-14)
    assert daily.margin.tolist() == [30, 10 + 40, 40]


@pytest.mark.parametrize("days", [3, 730])
def test_customer_equity_adds_up_to_the_lifetime_value_of_all_however_long_the_horizon(days):
    whole, seen = judged_shop()
    calendar = {"days": days, "open": "08:00", "close": "20:00"}
    terms = {"burden": 0.25, "discount": 0.25, "visits_per_year": 2, "horizon": "1825 d"}
    whole = replace(whole, site=shop(calendar=calendar, money=terms))
    counted = money(block_of(whole, seen))
    visits_each = max(1, 2 * days / 365)
    value = dict(counted.rows(whole.site, ()))
    assert counted.daily(whole.site).equity.sum() * visits_each == pytest.approx(4 * value[Key("lifetime_value")])
    singles = 2 * 40 * sum((0.8 / 1.25) ** year for year in range(1, 6))
    assert value[Key("lifetime_value", segment="singles")] == pytest.approx(singles, rel=1e-12)


def test_nobody_completed_has_no_lifetime_value():
    whole = log(shop(), [encounter(500, 505, ended_as=Ended.BALKED)], [])
    value = rows_of(whole, perception(1))
    assert isnan(value("lifetime_value"))
    assert isnan(value("lifetime_value", segment="families"))
    with pytest.raises(KeyError):
        rows_of(whole)("lifetime_value")  # nothing was judged


def test_the_chance_of_return_is_that_of_satisfaction_where_nothing_else_is_said():
    whole, seen = judged_shop()
    seen.return_probability = return_probability(seen.satisfaction, steepness=1.1945, midpoint=5.0)
    value = rows_of(whole, seen)
    assert value("lifetime_value", segment="singles") == pytest.approx(2 * 40 * 0.5 / 1.25, rel=1e-14)


def test_any_cutting_gives_the_same_bits():
    visits = [service(0, causes=(HIT, HIT)), service(1, causes=(LAPSE, HIT)), service(3, stage=2)]
    spells = [spell(m, 480 + m * 7, DAY + 100 + m * 11) for m in range(3)]
    spells += [spell(0, DAY + 300, DAY + 360, Spell.OVERTIME)]
    whole, seen = judged_shop(visits, spells)
    expected = list(money(block_of(whole, seen)).rows(whole.site, ("member",)))
    assert dict(expected)[Key("staff_cost")] > 0
    for trial in range(20):
        parts = [money(block_of(one, judged_rows(seen, rows))) for one, rows in cut(whole, 3, random.Random(trial))]
        summed = parts[0] + parts[1] + parts[2]
        assert list(summed.rows(whole.site, ("member",))) == expected
        assert summed.daily(whole.site).staff.tolist() == money(block_of(whole, seen)).daily(whole.site).staff.tolist()
        assert summed.daily(whole.site).overtime.tolist() == [0, 20 * 1.25, 0]


@pytest.mark.parametrize(
    "lever",
    [
        {"staff.clerk.wage": 1},
        {"customers.calm.margin": 1},
        {"training.course": {"who": "clerk", "day": 0, "fee": 1}},
        {"management.audit": {"share": 0, "cost": 1}},
        {"management.coaching": {"cost": 1}},
        {"management.incentive": {"cost": 1}},
        {"management.research": {"cost": 1}},
        {"management.turnover": {"cost": 1}},
        {"stages.desk.error": {"probability": 0.1}, "management.recovery": {"stage": "till", "cost": 1}},
    ],
)
def test_money_is_counted_once_anything_has_a_price(lever):
    reviewed = load(desk(review="1 d"))
    assert not counts_money(reviewed)
    assert counts_money(reviewed.with_levers(lever))


def test_a_simulated_replication_adds_up_again():
    """Sums over days are the measures, and wages of a fixed roster without overtime are hours × wage."""
    levers = {"staff.clerk.wage": 18, "customers.hasty.margin": 7, "customers.calm.margin": 3}
    at = site_of(load(desk()).with_levers({**levers, "calendar.at_close": "turn_away"}))
    plan = draw(at, initial_state(at, 3, 0), 3, 0)
    from sim.quality.perceive import perceive

    logs = list(simulate(plan))
    parts = [money(block_of(one, perceive(one)), day, plan) for day, one in enumerate(logs)]
    counted = parts[0]
    for part in parts[1:]:
        counted = counted + part
    value, daily = dict(counted.rows(at, ())), counted.daily(at)
    overtime_h = sum(
        int((one.spell_end_us - one.spell_start_us)[one.spell_kind == Spell.OVERTIME].sum()) for one in logs
    ) / (60 * 60_000_000)
    assert value[Key("staff_cost")] == pytest.approx((3 * 2 * 2 + overtime_h) * 18 * 1.25, rel=1e-12)
    done = {s: sum(int(((one.ended_as == 0) & (one.segment == s)).sum()) for one in logs) for s in (0, 1)}
    assert value[Key("margin")] == 7 * done[0] + 3 * done[1] > 0
    assert daily.margin.sum() == pytest.approx(value[Key("margin")], rel=1e-12)
    assert daily.staff.sum() == pytest.approx(3 * 2 * 2 * 18 * 1.25, rel=1e-12)
    assert daily.overtime.sum() == pytest.approx(overtime_h * 18 * 1.25, rel=1e-12)
    assert daily.overtime.sum() > 0
    assert (daily.earned - daily.cost - daily.equity).sum() == pytest.approx(value[Key("profit")], rel=1e-9)
    completed = sum(done.values())
    assert daily.equity.sum() == pytest.approx(completed * value[Key("lifetime_value")], rel=1e-9)  # one year: linear
