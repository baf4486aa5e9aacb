"""Predictions about waits: their variance, promises, small treats and announcements (P8, P9, P10, P23).

Error rate of each test: see `pairs`. What only holds in part is tested on both sides of where it turns.
"""

from __future__ import annotations

import pytest

from .pairs import study
from .sites import NO_SPREAD, desk, wait

# ---- P8: of two sites with the same mean wait, the one with the larger variance satisfies less


def waits_of(*minutes: int, expected: str = "5 min") -> dict:
    """The staff come at 09:30; who comes so many minutes earlier waits that long, and is served at once then."""
    at = [f"09:{30 - early:02}" for early in minutes]
    return desk(
        calendar={"days": 1, "open": "09:00", "close": "10:00"},
        customers={"all": {"arrivals": {"at": at}, "start": "desk"}},
        staff={"clerk": {"members": [{"name": "Ana", "shift": ["09:30", "10:00"]}], "at_once": 10}},
        actions={"wait": wait(expected=expected)},
        quality=NO_SPREAD,
    )


def satisfaction_of(*minutes: int, **more: str) -> float:
    found = study(waits_of(*minutes, **more), replications=2)
    assert found.of("base", "wait_mean") == pytest.approx(5.0, abs=1e-12)
    return float(found.of("base", "satisfaction").mean())


def test_a_spread_of_waits_about_what_is_expected_costs_satisfaction():
    """P8, where it holds: without chance, so exactly. Not without end: from a third of the half-value on, convexity
    wins a part of it back."""
    assert satisfaction_of(5, 5) > satisfaction_of(4, 6) + 0.03 > satisfaction_of(3, 7) + 0.03
    assert satisfaction_of(3, 7) < satisfaction_of(2, 8) < satisfaction_of(5, 5)


def test_where_disappointment_is_sure_a_spread_of_waits_satisfies_more():
    """P8, where it turns: the worth of a wait halves with each half-value, so it is convex, and a gamble may pay."""
    assert satisfaction_of(5, 5, expected="0 min") + 0.01 < satisfaction_of(4, 6, expected="0 min")
    assert satisfaction_of(4, 6, expected="0 min") + 0.01 < satisfaction_of(3, 7, expected="0 min")


def test_in_a_queue_the_last_come_first_served_satisfies_more_at_the_same_mean_wait():
    """P8, against it: served in turn or the last first, constant services make all together wait equally long; the
    larger variance of the latter is in a long tail, where convexity outweighs loss aversion."""
    queue = desk(
        "14/h",
        days=6,
        stages={"desk": {"staff": ["clerk"], "work": "3 min", "queue": "fifo"}},
        actions={"wait": wait(expected="3 min")},
        quality=NO_SPREAD,
    )
    found = study(queue, last_first={"stages.desk.queue": "lifo"})
    assert found.effect("last_first", "wait_mean").values == pytest.approx(0, abs=1e-9)
    assert found.effect("last_first", "wait_p99").is_above(5.0)
    assert found.effect("last_first", "satisfaction").is_above()


# ---- P9: promise a longer wait than will be, rather than a shorter one


def told(pace: float) -> dict:
    """A queue in which everybody is told the wait, by the standard time of 3 minutes; services take 3 / pace."""
    return {"stages.desk.work": f"{3 * pace} min", "staff.clerk.pace": pace}


def test_to_announce_a_longer_wait_and_keep_it_satisfies_more_than_the_reverse():
    """P9: the same waits to the second, announced a quarter too long or a quarter too short."""
    queue = desk(
        "16/h",
        days=3,
        stages={"desk": {"staff": ["clerk"], "work": "3 min", "announce": {"what": "expected_wait"}}},
        actions={"wait": wait()},
    )
    found = study(queue, longer=told(1.25), shorter=told(0.75))
    assert found.of("longer", "wait_mean") == pytest.approx(found.of("shorter", "wait_mean"), abs=1e-6)
    assert found.effect("longer", "satisfaction", base="shorter").is_above(0.1)


def test_thirty_promised_and_twenty_five_waited_beats_thirty_five_waited():
    """P9, Maister's example, and the promise itself: 25 promised and 30 waited is worse than 35 promised."""

    def site(promised: int, waited: int) -> float:
        hall = waits_of(waited, expected="40 min")
        hall["staff"]["clerk"]["members"][0]["shift"] = ["09:50", "10:00"]
        hall["customers"]["all"]["arrivals"]["at"] = [f"09:{50 - waited}"]
        hall["actions"]["wait"] |= {"promised": f"{promised} min", "half_value": "30 min"}
        return float(study(hall, replications=2).of("base", "satisfaction")[0])

    assert site(30, 25) > site(30, 30) > site(30, 35)
    assert site(35, 30) > site(25, 30)


# ---- P10: a treat that takes time


TREAT = {"actions.snack.required": 1}


def with_snack(rate: str) -> dict:
    """A snack for each guest takes 0.3 minutes; nobody minds where there is none."""
    return desk(
        rate,
        {"dist": "exponential", "mean": "3 min"},
        days=5,
        actions={
            "snack": {
                "stage": "desk",
                "moment": "arrival",
                "dimension": "empathy",
                "weight": 0.2,
                "time": "0.3 min",
                "expected": 0.1,
                "required": 0,
            },
            "greet": {"stage": "desk", "dimension": "empathy", "weight": 0.8, "expected": 0.95},
            "wait": wait(),
        },
    )


def test_a_treat_pleases_where_there_is_time():
    """P10, first half: at a load of 0.4, and 0.44 with the treat. Here it turns at a load of some 0.7."""
    found = study(with_snack("8/h"), treat=TREAT)
    assert found.effect("treat", "satisfaction").is_above(0.05)


def test_a_treat_hurts_where_the_desk_is_full():
    """P10, second half, that it can: at a load of 0.95, which the treat makes 1.045."""
    found = study(with_snack("19/h"), replications=30, treat=TREAT)
    assert found.effect("treat", "wait_mean").is_above(5.0)
    assert found.effect("treat", "satisfaction").is_below()


# ---- P23: to be told the wait at the door


def line(work: object) -> dict:
    """A desk at a load of 1, whose customers give up after ten minutes or so."""
    patience = {"dist": "exponential", "mean": "10 min"}
    return desk(customers={"all": {"arrivals": {"rate": "20/h"}, "start": "desk", "patience": patience}}, work=work)


TOLD = {"stages.desk.announce": {"what": "expected_wait", "balk": True}}


def test_announcing_turns_giving_up_into_not_joining():
    """P23: fewer give up, the queue is shorter, and a few more are lost.

    Not that the mean wait of the served rises: it falls, too. It would rise a little in the queue of Whitt (1999),
    whose customers are told how long exactly they will wait; here they hear what is to be expected, so that some go
    who would have been served, and some still give up.
    """
    found = study(line({"dist": "exponential", "mean": "3 min"}), told=TOLD)
    assert found.effect("told", "abandoned_share").is_below(-0.15)
    assert found.effect("told", "balked_share").is_above(0.15)
    assert found.effect("told", "queue_mean").is_below()
    assert found.effect("told", "completed").is_below()
    assert found.effect("told", "completed_share").is_above(-0.10)
    assert found.effect("told", "wait_served_mean").is_below()


def test_nobody_waits_in_vain_where_services_are_alike():
    """P23: what is announced is then the longest that it can take, and whoever has the patience for it is served."""
    found = study(line("3 min"), replications=5, told=TOLD)
    assert (found.of("base", "abandoned") > 100).all()
    assert (found.of("told", "abandoned") == 0).all()
    assert (found.of("told", "balked") > 100).all()
