"""Listening to customers: management's beliefs move towards what those asked say they expect."""

from __future__ import annotations

from dataclasses import replace

from sim.arithmetic import exp, log
from sim.flow.state import State
from sim.management.asked import Wave
from sim.management.observed import Observed
from sim.management.occasion import Cost, Occasion, Reviewed
from sim.management.views import believed
from sim.quality.waiting import LOG_2
from sim.scenario.actions import Action

LEAST_VALUE = 2.0**-40  # of a wait: forty half-values; waits do not become infinite


def research(occasion: Occasion, state: State, observed: Observed) -> Reviewed:
    """Move beliefs by the gain towards the mean answer, by segment; where nobody answered they stay (E9)."""
    site = occasion.site
    rule = site.scenario.management.research
    if rule is None or not occasion.is_due(rule.every) or not site.scenario.actions:
        return Reviewed(state)
    cost = Cost("research", occasion.end, rule.cost)
    if rule.gain == 0 or not observed.wave.answers:
        return Reviewed(state, (cost,))
    actions = tuple(site.scenario.actions.values())
    moved = tuple(
        tuple(_heard(action, old, observed.wave, a, s, rule.gain) for s, old in enumerate(row))
        for a, (action, row) in enumerate(zip(actions, believed(site, state), strict=True))
    )
    return Reviewed(replace(state, believed=moved), (cost,))


def _heard(action: Action, old: float, wave: Wave, a: int, s: int, gain: float) -> float:
    said = wave.mean(a, s)
    if said is None:
        return old
    if action.kind == "wait":
        value = worth(old, action.half_value)
        return wait_worth(value + gain * (said - value), action.half_value)
    return old + gain * (said - old)


def worth(wait_min: float, half_value_min: float) -> float:
    """Value in [0, 1] of a wait: halved by each half-value (E7)."""
    return exp(-LOG_2 * (wait_min / half_value_min))


def wait_worth(value: float, half_value_min: float) -> float:
    """The wait of that value, minutes: the inverse of ``worth``."""
    return -half_value_min * (log(min(max(value, LEAST_VALUE), 1.0)) / LOG_2)
