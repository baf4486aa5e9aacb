"""Coaching: how large its effects are, how many it harms, whose turn it is."""

import math

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
    place = coached(clerks=3, share=0.5, cost=40, mean=0.3, sd=0)
    made = reviewed(place, start(place))
    assert sorted(p.coached for p in made.state.people) == [0.0, 0.0, 0.3, 0.3]
    assert made.costs == (Cost("coaching", 7, 80.0),)


def test_everybody_has_a_turn():
    """A quarter of four at a time: one each week, all four in any four weeks in a row, also where weeks are skipped."""
    for every, review in (("1 wk", "1 wk"), ("2 wk", "1 wk"), ("1 wk", "4 wk"), ("3 wk", "2 wk")):
        place = site(
            review=review,
            staff={"clerk": {"count": 3, "skill": 0.8}, "barman": {"count": 1}},
            management={"coaching": {"every": every, "share": 0.25, "sd": 0.5}},
        )
        state, turns = start(place), []
        for _ in range(24):
            made = reviewed(place, state).state
            turns += [i for i, (a, b) in enumerate(zip(state.people, made.people, strict=True)) if a != b]
            state = made
        assert len(turns) >= 12
        assert all(len(set(turns[i : i + 4])) == 4 for i in range(len(turns) - 3))


def test_between_two_coachings_nothing_changes():
    place = coached(clerks=3, every="2 wk")
    first = after(place, start(place), 1)
    assert first.people == start(place).people
    second = reviewed(place, first)
    assert second.state.people != first.people
    assert reviewed(place, second.state).state.people == second.state.people


def test_one_more_member_or_role_disturbs_nobody():
    narrow, wide = coached(clerks=5), coached(clerks=6, roles={"manager": {"count": 2}})
    assert after(wide, start(wide), 3).people[2:7] == after(narrow, start(narrow), 3).people[:5]


def test_a_newcomer_is_coached_with_luck_of_her_own():
    place = coached(clerks=1)
    state = start(place)
    new = state.people[0]._replace(hire=1)
    effects = {
        reviewed(place, s).state.people[0].coached for s in (state, type(state)((new, *state.people[1:]), (1, 1)))
    }
    assert len(effects) == 2
