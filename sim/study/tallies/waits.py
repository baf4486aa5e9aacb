"""Waiting: how long, how often at all, how often for too long, and who gave up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.flow.log import Ints, VisitEnded
from sim.flow.site import Site
from sim.study.tallies.block import Block, count, total
from sim.study.tallies.rows import HOURS, MINUTE_US, Part, Row, added, ratio, visit_scopes
from sim.study.tallies.samples import Samples, samples

_PERCENTS = (50, 90, 95, 99)
_NO_TARGET = -1


@dataclass(frozen=True)
class Waits:
    """Counts and sums of microseconds by (stage, segment, hour of joining) over visits that joined a queue."""

    joined: Ints
    waited: Ints  # could not start at once
    abandoned: Ints
    wait_us: Ints  # served or not; cut at the horizon
    served: Ints  # service has begun
    served_wait_us: Ints
    in_time: Ints  # served within the stage's target
    judged: Ints  # joined a stage that has a target, without those who abandoned within it
    served_waits: Samples  # by stage × segment

    def __add__(self, other: Waits) -> Waits:
        return Waits(
            self.joined + other.joined,
            self.waited + other.waited,
            self.abandoned + other.abandoned,
            self.wait_us + other.wait_us,
            self.served + other.served,
            self.served_wait_us + other.served_wait_us,
            self.in_time + other.in_time,
            self.judged + other.judged,
            self.served_waits + other.served_waits,
        )

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of the wait measures, for stages that have a queue."""
        scopes = [(key, part) for key, part in visit_scopes(site, by) if _has_queue(site, part)]
        timed = [(key, part) for key, part in scopes if key.hour is None]
        cells = np.arange(len(site.stages) * len(site.segments)).reshape(len(site.stages), len(site.segments))
        chosen = [np.atleast_1d(cells[part[:2]]).ravel() for _, part in timed]
        for key, part in scopes:
            joined, served = added(self.joined, part), added(self.served, part)
            yield key._replace(measure="wait_mean"), ratio(added(self.wait_us, part), joined, MINUTE_US)
            served_wait = ratio(added(self.served_wait_us, part), served, MINUTE_US)
            yield key._replace(measure="wait_served_mean"), served_wait
            yield key._replace(measure="waited_share"), ratio(added(self.waited, part), joined)
            yield key._replace(measure="visits_abandoned_share"), ratio(added(self.abandoned, part), joined)
            if _has_target(site, part):
                level = ratio(added(self.in_time, part), added(self.judged, part))
                yield key._replace(measure="service_level"), level
        for (key, _), found in zip(timed, self.served_waits.percentiles_min(chosen, _PERCENTS), strict=True):
            for percent, value in zip(_PERCENTS, found, strict=True):
                yield key._replace(measure=f"wait_p{percent}"), value


def waits(block: Block) -> Waits:
    """Count the waits of a block. Within the target means not longer than it."""
    log, site = block.log, block.log.site
    shape = (len(site.stages), len(site.segments), HOURS)
    wait_us = log.wait_us
    served = block.joined & block.started
    target_us = np.array([_target_us(site, j) for j in range(len(site.stages))], np.int64)[log.stage]
    within = (target_us != _NO_TARGET) & (wait_us <= target_us)
    abandoned = block.joined & (log.visit_ended_as == VisitEnded.ABANDONED)

    def where(mask: np.ndarray) -> tuple[Ints, Ints, Ints]:
        return log.stage[mask], block.visit_segment[mask], block.visit_hour[mask]

    cells = log.stage * len(site.segments) + block.visit_segment
    return Waits(
        joined=count(shape, *where(block.joined)),
        waited=count(shape, *where(block.joined & (log.started_us != log.joined_us))),
        abandoned=count(shape, *where(abandoned)),
        wait_us=total(shape, wait_us[block.joined], *where(block.joined)),
        served=count(shape, *where(served)),
        served_wait_us=total(shape, wait_us[served], *where(served)),
        in_time=count(shape, *where(served & within)),
        judged=count(shape, *where(block.joined & (target_us != _NO_TARGET) & ~(abandoned & within))),
        served_waits=samples(shape[0] * shape[1], wait_us[served], cells[served]),
    )


def _target_us(site: Site, stage: int) -> int:
    target = site.stages[stage].target_wait_us
    return _NO_TARGET if target is None else target


def _stages(site: Site, part: Part) -> list[int]:
    stage = part[0]
    return [stage] if isinstance(stage, int) else list(range(len(site.stages)))


def _has_queue(site: Site, part: Part) -> bool:
    return any(site.stages[stage].has_queue for stage in _stages(site, part))


def _has_target(site: Site, part: Part) -> bool:
    stages = (site.stages[stage] for stage in _stages(site, part))
    return any(stage.has_queue and stage.target_wait_us is not None for stage in stages)
