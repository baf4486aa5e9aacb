"""How busy staff have been of late: hands at work against hands there, over a window that moves with the clock."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from sim.flow.clock import Clock
from sim.flow.people import Member
from sim.flow.site import Site
from sim.rules.pressure import is_overloaded
from sim.units import to_us


class _Piece(NamedTuple):
    """A stretch of time, up to its end, in which nothing changed."""

    end_us: int
    busy: int
    there: int


class _Lately:
    """One role's hands over the window: exact sums, in hand-microseconds."""

    __slots__ = ("_from_us", "_last_us", "_pieces", "_window_us", "busy", "busy_us", "since_us", "there", "there_us")

    def __init__(self, window_us: int) -> None:
        self._window_us = window_us
        self._pieces: deque[_Piece] = deque()
        self._from_us = 0  # where the first piece begins
        self._last_us = 0  # where the last one ends
        self.busy = self.there = 0  # hands, now
        self.busy_us = self.there_us = 0  # summed over the pieces
        self.since_us = 0  # somebody has been there from then on, if anybody is

    def move_to(self, now: int) -> None:
        """Let the window end now."""
        length = now - self._last_us
        if length:
            self._pieces.append(_Piece(now, self.busy, self.there))
            self.busy_us += self.busy * length
            self.there_us += self.there * length
            self._last_us = now
        edge = now - self._window_us
        while self._pieces and self._from_us < edge:
            first = self._pieces[0]
            cut = min(edge, first.end_us)
            self.busy_us -= first.busy * (cut - self._from_us)
            self.there_us -= first.there * (cut - self._from_us)
            self._from_us = cut
            if cut == first.end_us:
                self._pieces.popleft()

    def change(self, busy: int, there: int, now: int) -> None:
        """So many hands more, or fewer, from now on."""
        self.move_to(now)
        if there > 0 and self.there == 0:
            self.since_us = now
        self.busy += busy
        self.there += there


class Busyness:
    """Follows the hands of each role. A hand is there while its member is on duty, or still at work after duty."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self._clock = clock
        overload = site.scenario.quality.load.overload
        self._above = overload.above
        self._window_us = to_us(overload.over)
        self._roles = [_Lately(self._window_us) for _ in site.roles]
        self._hands = [(0, 0)] * len(site.members)  # busy, there; by member

    def note(self, member: Member) -> None:
        """A member's hands or duty have changed."""
        was_busy, was_there = self._hands[member.position]
        busy = member.in_hand
        there = member.at_once if member.on_duty else busy
        if (busy, there) != (was_busy, was_there):
            self._hands[member.position] = busy, there
            self._roles[member.role].change(busy - was_busy, there - was_there, self._clock.now)

    def is_overload(self, roles: tuple[int, ...]) -> bool:
        """Whether these roles were busy for too much of their time; never before one was there so long at a stretch."""
        now = self._clock.now
        lately = [self._roles[role] for role in roles]
        if not any(role.there and now - role.since_us >= self._window_us for role in lately):
            return False
        for role in lately:
            role.move_to(now)
        return is_overloaded(sum(r.busy_us for r in lately), sum(r.there_us for r in lately), self._above)


def busyness_of(site: Site, clock: Clock) -> Busyness | None:
    """The record of busyness, where the scenario asks for it."""
    return Busyness(site, clock) if site.scenario.quality.load.overload.factor < 1.0 else None
