"""Those who are at the site: a customer on her encounter, one of her visits, a member of staff. Engine state."""

from __future__ import annotations

from typing import NamedTuple

import simpy

from sim.flow.blueprint import LEAVE, NOBODY, MemberTable, SegmentTable
from sim.flow.clock import Callback, Happening, Moment
from sim.flow.log import NEVER, Spell
from sim.flow.luck import FOR_EVER_US, Luck
from sim.flow.plan import DayLuck
from sim.flow.state import Person

# How it stands with a visit: plain numbers, asked for many times in each visit.
WAITING, IN_SERVICE, SERVED, BALKED, ABANDONED, TURNED_AWAY = range(6)


def nothing(_: simpy.Event) -> None:
    """Stand in until there is a process to resume, and when it is over."""


class Trouble(NamedTuple):
    """What went wrong in an encounter, and what was done about it; only where there is recovery."""

    problem: int = 0  # the worst, as the log's Severity
    voiced: int = 0
    resolved: int = 0
    recovered_us: int = NEVER
    spoke_up_us: int = NEVER
    is_due: bool = False  # to be heard before she leaves
    complains: bool = False  # she is where complaints are heard


NO_TROUBLE = Trouble()


class Customer:
    """One encounter under way."""

    __slots__ = (
        "appointment_us",
        "arrived_us",
        "away_for_us",
        "away_us",
        "been_at",
        "comes_back_to",
        "day",
        "day_luck",
        "due_us",
        "ended_as",
        "group",
        "index",
        "left_us",
        "number",
        "places",
        "resume",
        "return_lost",
        "row",
        "segment",
        "served_by",
        "table",
        "trouble",
        "visits",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        segment: int,
        table: SegmentTable,
        day: int,
        index: int,
        arrived_us: int,
        appointment_us: int,
        group: int,
        row: int,
        day_luck: DayLuck,
    ) -> None:
        self.number = number
        self.segment = segment
        self.table = table
        self.day = day
        self.index = index
        self.arrived_us = arrived_us
        self.appointment_us = appointment_us
        self.group = group
        self.row = row  # in the luck of her segment's day
        self.day_luck = day_luck
        self.resume: Callback = nothing  # what an event that she waits on sets off
        self.left_us = NEVER
        self.away_us = 0
        self.ended_as = NEVER
        self.visits: list[Visit] = []
        self.been_at = 0  # stages visited, as bits
        self.places: tuple[int, ...] = ()  # held
        self.served_by: tuple[tuple[int, int], ...] = ()  # (stage, member), the latest first; where a stage asks
        self.comes_back_to = LEAVE  # stage of a pending return or retry
        self.away_for_us = 0  # how long after leaving it is due
        self.due_us = NEVER  # and when, once she has left
        self.return_lost = False
        self.trouble = NO_TROUBLE


class Visit(Happening):
    """One passage through one stage; what the log will say of it. As an event, it happens when its service ends."""

    __slots__ = (
        "announced_us", "callbacks", "capacity", "causes", "checked", "customer", "ended_us", "error", "ghost_us",
        "joined_us", "luck", "member", "patience_ends", "patience_us", "place_due", "present", "row", "sequence",
        "server", "shift_us", "stage", "standing", "started_us", "visit", "waits_from_us", "work_min",
    )  # fmt: skip

    def __init__(self, customer: Customer, stage: int, visit: int, luck: Luck, row: int, joined_us: int) -> None:
        self.callbacks: list[Callback] = [customer.resume]
        self.customer = customer
        self.stage = stage
        self.visit = visit
        self.luck = luck
        self.row = row  # hers in the columns of ``luck``
        self.work_min = luck.work_min[0][row]
        self.joined_us = joined_us
        self.waits_from_us = joined_us
        self.patience_us = luck.patience_us[0][row] if luck.patience_us else FOR_EVER_US
        self.standing = WAITING
        self.sequence = 0  # order of joining over all stages; 0: never waited
        self.started_us = NEVER
        self.ended_us = NEVER
        self.member = NOBODY
        self.server: Member | None = None  # who serves or served her
        self.patience_ends: Moment | None = None  # while she waits, if ever
        self.place_due = False  # waits for a place before staff
        self.ghost_us = 0  # left in silence: the time a member will waste on her
        self.announced_us = NEVER
        self.present = 0
        self.capacity = 0
        self.shift_us = 0
        self.checked = 0
        self.error = 0
        self.causes = b""


class Member:
    """One member of staff on the floor."""

    __slots__ = (
        "at_once", "break_due_us", "break_ends_us", "clock_base_us", "clock_from_us", "idle_since_us", "in_hand",
        "on_duty", "person", "position", "role", "rostered", "serves_mask", "shelf", "slow", "slowdown", "spell",
        "spell_from_us", "table",
    )  # fmt: skip

    def __init__(self, position: int, table: MemberTable, person: Person, slowdown: float) -> None:
        self.position = position
        self.table = table
        self.person = person
        self.role = table.role
        self.at_once = table.at_once
        self.slowdown = slowdown
        self.slow: tuple[float, ...] = ()  # learning over pace, by stage; set for each day
        self.serves_mask = sum(1 << s for s, pace in enumerate(table.pace_at) if pace > 0)
        self.in_hand = 0
        self.on_duty = False  # may take customers: on the roster or staying after close, not on a break
        self.rostered = False  # the roster has her here now, on a break or not
        self.idle_since_us = 0
        self.shelf: tuple[int, int] | None = None  # her entry among the free members
        self.spell = Spell.ON_DUTY  # kind of the open spell
        self.spell_from_us = NEVER  # its start; NEVER while she is not here
        self.break_due_us = 0  # length of a break that waits for the work in hand
        self.break_ends_us = NEVER
        self.clock_base_us = 0  # time on shift, breaks allowed for, at ``clock_from_us``
        self.clock_from_us = 0

    def on_shift_us(self, now: int) -> int:
        """Time on shift, as fatigue counts it."""
        return self.clock_base_us + now - self.clock_from_us
