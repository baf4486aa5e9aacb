"""What the customers of a block think of it afterwards, computed from what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import EncounterLog, Ended
from sim.quality.levels import POINTS, Level, gaps_of, levels_of, values_of
from sim.quality.marks import Marks, marks_of
from sim.quality.memory import Moments, memory_multiplier, moments_of, remembered
from sim.quality.satisfaction import attractive, delighted, disconfirmation, perceived_quality, satisfaction
from sim.quality.sums import summed
from sim.quality.tables import DIMENSIONS, Flags, Floats, Judgement, judgement_of
from sim.quality.waiting import waits_of
from sim.quality.weights import Shares, shares_of
from sim.quality.zone import zone


@dataclass(frozen=True, slots=True)
class Perception:
    """The judgement of n encounters and m visits, in the rows of their log; qualities in [1, 7].

    Levels, gaps, zones and qualities are of completed encounters: NaN (zone: -9) for the others and for
    dimensions not met. The last fields say why, for the completed and the lost: r actions met in j moments.
    """

    judgement: Judgement
    dimensions: tuple[str, ...]  # (D)

    satisfaction: Floats  # (n,) of the completed
    satisfaction_all: Floats  # (n,) of the lost too: their waits and the outcome they missed
    perceived_quality: Floats  # (n,)
    process_quality: Floats  # (n,) of waits and actions
    outcome_quality: Floats  # (n,)
    delighted: Flags  # (n,)
    levels: Floats  # (6, n, D) by Level
    gaps: Floats  # (5, n, D) by Gap
    gap_weights: Floats  # (n, D) dimension weights over the dimensions met
    zone: NDArray[np.int8]  # (n, D) -1 below, 0 within, 1 above

    perceived_wait_min: Floats  # (m,) NaN where the stage has no wait action or the visit did not join

    marks: Marks
    moments: Moments  # (j,)
    values: Floats  # (6, r) by Level
    weight: Floats  # (r,) share of the encounter's judgement
    remembered_weight: Floats  # (r,)

    @property
    def moment_utility(self) -> Floats:
        """(j,) loss-averse disconfirmation of each moment; `marks.moment_visit` and so on say whose."""
        return self.moments.utility


def perceive(log: EncounterLog, judgement: Judgement | None = None) -> Perception:
    """Judge a block. `judgement` is that of the log's site, for a caller who keeps it at hand."""
    table = judgement_of(log.site) if judgement is None else judgement
    waits = waits_of(log, table)
    marks = marks_of(log, table)
    return _judged(log, table, marks, values_of(log, table, marks, waits), waits.perceived_min)


def _judged(
    log: EncounterLog, table: Judgement, marks: Marks, values: Floats, perceived_wait_min: Floats
) -> Perception:
    n, who, quality = len(log.segment), marks.encounter, table.quality
    perceived, expected = values[Level.PERCEIVED], values[Level.EXPECTED]
    shares = shares_of(table, marks, n)
    weight = shares.overall(shares.within)
    surprise = disconfirmation(perceived, expected, quality.loss_aversion)
    moments = moments_of(surprise, weight, marks.moment, marks.moment_encounter)
    recalled = _recalled(quality.memory, shares, moments, marks)
    kept = shares.overall(recalled)

    completed = log.ended_as == Ended.COMPLETED
    outcome = table.is_outcome[marks.action]
    overall = perceived_quality(perceived, kept, who, n)
    process = perceived_quality(perceived, np.where(outcome, 0.0, kept), who, n)
    result = perceived_quality(perceived, np.where(outcome, kept, 0.0), who, n)
    everyone = satisfaction(overall, POINTS * summed(kept * surprise, who, n), quality.disconfirmation)
    own = np.where(completed, everyone, np.nan)
    pleasing = who[attractive(expected) & marks.hit & (weight > 0)]
    seen = completed[:, None] & shares.met
    levels = levels_of(values, shares.within, recalled, shares.cell, n)
    levels[:, ~seen] = np.nan
    return Perception(
        judgement=table,
        dimensions=DIMENSIONS,
        satisfaction=own,
        satisfaction_all=everyone,
        perceived_quality=np.where(completed, overall, np.nan),
        process_quality=np.where(completed, process, np.nan),
        outcome_quality=np.where(completed, result, np.nan),
        delighted=delighted(own, np.bincount(pleasing, minlength=n)),
        levels=levels,
        gaps=gaps_of(levels),
        gap_weights=np.where(seen, shares.across, np.nan),
        zone=zone(levels[Level.PERCEIVED], levels[Level.EXPECTED], table.dimension_weight),
        perceived_wait_min=perceived_wait_min,
        marks=marks,
        moments=moments,
        values=values,
        weight=weight,
        remembered_weight=kept,
    )


def _recalled(memory: Any, shares: Shares, moments: Moments, marks: Marks) -> Floats:
    multiplier = memory_multiplier(moments, mean=memory.mean, peak=memory.peak, end=memory.end)
    return remembered(shares.within, multiplier[marks.moment], shares.cell, shares.met.size)
