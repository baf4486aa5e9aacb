"""Reviews: what management does between two periods acts from the next one on, and on nothing else."""

from pathlib import Path

import pytest

from sim.flow.calendar import day_opens_us
from sim.flow.site import site_of
from sim.scenario import load
from sim.study.days import days
from sim.study.replication import Options, replicate_once
from sim.study.tallies.rows import Key

ROOT = Path(__file__).parents[2]
SITE = {
    "calendar.days": 12,
    "calendar.warm_up": "0 d",
}


def hotel(**levers):
    return load(ROOT / "scenarios" / "hotel_front_desk.yaml").with_levers(SITE | levers)


def rows(scenario, replication=0):
    result = replicate_once(scenario, 7, replication, Options())
    return dict(zip(result.keys, result.values.tolist(), strict=True))


def same(one, other):
    return one == other or (one != one and other != other)


def test_reviews_with_nothing_to_do_leave_every_bit_as_it_was():
    plain, reviewed = rows(hotel()), rows(hotel(review="4 d"))
    assert {key.period for key in reviewed} == {None, 0, 1, 2}
    assert all(key.period is None for key in plain)
    whole = {key: value for key, value in reviewed.items() if key.period is None}
    assert whole.keys() == plain.keys()
    assert all(same(whole[key], plain[key]) for key in plain)


def test_one_period_as_long_as_the_run_is_no_review():
    plain, reviewed = rows(hotel()), rows(hotel(review="12 d"))
    assert plain.keys() == reviewed.keys()
    assert all(same(reviewed[key], plain[key]) for key in plain)


def test_counts_of_the_periods_add_up_to_the_whole():
    found = rows(hotel(review="5 d"))
    for measure in ("arrivals", "completed", "abandoned", "unfinished", "lapses"):
        parts = [found[Key(measure, period=period)] for period in range(3)]
        assert sum(parts) == found[Key(measure)]


ACTING = {
    "coaching": {"management.coaching": {"every": "4 d", "mean": 1.0, "sd": 0.0}},
    "turnover": {"management.turnover": {"per_year": 60.0, "newcomer_skill": -1.0}},
    "research": {"management.research": {"every": "4 d", "n": 100, "gain": 1.0}},
    "erosion": {"management.erosion": {"down": "1 wk"}},
    "word_of_mouth": {"management.word_of_mouth": {"strength": 1.0, "per": "4 d", "limit": 0.5}},
    "reflection": {"management.reflection": {"time": 0, "every": 5}},
    "expectations": {"quality.expectation_gain": 1.0},
    "drift": {"quality.expectation_drift": 1.0},
}


@pytest.mark.parametrize("mechanism", ACTING)
def test_each_mechanism_acts_after_the_first_review_and_not_before(mechanism):
    plain, acting = rows(hotel(review="4 d")), rows(hotel(review="4 d", **ACTING[mechanism]))
    shared = [key for key in plain if key.period is not None and key in acting]
    moved = {key.period for key in shared if not same(plain[key], acting[key])}
    assert moved == {1, 2}


def test_the_plan_of_a_day_is_the_one_of_its_period():
    lived = list(days(site_of(hotel(review="5 d")), 7, 0))
    assert [day.period for day in lived] == [0] * 5 + [1] * 5 + [2] * 2
    assert [day.plan.state.day for day in lived] == [0] * 5 + [5] * 5 + [10] * 2


def test_a_return_that_is_due_after_a_review_comes_back():
    """Errors always, returns next day: those of the last day before a review come in the next period."""
    levers = {
        "stages.check_in.error": {"probability": 1.0, "returns": 1.0, "after": "1 d", "returns_to": "desk_query"},
        "quality.error": {"skill_effect": 0, "load_effect": 0},
    }
    plain, reviewed = hotel(**levers), hotel(review="4 d", **levers)
    for one, other in zip(days(site_of(plain), 7, 0), days(site_of(reviewed), 7, 0), strict=True):
        assert one.log.number.tolist() == other.log.number.tolist()
        assert one.log.left_us.tolist() == other.log.left_us.tolist()


def test_a_review_waits_for_the_next_opening_where_the_night_runs_into_a_day_without_hours():
    """Open Friday and Saturday from 18:00 to 02:00: what Saturday changes takes effect on Friday evening."""
    site = site_of(
        load(
            {
                "name": "bar",
                "calendar": {"days": 9, "open": "18:00", "close": "02:00", "week": ["fri", "sat"]},
                "customers": {"all": {"arrivals": {"rate": "30/h"}, "start": "bar"}},
                "stages": {"bar": {"staff": ["host"], "work": "3 min"}},
                "staff": {"host": {"count": 2}},
                "review": "1 d",
            }
        )
    )
    hour = 3_600_000_000
    first_friday, second_friday = 0, 7
    assert day_opens_us(site, first_friday) == 18 * hour
    assert {day_opens_us(site, day) for day in range(2, 8)} == {(second_friday * 24 + 18) * hour}
    for day in days(site, 7, 0):
        inside = day.log.left_us >= day_opens_us(site, day.number + 1) if day.number < 8 else [False]
        assert not any(inside)  # nobody is on the floor when the next plan takes over
