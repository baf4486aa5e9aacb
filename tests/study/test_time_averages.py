"""Time averages over the measured time, by hand."""

from math import isnan

import numpy as np
import pytest

from sim.flow.log import Ended, VisitEnded
from sim.flow.plan import draw
from sim.flow.simulate import simulate
from sim.flow.site import site_of
from sim.flow.state import initial_state
from sim.scenario import load
from sim.study.days import Day
from sim.study.measures import measure, measured, tally

from .logs import DAY, HOUR, cut, encounter, log, site, stage, visit
from .scenarios import desk
from .table import lookup, measures_of


def test_areas_over_the_window():
    whole = log(
        site([stage("desk")]),
        [encounter(60, 80), encounter(70, 90)],
        [visit(0, 60, 60, 80), visit(1, 70, 80, 90)],
        windows=[(60, 100)],
    )
    value = measures_of(whole)
    assert value("queue_mean") == 10 / 40
    assert value("in_service_mean") == 30 / 40
    assert value("in_system_mean") == 40 / 40
    assert value("queue_mean", stage="desk", segment="all") == 10 / 40


def test_what_lies_outside_the_windows_or_in_the_warm_up_does_not_count_but_all_who_are_present_do():
    whole = log(
        site([stage("desk")], warm_up=70),
        [encounter(50, 95), encounter(105, 230)],
        [visit(0, 50, 75, 95), visit(1, 105, 210, 230)],
        windows=[(60, 100), (200, 220)],
    )
    value = measures_of(whole)
    measured_time = 30 + 20
    assert value("arrivals") == 1  # the first came in the warm-up, yet was there
    assert value("queue_mean") == (5 + 10) / measured_time
    assert value("in_service_mean") == (20 + 10) / measured_time
    assert value("in_system_mean") == (25 + 20) / measured_time


def test_who_is_still_inside_at_the_horizon_counts_up_to_it():
    day = 24 * 60
    whole = log(
        site([stage("desk")], never_closes=True),
        [encounter(day - 60, ended_as=Ended.UNFINISHED), encounter(day - 20, ended_as=Ended.UNFINISHED)],
        [
            visit(0, day - 60, day - 60, None, ended_as=VisitEnded.IN_SERVICE),
            visit(1, day - 20, ended_as=VisitEnded.WAITING),
        ],
        windows=[(0, day)],
    )
    value = measures_of(whole)
    assert value("in_service_mean") == 60 / day
    assert value("queue_mean") == 20 / day


def test_abandoned_waits_count_and_time_away_does_not():
    whole = log(
        site([stage("desk")]),
        [encounter(0, 100, away=70)],
        [visit(0, 0, None, 20, ended_as=VisitEnded.ABANDONED), visit(0, 90, 90, 100)],
        windows=[(0, 100)],
    )
    value = measures_of(whole)
    assert value("queue_mean") == 20 / 100
    assert value("in_system_mean") == 30 / 100


def test_by_hour_of_the_day_over_two_days():
    day = 24 * 60
    whole = log(
        site([stage("desk")], days=2),
        [encounter(0, 90), encounter(day + 70, day + 80)],
        [visit(0, 0, 30, 90), visit(1, day + 70, day + 80, day + 80)],
        windows=[(0, 120), (day + 60, day + 120)],
    )
    value = measures_of(whole, by=("hour",))
    assert value("queue_mean", hour=0) == 30 / 60
    assert value("in_service_mean", hour=0) == 30 / 60
    assert value("in_service_mean", hour=1) == 30 / 120
    assert value("queue_mean", stage="desk", hour=1) == 10 / 120
    assert isnan(value("queue_mean", hour=5))


def test_a_window_that_comes_in_a_later_block_than_its_visits_still_covers_them():
    import random

    whole = log(
        site([stage("desk")]),
        [encounter(60, 80), encounter(70, 90)],
        [visit(0, 60, 60, 80), visit(1, 70, 80, 90)],
        windows=[(60, 100)],
    )
    whole_rows = tally(Day(whole, None))
    for trial in range(20):
        blocks = [block for block, _ in cut(whole, 4, random.Random(trial))]
        summed = tally(Day(blocks[0], None))
        for block in blocks[1:]:
            summed = summed + tally(Day(block, None))
        assert measured(whole.site, [summed]).rows == measured(whole.site, [whole_rows]).rows


def test_a_century_of_queueing_is_added_up_exactly():
    from sim.study.tallies.time_averages import Spans

    days = 36_500
    start = np.arange(days) * DAY + 8 * HOUR
    spans = Spans(start, start + 10 * HOUR + 1)
    assert spans.total_us() == days * (10 * HOUR + 1)
    assert spans.before(np.array([days * DAY]))[0] == spans.total_us()
    by_hour = [spans.in_hour(hour).total_us() for hour in range(24)]
    assert sum(by_hour) == spans.total_us()
    assert by_hour[18] == days
    assert by_hour[7] == 0
    assert by_hour[8] == days * HOUR


def test_lookup_refuses_rows_that_are_there_twice():
    whole = log(site([stage("desk")]), [], [])
    assert lookup(measured(whole.site, [tally(Day(whole, None))]))("arrivals") == 0


@pytest.mark.parametrize("calendar", [{"days": 4, "open": "09:00", "close": "11:00"}, {"days": 1}])
def test_queues_are_those_the_engine_counted_itself(calendar):
    """On the real engine: queue length × measured time is the engine's own integral, to the microsecond."""
    at = site_of(load(desk(calendar=calendar)))
    logs = list(simulate(draw(at, initial_state(at, 5, 0), 5, 0)))
    value = lookup(measure(Day(one, None) for one in logs))
    measured_us = sum(int((one.window_end_us - one.window_start_us).sum()) for one in logs)
    for j, name in enumerate(("desk", "till")):
        engines_own = int(logs[-1].queue_area_us[j])
        assert value("queue_mean", stage=name) * measured_us == pytest.approx(engines_own, abs=1)
        assert engines_own > 0
    inside = sum(int(np.where(one.left_us >= 0, one.left_us, at.horizon_us).sum() - one.arrived_us.sum()
                     - one.away_us.sum()) for one in logs)  # fmt: skip
    assert value("in_system_mean") * measured_us == pytest.approx(inside, abs=1)
