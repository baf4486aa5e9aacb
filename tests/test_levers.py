"""Levers: what a dotted path sets, and what becomes of relative values."""

import copy
from pathlib import Path

import pytest

from sim.errors import InputError, ScenarioError
from sim.scenario import load, parse_setting

SITE = {
    "name": "site",
    "calendar": {"days": 3, "open": "08:00", "close": "17:00"},
    "customers": {
        "all": {
            "arrivals": {"rate": {"08:00": "12/h", "12:00": "30/h"}},
            "start": "desk",
            "patience": {"dist": "mixture", "of": [0, {"dist": "exponential", "mean": "5 min"}], "weights": [0.1, 0.9]},
        }
    },
    "stages": {
        "desk": {
            "staff": ["clerk", "boss"],
            "work": {"dist": "lognormal", "mean": "3 min", "cv": 0.5},
            "next": {"bar": 0.5, "leave": 0.5},
        },
        "bar": {"staff": ["boss"], "work": "90 s"},
    },
    "staff": {
        "clerk": {"on_duty": {"08:00": 2, "12:00": 4}, "skill": 0.8},
        "boss": {"members": [{"name": "Ana", "shift": ["08:00", "17:00"], "skill": 0.5}]},
    },
    "actions": {
        "greet": {
            "stage": "desk",
            "dimension": "empathy",
            "weight": 1,
            "expected": {"all": 0.5, "default": 0.8},
            "time": "6 s",
        }
    },
    "policies": {"as_is": {}, "hire": {"staff.clerk.on_duty": {"add": 1}, "seed": 3}},
}


@pytest.fixture(scope="module")
def site():
    return load(SITE)


def roster(scenario):
    return [count for _, count in scenario.staff["clerk"].on_duty.on(0).pairs]


def rates(scenario):
    return [round(rate * 60, 9) for _, rate in scenario.customers["all"].arrivals.rate.on(0).pairs]


def test_absolute_values(site):
    changed = site.with_levers(
        {
            "staff.clerk.skill": 0.9,
            "staff.boss.members.Ana.skill": 0.6,
            "customers.all.arrivals.scale": 1.2,
            "quality.load.corner_cutting": 0.5,
            "stages.desk.work.mean": "4 min",
            "stages.desk.next": {"leave": 1, "bar": 0},
            "actions.greet.required": 0.7,
            "management.self_check.share": 0.8,
            "training.course": {"who": "clerk", "day": 1},
        }
    )
    assert changed.staff["clerk"].skill == 0.9
    assert changed.staff["boss"].members[0].skill == 0.6
    assert changed.customers["all"].arrivals.scale == 1.2
    assert changed.quality.load.corner_cutting == 0.5
    assert (changed.stages["desk"].work.mean, changed.stages["desk"].work.cv) == (4, 0.5)
    assert changed.stages["desk"].next_of("all") == {"leave": 1, "bar": 0}
    assert changed.actions["greet"].required.of("all") == 0.7
    assert changed.management.self_check.share == 0.8
    assert changed.training["course"].day == 1
    assert site.staff["clerk"].skill == 0.8


def test_a_lever_replaces_its_value_whole(site):
    changed = site.with_levers({"staff.clerk.on_duty": {"09:00": 1}, "stages.desk.work": "1 min"})
    assert changed.staff["clerk"].on_duty.on(0).pairs == ((540, 1),)
    assert changed.stages["desk"].work.value == 1


def test_relative_values_of_mappings_apply_to_every_entry(site):
    assert roster(site.with_levers({"staff.clerk.on_duty": {"add": 1}})) == [3, 5]
    assert roster(site.with_levers({"staff.clerk.on_duty": {"times": 1.5}})) == [3, 6]
    assert roster(site.with_levers({"staff.clerk.on_duty.12:00": {"add": -1}})) == [2, 3]
    assert rates(site.with_levers({"customers.all.arrivals.rate": {"times": 1.1}})) == [13.2, 33.0]
    assert rates(site.with_levers({"customers.all.arrivals.rate": {"add": "6/h"}})) == [18, 36]
    expected = site.with_levers({"actions.greet.expected": {"add": 0.1}}).actions["greet"].expected
    assert (expected.of("all"), expected.of("other")) == (0.6, pytest.approx(0.9))


def test_relative_values_of_laws_apply_to_their_mean(site):
    work = site.with_levers({"stages.desk.work": {"times": 1.5}}).stages["desk"].work
    assert (work.mean, work.cv) == (4.5, 0.5)
    assert site.with_levers({"stages.desk.work": {"add": "30 s"}}).stages["desk"].work.mean == 3.5
    assert site.with_levers({"stages.bar.work": {"times": 2}}).stages["bar"].work.value == 3
    mixture = site.with_levers({"customers.all.patience": {"times": 2}}).customers["all"].patience_at("desk")
    assert (mixture.of[0].value, mixture.of[1].mean) == (0, 10)


@pytest.mark.parametrize(
    ("law", "times", "add"),
    [
        ({"dist": "uniform", "low": 1, "high": 3}, {"low": 2, "high": 6}, {"low": 2, "high": 4}),
        (
            {"dist": "triangular", "low": 1, "mode": 2, "high": 3},
            {"low": 2, "mode": 4, "high": 6},
            {"low": 2, "mode": 3, "high": 4},
        ),
        ({"dist": "empirical", "values": [1, "2 min"]}, {"values": (2, 4)}, {"values": (2, 3)}),
        (
            {"dist": "beta", "low": 0, "high": 10, "mean": 4, "sd": 2},
            {"low": 0, "high": 20, "mean": 8, "sd": 4},
            {"low": 1, "high": 11, "mean": 5, "sd": 2},
        ),
        ({"dist": "normal", "mean": 4, "sd": 1, "low": 1}, {"mean": 8, "low": 1}, {"mean": 5, "low": 1}),
        ({"dist": "erlang", "mean": 4, "k": 2}, {"mean": 8, "k": 2}, {"mean": 5, "k": 2}),
        ({"dist": "weibull", "p50": 2, "p95": 6}, {"p50": 4, "p95": 12}, None),
        ({"dist": "constant", "value": "4 min"}, {"value": 8}, {"value": 5}),
    ],
)
def test_relative_values_of_each_law(site, law, times, add):
    base = site.with_levers({"stages.bar.work": law})
    doubled = base.with_levers({"stages.bar.work": {"times": 2}}).stages["bar"].work
    assert {key: getattr(doubled, key) for key in times} == times
    if add is not None:
        shifted = base.with_levers({"stages.bar.work": {"add": 1}}).stages["bar"].work
        assert {key: getattr(shifted, key) for key in add} == add


def test_relative_values_of_laws_by_time(site):
    law = {"dist": "by_time", "08:00": "2 min", "12:00": {"dist": "exponential", "mean": 4}}
    work = site.with_levers({"stages.bar.work": law}).with_levers({"stages.bar.work": {"times": 2}}).stages["bar"].work
    assert (work.at(500).value, work.at(800).mean) == (4, 8)


def test_relative_values_start_from_the_default(site):
    changed = site.with_levers({"staff.clerk.pace": {"times": 1.1}, "stages.desk.balk.if_wait": 0.1})
    assert changed.staff["clerk"].pace == pytest.approx(1.1)
    assert changed.with_levers({"stages.desk.balk.if_wait": {"add": 0.1}}).stages["desk"].balk.if_wait == 0.2
    assert site.with_levers({"actions.greet.required": {"times": 0.5}}).actions["greet"].required.of("all") == 0.5


def test_times_of_day_can_be_shifted(site):
    assert site.with_levers({"calendar.close": {"add": "1 h"}}).calendar.hours.on(0) == ((480, 1080),)


def test_a_roster_takes_the_place_of_another(site):
    changed = site.with_levers({"staff.clerk.count": 3})
    assert (changed.staff["clerk"].count, changed.staff["clerk"].on_duty) == (3, None)
    assert site.with_levers({"staff.boss.on_duty": 1}).staff["boss"].members is None
    hours = site.with_levers({"calendar.hours": [["09:00", "10:00"]]}).calendar.hours
    assert hours.on(0) == ((540, 600),)


def test_nothing_takes_a_value_away(site):
    limited = site.with_levers({"site.capacity": 5})
    assert limited.site.capacity == 5
    assert limited.with_levers({"site.capacity": None}).site.capacity is None


def test_levers_apply_in_order_and_leave_the_scenario_alone(site):
    before = copy.deepcopy(site.as_written())
    assert roster(site.with_levers({"staff.clerk.on_duty": {"09:00": 3}, "staff.clerk.on_duty.09:00": {"add": 1}})) == [
        4
    ]
    assert site.as_written() == before


def test_policies_and_what_comes_over_them(site):
    hired = site.with_policy("hire")
    assert (roster(hired), hired.seed) == ([3, 5], 3)
    assert hired.with_levers({"seed": 9}).seed == 9
    assert site.with_policy("as_is") == site
    with pytest.raises(ScenarioError, match="no policy 'hier'; did you mean 'hire'"):
        site.with_policy("hier")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("staff.clerk.adherance", 1, "did you mean 'adherence'"),
        ("staff.clark.skill", 1, "in 'staff' there are clerk, boss; did you mean 'clerk'"),
        ("staf.clerk.skill", 1, "at the top there are .*did you mean 'staff'"),
        ("training.course.day", 1, "in 'training' there are none"),
        ("staff.boss.members.Eva.skill", 1, "there is Ana"),
        ("stages.bar.work.mean", 1, "is one value"),
        ("stages.desk.work.men", 1, "unknown key; did you mean 'mean'"),
        ("staff.clerk.skill", 1.2, "from 0 to 1"),
        ("staff.clerk.skill", "0.9", "without quotes"),
        ("staff.clerk.skill", {"times": 2}, "1.6 will not do"),
        ("staff.clerk.skill", {"times": "2"}, "is not a number"),
        ("staff.clerk.count", {"add": 1}, "no value that could be changed"),
        ("staff.clerk.on_duty", {"times": 1.1}, "whole number"),
        ("customers.all.arrivals.rate", {"add": 1}, "is not a rate"),
        ("stages.desk.queue", {"add": 1}, "no value that could be changed"),
        ("stages.desk.next", {"bar": 0.4}, "sum to 0.4"),
        ("stages.desk.next", {"bra": 1}, "no stage 'bra'"),
        ("name", "other", "is not a lever"),
        ("policies.hire", {}, "is not a lever"),
        ("staff", {}, "dotted path"),
        ("calendar", {"days": 1}, "dotted path"),
        ("", 1, "nothing to set"),
        ("staff..skill", 1, "no ''"),
    ],
)
def test_what_cannot_be_set_says_why(site, path, value, message):
    with pytest.raises(ScenarioError, match=message) as caught:
        site.with_levers({path: value})
    assert all(problem.message for problem in caught.value.problems)


def test_all_levers_that_will_not_do_are_told_at_once(site):
    with pytest.raises(ScenarioError) as caught:
        site.with_levers({"staff.clerk.skil": 1, "stages.dsk.work": 1, "seed": 4})
    assert [problem.path for problem in caught.value.problems] == ["staff.clerk.skil", "stages.dsk.work"]


@pytest.mark.parametrize(
    "text", ["", "=1", "seed", "seed=[", "seed=*a", "seed=!!int 1", "seed={a: 1, a: 2}", "seed=.nan"]
)
def test_settings_that_cannot_be_read(text):
    with pytest.raises(InputError):
        parse_setting(text)


def test_an_entry_whose_values_all_have_a_default_is_begun_by_one_of_them():
    site = load(Path(__file__).parents[1] / "scenarios" / "hotel_front_desk.yaml")
    changed = site.with_levers({"management.automation.greet.share": 0.5, "management.crm.confirm.time": 0.8})
    assert changed.management.automation["greet"].share == 0.5
    assert changed.management.crm["confirm"].time == 0.8
    with pytest.raises(InputError, match=r"write it whole: training\.talk="):
        site.with_levers({"training.talk.day": 3})
