"""Opening and closing time, who stays for whom, and the measured time between the two."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.flow.calendar import joins, open_spans
from sim.flow.clock import Clock, call_at
from sim.flow.people import WAITING, Visit
from sim.flow.site import Site
from sim.order import CLOSE, STAFF_ON
from sim.units import DAY_US

if TYPE_CHECKING:
    from sim.flow.floor import Floor


class Closing:
    """Opens and closes the site. Measured time runs from opening to the later of close and last departure."""

    def __init__(self, site: Site, floor: Floor) -> None:
        self._site = site
        self._floor = floor
        self._opened_us: int | None = None
        self._closed_us = 0
        self._windows: list[tuple[int, int]] = []
        self.warnings: list[str] = []

    def expect(self, clock: Clock, day: int) -> None:
        """Note a day's opening and closing times ahead of them. Where a span joins the next nothing closes."""
        if self._site.never_closes:
            self._windows.append((day * DAY_US, (day + 1) * DAY_US))
            return
        through = joins(self._site, day)
        for opens, closes in open_spans(self._site, day):
            if opens not in through:
                call_at(clock, opens, STAFF_ON, partial(self._open, opens))
            if closes not in through:
                call_at(clock, closes, CLOSE, partial(self._close, closes))

    def _open(self, now: int) -> None:
        """Opening time; work left from before goes on."""
        self._finish(now)
        self._opened_us = now
        if self._floor.door.encounters_inside:
            self._warn("work was left at closing time and went on at the next opening")
        self._floor.attendance.open()
        for line in self._floor.dispatcher.lines:
            for visit in [visit for visit in line.waiting() if visit.ghost_us]:
                visit.ghost_us = 0  # who left without a word before closing is seen to be gone
                line.discard(visit)
        self._floor.door.is_open = True

    def _close(self, now: int) -> None:
        """Closing time: arrivals stop, and those waiting are served by who stays, or sent off."""
        floor = self._floor
        self._closed_us = now
        floor.door.is_open = False
        floor.attendance.close(self._site.serve_at_close or floor.door.encounters_inside > 0)
        waiting = [visit for line in floor.dispatcher.lines for visit in line.waiting() if not visit.ghost_us]
        waiting += floor.places.waiting()
        for visit in sorted(waiting, key=lambda v: v.sequence):
            if visit.standing == WAITING and not self.lets_wait(visit):
                floor.send_off(visit, now)
        self.send_home()

    def lets_wait(self, visit: Visit) -> bool:
        """Whether a visit may wait after close: the site serves those inside, and somebody will that day."""
        if not self._site.serve_at_close:
            return False
        stage, floor = self._site.stages[visit.stage], self._floor
        hands = floor.attendance.staying_or_coming() if stage.has_queue else []
        if stage.has_queue and not any(floor.dispatcher.may_serve(member, visit) for member in hands):
            self._warn(f"stage {stage.name}: customers were sent off after closing time, nobody there could serve them")
            return False
        return True

    def send_home(self) -> None:
        """Those who could serve nobody still inside go home."""
        needed = 0
        for stage, inside in zip(self._site.stages, self._floor.counts.inside, strict=True):
            if inside:
                needed |= stage.reach
        self._floor.attendance.send_home(needed)

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def _finish(self, now: int) -> None:
        door = self._floor.door
        if self._opened_us is not None and not door.is_open:
            end = now if door.encounters_inside else max(self._closed_us, door.last_departure_us)
            self._windows.append((self._opened_us, end))
            self._opened_us = None

    def windows(self, at_the_end: bool = False) -> list[tuple[int, int]]:
        """The measured time that is over; with work left inside, it lasts until the next opening or the end."""
        if not self._site.never_closes and (at_the_end or not self._floor.door.encounters_inside):
            self._finish(self._site.horizon_us)
        ready, self._windows = self._windows, []
        return ready
