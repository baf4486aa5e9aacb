"""Utilisation and overtime, by hand."""

from math import isnan

import pytest

from sim.flow.log import Ended, Spell, VisitEnded
from sim.scenario.management import Management

from .logs import encounter, log, site, spell, stage, visit
from .table import measures_of

TWO = {"clerk": ["Ana", "Bo"], "cook": ["Cy"]}


def test_busy_time_over_time_on_duty_with_overtime():
    whole = log(
        site([stage("desk")], roles=TWO),
        [encounter(0, 40), encounter(0, 70)],
        [visit(0, 0, 10, 40, member=0), visit(1, 0, 40, 70, member=1)],
        [spell(0, 0, 60), spell(1, 0, 60), spell(1, 60, 70, Spell.OVERTIME), spell(1, 20, 30, Spell.BREAK)],
        [(0, 70)],
    )
    value = measures_of(whole, by=("member",))
    assert value("utilisation", role="clerk") == 60 / 130
    assert value("utilisation", role="clerk", member="Ana") == 30 / 60
    assert value("utilisation", role="clerk", member="Bo") == 30 / 70
    assert value("overtime_hours", role="clerk") == 10 / 60
    assert value("paid_hours", role="clerk") == (60 + 60 + 10 + 10) / 60
    assert value("paid_hours", role="clerk", member="Bo") == 80 / 60
    assert value("paid_hours", role="cook") == 0
    assert isnan(value("utilisation", role="cook"))  # never on duty
    assert value("overtime_hours", role="cook") == 0


def test_members_only_where_asked():
    whole = log(site([stage("desk")]), [], [], [spell(0, 0, 60)], [(0, 60)])
    with pytest.raises(KeyError):
        measures_of(whole)("utilisation", role="clerk", member="Ana")


def test_each_place_at_once_counts_and_wasted_time_is_busy():
    whole = log(
        site([stage("chat")], at_once=3),
        [encounter(0, 30), encounter(0, 30)],
        [visit(0, 0, 0, 30), visit(1, 0, 10, 30)],
        [spell(0, 0, 60), spell(0, 30, 32, Spell.WASTED)],
        [(0, 60)],
    )
    assert measures_of(whole)("utilisation", role="clerk") == (30 + 20 + 2) / 180


def test_time_of_the_warm_up_is_cut_off_whoever_was_served():
    whole = log(
        site([stage("desk")], warm_up=30),
        [encounter(0, 50), encounter(10, 55)],
        [visit(0, 0, 10, 50), visit(1, 10, 50, 55)],
        [spell(0, 0, 60), spell(0, 20, 40, Spell.OVERTIME)],
        [(0, 60)],
    )
    value = measures_of(whole)
    assert value("utilisation", role="clerk") == (20 + 5) / (30 + 10)
    assert value("overtime_hours", role="clerk") == 10 / 60
    assert value("paid_hours", role="clerk") == (30 + 10) / 60


def reflecting(**more):
    return log(
        site([stage("desk")], days=2, **more),
        [encounter(0, 20)],
        [visit(0, 0, 0, 20)],
        [spell(0, 0, 60), spell(0, 20, 26, Spell.REFLECTING), spell(0, 40, 43, Spell.REFLECTING)],
        [(0, 60), (24 * 60, 25 * 60)],
    )


def test_thinking_a_service_over_is_busy_time_and_told_per_day():
    value = measures_of(reflecting(management=Management(reflection={})), by=("member",))
    assert value("utilisation", role="clerk") == (20 + 6 + 3) / 60
    assert value("reflection_hours", role="clerk") == 9 / 60 / 2
    assert value("reflection_hours", role="clerk", member="Ana") == 9 / 60 / 2
    assert value("paid_hours", role="clerk") == 1  # it lies within the time on duty


def test_no_hours_of_reflection_where_nobody_reflects():
    with pytest.raises(KeyError):
        measures_of(reflecting())("reflection_hours", role="clerk")


def test_overtime_is_per_day_on_which_the_site_opened():
    day = 24 * 60
    windows = [(480, 720), (780, 1080), (day + 480, day + 720), (3 * day + 480, 3 * day + 720)]
    whole = log(site([stage("desk")], days=4), [], [], [spell(0, 720, 765, Spell.OVERTIME)], windows)
    assert measures_of(whole)("overtime_hours", role="clerk") == 0.75 / 3


def test_service_in_hand_at_the_horizon_is_busy_up_to_it():
    day = 24 * 60
    whole = log(
        site([stage("desk")], never_closes=True),
        [encounter(day - 10, ended_as=Ended.UNFINISHED)],
        [visit(0, day - 10, day - 6, ended_as=VisitEnded.IN_SERVICE)],
        [spell(0, 0, day)],
        [(0, day)],
    )
    assert measures_of(whole)("utilisation", role="clerk") == 6 / day
