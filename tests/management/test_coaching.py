"""Coaching: how large its effects are, how many it harms, whose turn it is."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from scipy.stats import kstest

from sim.management.review import Cost
from tests.management.hand import after, reviewed, site, start

CLERKS = 2000


def coached(clerks=CLERKS, roles=None, **coaching):
    return site(
        staff=(roles or {}) | {"clerk": {"count": clerks, "skill": 0.8}, "barman": {"count": 1, "skill": 0.9}},
        management={"coaching": {"every": "1 wk"} | coaching},
    )


def test_more_than_a_third_are_harmed():
    """Effects are N(.41, .98): Φ(−.41/.98) = .338 of them are below 0. Of 2000 that is 676, sd 21: 3.9 sd are passed
    in 1 of 10 000 such tests; an sd of .60, harming .247, would lie 8.6 sd off. The whole law: p > .0001."""
    place = coached()
    effects = [p.coached for p in reviewed(place, start(place)).state.people[:CLERKS]]
    harmed = 0.5 * math.erfc(0.41 / 0.98 / math.sqrt(2))
    assert round(harmed, 3) == 0.338
    spread = math.sqrt(CLERKS * harmed * (1 - harmed))
    assert abs(sum(e < 0 for e in effects) - CLERKS * harmed) < 3.9 * spread
    assert kstest(effects, "norm", args=(0.41, 0.98)).pvalue > 1e-4


def test_the_latest_coaching_counts():
    """Effects replace each other: after twenty weeks their spread is that of one, and they are new each time."""
    place = coached(mean=0.0)
    once = after(place, start(place), 1)
    often = after(place, once, 19)
    a, b = ([p.coached for p in state.people[:CLERKS]] for state in (once, often))
    assert kstest(b, "norm", args=(0.0, 0.98)).pvalue > 1e-4  # a sum of twenty would have a spread of 4.4
    assert not set(a) & set(b)


def test_those_coached_and_what_it_costs():
    """Of 2001 a share of .3 each time, give or take: 600.3, sd 20.5. Three times within 3.9 sd: passed in 3 of 10 000
    such tests; a share of .34 would lie 3.9 sd off."""
    place = coached(share=0.3, cost=40, mean=0.3, sd=0)
    state, staff = start(place), CLERKS + 1
    for wave in range(3):
        state = replace(state, people=tuple(p._replace(coached=0.0) for p in state.people))
        made = reviewed(place, state)
        state = made.state
        number = sum(p.coached == 0.3 for p in state.people)
        assert abs(number - 0.3 * staff) < 3.9 * math.sqrt(0.3 * 0.7 * staff)
        assert made.costs == (Cost("coaching", 7 * (wave + 1), 40.0 * number),)


@pytest.mark.parametrize(("share", "number"), [(0.0, 0), (1.0, 4)])
def test_none_or_all_are_coached(share, number):
    place = coached(clerks=3, share=share, mean=0.3, sd=0)
    state = after(place, start(place), 3)
    assert sum(p.coached == 0.3 for p in state.people) == number


def turns(place, reviews):
    """For each person, the coachings, counted from 0, at which she was coached."""
    state, found, wave = start(place), [[] for _ in place.members], 0
    for _ in range(reviews):
        made = reviewed(place, state)
        for who, (a, b) in enumerate(zip(state.people, made.state.people, strict=True)):
            if a != b:
                found[who].append(wave)
        wave += bool(made.costs)
        state = made.state
    return found, wave


@pytest.mark.parametrize(("share", "gaps"), [(0.25, {4}), (0.5, {2}), (0.3, {3, 4}), (0.8, {1, 2})])
def test_everybody_has_a_turn(share, gaps):
    """A quarter: each in every fourth, also where weeks are skipped. Three in ten: three in any ten, evenly spaced."""
    for every, review in (("1 wk", "1 wk"), ("2 wk", "1 wk"), ("1 wk", "4 wk"), ("3 wk", "2 wk")):
        place = site(
            review=review,
            staff={"clerk": {"count": 20, "skill": 0.8}, "barman": {"count": 1}},
            management={"coaching": {"every": every, "share": share, "sd": 0.5}},
        )
        found, waves = turns(place, 24)
        assert waves >= 12
        for mine in found:
            assert mine[0] < max(gaps)
            assert {b - a for a, b in pairwise(mine)} <= gaps
            assert sum(wave < 10 for wave in mine) == pytest.approx(10 * share, abs=0.6)
        assert {b - a for mine in found for a, b in pairwise(mine)} == gaps
        assert len({mine[0] for mine in found}) == max(gaps)  # nor have all their turn at once


def test_between_two_coachings_nothing_changes():
    place = coached(clerks=3, every="2 wk")
    first = after(place, start(place), 1)
    assert first.people == start(place).people
    second = reviewed(place, first)
    assert second.state.people != first.people
    assert reviewed(place, second.state).state.people == second.state.people


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_one_more_member_or_role_disturbs_nobody(share):
    """Nor whose turn it is."""
    narrow, wide = coached(clerks=5, share=share), coached(clerks=6, share=share, roles={"manager": {"count": 2}})
    one, other = start(narrow), start(wide)
    for _ in range(6):
        one, other = after(narrow, one, 1), after(wide, other, 1)
        assert other.people[2:7] == one.people[:5]


def test_one_more_named_person_disturbs_nobody():
    def named(*names):
        members = [{"name": name, "shift": ["09:00", "12:00"]} for name in names]
        staff = {"clerk": {"members": members, "skill": 0.8}, "barman": {"count": 1}}
        return site(staff=staff, management={"coaching": {"every": "1 wk", "share": 0.5}})

    few, more = named("Ana", "Bo", "Cy", "Di"), named("Zed", "Ana", "Bo", "Cy", "Di")
    one, other = start(few), start(more)
    for _ in range(6):
        one, other = after(few, one, 1), after(more, other, 1)
        assert other.people[1:] == one.people


def test_a_newcomer_is_coached_with_luck_of_her_own():
    place = coached(clerks=1)
    state = start(place)
    new = state.people[0]._replace(hire=1)
    effects = {
        reviewed(place, s).state.people[0].coached for s in (state, type(state)((new, *state.people[1:]), (1, 1)))
    }
    assert len(effects) == 2
