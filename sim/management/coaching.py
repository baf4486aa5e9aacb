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
    """Positions coached this time: a share of them on average, each one's turns as evenly spaced as can be.

    A wheel of her own is turned on by the share each time, from where her lot put it: a turn is when it passes
    its mark. So one more colleague moves nobody's turn.
    """
    turned = occasion.held(rule.every) * rule.share
    return frozenset(
        position
        for position in range(len(occasion.site.members))
        if (wheel := lot(occasion, "coaching.turn", position) + turned) - math.floor(wheel) < rule.share
    )


def _effect(occasion: Occasion, rule: Coaching, position: int, person: Person) -> float:
    u = lot(occasion, "coaching.effect", position, occasion.end, person.hire)
    return rule.mean + rule.sd * normal_quantile(u)
