"""Those who are at the site: a customer on her encounter, one of her visits, a member of staff. Engine state."""

from __future__ import annotations

from collections.abc import Sequence

import simpy

from sim.flow.log import NEVER, Spell
from sim.flow.luck import FOR_EVER_US, Luck
from sim.flow.plan import FirstLuck
from sim.flow.site import LEAVE, NOBODY, MemberTable, SegmentTable
from sim.flow.state import Person


class Stands:
    """How it stands with a visit: plain numbers, they are asked for many times in each visit."""

    WAITING = 0
    IN_SERVICE = 1
    SERVED = 2
    BALKED = 3
    ABANDONED = 4
    TURNED_AWAY = 5


class Customer:
    """One encounter under way. What rarely changes stands in the class, so that a new customer costs little."""

    left_us = NEVER
    away_us = 0
    ended_as = NEVER
    places: tuple[int, ...] = ()  # held
    comes_back_to = LEAVE  # stage of a pending return or retry
    due_us = NEVER
    return_lost = False

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
        drawn: Sequence[FirstLuck],
    ) -> None:
        self.number = number
        self.segment = segment
        self.table = table
        self.day = day
        self.index = index
        self.row = row
        self.drawn = drawn  # by stage, the luck of all first passages of her segment's day; hers is at ``row``
        self.arrived_us = arrived_us
        self.appointment_us = appointment_us
        self.group = group
        self.visits: list[Visit] = []
        self.passages: dict[int, int] = {}  # visits so far, by stage
        self.served_by: dict[int, int] = {}  # the member who served each stage, where a later stage asks


class Visit:
    """One passage through one stage; what the log will say of it. Its beginning stands in the class."""

    patience_us = FOR_EVER_US
    standing: int = Stands.WAITING
    sequence = 0  # order of joining over all stages; 0: never waited
    started_us = NEVER
    ended_us = NEVER
    member = NOBODY
    turn: simpy.Event | None = None  # what the waiting customer waits on
    service_ends: simpy.Event  # once service has started
    place_due = False  # waits for a place before staff
    ghost_us = 0  # left in silence: the time a member will waste on her
    announced_us = NEVER
    present = 0
    capacity = 0
    shift_us = 0
    checked = 0
    error = 0
    causes = b""

    def __init__(self, customer: Customer, stage: int, visit: int, luck: Luck, work_min: float, joined_us: int) -> None:
        self.customer = customer
        self.stage = stage
        self.visit = visit
        self.luck = luck
        self.work_min = work_min
        self.joined_us = joined_us
        self.waits_from_us = joined_us


class Member:
    """One member of staff on the floor."""

    __slots__ = (
        "at_once", "break_due_us", "break_ends_us", "clock_base_us", "clock_from_us", "idle_since_us", "in_hand",
        "on_duty", "person", "position", "role", "rostered", "serves_mask", "shelf", "slow", "spell", "spell_from_us",
        "table",
    )  # fmt: skip

    def __init__(self, position: int, table: MemberTable, person: Person) -> None:
        self.position = position
        self.table = table
        self.person = person
        self.role = table.role
        self.at_once = table.at_once
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
