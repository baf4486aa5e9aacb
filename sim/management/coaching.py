"""Coaching: it helps most, harms more than a third, and lasts until the next time."""

from __future__ import annotations

import math
from dataclasses import replace

from sim.arithmetic import normal_quantile
from sim.flow.state import Person, State
from sim.management.luck import lot
from sim.management.observed import Observed
from sim.management.occasion import Cost, Occasion, Reviewed
from sim.scenario.management import Coaching


def coaching(occasion: Occasion, state: State, observed: Observed) -> Reviewed:
    """Coach those whose turn it is; the effect takes the place of the one before.

    The sources compare people after one intervention with people without: nothing says that effects add up.
    """
    rule = occasion.site.scenario.management.coaching
    if rule is None or not occasion.is_due(rule.every):
        return Reviewed(state)
    whose_turn = _whose_turn(occasion, rule)
    people = tuple(
        person._replace(coached=_effect(occasion, rule, position, person)) if position in whose_turn else person
        for position, person in enumerate(state.people)
    )
    cost = Cost("coaching", occasion.end, rule.cost * len(whose_turn))
    return Reviewed(replace(state, people=people), (cost,))


def _whose_turn(occasion: Occasion, rule: Coaching) -> frozenset[int]:
    """Positions coached this time: everybody in an order drawn by lot, a share each time, from the start again."""
    staff = len(occasion.site.members)
    each_time = math.floor(rule.share * staff + 0.5)
    order = sorted(range(staff), key=lambda position: (lot(occasion, "coaching.turn", position), position))
    before = (occasion.held(rule.every) - 1) * each_time
    return frozenset(order[(before + k) % staff] for k in range(each_time))


def _effect(occasion: Occasion, rule: Coaching, position: int, person: Person) -> float:
    u = lot(occasion, "coaching.effect", position, occasion.end, person.hire)
    return rule.mean + rule.sd * normal_quantile(u)
