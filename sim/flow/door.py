"""The door: who may enter, who is inside, who has left, and who will be back."""

from __future__ import annotations

import simpy

from sim.errors import GuardStop
from sim.flow.blueprint import LEAVE
from sim.flow.calendar import next_opening, open_spans
from sim.flow.clock import Clock, Moment
from sim.flow.log import Ended
from sim.flow.people import Customer
from sim.flow.plan import Plan
from sim.flow.recorder import Recorder
from sim.order import ARRIVAL
from sim.units import DAY_US


class Door:
    """Counts people in and out. Every encounter that has arrived is in ``live`` until it is written down."""

    def __init__(self, plan: Plan, clock: Clock) -> None:
        self._clock = clock
        self._site = plan.site
        self._capacity = plan.site.scenario.site.capacity
        self._max_in_system = plan.site.scenario.site.max_in_system
        self.is_open = plan.site.never_closes
        self.people_inside = 0
        self.encounters_inside = 0
        self.last_departure_us = 0
        self.arrivals = [0] * len(plan.site.segments)
        self.live: dict[int, Customer] = {}
        self.recorder = Recorder(plan)

    def arrives(self, who: Customer) -> bool:
        """Count a customer's first arrival, and let her in or not."""
        self.arrivals[who.segment] += 1
        self.live[who.number] = who
        return self.admits(who)

    def admits(self, who: Customer) -> bool:
        """Let a customer onto the site, or not: closed, or full."""
        if not self.is_open:
            who.ended_as = Ended.TURNED_AWAY
            return False
        if self._capacity is not None and self.people_inside + who.group > self._capacity:
            who.ended_as = Ended.BLOCKED
            return False
        who.ended_as = Ended.COMPLETED  # unless something comes in between
        self.people_inside += who.group
        self.encounters_inside += 1
        if self.encounters_inside > self._max_in_system:
            raise GuardStop(
                f"more than {self._max_in_system} customers inside on day {self._clock.now // DAY_US}: arrivals outrun"
                " the staff; add staff, let customers leave, or raise site.max_in_system"
            )
        return True

    def let_out(self, who: Customer, now: int) -> None:
        """A customer goes off the site."""
        self.people_inside -= who.group
        self.encounters_inside -= 1
        self.last_departure_us = now

    def comes_back(self, who: Customer) -> bool:
        """Whether a return or retry is due within the horizon; if not, the encounter has ended and is written down."""
        now = self._clock.now
        if who.comes_back_to != LEAVE:
            due = self._when_open(now + who.away_for_us)
            if due is not None:
                who.due_us = due
                who.away_us += due - now
                return True
            who.return_lost = True
        who.left_us = now
        del self.live[who.number]
        self.recorder.add(who)
        return False

    def away(self, who: Customer) -> simpy.Event:
        """Wait elsewhere until a return or retry is due."""
        return Moment(self._clock, who.due_us - self._clock.now, ARRIVAL + who.number, who.resume)

    def _when_open(self, at_us: int) -> int | None:
        """The instant itself if the site is open then, else the next opening; None beyond the horizon."""
        if self._site.never_closes:
            return at_us if at_us < self._site.horizon_us else None
        for day in (at_us // DAY_US - 1, at_us // DAY_US):
            if 0 <= day < self._site.days:
                for opens, closes in open_spans(self._site, day):
                    if opens <= at_us < closes:
                        return at_us
        return next_opening(self._site, at_us)

    def stop(self) -> None:
        """The horizon: those still under way are unfinished."""
        for who in self.live.values():
            who.ended_as = Ended.UNFINISHED
            self.recorder.add(who)
