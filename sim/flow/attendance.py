"""Members coming on duty, going on a break, staying late and going home; and the record of their time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sim.flow.clock import Clock, call_at
from sim.flow.dispatcher import Dispatcher
from sim.flow.log import NEVER, Spell
from sim.flow.people import Member
from sim.flow.roster import Duty
from sim.order import STAFF_OFF, STAFF_ON

Spells = list[tuple[int, int, int, int]]  # member, kind, start, end

HALF_HOUR_US = 30 * 60_000_000


class Attendance:
    """Moves members by the roster. Whoever has work in hand finishes it first: that is overtime, or a late break."""

    def __init__(self, env: Clock, dispatcher: Dispatcher) -> None:
        self._env = env
        self._dispatcher = dispatcher
        self._spells: Spells = []
        self._to_come: list[Duty] = []

    def expect(self, duty: Duty) -> None:
        """Note a stretch of the roster ahead of its start."""
        member = self._dispatcher.members[duty.member]
        self._to_come.append(duty)
        self._at(duty.on_us, STAFF_ON, member, lambda: self._begin(member, duty))

    def _at(self, at_us: int, kind: int, member: Member, what: Callable[[], None]) -> None:
        # Identity 0 is the opening's; members follow in order of role × position.
        call_at(self._env, at_us, kind + member.position + 1, what)

    def _begin(self, member: Member, duty: Duty) -> None:
        for start, end in duty.breaks_us:
            self._at(start, STAFF_OFF, member, partial(self._pause, member, end - start))
        if duty.goes_off:
            self._at(duty.off_us, STAFF_OFF, member, lambda: self._go_off(member))
        for shift in duty.shifts_us:
            if shift > duty.on_us:
                self._at(shift, STAFF_ON, member, lambda: self._new_shift(member))
            elif not duty.comes_on:
                self._new_shift(member)
        if duty.comes_on:
            self._come_on(member)

    def _new_shift(self, member: Member) -> None:
        member.clock_base_us, member.clock_from_us = 0, self._env.now

    def _come_on(self, member: Member) -> None:
        now = self._env.now
        member.rostered = True
        member.break_ends_us = NEVER
        member.break_due_us = 0
        self._spell(member, Spell.ON_DUTY)  # ends the overtime of who is still here from before
        self._new_shift(member)
        if member.in_hand == 0:
            member.idle_since_us = now
        self._dispatcher.set_on_duty(member, True)
        self._dispatcher.turn_to_next(member, now)

    def _go_off(self, member: Member) -> None:
        member.rostered = False
        member.break_due_us = 0
        self._dispatcher.set_on_duty(member, False)
        member.break_ends_us = NEVER
        self._spell(member, Spell.OVERTIME if member.in_hand else None)
        self._dispatcher.let_others_take(self._env.now)

    def _pause(self, member: Member, length_us: int) -> None:
        if not member.rostered:
            return
        if member.in_hand or member.break_ends_us != NEVER:
            member.break_due_us += length_us  # after the work in hand, or after the break she is on
            self._dispatcher.set_on_duty(member, False)
        else:
            self._start_break(member, length_us)

    def _start_break(self, member: Member, length_us: int) -> None:
        now = self._env.now
        self._dispatcher.set_on_duty(member, False)
        self._spell(member, Spell.BREAK)
        # A break takes time off the clock of fatigue: half of it for each half hour.
        rest = max(0.0, 1.0 - 0.5 * length_us / HALF_HOUR_US)
        member.clock_base_us = int(member.on_shift_us(now) * rest)
        member.break_ends_us = now + length_us
        member.break_due_us = 0
        ends = member.break_ends_us
        self._at(ends, STAFF_ON, member, lambda: self._end_break(member, ends))

    def _end_break(self, member: Member, ends: int) -> None:
        if member.break_ends_us != ends:
            return  # she has gone off duty in between
        now = self._env.now
        member.break_ends_us = NEVER
        member.clock_from_us = now
        if member.break_due_us:
            self._start_break(member, member.break_due_us)
            return
        self._spell(member, Spell.ON_DUTY)
        member.idle_since_us = now
        self._dispatcher.set_on_duty(member, True)
        self._dispatcher.turn_to_next(member, now)

    def hands_empty(self, member: Member) -> None:
        """A member who takes nobody any more has finished her work in hand."""
        if member.rostered and member.break_due_us:
            self._start_break(member, member.break_due_us)
        elif not member.rostered and not member.on_duty:
            self._spell(member, None)

    def close(self, stays: bool) -> None:
        """The roster ends with the opening hours; those on duty may stay for the customers inside."""
        for member in self._dispatcher.members:
            if not member.rostered:
                continue
            at_work = member.break_ends_us == NEVER
            member.rostered = False
            member.break_ends_us = NEVER
            member.break_due_us = 0
            if at_work and (stays or member.in_hand):
                self._spell(member, Spell.OVERTIME)
                self._dispatcher.set_on_duty(member, stays)
                self._dispatcher.turn_to_next(member, self._env.now)  # a break that was due held a free hand back
            else:
                self._spell(member, None)
                self._dispatcher.set_on_duty(member, False)

    def send_home(self, needed: int) -> None:
        """After close: who has nothing in hand and serves none of the ``needed`` stages (bit mask) goes."""
        for member in self._dispatcher.members:
            if member.on_duty and not member.rostered and not member.in_hand and not member.serves_mask & needed:
                self._dispatcher.set_on_duty(member, False)
                self._spell(member, None)

    def open(self) -> None:
        """At the next opening the new roster takes over: who stayed late takes nobody any more."""
        for member in self._dispatcher.members:
            if member.on_duty and not member.rostered:
                self._dispatcher.set_on_duty(member, False)
                if not member.in_hand:
                    self._spell(member, None)

    def staying_or_coming(self) -> list[Member]:
        """Those who take customers after close, and those who come on duty later that day."""
        now, members = self._env.now, self._dispatcher.members
        self._to_come = [duty for duty in self._to_come if duty.on_us > now]
        return [m for m in members if m.on_duty] + [members[duty.member] for duty in self._to_come]

    def note(self, member: Member, kind: Spell, start_us: int, end_us: int) -> None:
        """Note time of a member on duty that no customer has of her: wasted, or spent in thought."""
        self._spells.append((member.position, kind, start_us, end_us))

    def take_spells(self) -> Spells:
        """The stretches of time that have ended since they were last taken."""
        taken, self._spells = self._spells, []
        return taken

    def stop(self) -> None:
        """At the horizon, end every open stretch."""
        for member in self._dispatcher.members:
            self._spell(member, None)

    def _spell(self, member: Member, kind: Spell | None) -> None:
        """End the open stretch of a member's time and begin another, or none."""
        now = self._env.now
        if member.spell_from_us != NEVER and now > member.spell_from_us:
            self._spells.append((member.position, member.spell, member.spell_from_us, now))
        member.spell_from_us = NEVER if kind is None else now
        if kind is not None:
            member.spell = kind
