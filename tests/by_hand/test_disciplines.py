"""Who of the waiting is next, and which queue a freed member turns to. Worked out by hand."""

import pytest

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import Run, desk, segment, stage

FOUR = ("08:00", "08:01", "08:02", "08:03")


@pytest.mark.parametrize(("queue", "order"), [("fifo", [480, 485, 490, 495]), ("lifo", [480, 495, 490, 485])])
def test_first_or_last_come_first_served(queue, order):
    run = Run(desk(customers={"all": segment(*FOUR)}, stages={"desk": stage(5, queue=queue)}))
    assert run.at("desk", "started") == order


def test_priority_is_lower_first_and_ties_are_first_come():
    customers = {
        "late": segment("08:00", "08:02", priority=1),
        "usual": segment("08:03"),  # priority 0 where nothing is said
        "vip": segment("08:04", priority=-1),
        "usual_too": segment("08:01"),
    }
    run = Run(desk(customers=customers, stages={"desk": stage(5, queue="priority")}))
    order = sorted((row["started"], row["segment"], row["joined"]) for row in run.visits)
    assert [(name, joined) for _, name, joined in order] == [
        ("late", 480), ("vip", 484), ("usual_too", 481), ("usual", 483), ("late", 482),
    ]  # fmt: skip


def test_priority_does_not_interrupt():
    customers = {"low": segment("08:00", priority=5), "high": segment("08:01", priority=1)}
    run = Run(desk(customers=customers, stages={"desk": stage(5, queue="priority")}))
    assert run.at("desk", "started", "ended") == [(480, 485), (485, 490)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_picks_by_a_uniform_of_the_stage(seed):
    """Pick number k of the stage takes the visit at place floor(u·n) of those waiting, in order of joining."""
    run = Run(desk(customers={"all": segment(*FOUR)}, stages={"desk": stage(5, queue="random")}), seed)
    key = stream_key(seed, 0, "queue.random", "desk")
    waiting, served = [1, 2, 3], [0]
    for k in (1, 2, 3):
        served.append(waiting.pop(int(uniform(key, k) * len(waiting))))
    order = sorted(run.visits, key=lambda row: row["started"])
    assert [row["number"] for row in order] == served


def two_queues(picks, *, serves=None, members=None):
    """Customer 0 keeps the clerk busy until 08:10; then one waits at till since 08:01, one at desk since 08:02."""
    customers = {
        "first": segment("08:00"),
        "of_till": segment("08:01", "08:04", start="till"),
        "of_desk": segment("08:02", "08:03"),
    }
    role = {"picks": picks}
    role |= {"members": members} if members else {"count": 1}
    if serves:
        role["serves"] = serves
    run = Run(desk(customers=customers, stages={"desk": stage(10), "till": stage(10)}, staff={"clerk": role}))
    order = sorted(run.visits, key=lambda row: row["started"])
    return [(row["stage"], row["joined"]) for row in order[1:]]


def test_longest_wait_takes_the_oldest_of_all_queues():
    assert two_queues("longest_wait") == [("till", 481), ("desk", 482), ("desk", 483), ("till", 484)]


def test_in_order_takes_the_first_queue_that_is_not_empty():
    assert two_queues("in_order") == [("desk", 482), ("desk", 483), ("till", 481), ("till", 484)]


def test_in_order_follows_the_role_s_own_order():
    order = two_queues("in_order", serves={"till": 1, "desk": 1})
    assert order == [("till", 481), ("till", 484), ("desk", 482), ("desk", 483)]


def test_in_order_follows_the_member_s_own_order():
    ana = {"name": "Ana", "shift": ["08:00", "18:00"], "serves": {"till": 1, "desk": 1}}
    assert two_queues("in_order", members=[ana]) == [("till", 481), ("till", 484), ("desk", 482), ("desk", 483)]


def test_own_first_prefers_the_first_stage_and_else_the_oldest():
    order = two_queues("own_first", serves={"till": 1, "desk": 1})
    assert order == [("till", 481), ("till", 484), ("desk", 482), ("desk", 483)]
    staff = {"clerk": {"count": 1, "picks": "own_first"}}
    customers = {
        "first": segment("08:00"),
        "b": segment("08:03", start="b"),
        "c": segment("08:02", start="c"),
    }
    stages = {"desk": stage(10), "b": stage(10), "c": stage(10)}
    run = Run(desk(customers=customers, stages=stages, staff=staff))
    assert [row["stage"] for row in sorted(run.visits, key=lambda r: r["started"])] == ["desk", "c", "b"]


def test_the_oldest_queue_is_chosen_first_then_the_discipline_chooses_the_visit():
    """Longest wait is at the desk (08:01), whose queue is last come first served: 08:03 is taken."""
    customers = {"a": segment("08:00", "08:01", "08:03"), "b": segment("08:02", start="till")}
    stages = {"desk": stage(10, queue="lifo"), "till": stage(10)}
    run = Run(desk(customers=customers, stages=stages))
    order = sorted(run.visits, key=lambda row: row["started"])
    assert [(row["stage"], row["joined"]) for row in order] == [
        ("desk", 480),
        ("desk", 483),
        ("desk", 481),
        ("till", 482),
    ]


def test_a_priority_queue_shows_its_oldest_visit_to_who_picks():
    """At desk waits an unhurried customer since 08:01 and a hurried one since 08:03; at till one since 08:02."""
    customers = {
        "first": segment("08:00"),
        "calm": segment("08:01", priority=9),
        "hurried": segment("08:03", priority=1),
        "till": segment("08:02", start="till"),
    }
    stages = {"desk": stage(10, queue="priority"), "till": stage(10)}
    run = Run(desk(customers=customers, stages=stages))
    order = sorted(run.visits, key=lambda row: row["started"])
    assert [row["segment"] for row in order] == ["first", "hurried", "calm", "till"]
