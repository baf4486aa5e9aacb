"""Listening: beliefs follow what those asked say they expect."""

from dataclasses import replace

import numpy as np
import pytest

from sim.management.research import wait_worth, worth
from sim.management.review import Cost
from sim.quality.levels import Level
from tests.management.hand import after, lived, reviewed, scenario, seen, site, start, watched

GREET, CONFIRM, RECAP, SERVE, WAIT = range(5)


def listening(believed=0.5, **research):
    plain = site().scenario.as_written()["actions"]
    actions = {name: a | ({"believed": believed} if name != "wait" else {}) for name, a in plain.items()}
    return site(actions=actions, management={"research": {"every": "1 wk"} | research})


def test_beliefs_move_by_the_gain_towards_the_mean_answer():
    """Two guests say .9 and .7 of greeting: believed .5 moves a quarter of the way to .8. Nobody speaks of `confirm`;
    of the members nobody answered."""
    place = listening(gain=0.25, cost=500)
    said = [("guest", {"greet": 0.9, "serve": 0.1}), ("guest", {"greet": 0.7})]
    made = reviewed(place, start(place), answers=said)
    assert made.costs == (Cost("research", 7, 500.0),)
    assert made.state.believed[GREET] == (pytest.approx(0.575, rel=1e-15), 0.5)
    assert made.state.believed[SERVE] == (pytest.approx(0.4, rel=1e-15), 0.5)
    assert made.state.believed[CONFIRM] == made.state.believed[RECAP] == (0.5, 0.5)
    assert made.state.believed[WAIT] == (5.0, 5.0)


def test_beliefs_about_a_wait_move_through_its_value():
    """Believed 10 min, worth 1/2 at a half-value of 10; said to be worth 1/8 (30 min). Half way is 5/16, which is
    10 × log2(16/5) = 16.78 min."""
    plain = site().scenario.as_written()["actions"]
    actions = plain | {"wait": plain["wait"] | {"believed": "10 min"}}
    place = site(actions=actions, management={"research": {"every": "1 wk"}})
    made = reviewed(place, start(place), answers=[("guest", {"wait": 0.125})])
    assert made.state.believed[WAIT] == (pytest.approx(10 * np.log2(16 / 5), rel=1e-14), 10.0)


def test_the_value_of_a_wait_and_back():
    assert worth(10, 10) == pytest.approx(0.5, rel=1e-15)
    assert wait_worth(0.125, 10) == pytest.approx(30, rel=1e-15)
    assert wait_worth(1.0, 10) == 0
    assert wait_worth(0.0, 10) == pytest.approx(400)
    for minutes in (0.5, 5, 60):
        assert wait_worth(worth(minutes, 7), 7) == pytest.approx(minutes, rel=1e-14)


@pytest.mark.parametrize(
    "research", [{"every": "2 wk"}, {"gain": 0.0}, {"n": 0}], ids=["not yet due", "no gain", "nobody asked"]
)
def test_beliefs_stay_as_they_are(research):
    place = listening(**research)
    said = [] if research.get("n") == 0 else [("guest", {"greet": 0.9})]
    assert reviewed(place, start(place), answers=said).state.believed is None


@pytest.mark.parametrize("announced", [True, False])
def test_what_is_announced_is_not_taken_for_what_is_wanted(announced):
    """All expect to wait for 10 minutes, and so it is believed; they are told of a minute or two."""
    written = scenario()
    desk = written["stages"]["desk"] | ({"announce": {"what": "expected_wait"}} if announced else {})
    place = site(
        calendar={"days": 8, "open": "09:00", "close": "12:00"},
        stages=written["stages"] | {"desk": desk},
        actions=written["actions"]
        | {"wait": written["actions"]["wait"] | {"expected": "10 min", "believed": "10 min"}},
        quality={"expectation_spread": 0},
        management={"research": {"every": "1 wk"}},
    )
    (log, *_), *_ = lived(place, start(place))
    assert (log.announced_us >= 0).any() == announced
    seen_each_time = watched(place, start(place))
    assert seen_each_time.wave.mean(WAIT, 0) == pytest.approx(0.5, rel=1e-14)
    state = reviewed(place, start(place), seen_each_time).state
    assert state.believed[WAIT] == pytest.approx((10, 10), rel=1e-13)


def listening_gap(perception, believed, segments):
    """(I, G) mean of what customers expect, less what is believed of it; in values of actions."""
    marks = perception.marks
    values, segment = perception.values[Level.EXPECTED0], segments[marks.encounter]
    shape = (4, 2)
    gap = np.zeros(shape)
    for a, g in np.ndindex(shape):
        gap[a, g] = values[(marks.action == a) & (segment == g)].mean() - believed[a][g]
    return gap


def test_the_listening_gap_halves_with_every_wave_down_to_what_nonresponse_leaves():
    """P6: with a gain of .5 and the same customers each time. Who is pleased or angry answers more often, and those
    expected other things than the rest: their gap is the floor."""
    place = listening(n=10_000, gain=0.5, believed=0.2)
    place = replace(place, days=1)  # one day's customers, asked again and again
    state = start(place)
    (log,), (perception,), _ = lived(place, state)
    seen_each_time = watched(place, state)
    everybody = listening_gap(perception, ((0.2, 0.2),) * 4, log.segment)
    answered = np.array([[seen_each_time.wave.mean(a, g) for g in range(2)] for a in range(4)])
    floor = everybody - (answered - 0.2)
    assert (np.abs(floor) > 1e-6).all()
    assert (np.abs(floor) < np.abs(everybody)).all()
    above = everybody - floor
    for _ in range(8):
        state = reviewed(place, state, seen_each_time).state
        left = listening_gap(perception, state.believed, log.segment) - floor
        assert left == pytest.approx(above / 2, rel=1e-9)
        above = left


def test_more_waves_change_nothing_once_there_is_nothing_to_learn():
    place = listening()
    said = [("guest", {"greet": 0.5}), ("member", {"greet": 0.5})]
    assert after(place, start(place), 3, answers=said).believed[GREET] == (0.5, 0.5)


def test_a_wave_by_hand_is_in_order():
    answers = seen(site(), answers=[("guest", {"greet": 0.9}), ("member", {})]).wave.answers
    assert list(answers) == sorted(answers)
