"""A replication day by day: the floor runs, customers judge, and between two periods management reviews."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.flow.log import EncounterLog
from sim.flow.plan import Plan, draw
from sim.flow.simulate import simulate
from sim.flow.site import Site
from sim.flow.state import initial_state
from sim.units import DAY_MINUTES

if TYPE_CHECKING:
    from sim.management.review import Cost
    from sim.quality.perceive import Perception


class Day(NamedTuple):
    """A simulated day as it was lived, judged and managed. An encounter is in the day on which it ended."""

    log: EncounterLog
    perception: Perception | None  # None where the scenario has nothing to judge
    plan: Plan | None = None  # in force that day, with its state and trainings; None: only the log is at hand
    costs: tuple[Cost, ...] = ()  # of the review in the night before
    number: int = 0

    @property
    def period(self) -> int:
        """Number of the period between reviews that it lies in."""
        return 0 if self.plan is None else self.plan.period


def days(site: Site, seed: int, replication: int, engine: str = "simpy") -> Iterator[Day]:
    """Simulate a replication; at the end of each period but the last, State -> review -> State.

    Without `review` in the scenario there is one period.
    """
    plan = draw(site, initial_state(site, seed, replication), seed, replication)
    running = simulate(plan, engine)
    length = _days_between_reviews(site)
    revised: Plan | None = None
    costs: tuple[Cost, ...] = ()
    judgement = _judgement(site, plan)
    observed: Any = None
    for day in range(site.days):
        log = running.send(revised) if day else next(running)
        revised, perception = None, _perceived(log, judgement)
        yield Day(log, perception, plan, costs, day)
        costs = ()
        if (day // length + 1) * length < site.days:  # a review follows this period
            from sim.management.observed import observe
            from sim.management.review import review

            seen = observe(log, perception, judgement)
            observed = seen if observed is None else observed + seen
            if (day + 1) % length == 0:
                reviewed = review(site, plan.state, observed, seed, replication)
                costs, observed = reviewed.costs, None
                plan = revised = draw(site, reviewed.state, seed, replication, plan.period + 1)
                judgement = _judgement(site, plan)


def _days_between_reviews(site: Site) -> int:
    length = site.scenario.review
    return site.days if length is None else round(length / DAY_MINUTES)


def _judgement(site: Site, plan: Plan) -> Any:
    if not site.scenario.actions:
        return None
    from sim.quality.tables import judgement_of

    return judgement_of(site, plan.state)


def _perceived(log: EncounterLog, judgement: Any) -> Perception | None:
    if judgement is None:
        return None
    from sim.quality.perceive import perceive

    return perceive(log, judgement)
