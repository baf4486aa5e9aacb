"""What customers expect, and what management believes that they expect, as the state has it."""

from __future__ import annotations

from sim.flow.site import Site
from sim.flow.state import Grid, State


def expected(site: Site, state: State) -> Grid:
    """By action and segment: shares, minutes for a wait."""
    if state.expected is not None:
        return state.expected
    scenario = site.scenario
    return tuple(tuple(scenario.expected(name, segment) for segment in site.segments) for name in scenario.actions)


def believed(site: Site, state: State) -> Grid:
    """Likewise, in the eyes of management."""
    if state.believed is not None:
        return state.believed
    scenario = site.scenario
    return tuple(tuple(scenario.believed(name, segment) for segment in site.segments) for name in scenario.actions)
