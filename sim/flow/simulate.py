"""One replication of a plan, checked as it goes."""

from __future__ import annotations

from collections.abc import Generator

from sim.flow.invariants import Invariants
from sim.flow.log import EncounterLog
from sim.flow.plan import Plan


def simulate(plan: Plan, engine: str = "simpy") -> Generator[EncounterLog, Plan | None, None]:
    """Run a plan and yield its log in blocks of a day; every encounter is in one of them.

    In answer to a block the plan of the days to come may be sent (`Generator.send`), as a review has changed it.
    ``engine``: simpy. Raises GuardStop where a guard ends the run, ModelError for an impossible duration,
    SelfCheckError where a law that every run obeys is violated.
    """
    if engine != "simpy":
        raise ValueError(f"no engine {engine!r}; there is simpy")
    from sim.flow.simpy_engine import run

    invariants = Invariants(plan.site)
    running = run(plan)
    log = next(running)
    while not len(log.arrivals):
        invariants.add(log)
        log = running.send((yield log))
    invariants.add(log)
    invariants.finish(log)
    yield log
