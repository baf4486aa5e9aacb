"""Encounters that have ended, as flat numbers: written once, turned into the arrays of a log block at a day's end."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from sim.flow.attendance import Spells
from sim.flow.log import NEVER, Cause, EncounterLog, VisitEnded
from sim.flow.people import ABANDONED, BALKED, IN_SERVICE, SERVED, TURNED_AWAY, WAITING, Customer
from sim.flow.plan import Plan

Ints = NDArray[np.int64]

_VISIT_ENDED = {
    WAITING: VisitEnded.WAITING,
    IN_SERVICE: VisitEnded.IN_SERVICE,
    SERVED: VisitEnded.SERVED,
    BALKED: VisitEnded.BALKED,
    ABANDONED: VisitEnded.ABANDONED,
    TURNED_AWAY: VisitEnded.TURNED_AWAY,
}
_ENDED = np.array([_VISIT_ENDED[stands] for stands in range(len(_VISIT_ENDED))], dtype=np.int64)

_CUSTOMER = ("number", "segment", "day", "index", "arrived_us", "left_us", "ended_as", "group")
_VISIT = ("stage", "visit", "joined_us", "started_us", "ended_us", "member", "shift_us", "standing")
# What stays at its beginning unless the scenario has something that changes it is not copied for each visit.
_OF_RETURNS: dict[str, int] = {"away_us": 0, "return_lost": 0}
_OF_RECOVERY: dict[str, int] = {"problem": 0, "voiced": 0, "resolved": 0, "recovered_us": NEVER}
_OF_MORE: dict[str, int] = {"present": 0, "capacity": 0, "announced_us": NEVER, "checked": 0, "error": 0}


class Recorder:
    """Keeps numbers, not customers: who has ended is forgotten at once, so that a long run costs no more a visit."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        site = plan.site
        returns = any(stage.returns or stage.retry for stage in site.stages)
        recovery = site.scenario.management.recovery is not None
        more = site.uses_pressure or any(s.announces or s.actions or s.error for s in site.stages)
        booked = any(segment.arrivals.at is not None for segment in site.scenario.customers.values())
        self._of_customer = (
            *_CUSTOMER,
            *(_OF_RETURNS if returns else ()),
            *(_OF_RECOVERY if recovery else ()),
        )
        read = [f"trouble.{name}" if name in _OF_RECOVERY else name for name in self._of_customer]
        self._of_visit = (*_VISIT, *(_OF_MORE if more else ()), *(("waits_from_us",) if booked else ()))
        self._read_customer = attrgetter(*read)
        self._read_visit = attrgetter(*self._of_visit)
        self._fill = bytes([Cause.NOT_PERFORMED]) * site.action_columns
        self._start()

    def _start(self) -> None:
        self._customers: list[int] = []
        self._visits: list[int] = []
        self._visits_each: list[int] = []
        self._causes = bytearray()

    def add(self, who: Customer) -> None:
        """Write down an encounter and all its visits."""
        self._customers.extend(self._read_customer(who))
        self._visits_each.append(len(who.visits))
        note, read, fill = self._visits.extend, self._read_visit, self._fill
        for visit in who.visits:
            note(read(visit))
            if fill:
                self._causes += visit.causes
                self._causes += fill[len(visit.causes) :]
        who.visits = []  # a visit knows its customer: without the way back both go when nobody needs them

    def block(
        self,
        spells: Spells,
        windows: list[tuple[int, int]],
        arrivals: Iterable[int] = (),
        queue_area_us: Iterable[int] = (),
        warnings: tuple[str, ...] = (),
    ) -> EncounterLog:
        """What was written since the last block, by number of the encounter, its visits in order."""
        customers = _table(self._customers, len(self._of_customer))
        order = np.argsort(customers[:, 0], kind="stable")
        each = np.array(self._visits_each, dtype=np.int64)
        visit_order = _grouped(each, order)
        visits = _table(self._visits, len(self._of_visit))[visit_order]
        causes = np.array(self._causes, dtype=np.uint8).reshape(len(visits), len(self._fill))
        of_customer = _columns(customers[order], self._of_customer, _OF_RETURNS | _OF_RECOVERY)
        of_visit = _columns(visits, self._of_visit, _OF_MORE)
        spell = np.array(spells, dtype=np.int64).reshape(-1, 4)
        window = np.array(windows, dtype=np.int64).reshape(-1, 2)
        log = EncounterLog(
            site=self._plan.site,
            seed=self._plan.seed,
            replication=self._plan.replication,
            **of_customer,
            encounter=np.repeat(np.arange(len(order)), each[order]),
            visit_ended_as=_ENDED[of_visit.pop("standing")],
            waits_from_us=of_visit.pop("waits_from_us", of_visit["joined_us"]),
            **of_visit,
            causes=causes[visit_order],
            spell_member=spell[:, 0],
            spell_kind=spell[:, 1],
            spell_start_us=spell[:, 2],
            spell_end_us=spell[:, 3],
            window_start_us=window[:, 0],
            window_end_us=window[:, 1],
            arrivals=np.array(list(arrivals), dtype=np.int64),
            queue_area_us=np.array(list(queue_area_us), dtype=np.int64),
            warnings=warnings,
        )
        self._start()
        return log


def _columns(table: Ints, names: tuple[str, ...], beginning: dict[str, int]) -> dict[str, Ints]:
    """One array for each name; what was not copied is as it began."""
    found = {name: np.full(len(table), value) for name, value in beginning.items()}
    return found | dict(zip(names, np.ascontiguousarray(table.T), strict=True))


def _table(numbers: list[int], width: int) -> Ints:
    return np.array(numbers, dtype=np.int64).reshape(-1, width)


def _grouped(each: Ints, order: Ints) -> Ints:
    """Positions of the visits when their encounters, of ``each`` so many visits, are put in ``order``."""
    first = np.cumsum(each) - each
    count = each[order]
    start = np.repeat(first[order] - (np.cumsum(count) - count), count)
    positions: Ints = start + np.arange(len(start))
    return positions
