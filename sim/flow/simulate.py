"""One replication of a plan, checked as it goes."""

from __future__ import annotations

from collections.abc import Iterator

from sim.flow.invariants import Invariants
from sim.flow.log import EncounterLog
from sim.flow.plan import Plan


def simulate(plan: Plan, engine: str = "simpy") -> Iterator[EncounterLog]:
    """Run a plan and yield its log in blocks of about a day; every encounter is in one of them.

    ``engine``: simpy. Raises GuardStop where a guard ends the run, ModelError for an impossible duration,
    SelfCheckError where a law that every run obeys is violated.
    """
    if engine != "simpy":
        raise ValueError(f"no engine {engine!r}; there is simpy")
    from sim.flow.simpy_engine import run

    invariants = Invariants(plan.site)
    for log in run(plan):
        invariants.add(log)
        if len(log.arrivals):
            invariants.finish(log)
        yield log
