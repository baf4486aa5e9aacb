"""The review as a whole: what is due when, in which order, and nothing where nothing is switched on."""

import math
from dataclasses import replace

import pytest

from sim.management.occasion import Occasion
from sim.management.review import Cost
from tests.management.hand import after, reviewed, seen, site, start, watched


def test_with_nothing_switched_on_only_the_day_moves():
    place = site(calendar={"days": 3, "open": "09:00", "close": "12:00"}, review="1 d")
    state = start(place)
    made = reviewed(place, state, watched(place, state))
    assert made == (replace(state, day=1), ())


def test_a_site_with_nothing_to_judge_has_reviews():
    place = site(calendar={"days": 3, "open": "09:00", "close": "12:00"}, actions={}, review="1 d")
    state = start(place)
    everything = {
        "erosion": {},
        "coaching": {"every": "1 d"},
        "research": {"every": "1 d", "cost": 5},
        "word_of_mouth": {},
        "turnover": {"per_year": 1},
    }
    busy = site(
        calendar={"days": 3, "open": "09:00", "close": "12:00"},
        actions={},
        review="1 d",
        management=everything,
        quality={"expectation_gain": 0.3, "expectation_drift": 0.1, "loyalty": {"drives_demand": True}},
    )
    made = reviewed(busy, state, watched(place, state))
    assert made.state.expected is None
    assert made.state.believed is None
    assert made.state.demand == (1.0, 1.0)
    assert [cost.kind for cost in made.costs] == ["coaching"]


@pytest.mark.parametrize(
    ("every_days", "length", "due"),
    [
        (14, 7, [14, 28, 42]),  # every other week
        (10, 7, [14, 21, 35, 42]),  # the first review at or after day 10, 20, 30, 40
        (1, 7, [7, 14, 21, 28, 35, 42]),  # oftener than there are reviews: at each, once
        (15, 30, [30]),
        (42, 42, [42]),
        (math.inf, 7, []),
    ],
)
def test_a_thing_comes_at_the_first_review_at_or_after_each_multiple(every_days, length, due):
    reviews = [Occasion(None, 1, 0, end - length, end) for end in range(length, 43, length)]
    assert [r.end for r in reviews if r.is_due(every_days * 1440)] == due
    assert [r.held(every_days * 1440) for r in reviews if r.is_due(every_days * 1440)] == list(range(1, len(due) + 1))


def test_those_at_work_are_told_before_anybody_leaves_and_newcomers_are_coached():
    """All leave in the first week; what they learnt goes with them, who comes is coached on the first day."""
    place = site(
        management={
            "turnover": {"per_year": 1e6, "cost": 100},
            "coaching": {"every": "1 wk", "mean": 0.3, "sd": 0, "cost": 40},
            "reflection": {},
        }
    )
    made = reviewed(place, start(place), reflections={0: 5})
    assert [(p.hire, p.reflections, p.coached) for p in made.state.people] == [(1, 0, 0.3)] * 3
    assert made.costs == (Cost("hiring", 7, 300.0), Cost("coaching", 7, 120.0))


def test_reflections_add_up():
    place = site(management={"reflection": {}})
    state = after(place, start(place), 3, reflections={0: 5, 2: 1})
    assert [p.reflections for p in state.people] == [15, 0, 3]


def test_the_same_review_twice():
    place = site(management={"turnover": {"per_year": 5}, "coaching": {"every": "1 wk"}})
    state = start(place)
    assert reviewed(place, state) == reviewed(place, state)
    assert reviewed(place, state, seed=2) != reviewed(place, state)
    assert state == start(place)


def test_periods_by_hand_start_from_nothing():
    assert not seen(site()).met.any()
