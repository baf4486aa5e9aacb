"""The course of a steady-state run by bucket of time: by hand, in any blocks, and against the measures of a run."""

import random
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.flow.log import Ended, VisitEnded
from sim.scenario import load
from sim.study.results.store import read
from sim.study.tallies.block import block_of
from sim.study.tallies.buckets import follows_clock
from sim.study.tallies.course import course
from sim.units import DAY_US

from .logs import MINUTE, cut, encounter, log, site, stage, visit

DAY = 24 * 60


def place(days, by_day, stages=("desk",), **more):
    at = site([stage(name, queue=name != "door") for name in stages], days=days, **more)
    at.scenario.calendar = SimpleNamespace(hours=() if by_day else None)
    return at


def hand():
    """Three days looked at one by one; the first half day is warm-up, which changes nothing."""
    return log(
        place(3, True, ("desk", "door"), warm_up=DAY / 2),
        [
            encounter(60, 120),
            encounter(23 * 60, 25 * 60),
            encounter(DAY + 5, DAY + 5, ended_as=Ended.BALKED),
            encounter(DAY - 10, 2 * DAY + 10),
            encounter(3 * DAY - 30, ended_as=Ended.UNFINISHED),
            encounter(3 * DAY - 20, 3 * DAY + 15),
        ],
        [
            visit(0, 60, 70, 120),
            visit(1, 23 * 60, 23 * 60 + 30, 25 * 60),
            visit(2, DAY + 5, None, DAY + 5, ended_as=VisitEnded.BALKED),
            visit(3, DAY - 10, DAY - 10, 2 * DAY + 10, stage=1),
            visit(4, 3 * DAY - 30, ended_as=VisitEnded.WAITING),
            visit(5, 3 * DAY - 20, 3 * DAY, 3 * DAY + 15),
        ],
    )


def test_customer_time_falls_where_it_was_spent_and_waits_where_they_began():
    found = course(block_of(hand(), None))
    assert found.bucket_us == DAY_US
    assert found.area_us.tolist() == [(60 + 60 + 10) * MINUTE, (60 + DAY) * MINUTE, (10 + 30 + 20 + 15) * MINUTE]
    assert found.wait_us.tolist() == [(10 + 30) * MINUTE, 0, (30 + 20) * MINUTE]
    assert found.joined.tolist() == [2, 0, 2]  # neither who balked nor who came to a stage without a queue


def test_a_thousand_buckets_where_nothing_follows_the_clock():
    whole = log(place(1, False), [encounter(0, DAY)], [visit(0, 0, DAY / 2, DAY)])
    found = course(block_of(whole, None))
    assert found.bucket_us == DAY_US // 1000
    assert np.all(found.area_us == DAY_US // 1000)
    assert len(found.area_us) == 1000
    assert (found.wait_us[0], found.wait_us[1:].max()) == (DAY * MINUTE // 2, 0)


def test_it_adds_up_to_the_same_in_any_blocks():
    whole = course(block_of(hand(), None))
    for trial in range(10):
        parts = [course(block_of(part, None)) for part, _ in cut(hand(), 3, random.Random(trial))]
        summed = parts[0] + parts[1] + parts[2]
        assert [summed.area_us.tolist(), summed.wait_us.tolist(), summed.joined.tolist()] == [
            whole.area_us.tolist(),
            whole.wait_us.tolist(),
            whole.joined.tolist(),
        ]


def test_an_empty_block_adds_nothing():
    nothing = course(block_of(log(place(3, True), [], []), None))
    assert (nothing + course(block_of(hand(), None))).joined.tolist() == [2, 0, 2]


# ---- on the real engine


def steady(**more):
    """A desk that never closes."""
    given = {
        "name": "steady",
        "calendar": {"days": 2, "warm_up": "0 d"},
        "replications": 2,
        "customers": {"all": {"arrivals": {"rate": "12/h"}, "start": "desk"}},
        "stages": {"desk": {"staff": ["clerk"], "work": {"dist": "exponential", "mean": "4 min"}}},
        "staff": {"clerk": {"count": 1}},
        "analysis": "steady_state",
    }
    return {**given, **more}


def of_site(result, measure):
    rows = result.measures
    return rows[(rows["measure"] == measure) & rows["stage"].isna() & rows["segment"].isna()].set_index(
        ["policy", "replication"]
    )["value"]


def test_its_sums_are_those_of_the_measures():
    """Nobody is left out: there is no warm-up, and the site never closes."""
    result = sim.run(steady())
    by_run = result.course.groupby(["policy", "replication"])
    assert by_run.size().tolist() == [1000, 1000]
    assert by_run["in_system"].mean().tolist() == pytest.approx(of_site(result, "in_system_mean").tolist(), rel=1e-12)
    waits = by_run["wait_sum_min"].sum() / by_run["joined"].sum()
    assert waits.tolist() == pytest.approx(of_site(result, "wait_mean").tolist(), rel=1e-12)
    assert (of_site(result, "wait_mean") > 1).all()


def test_its_sums_are_those_of_the_measures_by_day_and_past_midnight():
    """Closed by day: customer time over the length of the days is the mean on site over the measured time."""
    calendar = {"days": 5, "open": "20:00", "close": "02:00", "warm_up": 0}
    result = sim.run(steady(calendar=calendar), replications=1, log=True)
    found = result.course
    assert found["start_min"].tolist() == [day * 1440.0 for day in range(5)]
    visits = result.visits()
    stays = (visits["ended_min"] - visits["joined_min"]).sum()
    assert (found["in_system"] * 1440).sum() == pytest.approx(stays, rel=1e-9)
    assert found["wait_sum_min"].sum() / found["joined"].sum() == pytest.approx(of_site(result, "wait_mean").item())


def test_the_warm_up_is_in_it():
    whole = sim.run(steady(), replications=1).course
    cut_off = sim.run(steady(calendar={"days": 2, "warm_up": "1 d"}), replications=1).course
    assert cut_off.equals(whole)


def test_a_terminating_run_keeps_none():
    assert sim.run(steady(analysis="terminating"), replications=1).course is None


def test_it_is_stored_and_read_back(tmp_path):
    kept = sim.run(steady(), out=tmp_path, name="kept")
    assert read(kept.folder).course.equals(kept.course)
    assert (kept.folder / "course.parquet").exists()
    plain = sim.run(steady(analysis="terminating"), out=tmp_path, name="plain")
    assert read(plain.folder).course is None
    assert not (plain.folder / "course.parquet").exists()


# ---- what follows the clock


def changed(path, value):
    given = steady()
    *parents, last = path.split(".")
    part = given
    for key in parents:
        part = part[key]
    part[last] = value
    return load(given)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("calendar", {"days": 2, "warm_up": 0, "open": "08:00", "close": "18:00"}),
        ("calendar", {"days": 2, "warm_up": 0, "week": ["mon", "tue"]}),
        ("customers.all.arrivals.rate", {"00:00": "12/h", "08:00": "6/h"}),
        ("customers.all.arrivals.rate", {"mon": "12/h", "default": "6/h"}),
        ("customers.all.arrivals", {"at": ["09:00", "10:00"]}),
        ("stages.desk.work", {"dist": "by_time", "00:00": "4 min", "12:00": "3 min"}),
        ("staff.clerk", {"on_duty": {"00:00": 1, "08:00": 2}}),
        ("staff.clerk", {"on_duty": {"sat": 1, "default": 2}}),
        ("staff.clerk", {"members": [{"name": "Ana", "shift": ["00:00", "12:00"]}]}),
        ("staff.clerk", {"members": [{"name": "Ana", "shift": ["00:00", "24:00"], "breaks": [["12:00", "12:30"]]}]}),
        ("staff.clerk", {"members": [{"name": "Ana", "shift": ["00:00", "24:00"], "days": ["mon", "tue"]}]}),
    ],
)
def test_what_goes_by_time_of_day_or_weekday_follows_the_clock(path, value):
    assert follows_clock(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("customers.all.arrivals.rate", "12/h"),
        ("customers.all.arrivals.rate", {"00:00": "12/h"}),
        ("customers.all.arrivals", {"interarrival": {"dist": "exponential", "mean": "5 min"}}),
        ("staff.clerk", {"on_duty": {"00:00": 2}}),
        ("staff.clerk", {"members": [{"name": "Ana", "shift": ["00:00", "24:00"]}]}),
        ("policies", {"as_is": {}, "shifts": {"staff.clerk.count": 2}}),
    ],
)
def test_what_is_always_the_same_does_not(path, value):
    assert not follows_clock(changed(path, value))
