"""Finished encounters turned into the arrays of a log block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from sim.flow.attendance import Spells
from sim.flow.log import Cause, EncounterLog, VisitEnded
from sim.flow.people import Customer, Stands, Visit
from sim.flow.plan import Plan

Ints = NDArray[np.int64]

_VISIT_ENDED = {
    Stands.WAITING: VisitEnded.WAITING,
    Stands.IN_SERVICE: VisitEnded.IN_SERVICE,
    Stands.SERVED: VisitEnded.SERVED,
    Stands.BALKED: VisitEnded.BALKED,
    Stands.ABANDONED: VisitEnded.ABANDONED,
    Stands.TURNED_AWAY: VisitEnded.TURNED_AWAY,
}
_ENDED = np.array([_VISIT_ENDED[stands] for stands in range(len(_VISIT_ENDED))], dtype=np.int64)

_CUSTOMER = (
    "number", "segment", "day", "index", "arrived_us", "left_us", "away_us", "ended_as", "group", "return_lost",
)  # fmt: skip
_VISIT = (
    "stage", "visit", "joined_us", "waits_from_us", "started_us", "ended_us", "member", "present", "capacity",
    "shift_us", "announced_us", "checked", "error", "standing",
)  # fmt: skip


def block(
    plan: Plan,
    customers: list[Customer],
    spells: Spells,
    windows: list[tuple[int, int]],
    arrivals: Iterable[int] = (),
    queue_area_us: Iterable[int] = (),
    warnings: tuple[str, ...] = (),
) -> EncounterLog:
    """A log block of these encounters, by number, with their visits in order."""
    customers = sorted(customers, key=lambda who: who.number)
    visits = list(chain.from_iterable(who.visits for who in customers))
    columns = _columns(visits, _VISIT)
    spell = np.array(spells, dtype=np.int64).reshape(-1, 4)
    window = np.array(windows, dtype=np.int64).reshape(-1, 2)
    return EncounterLog(
        site=plan.site,
        seed=plan.seed,
        replication=plan.replication,
        **_columns(customers, _CUSTOMER),
        encounter=np.repeat(np.arange(len(customers)), [len(who.visits) for who in customers]),
        visit_ended_as=_ENDED[columns.pop("standing")],
        **columns,
        causes=_causes(visits, plan.site.action_columns),
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


def _columns(things: Sequence[Customer | Visit], names: tuple[str, ...]) -> dict[str, Ints]:
    """One array for each attribute: all read in one go, which is what a log costs."""
    values = chain.from_iterable(map(attrgetter(*names), things))
    table = np.fromiter(values, dtype=np.int64, count=len(things) * len(names)).reshape(-1, len(names))
    return dict(zip(names, np.ascontiguousarray(table.T), strict=True))


def _causes(visits: list[Visit], columns: int) -> NDArray[np.uint8]:
    """(m, columns) of the visits' cause bytes, filled up to the widest stage."""
    fill = bytes([Cause.NOT_PERFORMED]) * columns
    packed = b"".join((visit.causes + fill)[:columns] for visit in visits)
    return np.frombuffer(packed, dtype=np.uint8).reshape(len(visits), columns)
