"""What customers come to expect: those who return have learnt what they get, and everybody wants more in time."""

from __future__ import annotations

from dataclasses import replace

from sim.flow.state import State
from sim.management.observed import Observed
from sim.management.occasion import Occasion, Reviewed
from sim.management.views import expected


def expectations(occasion: Occasion, state: State, observed: Observed) -> Reviewed:
    """Move expectations towards what was met (E22; E14 for waits), then up by the drift; shares stay in [0, 1].

    Returning customers alone have learnt: the gain of a segment is expectation_gain × returning_share. Waits
    move in minutes, towards how long they felt; they do not drift.
    """
    site, quality = occasion.site, occasion.site.scenario.quality
    if not site.scenario.actions or (quality.expectation_gain == 0 and quality.expectation_drift == 0):
        return Reviewed(state)
    gains = [quality.expectation_gain * c.returning_share for c in site.scenario.customers.values()]
    drift = quality.expectation_drift * occasion.years
    moved = tuple(
        tuple(
            _moved(old, gain, observed.experienced(a, s), None if action.kind == "wait" else drift)
            for s, (old, gain) in enumerate(zip(row, gains, strict=True))
        )
        for a, (action, row) in enumerate(zip(site.scenario.actions.values(), expected(site, state), strict=True))
    )
    return Reviewed(replace(state, expected=moved))


def _moved(old: float, gain: float, experienced: float | None, drift: float | None) -> float:
    """One expectation after the period; ``experienced`` None: nobody met it; ``drift`` None: it is a wait."""
    learnt = old if experienced is None else old + gain * (experienced - old)
    return learnt if drift is None else min(1.0, max(0.0, learnt + drift))
