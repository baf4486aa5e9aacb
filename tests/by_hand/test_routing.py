"""Where customers go next: branches, segments, loops, self-service, laws by time of day. Worked out by hand."""

import pytest

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import Run, desk, segment, stage


def route_luck(index, visit=0, stage_name="desk", seed=1):
    return uniform(stream_key(seed, 0, "route", "all", stage_name), index, 0, visit)


@pytest.mark.parametrize(("sign", "goes"), [(1.001, True), (0.999, False)])
def test_the_first_branch_is_taken_below_its_probability(sign, goes):
    p = route_luck(0) * sign
    stages = {"desk": stage(5, next={"till": p, "leave": 1 - p}), "till": stage(1)}
    run = Run(desk(stages=stages))
    assert len(run.visits) == 1 + goes


def test_branches_are_in_the_order_of_the_file():
    u = route_luck(0)
    low, high = u * 0.5, u * 0.5 + 0.5  # the second branch is [low, high), which holds u
    stages = {
        "desk": stage(5, next={"a": low, "b": high - low, "leave": 1 - high}), "a": stage(1), "b": stage(1),
    }  # fmt: skip
    assert low <= u < high
    assert [row["stage"] for row in Run(desk(stages=stages)).visits] == ["desk", "b"]


def test_routing_by_segment():
    customers = {"x": segment("08:00"), "y": segment("08:10"), "z": segment("08:20")}
    stages = {
        "desk": stage(5, next={"x": {"a": 1}, "y": {"b": 1}, "default": {"leave": 1}}), "a": stage(1), "b": stage(1),
    }  # fmt: skip
    run = Run(desk(customers=customers, stages=stages))
    assert [(row["segment"], row["stage"]) for row in run.visits] == [
        ("x", "desk"), ("x", "a"), ("y", "desk"), ("y", "b"), ("z", "desk"),
    ]  # fmt: skip


def test_loops_count_visits_and_each_visit_has_its_own_luck():
    """Back to the desk with probability one half: as long as the uniform of that visit is below it."""
    for seed in range(1, 8):
        run = Run(desk(stages={"desk": stage(5, next={"desk": 0.5, "leave": 0.5})}), seed)
        n = 0
        while route_luck(0, n, seed=seed) < 0.5:
            n += 1
        assert [row["visit"] for row in run.visits] == list(range(n + 1))
        assert [row["joined"] for row in run.visits] == [480 + 5 * k for k in range(n + 1)]


def test_self_service_has_no_queue_and_no_staff():
    run = Run(desk(customers={"all": segment("08:00", "08:00", "08:01")}, stages={"desk": stage(5, [])}, staff={}))
    assert run.at("desk", "started", "ended", "member") == [(480, 485, None), (480, 485, None), (481, 486, None)]


def test_work_by_time_of_day_is_that_in_force_on_joining():
    """She joins at 11:59 and is served from 12:00: the law of before noon. Before the first key: the last."""
    law = {"dist": "by_time", "09:00": 2, "12:00": 10}
    run = Run(desk(customers={"all": segment("08:00", "11:58", "11:59", "12:00")}, stages={"desk": stage(law)}))
    assert run.at("desk", "started", "ended") == [(480, 490), (718, 720), (720, 722), (722, 732)]


def test_a_later_visit_brings_its_own_work():
    law = {"dist": "exponential", "mean": 3}
    run = Run(
        desk(stages={"desk": stage(law, next={"twice": 1}), "twice": stage(1, [], next={"desk": 0.5, "leave": 0.5})}), 3
    )
    from sim.arithmetic import log

    key = stream_key(3, 0, "work", "all", "desk")
    found = [row["ended"] - row["started"] for row in run.visits if row["stage"] == "desk"]
    assert found == pytest.approx([-log(1 - uniform(key, 0, 0, v)) * 3 for v in range(len(found))], abs=1e-6)
