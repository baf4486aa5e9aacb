"""Leavers and newcomers: how long people stay is chance, and who comes in their place has it all to learn."""

from __future__ import annotations

from dataclasses import replace

from sim.arithmetic import log
from sim.flow.state import Person, State, person_of
from sim.management.luck import lot
from sim.management.observed import Observed
from sim.management.occasion import DAYS_A_YEAR, Cost, Occasion, Reviewed

DAYS_A_WEEK = 7.0


def turnover(occasion: Occasion, state: State, observed: Observed) -> Reviewed:
    """Replace those who have left in the period; a newcomer begins on the first day of the next."""
    rule = occasion.site.scenario.management.turnover
    if rule is None or rule.per_year == 0:
        return Reviewed(state)
    gone = frozenset(
        position
        for position, person in enumerate(state.people)
        if _leaves_on(occasion, position, person, rule.per_year) < occasion.end
    )
    if not gone:
        return Reviewed(state)
    people = tuple(
        _newcomer(occasion, position, person, rule.newcomer_skill) if position in gone else person
        for position, person in enumerate(state.people)
    )
    return Reviewed(replace(state, people=people), (Cost("hiring", occasion.end, rule.cost * len(gone)),))


def _leaves_on(occasion: Occasion, position: int, person: Person, per_year: float) -> float:
    """Day on which a person goes: the time in the job from its first day, or day 0, is exponential.

    So the chance to leave within a period is 1 − exp(−per_year × its years), whatever the periods are cut to, and
    who leaves under one rate leaves sooner under a higher one.
    """
    u = lot(occasion, "turnover", position, hire=person.hire)
    return max(person.since_day, 0) - log(1.0 - u) / per_year * DAYS_A_YEAR


def _newcomer(occasion: Occasion, position: int, leaver: Person, skill: float) -> Person:
    """Somebody new to the job; where knowing is no question (skill 1), not for a newcomer either."""
    person = person_of(occasion.site, position, occasion.seed, occasion.replication, leaver.hire + 1)
    return person._replace(z=person.z + skill, tenure_weeks=-occasion.end / DAYS_A_WEEK, since_day=occasion.end)
