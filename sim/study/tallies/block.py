"""A block of the log as the measures look at it: which encounters count, and where and when each visit was."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import EncounterLog, Ints, VisitEnded
from sim.study.tallies.rows import HOUR_US, HOURS

if TYPE_CHECKING:
    from sim.quality.perceive import Perception

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Block:
    """A block of n encounters and m visits, with what several measures need of it."""

    log: EncounterLog
    perception: Perception | None  # None where the scenario has nothing to judge
    kept: Mask  # (n,) arrived after the warm-up
    visit_kept: Mask  # (m,) of such an encounter
    queued: Mask  # (m,) any visit that joined a queue, in the warm-up too
    joined: Mask  # (m,) a kept visit that joined a queue
    started: Mask  # (m,) a kept visit whose service has begun, at a stage with or without a queue
    encounter_hour: Ints  # (n,) hour of the day of arrival
    visit_segment: Ints  # (m,)
    visit_hour: Ints  # (m,) hour of the day of joining


def block_of(log: EncounterLog, perception: Perception | None) -> Block:
    """Look at a block. Refused visits never joined: those that balked, and those sent off the instant they came."""
    kept = log.arrived_us >= log.site.warm_up_us
    visit_kept = kept[log.encounter]
    has_queue = np.array([stage.has_queue for stage in log.site.stages], dtype=bool)[log.stage]
    sent_off = (log.visit_ended_as == VisitEnded.TURNED_AWAY) & (log.ended_us == log.joined_us)
    queued = has_queue & ~sent_off & (log.visit_ended_as != VisitEnded.BALKED)
    return Block(
        log=log,
        perception=perception,
        kept=kept,
        visit_kept=visit_kept,
        queued=queued,
        joined=visit_kept & queued,
        started=visit_kept & (log.started_us >= 0),
        encounter_hour=log.arrived_us // HOUR_US % HOURS,
        visit_segment=log.segment[log.encounter],
        visit_hour=log.joined_us // HOUR_US % HOURS,
    )


def flat(shape: tuple[int, ...], *positions: Ints) -> Ints:
    """The places that rows have in the flattened array; ``positions`` holds one array for each axis of the shape."""
    if len(shape) == 1:
        return positions[0]
    return np.ravel_multi_index(positions, shape) if len(positions[0]) else np.zeros(0, np.int64)


def count(shape: tuple[int, ...], *positions: Ints) -> Ints:
    """How many rows fall on each place of an array of this shape; ``positions`` holds one array for each axis."""
    return np.bincount(flat(shape, *positions), minlength=math.prod(shape)).reshape(shape).astype(np.int64)


def total(shape: tuple[int, ...], values: Ints, *positions: Ints) -> Ints:
    """Sum of the integers that fall on each place: exact, so independent of the order of the rows."""
    sums = np.zeros(math.prod(shape), np.int64)
    np.add.at(sums, flat(shape, *positions), values)
    return sums.reshape(shape)
