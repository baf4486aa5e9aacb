"""What management can see of a period: counts and sums, the same however its days are cut into blocks."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from sim.flow.blueprint import NOBODY
from sim.flow.log import AUTOMATED, CAUSE_MASK, NEVER, Cause, EncounterLog, Ended, Ints, Small, Spell
from sim.flow.site import Site
from sim.management.asked import Wave, asked
from sim.quality.marks import hits
from sim.quality.perceive import Perception
from sim.quality.satisfaction import dissatisfied
from sim.quality.tables import Flags, Judgement

CHANCE_UNITS = 2.0**40
EXPERIENCE_UNITS = 2.0**20
"""Chances, and shares and minutes, are counted in whole parts of one: integer sums know no order."""


@dataclass(frozen=True)
class Observed:
    """A part of a period. P members, R roles, I actions, G segments; integers throughout."""

    work: Ints  # (P, 16) actions by Cause, outcomes aside; what was put right is a hit, what a machine did nobody's
    services: Ints  # (P,)
    missed: Ints  # (R, I) lapses of what the standard requires, not put right, by the role that served
    reflections: Ints  # (P,)
    judged: Ints  # (G,) customers with an opinion, those who were lost included
    delighted: Ints  # (G,)
    dissatisfied: Ints  # (G,) the lost included
    return_known: Ints  # (G,) customers whose chance of return is known
    return_sum: Ints  # (G,) sum of these chances, in CHANCE_UNITS
    met: Ints  # (I, G) how often customers who were served met an action or wait
    met_sum: Ints  # (I, G) how often it was delivered; of a wait, minutes it felt; in EXPERIENCE_UNITS
    wave: Wave  # what those asked said

    def __add__(self, other: Observed) -> Observed:
        return Observed(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def experienced(self, action: int, segment: int) -> float | None:
        """Share in which the action was delivered where it was met, or mean minutes that a wait felt; None: unmet."""
        met = int(self.met[action, segment])
        return int(self.met_sum[action, segment]) / met / EXPERIENCE_UNITS if met else None

    def return_chance(self, segment: int) -> float | None:
        """Mean chance that a customer of the segment comes back; None where it is known of nobody."""
        known = int(self.return_known[segment])
        return int(self.return_sum[segment]) / known / CHANCE_UNITS if known else None


def observe(log: EncounterLog, perception: Perception | None, judgement: Judgement | None) -> Observed:
    """What a block shows; `perception` and `judgement` are None where the scenario has nothing to judge."""
    work = _seen_at_work(log)
    if perception is None or judgement is None:
        return work
    told = _opinions(log, perception) | _experience(log, perception, judgement)
    research = log.site.scenario.management.research
    wave = Wave(0) if research is None else asked(log, perception, judgement, research.n)
    return replace(work, wave=wave, **told)


def _seen_at_work(log: EncounterLog) -> Observed:
    site = log.site
    segments, actions = len(site.segments), len(site.scenario.actions)
    reflecting = log.spell_member[log.spell_kind == Spell.REFLECTING]
    nobody = np.zeros(segments, dtype=np.int64)
    unmet = np.zeros((actions, segments), dtype=np.int64)
    return Observed(
        work=_work(log),
        services=_sums((len(site.members),), log.member[(log.started_us >= 0) & (log.member != NEVER)]),
        missed=_missed(log),
        reflections=_sums((len(site.members),), reflecting),
        judged=nobody,
        delighted=nobody,
        dissatisfied=nobody,
        return_known=nobody,
        return_sum=nobody,
        met=unmet,
        met_sum=unmet,
        wave=Wave(0),
    )


def _work(log: EncounterLog) -> Ints:
    """What members did and left undone. Not whether it came out right: that is no deed, and pressure skips none."""
    causes = np.where(hits(log.causes), Cause.HIT, log.causes & CAUSE_MASK)
    by_hand = (causes != Cause.NOT_PERFORMED) & ((log.causes & AUTOMATED) == 0) & (log.member != NEVER)[:, None]
    row, column = np.nonzero(by_hand & ~_is_outcome(log.site)[log.stage])
    return _sums((len(log.site.members), CAUSE_MASK + 1), log.member[row], causes[row, column].astype(np.int64))


def _is_outcome(site: Site) -> Flags:
    """(S, K) which columns of the causes are outcomes, by stage."""
    outcome = np.zeros((len(site.stages), site.action_columns), dtype=bool)
    for s, stage in enumerate(site.stages):
        for k, action in enumerate(stage.actions):
            outcome[s, k] = action.kind == "outcome"
    return outcome


def _missed(log: EncounterLog) -> Ints:
    """Lapses by role and action, where somebody served."""
    site = log.site
    names = list(site.scenario.actions)
    role_of = np.array([member.role for member in site.members] + [NOBODY], dtype=np.int64)  # the last: of nobody
    served_by, segment = role_of[log.member], log.segment[log.encounter]
    missed = np.zeros((len(site.roles), len(names)), dtype=np.int64)
    for s, stage in enumerate(site.stages):
        here = log.stage == s
        for k, action in enumerate(stage.actions):
            required = np.array(action.required)[segment] > 0
            lapses = here & required & _is_lapse(log.causes[:, k]) & (served_by != NOBODY)
            missed[:, names.index(action.name)] += _sums((len(site.roles),), served_by[lapses])
    return missed


def _is_lapse(causes: Small) -> Flags:
    cause = causes & CAUSE_MASK
    lapse: Flags = ~hits(causes) & (cause != Cause.NOT_REQUIRED) & (cause != Cause.NOT_PERFORMED)
    return lapse


def _opinions(log: EncounterLog, perception: Perception) -> dict[str, Ints]:
    """What customers make of it, by segment. Those who were lost talk too: losing the unhappy is no improvement."""
    chance = perception.return_probability
    known = ~np.isnan(chance)
    units = np.rint(np.where(known, chance, 0.0) * CHANCE_UNITS).astype(np.int64)

    def by_segment(which: Flags, amount: Ints | None = None) -> Ints:
        return _sums((len(log.site.segments),), log.segment[which], amount=None if amount is None else amount[which])

    return {
        "judged": by_segment(~np.isnan(perception.satisfaction_all)),
        "delighted": by_segment(perception.delighted),
        "dissatisfied": by_segment(dissatisfied(perception.satisfaction_all)),
        "return_known": by_segment(known),
        "return_sum": by_segment(known, units),
    }


def _experience(log: EncounterLog, perception: Perception, judgement: Judgement) -> dict[str, Ints]:
    """How often each action was met and delivered, and how long each wait felt, by customers who were served."""
    marks = perception.marks
    served = (log.ended_as == Ended.COMPLETED)[marks.encounter]
    action, visit = marks.action[served], marks.visit[served]
    felt = np.where(judgement.is_wait[action], perception.perceived_wait_min[visit], marks.hit[served])
    units = np.rint(felt * EXPERIENCE_UNITS).astype(np.int64)
    place = action, log.segment[marks.encounter[served]]
    shape = len(judgement.names), len(log.site.segments)
    return {"met": _sums(shape, *place), "met_sum": _sums(shape, *place, amount=units)}


def _sums(shape: tuple[int, ...], *place: Ints, amount: Ints | None = None) -> Ints:
    """Integer sums of amounts, or counts, by place in an array of this shape."""
    total = np.zeros(shape, dtype=np.int64)
    np.add.at(total, place, 1 if amount is None else amount)
    return total
