"""The engine: each encounter is a SimPy process that reads like the service blueprint."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sim.flow.calendar import open_spans
from sim.flow.clock import Clock, Moment, Steps, call_at, follow
from sim.flow.floor import Floor
from sim.flow.log import EncounterLog, Ended
from sim.flow.people import Customer, Stands
from sim.flow.plan import DayArrivals, FirstLuck, Plan
from sim.flow.recorder import block
from sim.flow.roster import roster
from sim.flow.site import LEAVE, Site
from sim.order import ARRIVAL, CLOSE, STAFF_ON
from sim.units import DAY_US


def encounter(floor: Floor, who: Customer) -> Steps:
    """Arrive and pass through the site; come back if a return or a retry is due."""
    floor.arrive(who)
    yield from passage(floor, who, who.table.start)
    while floor.comes_back(who):
        yield floor.away(who)
        stage, who.comes_back_to = who.comes_back_to, LEAVE
        yield from passage(floor, who, stage)


def passage(floor: Floor, who: Customer, stage: int) -> Steps:
    """Enter; at each stage join, wait and be served; leave, early if the wait is too long."""
    if not floor.enter(who):
        return
    served_by = None
    who.ended_as = Ended.COMPLETED
    while stage != LEAVE:
        visit = floor.join(who, stage)
        floor.turn_to_next(served_by)  # only now: another free member may have taken her
        served_by = None
        if visit.standing == Stands.WAITING:
            yield floor.wait(visit)
        if visit.standing != Stands.IN_SERVICE:
            floor.lose(visit)
            break
        yield visit.service_ends
        served_by, stage = floor.complete(visit)
    floor.leave(who)
    floor.turn_to_next(served_by)


def arrive(floor: Floor, env: Clock, customers: Iterator[Customer]) -> Steps:
    """The day's arrivals, one after another."""
    for who in customers:
        yield Moment(env, who.arrived_us, ARRIVAL + who.number)
        follow(encounter(floor, who))


def run(plan: Plan) -> Iterator[EncounterLog]:
    """Simulate a plan; yields the encounters that have ended, about a day at a time, and the rest at the end."""
    site = plan.site
    env = Clock()
    floor = Floor(plan, env)
    windows = Windows(site, floor)
    number = 0
    for day, (came, of_segment) in enumerate(plan.days()):
        floor.performance.begin_day(day, floor.dispatcher.members)
        for duty in roster(site, day, plan.absent):
            floor.attendance.expect(duty)
        windows.expect(env, day)
        drawn = plan.first_luck(of_segment)
        follow(arrive(floor, env, _customers(site, came, drawn, number)))
        number += len(came.index)
        if day + 1 < site.days:
            env.run(until=_start_of(site, day + 1))
            finished, floor.finished = floor.finished, []
            spells, floor.attendance.spells = floor.attendance.spells, []
            yield block(plan, finished, spells, windows.take())
    env.run(until=site.horizon_us)
    floor.stop()
    yield block(
        plan,
        floor.finished,
        floor.attendance.spells,
        windows.take(at_the_end=True),
        floor.arrivals,
        floor.queue_area_us,
        tuple(floor.warnings),
    )


def _start_of(site: Site, day: int) -> int:
    """When a day's plan must be known: at its opening, or its midnight if it has none."""
    spans = open_spans(site, day)
    return spans[0][0] if spans else day * DAY_US


def _customers(site: Site, came: DayArrivals, drawn: list[list[FirstLuck]], first: int) -> Iterator[Customer]:
    columns = (came.segment, came.day, came.index, came.arrived_us, came.appointment_us, came.group, came.row)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for number, (segment, day, index, arrived, appointment, group, row) in enumerate(rows, first):
        yield Customer(
            number,
            segment,
            site.customers[segment],
            day,
            index,
            arrived,
            appointment,
            group,
            row,
            drawn[segment],
        )


class Windows:
    """Measured time: each stretch from opening to the later of close and last departure."""

    def __init__(self, site: Site, floor: Floor) -> None:
        self._site = site
        self._floor = floor
        self._opened_us: int | None = None
        self._closed_us = 0
        self._ready: list[tuple[int, int]] = []

    def expect(self, env: Clock, day: int) -> None:
        """Note a day's opening and closing times ahead of them."""
        if self._site.never_closes:
            self._ready.append((day * DAY_US, (day + 1) * DAY_US))
            return
        for opens, closes in open_spans(self._site, day):
            call_at(env, opens, STAFF_ON, partial(self._open, opens))
            call_at(env, closes, CLOSE, partial(self._close, closes))

    def _open(self, at_us: int) -> None:
        self._finish(at_us)
        self._opened_us = at_us
        self._floor.open()

    def _close(self, at_us: int) -> None:
        self._closed_us = at_us
        self._floor.close()

    def _finish(self, now: int) -> None:
        if self._opened_us is not None and not self._floor.is_open:
            busy = self._floor.encounters_inside > 0
            end = now if busy else max(self._closed_us, self._floor.last_departure_us)
            self._ready.append((self._opened_us, end))
            self._opened_us = None

    def take(self, at_the_end: bool = False) -> list[tuple[int, int]]:
        """The stretches that are over; with work left inside, a stretch lasts until the next opening or the end."""
        if not self._site.never_closes and (at_the_end or not self._floor.encounters_inside):
            self._finish(self._site.horizon_us)
        ready, self._ready = self._ready, []
        return ready
