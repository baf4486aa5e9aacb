"""Booked customers: early, late, absent, and from when their wait counts. Worked out by hand."""

import pytest

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from tests.by_hand.run import Run, clock, desk


def booked(*at, start="desk", **more):
    return {"all": {"arrivals": {"at": list(at), **more}, "start": start}}


def test_late_moves_the_arrival():
    run = Run(desk(customers=booked("09:00", "10:00", late=7)))
    assert [row["arrived"] for row in run.encounters] == [547, 607]


def test_who_comes_early_waits_and_by_default_her_wait_counts_from_arrival():
    """Both come 10 minutes early; the first is served at once, the second waits for the clerk."""
    run = Run(desk(customers=booked("09:00", "09:00", late=-10)))
    assert run.at("desk", "joined", "started", "wait") == [(530, 530, 0), (530, 535, 5)]


def test_wait_from_the_appointment():
    """Served before the appointment: no wait. A third is served at 08:60 + 0, ten minutes after she joined."""
    run = Run(desk(customers=booked("09:00", "09:00", "09:00", "09:00", late=-10, wait_from="appointment")))
    assert run.at("desk", "started", "wait") == [(530, 0), (535, 0), (540, 0), (545, 5)]


def test_who_comes_late_waits_from_arrival_even_so():
    run = Run(desk(customers=booked("09:00", "09:00", late=10, wait_from="appointment")))
    assert run.at("desk", "started", "wait") == [(550, 0), (555, 5)]


def test_before_the_opening_she_waits_at_the_door():
    run = Run(desk(customers=booked("08:05", late=-30)))
    assert [row["arrived"] for row in run.encounters] == [480]
    assert run.at("desk", "joined", "started") == [(480, 480)]


def test_who_is_due_before_the_opening_waits_for_it_too():
    run = Run(desk(calendar={"days": 2, "open": "08:00", "close": "18:00"}, customers=booked("07:00")))
    assert [row["arrived"] for row in run.encounters] == [480, 1440 + 480]
    assert run.ended == ["completed", "completed"]


def test_after_close_she_is_refused():
    run = Run(desk(customers=booked("17:55", late=10)))
    assert run.ended == ["turned_away"]
    assert run.encounters[0]["arrived"] == 1085


def test_who_is_due_after_the_last_close_but_early_is_let_in():
    run = Run(desk(customers=booked("18:30", late=-60)))
    assert run.at("desk", "joined") == [1050]


def test_in_the_night_of_a_site_open_past_midnight():
    run = Run(desk(calendar={"days": 1, "open": "18:00", "close": "02:00"}, customers=booked("01:00", "19:00")))
    assert [row["arrived"] for row in run.encounters] == [1140, 1500]
    assert run.ended == ["completed", "completed"]


def test_no_shows_are_those_whose_uniform_is_below_the_share():
    key = stream_key(1, 0, "no_show", "all")
    luck = [uniform(key, i, 0) for i in range(3)]
    at = ["09:00", "10:00", "11:00"]
    for share in (0, min(luck) * 0.999, min(luck) * 1.001, max(luck) * 1.001):
        run = Run(desk(customers=booked(*at, no_show=min(1, share))))
        assert [row["index"] for row in run.encounters] == [i for i in range(3) if luck[i] >= share]


def test_a_day_of_its_own():
    days = {"days": 3, "open": "08:00", "close": "18:00"}
    run = Run(desk(calendar=days, customers=booked({"time": "09:00", "day": 1})))
    assert [row["arrived"] for row in run.encounters] == [clock("09:00", 1)]


def test_where_the_site_never_closes_the_late_come_on_the_next_day():
    run = Run(desk(calendar={"days": 2}, customers=booked({"time": "23:50", "day": 0}, late=20)))
    assert [(row["arrived"], row["day"]) for row in run.encounters] == [(1450, 0)]
    assert run.ended == ["completed"]


@pytest.mark.parametrize(("late", "first"), [(-1441, 0), (-30, 1)])
def test_nobody_comes_more_than_a_day_early(late, first):
    """Booked for day 1 at 00:20: 1441 minutes early is cut to a day, minute 20; 30 early is minute 1430."""
    run = Run(desk(calendar={"days": 2}, customers=booked({"time": "00:20", "day": 1}, late=late)))
    assert [row["arrived"] for row in run.encounters] == [20 if first == 0 else 1430]
