"""What can be foreseen of a plan: too little staff, and courses that nobody attends or that empty the floor."""

from __future__ import annotations

from collections.abc import Iterator

from sim.flow.calendar import open_spans
from sim.flow.plan import Plan
from sim.flow.roster import Duty, roster
from sim.flow.traffic import overloads
from sim.flow.training import Training


def foreseen(plan: Plan) -> tuple[str, ...]:
    """Warnings in plain words, each once."""
    found = [str(overload) for overload in overloads(plan)]
    for training in plan.trainings:
        found += _of_course(plan, training)
    return tuple(dict.fromkeys(found))


def _of_course(plan: Plan, training: Training) -> Iterator[str]:
    site, here = plan.site, f"training {training.event}"
    if not training.trainees:
        event = site.scenario.training[training.event]
        yield f"{here}: a share of {event.share:g} of {', '.join(event.who)} is nobody"
        return
    if not open_spans(site, training.day):
        yield f"{here}: the site is closed on day {training.day}, so nobody is missed on the floor"
        return
    if training.backfill:
        return
    there = {duty.member for duty in roster(site, training.day, plan.absent)}
    usually = {duty.member for duty in _without_courses(plan, training.day)}
    for stage in site.stages:
        serving = {m for role in stage.roles for m in site.roles[role].members}
        if serving & usually and not serving & there:
            yield (
                f"{here}: on day {training.day} nobody is left to serve {stage.name}; train a share at a time, or"
                " write backfill: true"
            )


def _without_courses(plan: Plan, day: int) -> tuple[Duty, ...]:
    return roster(plan.site, day, lambda _: frozenset())
