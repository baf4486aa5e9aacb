"""Giving up: when, why, and what staff notice of it. Worked out by hand."""

import pytest

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import Run, clock, desk, segment, stage


def test_she_leaves_when_the_wait_reaches_her_patience():
    run = Run(desk(customers={"all": segment("08:00", "08:01", patience=3)}))
    assert run.ended == ["completed", "abandoned"]
    assert run.at("desk", "how", "ended", "wait") == [("served", 485, 0), ("abandoned", 484, 3)]
    assert run.encounters[1]["left"] == 484


def test_patience_does_not_end_a_service():
    run = Run(desk(customers={"all": segment("08:00", patience=1)}))
    assert run.at("desk", "how", "ended") == [("served", 485)]


def test_without_patience_given_she_waits_for_ever():
    run = Run(desk(customers={"all": segment("08:00", "08:01", patience="never")}, stages={"desk": stage("9 h")}))
    assert run.at("desk", "how", "started") == [("served", 480), ("served", 1020)]


def test_patience_nought_leaves_at_once_when_she_must_wait():
    law = {"dist": "mixture", "of": [0, "never"], "weights": [1, 0]}
    for patience in (0, law):
        run = Run(desk(customers={"all": segment("08:00", "08:01", "08:05", patience=patience)}))
        assert run.at("desk", "how", "ended") == [("served", 485), ("abandoned", 481), ("served", 490)]


def test_each_queue_has_its_own_patience():
    """2.5 minutes at the desk, four at the till: customer 1 waits two at the one and four at the other."""
    stages = {"desk": stage(2, next={"till": 1}), "till": stage(6, ["cashier"])}
    staff = {"clerk": {"count": 1}, "cashier": {"count": 1}}
    customers = {"all": segment("08:00", "08:00", "08:02", patience={"desk": 2.5, "till": 4})}
    run = Run(desk(customers=customers, stages=stages, staff=staff))
    assert run.at("desk", "started", "how") == [(480, "served"), (482, "served"), (484, "served")]
    assert run.at("till", "joined", "ended", "how") == [
        (482, 488, "served"), (484, 494, "served"), (486, 490, "abandoned"),
    ]  # fmt: skip


def test_a_law_by_time_of_day_is_that_in_force_on_joining():
    patience = {"dist": "by_time", "08:00": 1, "12:00": 3}
    run = Run(desk(customers={"all": segment("11:58", "11:59", "12:01", "12:02", patience=patience)}))
    assert run.at("desk", "how", "ended") == [
        ("served", 723), ("abandoned", 720), ("served", 728), ("abandoned", 725),
    ]  # fmt: skip


def test_one_uniform_for_customer_stage_and_visit():
    """The law is exponential: patience is -log(1-u)·mean, of the customer's own uniform."""
    law = {"dist": "exponential", "mean": 2}
    run = Run(desk(customers={"all": segment("08:00", "08:00", "08:00", patience=law)}, stages={"desk": stage(500)}))
    from sim.arithmetic import log

    key = stream_key(1, 0, "patience", "all", "desk")
    waits = [row["wait"] for row in run.visits[1:]]
    assert waits == pytest.approx([-log(1 - uniform(key, i, 0)) * 2 for i in (1, 2)], abs=1e-6)


def test_who_has_gone_is_passed_over():
    run = Run(desk(customers={"all": segment("08:00", "08:01"), "calm": segment("08:02")}, stages={"desk": stage(5)}))
    assert run.at("desk", "started") == [480, 485, 490]
    customers = {"first": segment("08:00"), "all": segment("08:01", patience=2), "calm": segment("08:02")}
    run = Run(desk(customers=customers))
    assert run.at("desk", "how", "started") == [("served", 480), ("abandoned", None), ("served", 485)]


SILENT = {"dist": "constant", "value": 2, "silent": {"share": 1, "wasted": 3}}


def test_a_silent_leaver_costs_whom_she_would_have_come_to():
    """Customer 1 leaves without a word at 08:03. The clerk turns to her at 08:05, learns it by 08:08, then serves 2."""
    customers = {"a": segment("08:00"), "b": segment("08:01", patience=SILENT), "c": segment("08:02")}
    run = Run(desk(customers=customers))
    assert run.at("desk", "how", "started", "ended") == [
        ("served", 480, 485), ("abandoned", None, 483), ("served", 488, 493),
    ]  # fmt: skip
    assert ("clerk 1", "wasted", 485, 488) in run.spells


def test_a_ghost_is_not_counted_as_waiting():
    """Nobody joins where one waits; the ghost of 08:03 does not keep customer 2 from it."""
    customers = {"a": segment("08:00"), "b": segment("08:01", patience=SILENT), "c": segment("08:04")}
    run = Run(desk(customers=customers, stages={"desk": stage(5, balk={"queue_at_least": 1})}))
    assert run.ended == ["completed", "abandoned", "completed"]
    assert run.column("queue_area_us").tolist() == [(2 + 4) * 60_000_000]


def test_a_ghost_of_yesterday_is_seen_to_be_gone():
    """She gives up at 17:59 while the clerk is busy to 18:05 and nobody else is inside: next morning nothing is left."""
    days = {"days": 2, "open": "08:00", "close": "18:00"}
    customers = {
        "a": segment({"time": "17:50", "day": 0}),
        "b": segment({"time": "17:57", "day": 0}, patience=SILENT),
        "c": segment({"time": "08:00", "day": 1}),
    }
    staff = {
        "clerk": {
            "members": [{"name": "Ana", "shift": ["08:00", "17:55"]}, {"name": "Bo", "shift": ["07:00", "17:55"]}]
        }
    }
    run = Run(desk(calendar=days, customers=customers, staff=staff, stages={"desk": stage(15)}))
    assert run.ended == ["completed", "abandoned", "completed"]
    assert run.at("desk", "started") == [clock("17:50"), None, clock("08:00", 1)]
    assert not [spell for spell in run.spells if spell[1] == "wasted"]


def test_the_share_of_the_silent_is_met_by_a_uniform_of_her_own():
    key = stream_key(1, 0, "silent", "all", "desk")
    for share, wasted in ((uniform(key, 1, 0) * 1.001, True), (uniform(key, 1, 0) * 0.999, False)):
        patience = {"dist": "constant", "value": 2, "silent": {"share": share, "wasted": 3}}
        run = Run(desk(customers={"all": segment("08:00", "08:01", patience=patience)}))
        assert bool([spell for spell in run.spells if spell[1] == "wasted"]) == wasted


def test_unfinished_at_the_horizon_is_cut_there():
    """A site that never closes, a service of two days: one in service and one waiting at the end of day 0."""
    run = Run(desk(calendar={"days": 1}, customers={"all": segment("08:00", "09:00")}, stages={"desk": stage("2 d")}))
    assert run.ended == ["unfinished", "unfinished"]
    assert run.at("desk", "how", "ended", "wait") == [("in_service", None, 0), ("waiting", None, 1440 - 540)]
