"""What customers come to expect: those who return have learnt what they get, and everybody wants more in time."""

from __future__ import annotations

from dataclasses import replace

from sim.arithmetic import power
from sim.flow.state import State
from sim.management.observed import Observed
from sim.management.occasion import Occasion, Reviewed
from sim.management.views import expected


def expectations(occasion: Occasion, state: State, observed: Observed) -> Reviewed:
    """Move expectations towards what was met (E22; E14 for waits), then up by the drift; shares stay in [0, 1].

    Returning customers alone have learnt, at each of their visits in the period. Waits move in minutes, towards how
    long they felt; they do not drift.
    """
    site, quality = occasion.site, occasion.site.scenario.quality
    if not site.scenario.actions or (quality.expectation_gain == 0 and quality.expectation_drift == 0):
        return Reviewed(state)
    learnt = _learnt(quality.expectation_gain, site.scenario.money.visits_per_year * occasion.years)
    gains = [learnt * customers.returning_share for customers in site.scenario.customers.values()]
    drift = quality.expectation_drift * occasion.years
    moved = tuple(
        tuple(
            _moved(old, gain, observed.experienced(a, s), None if action.kind == "wait" else drift)
            for s, (old, gain) in enumerate(zip(row, gains, strict=True))
        )
        for a, (action, row) in enumerate(zip(site.scenario.actions.values(), expected(site, state), strict=True))
    )
    return Reviewed(replace(state, expected=moved))


def _learnt(gain: float, visits: float) -> float:
    """Part of the way to what is met each time that somebody goes in so many visits: the gain of each compounds."""
    return 1.0 - power(1.0 - gain, visits)


def _moved(old: float, gain: float, experienced: float | None, drift: float | None) -> float:
    """One expectation after the period; ``experienced`` None: nobody met it; ``drift`` None: it is a wait."""
    learnt = old if experienced is None else old + gain * (experienced - old)
    return learnt if drift is None else min(1.0, max(0.0, learnt + drift))
