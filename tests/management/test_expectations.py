"""What customers come to expect."""

import pytest

from tests.management.hand import after, reviewed, site, start, watched

GREET, CONFIRM, RECAP, SERVE, WAIT = range(5)
ONE_DAY = {"days": 10, "open": "09:00", "close": "12:00"}


A_VISIT_A_WEEK = 365 / 7  # in a year: one in each period, where there is a review every week


def learning(gain=0.3, returning=(1.0, 0.5), drift=0.0, visits=A_VISIT_A_WEEK, **changes):
    plain = site().scenario.as_written()["customers"]
    customers = {
        name: segment | {"returning_share": share}
        for (name, segment), share in zip(plain.items(), returning, strict=True)
    }
    return site(
        customers=customers,
        quality={"expectation_gain": gain, "expectation_drift": drift},
        money={"visits_per_year": visits},
        **changes,
    )


def test_what_is_delivered_every_time_comes_to_be_expected():
    """P14: from .1, in steps of .3 of the rest; whoever comes back half of the time learns half as fast."""
    plain = site().scenario.as_written()["actions"]
    place = learning(
        actions=plain | {"greet": plain["greet"] | {"expected": 0.1}},
        staff={"clerk": {"count": 2}, "barman": {"count": 1}},  # all know, all are willing
        calendar=ONE_DAY,
        review="1 d",
        visits=365,
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


EACH_TIME = {("greet", "guest"): [1], ("confirm", "guest"): [0], ("wait", "guest"): [16]}


@pytest.mark.parametrize(("review", "periods"), [("1 d", 28), ("1 wk", 4), ("2 wk", 2)])
@pytest.mark.parametrize(("gain", "visits"), [(0.3, 2), (0.3, 40), (0.9, 7)])
def test_what_is_learnt_in_a_time_does_not_depend_on_how_it_is_cut(review, periods, gain, visits):
    """Who comes back four weeks long and meets the same each time: whenever there are reviews."""
    cut, whole = (learning(gain, visits=visits, review=length) for length in (review, "4 wk"))
    often = after(cut, start(cut), periods, met=EACH_TIME)
    once = after(whole, start(whole), 1, met=EACH_TIME)
    for a in (GREET, CONFIRM, WAIT):
        assert often.expected[a][0] == pytest.approx(once.expected[a][0], rel=1e-12)
        assert abs(once.expected[a][0] - start_of(whole, a)) > 0.004


def test_where_some_come_back_shorter_periods_teach_a_little_more():
    """Half come back, twice a year. In a year at once: .5 × (1 − .49) of the way; week by week 1 − (1 − .5 × (1 −
    .7^(14/365)))^52, which is .298."""
    year = {"review": "364 d", "visits": 2, "returning": (0.5, 0.5)}
    met = {("greet", "guest"): [0]}
    whole, cut = learning(**year), learning(**year | {"review": "1 wk"})
    once = after(whole, start(whole), 1, met=met).expected[GREET][0]
    often = after(cut, start(cut), 52, met=met).expected[GREET][0]
    assert once == pytest.approx(0.9 * (0.5 + 0.5 * 0.7 ** (728 / 365)), rel=1e-13)
    assert often == pytest.approx(0.9 * (0.5 + 0.5 * 0.7 ** (14 / 365)) ** 52, rel=1e-12)
    assert round(once / 0.9, 3) == 0.745
    assert round(often / 0.9, 3) == 0.702


def start_of(place, action):
    return tuple(place.scenario.expected(name, "guest") for name in place.scenario.actions)[action]


def test_who_comes_seldom_learns_little():
    """Two visits a year, of which a week sees .038: .9 − .9 × (1 − .7^(14/365)); and with none, nothing."""
    place = learning(visits=2)
    state = reviewed(place, start(place), met={("greet", "guest"): [0]}).state
    assert state.expected[GREET][0] == pytest.approx(0.9 * 0.7 ** (14 / 365), rel=1e-14)
    never = learning(visits=0)
    assert reviewed(never, start(never), met={("greet", "guest"): [0]}).state.expected[GREET] == (0.9, 0.9)


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
        customers=plain | {"member": plain["member"] | {"expects": {"greet": 0.5}}},
        quality={"expectation_gain": 0.3},
        money={"visits_per_year": A_VISIT_A_WEEK},
    )
    met = {("greet", name): [1] for name in ("guest", "member")}
    state = reviewed(place, start(place), met=met).state
    assert state.expected[GREET] == pytest.approx((0.9 + 0.15 * 0.1, 0.5 + 0.15 * 0.5), rel=1e-15)
