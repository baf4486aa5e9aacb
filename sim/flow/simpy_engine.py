"""The engine: each encounter is a SimPy process that reads like the service blueprint."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import simpy

from sim.flow.calendar import day_opens_us
from sim.flow.clock import Clock, Moment, Steps
from sim.flow.floor import Floor
from sim.flow.log import EncounterLog
from sim.flow.people import IN_SERVICE, WAITING, Customer, nothing
from sim.flow.plan import DayArrivals, DayLuck, Plan
from sim.flow.roster import roster
from sim.flow.site import Site
from sim.order import ARRIVAL


def encounter(floor: Floor, who: Customer) -> Steps:
    """Arrive; at each stage wait and be served; leave, early if the wait is too long; perhaps come back."""
    visit = floor.arrive(who)
    while True:
        while visit is not None:
            if visit.standing == WAITING:
                floor.wait(visit)  # for her turn, or the end of her patience
            if visit.standing <= IN_SERVICE:
                yield visit  # until its service has ended, unless she gives up or is sent off before it starts
            if visit.standing == IN_SERVICE:
                visit = floor.go_on(visit)  # to the next stage, or out
            else:
                floor.lose(visit)  # balked, out of patience, or sent off
                visit = None
        if not floor.door.comes_back(who):
            who.resume = nothing  # who holds her process no longer, so that both go at once
            yield None  # she has gone for good
        yield floor.door.away(who)
        visit = floor.come_back(who)


def expect(floor: Floor, clock: Clock, customers: Iterator[Customer]) -> None:
    """Let the day's customers arrive, one after another."""
    who = next(customers, None)
    if who is None:
        return

    def arrives(_: simpy.Event) -> None:
        steps = encounter(floor, who)
        who.resume = steps.send
        steps.send(None)
        expect(floor, clock, customers)

    Moment(clock, who.arrived_us - clock.now, ARRIVAL + who.number, arrives)


def run(plan: Plan) -> Generator[EncounterLog, Plan | None, None]:
    """Simulate a plan; yields the encounters that have ended, a day at a time, and the rest with the last day.

    In answer to a day's block the plan of the days to come may be sent: what a review has changed holds from there.
    """
    site = plan.site
    clock = Clock()
    floor = Floor(plan, clock)
    number = 0
    days = plan.days()
    for day in range(site.days):
        came, of_segment = next(days)
        floor.performance.begin_day(day, floor.dispatcher.members)
        for duty in roster(site, day, plan.absent):
            floor.attendance.expect(duty)
        floor.closing.expect(clock, day)
        luck = plan.day_luck(of_segment)
        expect(floor, clock, _customers(site, came, luck, number))
        number += len(came.index)
        if day + 1 < site.days:
            opens_us = day_opens_us(site, day + 1)
            if opens_us > clock.now:
                clock.run(until=opens_us)
            revised = yield floor.door.recorder.block(floor.attendance.take_spells(), floor.closing.windows())
            if revised is not None:
                plan, days = revised, revised.days(day + 1)
                floor.begin_period(plan)
    clock.run(until=site.horizon_us)
    floor.stop()
    yield floor.door.recorder.block(
        floor.attendance.take_spells(),
        floor.closing.windows(at_the_end=True),
        floor.door.arrivals,
        floor.counts.queue_area_us,
        tuple(floor.closing.warnings),
    )


def _customers(site: Site, came: DayArrivals, luck: list[DayLuck], first: int) -> Iterator[Customer]:
    columns = (came.segment, came.day, came.index, came.arrived_us, came.appointment_us, came.group, came.row)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for number, (segment, day, index, arrived, appointment, group, row) in enumerate(rows, first):
        table = site.customers[segment]
        yield Customer(number, segment, table, day, index, arrived, appointment, group, row, luck[segment])
