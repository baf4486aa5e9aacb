"""Blocked at the door, announced waits, balking. Worked out by hand."""

import pytest

from sim.arithmetic import exp
from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import MINUTE_US, Run, desk, segment, stage


def balk_luck(index, stage_name="desk", visit=0, seed=1):
    return uniform(stream_key(seed, 0, "balk", "all", stage_name), index, 0, visit)


def test_blocked_if_full_and_people_count():
    """Room for three people; groups of two: the second does not fit until the first has left at 08:05."""
    customers = {"all": segment("08:00", "08:01", "08:05", group=2)}
    run = Run(desk(customers=customers, site={"capacity": 3}))
    assert run.ended == ["completed", "blocked", "completed"]
    assert [row["left"] for row in run.encounters] == [485, 481, 490]
    assert len(run.visits) == 2


def test_who_would_start_at_once_never_balks():
    run = Run(desk(stages={"desk": stage(5, balk={"if_wait": 1, "queue_at_least": 0})}))
    assert run.ended == ["completed"]


def test_if_wait_one_is_a_loss_system():
    run = Run(
        desk(customers={"all": segment("08:00", "08:04", "08:05")}, stages={"desk": stage(5, balk={"if_wait": 1})})
    )
    assert run.ended == ["completed", "balked", "completed"]
    assert run.at("desk", "how", "joined", "ended") == [
        ("served", 480, 485),
        ("balked", 484, 484),
        ("served", 485, 490),
    ]


def test_queue_at_least_counts_those_waiting_not_those_served():
    customers = {"all": segment("08:00", "08:00", "08:00", "08:00")}
    run = Run(desk(customers=customers, stages={"desk": stage(5, balk={"queue_at_least": 2})}))
    assert run.ended == ["completed", "completed", "completed", "balked"]


@pytest.mark.parametrize(("sign", "end"), [(1.001, "balked"), (0.999, "completed")])
def test_per_person_ahead_is_one_minus_exp_of_a_times_those_waiting(sign, end):
    """Customer 2 sees one waiting: she joins if her uniform is below exp(-a)."""
    from sim.arithmetic import log

    a = -log(balk_luck(2)) * sign
    assert 1 - exp(-a) != pytest.approx(1 - balk_luck(2), abs=1e-5)
    customers = {"all": segment("08:00", "08:00", "08:01")}
    run = Run(desk(customers=customers, stages={"desk": stage(5, balk={"per_person_ahead": a})}))
    assert run.ended == ["completed", "completed", end]  # with nobody waiting, exp(0) = 1: the second joins


def scan(index, low, high):
    """A seed under which the balk uniform of a customer lies between two bounds."""
    return next(seed for seed in range(1, 10_000) if low <= balk_luck(index, seed=seed) < high)


@pytest.mark.parametrize(("low", "high", "end"), [(0.32, 0.333, "completed"), (0.3334, 0.34, "balked")])
def test_inverse_counts_those_waiting_and_in_service(low, high, end):
    """Two inside: she joins with chance 1/3."""
    customers = {"all": segment("08:00", "08:01", "08:02")}
    seed = next(s for s in range(20_000) if low <= balk_luck(2, seed=s) < high and balk_luck(1, seed=s) < 0.5)
    run = Run(desk(customers=customers, stages={"desk": stage(5, balk={"inverse": True})}), seed)
    assert run.ended == ["completed", "completed", end]


@pytest.mark.parametrize(("low", "high", "end"), [(0.24, 0.2499, "completed"), (0.2501, 0.26, "balked")])
def test_several_reasons_multiply_and_meet_one_uniform(low, high, end):
    """if_wait 0.5 and inverse with one in service, 0.5: together a chance of 0.25 to join."""
    customers = {"all": segment("08:00", "08:01")}
    balk = {"if_wait": 0.5, "inverse": True}
    run = Run(desk(customers=customers, stages={"desk": stage(5, balk=balk)}), scan(1, low, high))
    assert run.ended == ["completed", end]


def test_announced_wait_is_all_ahead_and_herself_over_the_staff_on_duty():
    """Two clerks, five minutes each: the third hears (0+1)·5/2, the fourth (1+1)·5/2; who starts at once hears 0."""
    customers = {"all": segment("08:00", "08:00", "08:00", "08:00")}
    run = Run(
        desk(
            customers=customers,
            stages={"desk": stage(5, announce={"what": "expected_wait"})},
            staff={"clerk": {"count": 2}},
        )
    )
    assert run.at("desk", "announced") == [0, 0, 2.5, 5]


def test_mean_service_counts_required_actions_at_standard_pace():
    """Work 4 min, an action of 2 min required of half: 5 min, whatever the clerk's pace."""
    actions = {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1, "time": 2, "required": 0.5}}
    customers = {"all": segment("08:00", "08:00")}
    stages = {"desk": stage(4, announce={"what": "expected_wait"})}
    run = Run(desk(customers=customers, stages=stages, actions=actions, staff={"clerk": {"count": 1, "pace": 2}}))
    assert run.at("desk", "announced")[1] == 5


def test_nobody_on_duty_counts_as_one():
    staff = {"clerk": {"on_duty": {"08:00": 0, "09:00": 1}}}
    run = Run(desk(staff=staff, stages={"desk": stage(5, announce={"what": "expected_wait"})}))
    assert run.at("desk", "announced", "started") == [(5, 540)]


@pytest.mark.parametrize(("patience", "end"), [(5, "completed"), (4.99, "balked")])
def test_she_leaves_if_the_announced_wait_exceeds_her_patience(patience, end):
    customers = {"all": segment("08:00", "08:01", patience=patience)}
    stages = {"desk": stage(5, announce={"what": "expected_wait", "balk": True})}
    run = Run(desk(customers=customers, stages=stages))
    assert run.ended == ["completed", end]


def test_position_tells_how_many_wait_before_her():
    customers = {"all": segment("08:00", "08:00", "08:00")}
    run = Run(desk(customers=customers, stages={"desk": stage(5, announce={"what": "position"})}))
    assert run.at("desk", "announced_raw") == [0, 0, 1]
    assert run.blocks[0].visits()["announced"].tolist() == [0, 0, 1]


def test_the_announcement_comes_before_balking():
    """A balk certain to happen still finds the announcement made."""
    customers = {"all": segment("08:00", "08:00")}
    stages = {"desk": stage(5, announce={"what": "expected_wait"}, balk={"if_wait": 1})}
    run = Run(desk(customers=customers, stages=stages))
    assert run.at("desk", "how", "announced") == [("served", 0), ("balked", 5)]


def test_who_balks_at_a_later_stage_leaves():
    stages = {"desk": stage(1, next={"till": 1}), "till": stage(10, ["cashier"], balk={"if_wait": 1})}
    staff = {"clerk": {"count": 1}, "cashier": {"count": 1}}
    run = Run(desk(customers={"all": segment("08:00", "08:02")}, stages=stages, staff=staff))
    assert run.ended == ["completed", "balked"]
    assert run.encounters[1]["left"] == 483
    assert run.column("queue_area_us").tolist() == [0, 0]
    assert MINUTE_US == 60_000_000
