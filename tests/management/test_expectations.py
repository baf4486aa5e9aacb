"""What customers come to expect."""

import pytest

from tests.management.hand import after, reviewed, site, start, watched

GREET, CONFIRM, RECAP, SERVE, WAIT = range(5)
ONE_DAY = {"days": 10, "open": "09:00", "close": "12:00"}


def learning(gain=0.3, returning=(1.0, 0.5), drift=0.0, **changes):
    plain = site().scenario.as_written()["customers"]
    customers = {
        name: segment | {"returning_share": share}
        for (name, segment), share in zip(plain.items(), returning, strict=True)
    }
    return site(customers=customers, quality={"expectation_gain": gain, "expectation_drift": drift}, **changes)


def test_what_is_delivered_every_time_comes_to_be_expected():
    """P14: from .1, in steps of .3 of the rest; whoever comes back half of the time learns half as fast."""
    plain = site().scenario.as_written()["actions"]
    place = learning(
        actions=plain | {"greet": plain["greet"] | {"expected": 0.1}},
        staff={"clerk": {"count": 2}, "barman": {"count": 1}},  # all know, all are willing
        calendar=ONE_DAY,
        review="1 d",
    )
    state = start(place)
    lived = watched(place, state)
    guests, members = [0.1], [0.1]
    for _ in range(5):
        state = reviewed(place, state, lived).state
        guests.append(state.expected[GREET][0])
        members.append(state.expected[GREET][1])
    assert [round(e, 3) for e in guests] == [0.1, 0.37, 0.559, 0.691, 0.784, 0.849]
    assert guests == pytest.approx([1 - 0.9 * 0.7**k for k in range(6)], rel=1e-14)
    assert members == pytest.approx([1 - 0.9 * 0.85**k for k in range(6)], rel=1e-14)


def test_expectations_move_towards_what_was_met_up_or_down():
    """Greeting expected .9, delivered half of the time: .9 + .3 × (.5 − .9) = .78; members at half the gain: .84."""
    place = learning()
    met = {("greet", "guest"): [1, 0], ("greet", "member"): [1, 0, 0, 1], ("confirm", "guest"): [1, 1, 1, 1]}
    state = reviewed(place, start(place), met=met).state
    assert state.expected[GREET] == pytest.approx((0.78, 0.84), rel=1e-15)
    assert state.expected[CONFIRM] == pytest.approx((0.72, 0.6), rel=1e-15)  # members did not meet it
    assert state.expected[SERVE] == (0.8, 0.8)


def test_expected_waits_move_in_minutes_towards_how_long_they_felt():
    """5 min expected; felt 8 and 16: 5 + .3 × (12 − 5) = 7.1."""
    place = learning()
    state = reviewed(place, start(place), met={("wait", "guest"): [8, 16]}).state
    assert state.expected[WAIT] == pytest.approx((7.1, 5.0), rel=1e-15)


def test_expectations_grow_whatever_is_met_up_to_certainty():
    """By .73 a year, in a week by .014; waits do not drift."""
    place = learning(gain=0, drift=0.73)
    once = after(place, start(place), 1)
    assert once.expected[GREET] == pytest.approx((0.914, 0.914), rel=1e-14)
    assert once.expected[WAIT] == (5.0, 5.0)
    often = after(place, once, 9)
    assert often.expected[GREET] == (1.0, 1.0)
    assert often.expected[CONFIRM] == pytest.approx((0.74, 0.74), rel=1e-12)


def test_expectations_may_fall_to_nothing_and_not_below():
    place = learning(gain=0, drift=-36.5)
    assert after(place, start(place), 2).expected[CONFIRM] == (0.0, 0.0)


def test_learning_comes_before_the_drift():
    """.9 + .3 × (0 − .9) = .63, and .014 more."""
    place = learning(drift=0.73)
    assert reviewed(place, start(place), met={("greet", "guest"): [0]}).state.expected[GREET][0] == pytest.approx(0.644)


def test_what_customers_of_a_segment_expect_themselves_is_where_they_start():
    plain = site().scenario.as_written()["customers"]
    place = site(
        customers=plain | {"member": plain["member"] | {"expects": {"greet": 0.5}}}, quality={"expectation_gain": 0.3}
    )
    met = {("greet", name): [1] for name in ("guest", "member")}
    state = reviewed(place, start(place), met=met).state
    assert state.expected[GREET] == pytest.approx((0.9 + 0.15 * 0.1, 0.5 + 0.15 * 0.5), rel=1e-15)
