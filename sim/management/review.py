"""The review between two periods, while the site is closed: what management and customers make of what happened."""

from __future__ import annotations

from dataclasses import replace

from sim.flow.site import Site
from sim.flow.state import State
from sim.management.coaching import coaching
from sim.management.demand import demand
from sim.management.erosion import erosion
from sim.management.expectations import expectations
from sim.management.observed import Observed
from sim.management.occasion import Cost, Reviewed, occasion_of
from sim.management.reflection import reflection
from sim.management.research import research
from sim.management.targeting import targeting
from sim.management.turnover import turnover

__all__ = ["Cost", "Reviewed", "review"]

# What the period did to those who worked in it, then who leaves and comes, then what is done for those who stay,
# then customers. Each step sees the state that the one before left.
STEPS = (reflection, erosion, turnover, coaching, targeting, research, expectations, demand)


def review(site: Site, state: State, observed: Observed, seed: int, replication: int) -> Reviewed:
    """The state in which the next period begins, and what the review cost. Pure; `state.day` begins the period.

    All luck is keyed to people and days. With nothing switched on only the day moves.
    """
    occasion = occasion_of(site, state, seed, replication)
    costs: tuple[Cost, ...] = ()
    for step in STEPS:
        state, more = step(occasion, state, observed)
        costs += more
    return Reviewed(replace(state, day=occasion.end), costs)
