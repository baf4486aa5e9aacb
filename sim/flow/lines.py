"""Who of those waiting at a stage is next: one line for each queue discipline."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator
from typing import Protocol

from sim.flow.blueprint import NOBODY, Discipline, StageTable
from sim.flow.people import WAITING, Member, Visit
from sim.rules.routing import pick_index

Eligible = Callable[[Member, Visit], bool]


class Line(Protocol):
    """The visits of one stage that wait for staff. Those who gave up are passed over when they are come to."""

    def add(self, visit: Visit) -> None:
        """Let a visit wait."""

    def oldest(self, member: Member) -> Visit | None:
        """The earliest-joined visit that the member may serve."""

    def take(self, member: Member) -> Visit | None:
        """Remove and return the visit that the discipline chooses for the member."""

    def discard(self, visit: Visit) -> None:
        """A visit that waited here has gone."""

    def waiting(self) -> Iterator[Visit]:
        """Those still waiting, in order of joining."""


def line_for(stage: StageTable, alike: bool, eligible: Eligible, luck_of_pick: Callable[[], float]) -> Line:
    """The line of a stage: the cheap forms where it is ``alike`` which of its staff serves whom."""
    alike = alike and stage.same_as == NOBODY and not stage.takes
    if alike and stage.discipline == Discipline.FIFO:
        return FifoLine()
    if alike and stage.discipline == Discipline.PRIORITY:
        return PriorityLine()
    return ScanLine(stage.discipline, eligible, luck_of_pick)


def _stays(visit: Visit) -> bool:
    """Whether a visit in a line still counts: waiting, or a customer who left without a word."""
    return visit.standing == WAITING or visit.ghost_us > 0


class FifoLine:
    """First come, first served."""

    def __init__(self) -> None:
        self._queue: deque[Visit] = deque()

    def add(self, visit: Visit) -> None:
        """Let a visit wait; visits come in order of joining."""
        self._queue.append(visit)

    def oldest(self, member: Member) -> Visit | None:
        """The head of the line."""
        queue = self._queue
        while queue:
            if _stays(queue[0]):
                return queue[0]
            queue.popleft()
        return None

    def take(self, member: Member) -> Visit | None:
        """Remove and return the head of the line."""
        queue = self._queue
        while queue:
            visit = queue.popleft()
            if visit.standing == WAITING or visit.ghost_us:
                return visit
        return None

    def discard(self, visit: Visit) -> None:
        """Nothing to do: who is gone is passed over when the line comes to her."""

    def waiting(self) -> Iterator[Visit]:
        """Those still waiting, in order of joining."""
        return (visit for visit in self._queue if _stays(visit))


class PriorityLine:
    """Lower priority first, then first come."""

    def __init__(self) -> None:
        self._queues: dict[int, deque[Visit]] = {}
        self._priorities: list[int] = []  # in order

    def add(self, visit: Visit) -> None:
        """Let a visit wait; visits come in order of joining."""
        priority = visit.customer.table.priority
        if priority not in self._queues:
            self._queues[priority] = deque()
            self._priorities = sorted(self._queues)
        self._queues[priority].append(visit)

    def oldest(self, member: Member) -> Visit | None:
        """The earliest-joined of all priorities."""
        heads = [queue[0] for queue in self._queues.values() if self._pruned(queue)]
        return min(heads, key=lambda visit: visit.sequence) if heads else None

    def take(self, member: Member) -> Visit | None:
        """Remove and return the first of the lowest priority."""
        for priority in self._priorities:
            queue = self._queues[priority]
            while queue:
                visit = queue.popleft()
                if visit.standing == WAITING or visit.ghost_us:
                    return visit
        return None

    @staticmethod
    def _pruned(queue: deque[Visit]) -> deque[Visit]:
        while queue and not _stays(queue[0]):
            queue.popleft()
        return queue

    def discard(self, visit: Visit) -> None:
        """Nothing to do: who is gone is passed over when the line comes to her."""

    def waiting(self) -> Iterator[Visit]:
        """Those still waiting, in order of joining."""
        queues = (filter(_stays, queue) for queue in self._queues.values())
        return heapq.merge(*queues, key=lambda visit: visit.sequence)


class ScanLine:
    """Any discipline, and visits that only some members may serve: kept in order of joining and searched."""

    def __init__(self, discipline: Discipline, eligible: Eligible, luck_of_pick: Callable[[], float]) -> None:
        self._discipline = discipline
        self._eligible = eligible
        self._luck_of_pick = luck_of_pick
        self._visits: list[Visit] = []

    def add(self, visit: Visit) -> None:
        """Let a visit wait; one who got a place late goes in where she joined."""
        at = bisect_left(self._visits, visit.sequence, key=lambda v: v.sequence)
        self._visits.insert(at, visit)

    def oldest(self, member: Member) -> Visit | None:
        """The earliest-joined visit that the member may serve."""
        return next((v for v in self._visits if self._eligible(member, v)), None)

    def take(self, member: Member) -> Visit | None:
        """Remove and return the visit that the discipline chooses among those the member may serve."""
        if self._discipline == Discipline.FIFO:
            chosen = self.oldest(member)
        elif self._discipline == Discipline.LIFO:
            chosen = next((v for v in reversed(self._visits) if self._eligible(member, v)), None)
        else:
            may = [v for v in self._visits if self._eligible(member, v)]
            if not may:
                return None
            if self._discipline == Discipline.PRIORITY:
                chosen = min(may, key=lambda v: (v.customer.table.priority, v.sequence))
            else:
                chosen = may[pick_index(self._luck_of_pick(), len(may))]
        if chosen is not None:
            self.discard(chosen)
        return chosen

    def discard(self, visit: Visit) -> None:
        """Take a visit out, wherever it stands."""
        at = bisect_left(self._visits, visit.sequence, key=lambda v: v.sequence)
        if at < len(self._visits) and self._visits[at] is visit:
            del self._visits[at]

    def waiting(self) -> Iterator[Visit]:
        """Those still waiting, in order of joining."""
        return iter(self._visits)
