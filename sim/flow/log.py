"""What happened, written down: one row for each encounter and for each visit. No engine computes a mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from sim.flow.site import Site

Ints = NDArray[np.int64]
Small = NDArray[np.uint8]

NEVER = -1  # an instant that did not come


class Ended(IntEnum):
    """How an encounter ended."""

    COMPLETED = 0
    BALKED = 1
    BLOCKED = 2
    ABANDONED = 3
    TURNED_AWAY = 4
    UNFINISHED = 5


class VisitEnded(IntEnum):
    """How a visit ended."""

    SERVED = 0
    BALKED = 1  # never joined the queue
    ABANDONED = 2
    TURNED_AWAY = 3
    WAITING = 4  # at the horizon
    IN_SERVICE = 5  # at the horizon


class Severity(IntEnum):
    """How bad a problem is."""

    NONE = 0
    MINOR = 1
    MAJOR = 2


class Cause(IntEnum):
    """What came of an action: delivered, or the first threshold that its uniform passed over."""

    HIT = 0
    NOT_REQUIRED = 1
    KNOWLEDGE = 2
    WILLINGNESS = 3
    LOAD = 4
    FATIGUE = 5
    ERROR = 6  # of an outcome
    NOT_PERFORMED = 15  # the visit never reached service, or the column is not of this stage


FIXED = 16  # added to the cause of a lapse that the self-check caught: it counts as a hit, flagged
AUTOMATED = 32  # added to HIT: a machine did it
CAUSE_MASK = 15


class Spell(IntEnum):
    """What a stretch of a staff member's time was."""

    ON_DUTY = 0
    OVERTIME = 1  # beyond the roster: work in hand, or after closing
    BREAK = 2
    WASTED = 3  # in hand for a customer who had silently left; lies within ON_DUTY or OVERTIME
    REFLECTING = 4  # thinking over the service just given; lies within ON_DUTY or OVERTIME


@dataclass(frozen=True)
class EncounterLog:
    """A block of encounters that have ended, with all their visits. Instants are microseconds from midnight of day 0.

    The blocks of a replication, in order, hold each encounter once; the last one also holds the unfinished.
    """

    site: Site
    seed: int
    replication: int

    # encounters (n,)
    number: Ints  # the id of same-instant order: by arrival, segment, index
    segment: Ints  # position in site.segments
    day: Ints  # with `index`, the counter of this customer's own luck
    index: Ints
    arrived_us: Ints
    left_us: Ints  # the last leaving; NEVER if unfinished
    away_us: Ints  # between leaving and a return or retry, within [arrived, left]
    ended_as: Ints  # Ended
    group: Ints  # people
    return_lost: Ints  # 1: a return or retry was due beyond the horizon
    problem: Ints  # Severity of the worst problem met; like the next three counted only where there is recovery
    voiced: Ints  # 1: she spoke up about a problem
    resolved: Ints  # 1: what she spoke up about was settled
    recovered_us: Ints  # from speaking up to the solution, 0 on the spot; NEVER if not resolved

    # visits (m,), ordered by encounter row, then by joining
    encounter: Ints  # row in the arrays above
    stage: Ints  # position in site.stages
    visit: Ints  # 0 for the first passage through that stage, then 1, 2 …
    joined_us: Ints  # the instant of refusal for a balk
    waits_from_us: Ints  # joined, or the appointment where waits count from it; wait = max(0, started - this)
    started_us: Ints  # NEVER if not served
    ended_us: Ints  # end of service, or of waiting; NEVER at the horizon
    visit_ended_as: Ints  # VisitEnded
    member: Ints  # position in site.members; NEVER where nobody served
    present: Ints  # N of work pressure at the start; 0 where pressure plays no part
    capacity: Ints  # c of work pressure
    shift_us: Ints  # on shift at the start, breaks allowed for
    announced_us: Ints  # announced wait, or places ahead for `position`; NEVER if nothing was said
    checked: Ints  # 1: a self-check took place
    error: Ints  # 0 none or no such rule, 1 uncaught, 2 caught
    causes: Small  # (m, A) Cause (+ FIXED or AUTOMATED) of the stage's k-th action in column k, NOT_PERFORMED elsewhere

    # staff time (s,)
    spell_member: Ints
    spell_kind: Ints  # Spell
    spell_start_us: Ints
    spell_end_us: Ints

    # measured time (w,): opening to the later of close and last departure, disjoint, in order
    window_start_us: Ints
    window_end_us: Ints

    # the engine's own count, for the self-check; both empty but in the last block
    arrivals: Ints  # (segments,)
    queue_area_us: Ints  # (stages,) integral of the queue length over time
    warnings: tuple[str, ...] = ()  # what the engine noticed, each once; in the last block

    @property
    def wait_us(self) -> Ints:
        """(m,) time waited before service, or until leaving the queue; cut at the horizon; 0 for a balk."""
        end = np.where(self.started_us >= 0, self.started_us, self.ended_us)
        end = np.where(end >= 0, end, self.site.horizon_us)
        return np.maximum(0, end - self.waits_from_us)

    def visits(self) -> pd.DataFrame:
        """One row per visit, in minutes and names: the table for people."""
        import pandas as pd

        from sim.flow.tables import visit_columns

        return pd.DataFrame(visit_columns(self))

    def encounters(self) -> pd.DataFrame:
        """One row per encounter, in minutes and names: the table for people."""
        import pandas as pd

        from sim.flow.tables import encounter_columns

        return pd.DataFrame(encounter_columns(self))
