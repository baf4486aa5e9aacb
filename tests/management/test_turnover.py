"""Leavers and newcomers: how many, when, and that nobody else is moved by them."""

import math
from dataclasses import replace

from sim.management.review import Cost
from tests.management.hand import after, reviewed, site, start

CLERKS = 400


def crowd(per_year, clerks=CLERKS, review="1 wk", **turnover):
    return site(
        review=review,
        staff={"clerk": {"count": clerks, "skill": 0.8, "skill_sd": 0.3}, "barman": {"count": 1}},
        management={"turnover": {"per_year": per_year} | turnover},
    )


def gone(place, periods):
    """By position, whether somebody else is there after so many periods."""
    return [p.hire > 0 for p in after(place, start(place), periods).people[:CLERKS]]


def test_so_many_leave():
    """Of 400 clerks at .5 a year, over 52 weeks, the chance to be gone is 1 − e**(−.5 × 364/365) = .3926, and
    weeks are independent. Mean 157.0, sd 9.77: outside of 3.9 sd in 1 of 10 000 such tests (the seed is fixed;
    a rate wrong by a quarter would move the mean by 3.3 sd more)."""
    chance = 1 - math.exp(-0.5 * 364 / 365)
    spread = math.sqrt(CLERKS * chance * (1 - chance))
    assert abs(sum(gone(crowd(0.5), 52)) - CLERKS * chance) < 3.9 * spread


def test_whoever_comes_may_leave_again():
    """At 50 a year nearly 0.62 of the staff change each week; of 400 over 20 weeks 4934 changes, sd 44."""
    chance = 1 - math.exp(-50 * 7 / 365)
    changes = sum(p.hire for p in after(crowd(50), start(crowd(50)), 20).people[:CLERKS])
    n = 20 * CLERKS
    assert abs(changes - n * chance) < 3.9 * math.sqrt(n * chance * (1 - chance))


def test_who_leaves_does_not_depend_on_how_periods_are_cut():
    assert gone(crowd(0.5), 28) == gone(crowd(0.5, review="2 wk"), 14) == gone(crowd(0.5, review="28 d"), 7)


def test_who_leaves_under_one_rate_leaves_under_a_higher_one():
    few, many = gone(crowd(0.3), 20), gone(crowd(0.6), 20)
    assert sum(few) < sum(many)
    assert all(b for a, b in zip(few, many, strict=True) if a)


def test_one_more_member_or_role_disturbs_nobody():
    wide = site(
        staff={
            "manager": {"count": 3, "skill": 0.8},
            "clerk": {"count": CLERKS + 1, "skill": 0.8, "skill_sd": 0.3},
            "barman": {"count": 1},
        },
        management={"turnover": {"per_year": 3}},
    )
    narrow = crowd(3)
    assert after(wide, start(wide), 10).people[3 : 3 + CLERKS] == after(narrow, start(narrow), 10).people[:CLERKS]


def test_a_newcomer_knows_less_and_begins_with_the_next_period():
    place = crowd(1e6, clerks=2, newcomer_skill=-0.5, cost=100)
    again = crowd(1e6, clerks=2, cost=100)
    state = replace(start(place), people=tuple(p._replace(standard=0.5, coached=1.0) for p in start(place).people))
    made = reviewed(place, state)
    assert made.costs == (Cost("hiring", 7, 300.0),)
    for old, new, alike in zip(state.people, made.state.people, reviewed(again, state).state.people, strict=True):
        assert new.hire == 1
        assert new.since_day == 7
        assert new.tenure_weeks == -1.0  # so that on day 7 it is 0
        assert new.z == alike.z - 0.5 or (old.z == new.z == math.inf)  # skill 1: knowing is no question
        assert new.z != old.z or old.z == math.inf
        assert (new.standard, new.coached, new.reflections) == (1.0, 0.0, 0)
    assert [p.z < math.inf for p in made.state.people] == [True, True, False]


def test_a_newcomer_at_a_named_position():
    staff = {
        "clerk": {"members": [{"name": n, "shift": ["09:00", "12:00"], "skill": 0.7} for n in ("Ana", "Bo")]},
        "barman": {"count": 1},
    }
    place = site(staff=staff, management={"turnover": {"per_year": 3}})
    turned = site(
        staff=staff | {"clerk": {"members": staff["clerk"]["members"][::-1]}}, management={"turnover": {"per_year": 3}}
    )
    ana, bo, _ = after(place, start(place), 20).people
    assert (bo, ana) == after(turned, start(turned), 20).people[:2]
    assert ana.hire + bo.hire > 0
