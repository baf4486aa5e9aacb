"""Demand between two periods: word of mouth, and the chance that customers come back."""

import math

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
    """The first period sets the base: .5 and .8. Then .7 and .75: × (1 + .5 × .2), × (1 − 1 × .05)."""
    place = loyal()
    first = reviewed(place, start(place), chances={"guest": [0.4, 0.6], "member": [0.8]}).state
    assert first.demand == (1.0, 1.0)
    assert first.returned == pytest.approx((0.5, 0.8), rel=1e-11)
    second = reviewed(place, first, chances={"guest": [0.7], "member": [0.75]}).state
    assert second.demand == pytest.approx((1.1, 0.95), rel=1e-11)
    assert second.returned == pytest.approx((0.7, 0.75), rel=1e-11)
    third = reviewed(place, second, chances={"guest": [0.5], "member": [0.75]}).state
    assert third.demand == pytest.approx((1.1 * 0.9, 0.95), rel=1e-11)


def test_the_last_known_chance_is_kept_while_nobody_comes():
    place = loyal()
    first = reviewed(place, start(place), chances={"guest": [0.5]}).state
    assert math.isnan(first.returned[1])
    second = reviewed(place, first, chances={"member": [0.8]}).state
    assert second.demand == (1.0, 1.0)
    assert second.returned == pytest.approx((0.5, 0.8), rel=1e-11)
    third = reviewed(place, second, chances={"guest": [0.7], "member": [0.6]}).state
    assert third.demand == pytest.approx((1.1, 0.8), rel=1e-11)


def test_both_together():
    place = loyal(word_of_mouth={})
    chances = {"chances": {"guest": [0.5]}}
    first = reviewed(place, start(place), **opinions((10, 4, 1)), **chances).state
    second = reviewed(place, first, **opinions((10, 4, 1)), chances={"guest": [0.7]}).state
    assert second.demand[0] == pytest.approx(1.005**2 * 1.1, rel=1e-11)
