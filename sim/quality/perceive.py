"""What the customers of a block think of it afterwards, computed from what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import EncounterLog, Ended
from sim.quality.levels import POINTS, Level, gaps_of, levels_of, values_of
from sim.quality.loyalty import return_probability
from sim.quality.marks import Marks, marks_of
from sim.quality.memory import Moments, memory_multiplier, moments_of, remembered
from sim.quality.recovery import Case, after_paradox, cases_of, failures, harmed, only_once, retained
from sim.quality.satisfaction import attractive, delighted, disconfirmation, perceived_quality, satisfaction
from sim.quality.sums import summed
from sim.quality.tables import DIMENSIONS, Flags, Floats, Ints, Judgement, judgement_of
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
    return_probability: Floats  # (n,) of the completed
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


class _Score(NamedTuple):
    """What the marks of n encounters come to, the completed and the lost."""

    shares: Shares
    moments: Moments
    weight: Floats  # (r,)
    recalled: Floats  # (r,) within the dimensions
    kept: Floats  # (r,) as remembered
    overall: Floats  # (n,) perceived quality
    satisfaction: Floats  # (n,)


class _Feelings(NamedTuple):
    """What n customers are left with."""

    own: Floats  # satisfaction of the completed
    everyone: Floats
    returning: Floats


def perceive(log: EncounterLog, judgement: Judgement | None = None) -> Perception:
    """Judge a block. `judgement` is that of the log's site, for a caller who keeps it at hand."""
    table = judgement_of(log.site) if judgement is None else judgement
    waits = waits_of(log, table)
    marks = marks_of(log, table)
    values = values_of(log, table, marks, waits)
    score = _scored(table, marks, values, len(log.segment))
    left = _feelings(log, table, score.satisfaction)
    if table.recovery is not None:
        left = _after_problems(log, table, marks, values, left)
    return _perception(log, table, marks, values, score, left, waits.perceived_min)


def _scored(table: Judgement, marks: Marks, values: Floats, n: int) -> _Score:
    who, quality = marks.encounter, table.quality
    perceived = values[Level.PERCEIVED]
    shares = shares_of(table, marks, n)
    weight = shares.overall(shares.within)
    surprise = disconfirmation(perceived, values[Level.EXPECTED], quality.loss_aversion)
    moments = moments_of(surprise, weight, marks.moment, marks.moment_encounter)
    recalled = _recalled(quality.memory, shares, moments, marks)
    kept = shares.overall(recalled)
    overall = perceived_quality(perceived, kept, who, n)
    felt = satisfaction(overall, POINTS * summed(kept * surprise, who, n), quality.disconfirmation)
    return _Score(shares, moments, weight, recalled, kept, overall, felt)


def _feelings(log: EncounterLog, table: Judgement, everyone: Floats) -> _Feelings:
    own, loyalty = np.where(log.ended_as == Ended.COMPLETED, everyone, np.nan), table.quality.loyalty
    return _Feelings(own, everyone, return_probability(own, loyalty.steepness, loyalty.midpoint))


def _after_problems(log: EncounterLog, table: Judgement, marks: Marks, values: Floats, left: _Feelings) -> _Feelings:
    """The same, where problems and what was done about them count: for a few, a second look without the failures."""
    quality, rows, case = table.quality, harmed(log), cases_of(log)
    unharmed = _without_failures(table, marks, values, rows, len(log.segment))
    quick = (case[rows] == Case.QUICK) & only_once(log, table, marks)[rows] & ~np.isnan(unharmed)
    better = after_paradox(unharmed[quick], quality.retention.paradox)
    own, everyone, returning = (array.copy() for array in left)
    own[rows[quick]] = everyone[rows[quick]] = better
    chance = return_probability(unharmed, quality.loyalty.steepness, quality.loyalty.midpoint)
    returning[rows] = retained(log.problem[rows], case[rows], chance, quality.retention)
    return _Feelings(own, everyone, returning)


def _without_failures(table: Judgement, marks: Marks, values: Floats, encounters: Ints, n: int) -> Floats:
    """Satisfaction that some customers would have, had what was a problem gone well, all else as it was."""
    chosen, rows = marks.of(encounters, n)
    better = values[:, rows]
    better[Level.PERCEIVED, failures(table, chosen)] = 1.0
    return _scored(table, chosen, better, len(encounters)).satisfaction


def _perception(
    log: EncounterLog,
    table: Judgement,
    marks: Marks,
    values: Floats,
    score: _Score,
    left: _Feelings,
    perceived_wait_min: Floats,
) -> Perception:
    n, who, perceived, expected = len(log.segment), marks.encounter, values[Level.PERCEIVED], values[Level.EXPECTED]
    completed = log.ended_as == Ended.COMPLETED
    outcome = table.is_outcome[marks.action]
    process = perceived_quality(perceived, np.where(outcome, 0.0, score.kept), who, n)
    result = perceived_quality(perceived, np.where(outcome, score.kept, 0.0), who, n)
    pleasing = who[attractive(expected) & marks.hit & (perceived > expected) & (score.weight > 0)]
    seen = completed[:, None] & score.shares.met
    levels = levels_of(values, score.shares.within, score.recalled, score.shares.cell, n)
    levels[:, ~seen] = np.nan
    return Perception(
        judgement=table,
        dimensions=DIMENSIONS,
        satisfaction=left.own,
        satisfaction_all=left.everyone,
        return_probability=left.returning,
        perceived_quality=np.where(completed, score.overall, np.nan),
        process_quality=np.where(completed, process, np.nan),
        outcome_quality=np.where(completed, result, np.nan),
        delighted=delighted(left.own, np.bincount(pleasing, minlength=n)),
        levels=levels,
        gaps=gaps_of(levels),
        gap_weights=np.where(seen, score.shares.across, np.nan),
        zone=zone(levels[Level.PERCEIVED], levels[Level.EXPECTED], table.dimension_weight),
        perceived_wait_min=perceived_wait_min,
        marks=marks,
        moments=score.moments,
        values=values,
        weight=score.weight,
        remembered_weight=score.kept,
    )


def _recalled(memory: Any, shares: Shares, moments: Moments, marks: Marks) -> Floats:
    multiplier = memory_multiplier(moments, mean=memory.mean, peak=memory.peak, end=memory.end)
    return remembered(shares.within, multiplier[marks.moment], shares.cell, shares.met.size)
