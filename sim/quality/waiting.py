"""How long a wait feels, and what a wait of that length is worth to the customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.arithmetic import exp_array, normal_quantile_array, power_array
from sim.chance.keys import stream_key
from sim.chance.philox import uniforms
from sim.flow.log import EncounterLog, VisitEnded
from sim.quality.marks import hits, joined
from sim.quality.tables import ALWAYS_SO, Flags, Floats, Ints, Judgement
from sim.units import MICROSECONDS_PER_MINUTE

LOG_2 = 0.6931471805599453


class Multipliers(NamedTuple):
    """How much longer a wait feels than one that is idle, unexplained, before service and alone.

    The signs are Maister's propositions (1985); the sizes are design choices (E11).
    """

    occupied: float = 0.80
    in_process: float = 0.90
    announced: float = 0.90
    explained: float = 0.92
    anxious: float = 1.15
    group: float = 0.92


FEELS = Multipliers()
ACCEPTABLE_FACTOR = 1.15  # of the half-value where the wait was announced or explained (E12)
ACCEPTABLE_FROM_MIN, ACCEPTABLE_TO_MIN = 3.0, 15.0  # for waits neither short nor long


@dataclass(frozen=True, slots=True)
class Waits:
    """The wait of each visit whose stage has a wait action and that joined; NaN for the other visits. (m,)"""

    actual_min: Floats
    perceived_min: Floats
    announced_min: Floats  # NaN too where no time was announced
    half_value_factor: Floats


def perceived_wait(
    wait_min: Floats, factor: float, exponent: float, multiplier: Floats | float, sd: float, z: Floats
) -> Floats:
    """Minutes that a wait feels like (E10): factor × wait^exponent × multiplier × lognormal noise of mean 1.

    `z` is a standard normal. A wait of nothing feels like nothing. Power law: Antonides et al. 2002.
    """
    felt = np.zeros(len(wait_min))
    waited = np.flatnonzero(wait_min > 0)
    felt[waited] = factor * power_array(wait_min[waited], exponent)
    felt *= multiplier
    return felt * exp_array(sd * z - sd * sd / 2) if sd > 0 else felt


def worth(wait_min: Floats, half_value_min: Floats | float) -> Floats:
    """Value in [0, 1] of a wait (E7): 1 for none, halved by each `half_value_min`; 0 for an infinite one."""
    finite = np.isfinite(wait_min)
    return np.where(finite, exp_array(-LOG_2 * (np.where(finite, wait_min, 0.0) / half_value_min)), 0.0)


def half_value_factor(wait_min: Floats, informed: Flags) -> Floats:
    """What being told or given a reason does to the half-value (E12; direction Hui and Tse 1996)."""
    intermediate = (wait_min >= ACCEPTABLE_FROM_MIN) & (wait_min <= ACCEPTABLE_TO_MIN)
    return np.where(informed & intermediate, ACCEPTABLE_FACTOR, 1.0)


def waits_of(log: EncounterLog, table: Judgement) -> Waits:
    """How the waits of a block felt."""
    rows = np.flatnonzero(table.has_wait[log.stage] & joined(log))
    law = table.quality.perceived_wait
    actual = log.wait_us[rows] / MICROSECONDS_PER_MINUTE
    announced = log.announced_us[rows] >= 0
    occupied, explained, anxious = _circumstances(log, table, rows)
    multiplier = np.ones(len(rows))
    for holds, size in (
        (occupied, FEELS.occupied),
        (_in_process(log)[rows], FEELS.in_process),
        (announced, FEELS.announced),
        (explained, FEELS.explained),
        (anxious, FEELS.anxious),
        ((log.group > 1)[log.encounter[rows]], FEELS.group),
    ):
        multiplier *= np.where(holds, size, 1.0)
    z = _noise(log, table, rows) if law.sd > 0 else np.zeros(len(rows))
    told = np.where(
        announced & table.announces_wait[log.stage[rows]],
        log.announced_us[rows] / MICROSECONDS_PER_MINUTE,
        np.nan,
    )
    return Waits(
        actual_min=_spread(log, rows, actual),
        perceived_min=_spread(log, rows, perceived_wait(actual, law.factor, law.exponent, multiplier, law.sd, z)),
        announced_min=_spread(log, rows, told),
        half_value_factor=_spread(log, rows, half_value_factor(actual, announced | explained)),
    )


def _circumstances(log: EncounterLog, table: Judgement, rows: Ints) -> Flags:
    """(3, rows) whether the customer was occupied, given a reason, anxious."""
    code = table.circumstances[:, log.stage[rows]]
    holds: Flags = code == ALWAYS_SO
    if log.causes.shape[1] and (code >= 0).any():
        holds |= (code >= 0) & hits(log.causes[rows, np.where(code >= 0, code, 0)])
    return holds


def _in_process(log: EncounterLog) -> Flags:
    """Visits that follow on from a service at the same instant: the customer is being looked after."""
    follows = np.zeros(len(log.encounter), dtype=bool)
    follows[1:] = (
        (log.encounter[1:] == log.encounter[:-1])
        & (log.visit_ended_as[:-1] == VisitEnded.SERVED)
        & (log.joined_us[1:] == log.ended_us[:-1])
    )
    return follows


def _noise(log: EncounterLog, table: Judgement, rows: Ints) -> Floats:
    """A standard normal for each visit, the customer's own: keyed by segment and stage."""
    encounter = log.encounter[rows]
    pair = log.segment[encounter] * len(table.stages) + log.stage[rows]
    u = np.empty(len(rows))
    for code in np.unique(pair):
        segment, stage = divmod(int(code), len(table.stages))
        key = stream_key(log.seed, log.replication, "perceived_wait", table.segments[segment], table.stages[stage])
        these = np.flatnonzero(pair == code)
        who = encounter[these]
        u[these] = uniforms(np.array([key], dtype=np.uint64), log.index[who], log.day[who], log.visit[rows[these]])[0]
    return normal_quantile_array(u)


def _spread(log: EncounterLog, rows: Ints, values: Floats) -> Floats:
    everyone = np.full(len(log.encounter), np.nan)
    everyone[rows] = values
    return everyone
