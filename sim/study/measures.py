"""From what happened to the measures of one replication: blocks are counted one by one and dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.flow.log import EncounterLog
from sim.flow.site import Site
from sim.study.actions import Actions, actions
from sim.study.block import block_of
from sim.study.distributions import Distributions, distributions
from sim.study.endings import Endings, endings
from sim.study.judged import Judged, judged
from sim.study.rows import Row
from sim.study.staff_time import StaffTime, staff_time
from sim.study.time_averages import Presence, presence
from sim.study.waits import Waits, waits

if TYPE_CHECKING:
    from sim.quality.perceive import Perception


@dataclass(frozen=True)
class Tally:
    """What has been counted so far. Tallies add up: the sum over blocks is the tally of the replication, and it
    is the same however the replication was cut into blocks, because everything in it is an integer."""

    endings: Endings
    waits: Waits
    presence: Presence
    staff_time: StaffTime
    actions: Actions
    judged: Judged | None

    def __add__(self, other: Tally) -> Tally:
        both = (self.judged, other.judged)
        return Tally(
            self.endings + other.endings,
            self.waits + other.waits,
            self.presence + other.presence,
            self.staff_time + other.staff_time,
            self.actions + other.actions,
            both[0] + both[1] if both[0] is not None and both[1] is not None else None,
        )


@dataclass(frozen=True)
class Measured:
    """The measures of one replication."""

    rows: tuple[Row, ...]  # the same keys, in the same order, in every replication of a scenario
    distributions: Distributions
    from_bins: bool  # percentiles come from fine bins, true to 0.1 per cent: there were more than a million values


def tally(log: EncounterLog, perception: Perception | None, by: tuple[str, ...] = ()) -> Tally:
    """Count one block."""
    block = block_of(log, perception)
    return Tally(
        endings=endings(block),
        waits=waits(block),
        presence=presence(block, by),
        staff_time=staff_time(block),
        actions=actions(block),
        judged=None if perception is None else judged(block),
    )


def measured(site: Site, counted: Tally, by: tuple[str, ...] = ()) -> Measured:
    """Turn the tally of a whole replication into measures; ``by`` may ask for rows by ``member`` and ``hour``."""
    parts = (counted.endings, counted.waits, counted.presence, counted.staff_time, counted.actions, counted.judged)
    waits_kept, stays_kept = counted.waits.served_waits, counted.endings.stays
    quality = None if counted.judged is None else counted.judged.histograms
    return Measured(
        rows=tuple(row for part in parts if part is not None for row in part.rows(site, by)),
        distributions=distributions(site, waits_kept, stays_kept, quality),
        from_bins=waits_kept.binned is not None or stays_kept.binned is not None,
    )


def measure(blocks: Iterable[tuple[EncounterLog, Perception | None]], by: tuple[str, ...] = ()) -> Measured:
    """Measures of one replication from its blocks, in order; there must be at least one."""
    counted: Tally | None = None
    site: Site | None = None
    for log, perception in blocks:
        one = tally(log, perception, by)
        counted, site = one if counted is None else counted + one, log.site
    if counted is None or site is None:
        raise ValueError("a replication has at least one block")
    return measured(site, counted, by)
