"""How encounters ended, how long they stayed and how many visits they took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.flow.log import Ended, Ints, VisitEnded
from sim.flow.site import Site
from sim.study.tallies.block import Block, count, total
from sim.study.tallies.rows import EVERY, HOURS, MINUTE_US, Row, added, encounter_scopes, ratio, visit_scopes
from sim.study.tallies.samples import Samples, samples


@dataclass(frozen=True)
class Endings:
    """Counts by (segment, hour of arrival) of encounters that arrived after the warm-up."""

    ended: Ints  # (ways of ending, segments, hours)
    returns_lost: Ints
    completed_visits: Ints  # visits of completed encounters
    stay_us: Ints  # on site, of completed encounters: time away for a return or a retry is no stay
    stays: Samples  # of completed encounters, by segment
    served: Ints  # (stages, segments, hours of joining) services that have ended
    service_us: Ints

    def __add__(self, other: Endings) -> Endings:
        return Endings(
            self.ended + other.ended,
            self.returns_lost + other.returns_lost,
            self.completed_visits + other.completed_visits,
            self.stay_us + other.stay_us,
            self.stays + other.stays,
            self.served + other.served,
            self.service_us + other.service_us,
        )

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of counts and shares, stays, visits and services."""
        for key, part in encounter_scopes(site, by):
            arrivals = added(self.ended, (EVERY, *part))
            completed = added(self.ended, (Ended.COMPLETED, *part))
            yield key._replace(measure="arrivals"), float(arrivals)
            for way in Ended:
                so_many = added(self.ended, (way, *part))
                yield key._replace(measure=way.name.lower()), float(so_many)
                yield key._replace(measure=f"{way.name.lower()}_share"), ratio(so_many, arrivals)
            yield key._replace(measure="returns_lost"), float(added(self.returns_lost, part))
            yield key._replace(measure="visits_mean"), ratio(added(self.completed_visits, part), completed)
            yield key._replace(measure="stay_mean"), ratio(added(self.stay_us, part), completed, MINUTE_US)
        segments = [np.arange(len(site.segments)), *(np.array([s]) for s in range(len(site.segments)))]
        for (key, _), (stay_p90,) in zip(
            encounter_scopes(site, ()), self.stays.percentiles_min(segments, (90,)), strict=True
        ):
            yield key._replace(measure="stay_p90"), stay_p90
        for key, part in visit_scopes(site, by):
            service = ratio(added(self.service_us, part), added(self.served, part), MINUTE_US)
            yield key._replace(measure="service_mean"), service


def endings(block: Block) -> Endings:
    """Count how the encounters of a block ended."""
    log, site = block.log, block.log.site
    shape = (len(site.segments), HOURS)
    segment, hour = log.segment, block.encounter_hour
    completed = block.kept & (log.ended_as == Ended.COMPLETED)
    stay_us = (log.left_us - log.arrived_us - log.away_us)[completed]
    of_completed = completed[log.encounter]
    served = block.visit_kept & (log.visit_ended_as == VisitEnded.SERVED)
    at = (log.stage[served], block.visit_segment[served], block.visit_hour[served])
    return Endings(
        ended=count((len(Ended), *shape), log.ended_as[block.kept], segment[block.kept], hour[block.kept]),
        returns_lost=total(shape, log.return_lost[block.kept], segment[block.kept], hour[block.kept]),
        completed_visits=count(shape, block.visit_segment[of_completed], hour[log.encounter][of_completed]),
        stay_us=total(shape, stay_us, segment[completed], hour[completed]),
        stays=samples(shape[0], stay_us, segment[completed]),
        served=count((len(site.stages), *shape), *at),
        service_us=total((len(site.stages), *shape), (log.ended_us - log.started_us)[served], *at),
    )
