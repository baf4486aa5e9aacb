"""Demand between two periods: word of mouth, and the chance that customers come back."""

import math

import numpy as np
import pytest

from tests.management.hand import after, reviewed, site, start


def talking(review="30 d", **word):
    return site(review=review, management={"word_of_mouth": word})


def opinions(guests, members=(0, 0, 0)):
    """(judged, delighted, dissatisfied) of each segment."""
    names = ("judged", "delighted", "dissatisfied")
    return {name: {0: g, 1: m} for name, g, m in zip(names, guests, members, strict=True)}


def test_word_of_mouth():
    """Of 100 guests 40 are delighted, 10 dissatisfied: .05 × (5 × .4 − 10 × .1) / 10 = .005. Nobody asked members."""
    place = talking()
    state = reviewed(place, start(place), **opinions((100, 40, 10))).state
    assert state.demand == (pytest.approx(1.005, rel=1e-15), 1.0)


def test_each_segment_hears_of_its_own():
    place = talking(good=8, bad=16, strength=0.1)
    state = reviewed(place, start(place), **opinions((10, 5, 0), (10, 0, 2))).state
    assert state.demand == pytest.approx((1.04, 1 - 0.032), rel=1e-15)


def test_demand_moves_no_further_than_the_limit():
    place = talking(strength=1.0)
    state = after(place, start(place), 2, **opinions((10, 10, 0), (10, 0, 10)))
    assert state.demand == pytest.approx((1.1**2, 0.9**2), rel=1e-14)


@pytest.mark.parametrize("review", ["1 d", "6 d", "30 d", "60 d"])
def test_the_strength_is_per_so_long_whatever_is_between_reviews(review):
    """.05 × 10 × .6 / 10 = .03 less in 30 days: after 60 days .97² is left, however often there is a review."""
    place = talking(review=review, per="30 d")
    length = int(review.split()[0])
    state = after(place, start(place), 60 // length, **opinions((10, 0, 6)))
    assert state.demand == (pytest.approx(0.97**2, rel=1e-12), 1.0)


def test_all_may_be_lost():
    place = talking(strength=1.0, limit=1.0, review="1 d")
    assert reviewed(place, start(place), **opinions((10, 0, 10))).state.demand == (0.0, 1.0)


def loyal(**management):
    plain, shares = site().scenario.as_written()["customers"], {"guest": 0.5, "member": 1.0}
    customers = {name: segment | {"returning_share": shares[name]} for name, segment in plain.items()}
    return site(review="30 d", customers=customers, quality={"loyalty": {"drives_demand": True}}, management=management)


def test_a_change_of_the_chance_of_return_moves_demand():
    """The first period sets the base: .5 and .8. Then .7 and .75: 1 + .5 × .2 and 1 − 1 × .05; .4 of guests in the
    third: 1 − .5 × .1, whatever the second was."""
    place = loyal()
    first = reviewed(place, start(place), chances={"guest": [0.4, 0.6], "member": [0.8]}).state
    assert first.demand == (1.0, 1.0)
    assert first.returned == pytest.approx((0.5, 0.8), rel=1e-11)
    second = reviewed(place, first, chances={"guest": [0.7], "member": [0.75]}).state
    assert second.demand == pytest.approx((1.1, 0.95), rel=1e-11)
    assert second.returned == first.returned
    third = reviewed(place, second, chances={"guest": [0.4], "member": [0.8]}).state
    assert third.demand == pytest.approx((0.95, 1.0), rel=1e-11)


def test_the_last_known_chance_is_kept_while_nobody_comes():
    place = loyal()
    first = reviewed(place, start(place), chances={"guest": [0.5]}).state
    assert math.isnan(first.returned[1])
    second = reviewed(place, first, chances={"member": [0.8]}).state
    assert second.demand == (1.0, 1.0)
    assert second.returned == pytest.approx((0.5, 0.8), rel=1e-11)
    third = reviewed(place, second, chances={"guest": [0.7], "member": [0.6]}).state
    assert third.demand == pytest.approx((1.1, 0.8), rel=1e-11)
    assert reviewed(place, third).state.demand == third.demand


def test_the_noise_of_small_samples_does_not_wear_demand_down():
    """400 segments, share 1, each period 5 customers with chances uniform on (0, 1): what they do never changes.

    Demand is 1 + the difference of two such means: mean 1, variance 2/60 at the end of any period. Its mean over
    segments is missed by 4 standard errors, and so its spread, in 6 of 100 000 such tests each. Changes multiplied on
    from period to period would have left some .05 of demand.
    """
    segments, periods, customers = 400, 180, 5
    names = [f"g{k}" for k in range(segments)]
    guest = {"arrivals": {"rate": "1/h"}, "start": "desk", "returning_share": 1}
    place = site(review="1 d", customers=dict.fromkeys(names, guest), quality={"loyalty": {"drives_demand": True}})
    luck, state, demand = np.random.default_rng(18), start(place), []
    for _ in range(periods):
        chances = luck.random((segments, customers)).tolist()
        state = reviewed(place, state, chances=dict(zip(names, chances, strict=True))).state
        demand.append(state.demand)
    variance = 2 / (12 * customers)
    assert abs(np.mean(demand[-1]) - 1) < 4 * math.sqrt(variance / segments)
    over_time = np.mean(demand, axis=0)  # of a segment: the base is one sample, the others cancel
    assert abs(over_time.mean() - 1) < 4 * math.sqrt(variance / 2 * (1 + 1 / periods) / segments)
    assert abs(np.std(demand[-1]) - math.sqrt(variance)) < 4 * math.sqrt(variance / (2 * segments))
    assert min(demand[-1]) > 0.2


def test_word_of_mouth_goes_on_while_the_chance_of_return_is_not_known():
    place = loyal(word_of_mouth={})
    state = reviewed(place, start(place), chances={"guest": [0.5]}).state
    state = reviewed(place, state, chances={"guest": [0.7]}).state
    state = reviewed(place, state, **opinions((10, 4, 1))).state
    assert state.demand == pytest.approx((1.1 * 1.005, 1.0), rel=1e-11)
    state = reviewed(place, state, chances={"guest": [0.5]}).state
    assert state.demand == pytest.approx((1.005, 1.0), rel=1e-11)


def test_what_customers_say_moves_no_appointments():
    """Guests come when they like, members when they are booked."""
    plain = site().scenario.as_written()["customers"]
    member = plain["member"] | {"arrivals": {"at": ["09:30", "10:30"]}, "returning_share": 1}
    place = site(
        review="30 d",
        customers={"guest": plain["guest"], "member": member},
        quality={"loyalty": {"drives_demand": True}},
        management={"word_of_mouth": {"strength": 1.0}},
    )
    told = opinions((10, 0, 10), (10, 0, 10))
    state = reviewed(place, start(place), chances={"guest": [0.8], "member": [0.8]}, **told).state
    state = reviewed(place, state, chances={"guest": [0.4], "member": [0.4]}, **told).state
    assert state.demand == (pytest.approx(0.9**2 * 0.8, rel=1e-11), 1.0)


def test_both_together():
    place = loyal(word_of_mouth={})
    chances = {"chances": {"guest": [0.5]}}
    first = reviewed(place, start(place), **opinions((10, 4, 1)), **chances).state
    second = reviewed(place, first, **opinions((10, 4, 1)), chances={"guest": [0.7]}).state
    assert second.demand[0] == pytest.approx(1.005**2 * 1.1, rel=1e-11)
