"""How long waits feel and what they are worth, against the numbers of the equations."""

import math

import numpy as np
import pytest

from sim.errors import InputError
from sim.quality.levels import Level
from sim.quality.perceive import perceive
from sim.quality.waiting import perceived_wait, worth
from tests.quality.logs import Customer, Visit, VisitEnded, action, log_of, site, stage


def felt(wait_min: float, **law: float) -> float:
    numbers = {"factor": 1.541, "exponent": 0.90, "multiplier": 1.0, "sd": 0.0} | law
    return float(perceived_wait(np.array([wait_min]), z=np.zeros(1), **numbers)[0])


def wait_site(place_stage=None, expected=5.0, **numbers):
    wait = action(kind="wait", dimension="responsiveness", expected=expected, half_value=10.0)
    return site({"wait": wait}, {"desk": place_stage or stage()}, **numbers)


def one(place, visit, group=1):
    return perceive(log_of(place, [Customer([visit], group=group)]))


def test_158_seconds_feel_like_221():
    assert round(60 * felt(158 / 60)) == 221


@pytest.mark.parametrize(("wait", "percent"), [(1, 54), (158 / 60, 40), (5, 31), (10, 22), (30, 10)])
def test_overestimation_falls_with_the_wait(wait, percent):
    assert round(100 * (felt(wait) / wait - 1)) == percent


def test_no_wait_feels_like_none():
    assert felt(0.0) == 0.0
    assert felt(0.0, sd=0.35) == 0.0


def test_noise_is_lognormal_with_mean_one():
    z = np.array([-1.0, 0.0, 1.0])
    minutes = perceived_wait(np.full(3, 5.0), 1.541, 0.90, 1.0, 0.35, z)
    expected = [1.541 * 5**0.90 * math.exp(0.35 * x - 0.35**2 / 2) for x in z]
    assert minutes == pytest.approx(expected, rel=1e-14)


def test_value_halves_with_each_half_value():
    value = worth(np.array([0.0, 10.0, 20.0, 5.0, math.inf]), 10.0)
    assert value == pytest.approx([1, 1 / 2, 1 / 4, 2**-0.5, 0], abs=1e-15)


@pytest.mark.parametrize(
    ("waiting", "multiplier"),
    [({}, 1.0), ({"occupied": True}, 0.80), ({"explained": True}, 0.92), ({"anxious": True}, 1.15)],
)
def test_circumstances_stretch_or_shorten(waiting, multiplier):
    seen = one(wait_site(stage(waiting=waiting)), Visit(wait=5))
    assert seen.perceived_wait_min[0] == pytest.approx(multiplier * felt(5))


def test_an_action_makes_the_wait_occupied_where_it_is_a_hit():
    actions = {
        "snack": action(moment="arrival"),
        "wait": action(kind="wait", dimension="responsiveness"),
    }
    place = site(actions, {"desk": stage(waiting={"occupied": "snack"})})
    visits = [Visit(wait=5, hits=["snack"]), Visit(wait=5), Visit(wait=5, fixed=["snack"])]
    seen = perceive(log_of(place, [Customer([visit]) for visit in visits]))
    assert seen.perceived_wait_min == pytest.approx([0.8 * felt(5), felt(5), 0.8 * felt(5)])


def test_company_shortens_the_wait():
    assert one(wait_site(), Visit(wait=5), group=2).perceived_wait_min[0] == pytest.approx(0.92 * felt(5))


def test_waits_after_a_service_feel_shorter_unless_the_customer_was_away():
    visits = [Visit(wait=5), Visit(wait=5, number=1), Visit(wait=5, number=2, pause=20)]
    seen = perceive(log_of(wait_site(), [Customer(visits)]))
    assert seen.perceived_wait_min == pytest.approx([felt(5), 0.90 * felt(5), felt(5)])


def test_a_wait_after_giving_up_is_not_in_process():
    visits = [Visit(wait=5, ended=VisitEnded.ABANDONED), Visit(wait=5, number=1)]
    seen = perceive(log_of(wait_site(), [Customer(visits)]))
    assert seen.perceived_wait_min == pytest.approx([felt(5), felt(5)])


def test_what_is_announced_is_expected_and_eases_an_intermediate_wait():
    seen = one(wait_site(stage(announce="expected_wait")), Visit(wait=6, announced=4.0))
    psi, half_value = 0.90 * felt(6), 11.5
    assert seen.values[Level.EXPECTED0, 0] == pytest.approx(2 ** (-4 / half_value))
    assert seen.values[Level.DELIVERED, 0] == pytest.approx(2 ** (-6 / half_value))
    assert seen.values[Level.PERCEIVED, 0] == pytest.approx(2 ** (-psi / half_value))


@pytest.mark.parametrize(("wait", "half_value"), [(2.99, 10.0), (3.0, 11.5), (15.0, 11.5), (15.01, 10.0)])
def test_information_eases_neither_short_nor_long_waits(wait, half_value):
    seen = one(wait_site(stage(waiting={"explained": True})), Visit(wait=wait))
    assert seen.values[Level.DELIVERED, 0] == pytest.approx(2 ** (-wait / half_value))


def test_a_place_in_the_queue_is_no_expected_wait():
    seen = one(wait_site(stage(announce="position")), Visit(wait=2, places_ahead=3))
    assert seen.values[Level.EXPECTED0, 0] == pytest.approx(2 ** (-5 / 10))
    assert seen.perceived_wait_min[0] == pytest.approx(0.90 * felt(2))


def test_six_times_of_one_wait():
    wait = action(
        kind="wait",
        dimension="responsiveness",
        expected=5.0,
        believed=7.0,
        required=6.0,
        promised=3.0,
        half_value=10.0,
    )
    seen = one(site({"wait": wait}), Visit(wait=8))
    e0, promised = 2**-0.5, 2**-0.3
    e = e0 + 0.3 * (promised - e0)
    expected = [e0, 2**-0.7, 2**-0.6, 2**-0.8, 2 ** (-felt(8) / 10), e]
    assert seen.values[:, 0] == pytest.approx(expected)


def test_small_spread_about_the_expected_wait_costs_satisfaction():
    just_right = (5 / 1.541) ** (1 / 0.9)  # feels like the five minutes expected
    place = wait_site()

    def mean(spread):
        visits = [Visit(wait=just_right - spread), Visit(wait=just_right + spread)]
        seen = perceive(log_of(place, [Customer([visit]) for visit in visits]))
        return seen.satisfaction.mean(), seen.moment_utility.mean()

    satisfaction, utility = zip(*(mean(spread) for spread in (0, 0.2, 0.5, 1.0)), strict=True)
    assert satisfaction[0] > satisfaction[1] > satisfaction[2]
    assert utility[0] > utility[1] > utility[2] > utility[3]


def test_far_past_the_expectation_spread_no_longer_costs():
    """The value of a wait is convex: once all waits disappoint, a gamble between them is no worse."""
    place = wait_site(disconfirmation=0.1)
    seen = perceive(log_of(place, [Customer([Visit(wait=w)]) for w in (20, 15, 25)]))
    sure, short, long = seen.satisfaction
    assert sure < (short + long) / 2


def test_promise_less_and_keep_it():
    """Announced 30 and waited 25 beats announced 20 and waited 25, and announced 30 and waited 35."""
    place = wait_site(stage(announce="expected_wait"), disconfirmation=0.4)
    pairs = [(30.0, 25.0), (20.0, 25.0), (30.0, 35.0)]
    seen = perceive(log_of(place, [Customer([Visit(wait=w, announced=a)]) for a, w in pairs]))
    under, over, late = seen.satisfaction
    assert under > over
    assert under > late
    assert over > 1
    assert late > 1


def test_each_visit_has_its_own_noise_and_the_mean_is_unbiased():
    """Of 4000 waits of five minutes; fails by chance once in 100,000 (4.4 standard errors of the mean)."""
    place = wait_site(perceived_wait=(1.541, 0.90, 0.35))
    customers = [Customer([Visit(wait=5), Visit(wait=5, number=1, pause=5)]) for _ in range(2000)]
    ratio = perceive(log_of(place, customers)).perceived_wait_min / felt(5)
    standard_error = math.sqrt((math.exp(0.35**2) - 1) / len(ratio))
    assert len(set(ratio.tolist())) == len(ratio)
    assert abs(ratio.mean() - 1) < 4.4 * standard_error
    assert abs(np.corrcoef(ratio[::2], ratio[1::2])[0, 1]) < 4.4 / math.sqrt(2000)


def test_only_an_action_of_the_stage_makes_its_wait_occupied():
    actions = {"wait": action(kind="wait"), "song": action("bar")}
    place = site(actions, {"desk": stage(waiting={"occupied": "song"}), "bar": stage()})
    with pytest.raises(InputError, match=r"stages\.desk\.waiting: 'song'"):
        perceive(log_of(place, []))
