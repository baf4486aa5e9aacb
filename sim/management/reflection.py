"""Services thought over: each one counts towards what a person knows."""

from __future__ import annotations

from dataclasses import replace

from sim.flow.state import State
from sim.management.observed import Observed
from sim.management.occasion import Occasion, Reviewed


def reflection(occasion: Occasion, state: State, observed: Observed) -> Reviewed:
    """Add the reflections of the period to those before."""
    if not observed.reflections.any():
        return Reviewed(state)
    people = tuple(
        person._replace(reflections=person.reflections + more)
        for person, more in zip(state.people, observed.reflections.tolist(), strict=True)
    )
    return Reviewed(replace(state, people=people))
