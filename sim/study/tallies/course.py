"""The course of a run, warm-up included: how many are on site and how long they wait, bucket by bucket of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.flow.log import Ints
from sim.flow.site import Site
from sim.study.tallies.block import Block, count, total
from sim.study.tallies.buckets import bucket_us
from sim.study.tallies.rows import Row
from sim.units import DAY_US


@dataclass(frozen=True)
class Course:
    """Microseconds and counts by bucket, each array (buckets,). The last bucket also has what comes after the days
    of the run: the rest of the last night."""

    bucket_us: int
    area_us: Ints  # customer time on site
    wait_us: Ints  # of the visits that joined a queue in this bucket, served or not
    joined: Ints  # such visits

    def __add__(self, other: Course) -> Course:
        return Course(
            self.bucket_us, self.area_us + other.area_us, self.wait_us + other.wait_us, self.joined + other.joined
        )

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """No rows: a course is no measure."""
        yield from ()


def course(block: Block) -> Course:
    """What a block adds to the course: everybody counts, from the first instant on."""
    log, site = block.log, block.log.site
    length = bucket_us(site)
    many = site.days * DAY_US // length
    ended = np.where(log.ended_us >= 0, log.ended_us, site.horizon_us)
    came = block.queued
    joined_in = np.minimum(log.joined_us[came] // length, many - 1)
    return Course(
        bucket_us=length,
        area_us=_after(log.joined_us, length, many) - _after(ended, length, many),
        wait_us=total((many,), log.wait_us[came], joined_in),
        joined=count((many,), joined_in),
    )


def _after(instants_us: Ints, length: int, many: int) -> Ints:
    """(buckets,) how much of each bucket lies after the instants, added up over these; of the last one, its end may
    lie before them: they count as negative, so that the difference of two instants is the time between them."""
    bucket = np.minimum(instants_us // length, many - 1)
    partly = total((many,), (bucket + 1) * length - instants_us, bucket)
    earlier = np.cumsum(count((many,), bucket)) - count((many,), bucket)
    after: Ints = partly + earlier * length
    return after
