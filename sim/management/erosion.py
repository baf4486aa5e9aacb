"""Standards under pressure: people come to find enough what they had time for, until somebody reminds them."""

from __future__ import annotations

from dataclasses import replace

from sim.flow.log import Cause, Ints
from sim.flow.state import Person, State
from sim.flow.training import trainings
from sim.management.observed import Observed
from sim.management.occasion import Occasion, Reviewed
from sim.rules.erosion import eroded, survived_load
from sim.rules.willingness import told_lately
from sim.scenario.management import Erosion
from sim.units import DAY_MINUTES


def erosion(occasion: Occasion, state: State, observed: Observed) -> Reviewed:
    """Move everybody's own standard towards what work pressure left of it (E30), or back to the written one."""
    rule = occasion.site.scenario.management.erosion
    if rule is None:
        return Reviewed(state)
    taught, share = _taught(occasion, state), _told_share(occasion)
    people = []
    for position, (person, work) in enumerate(zip(state.people, observed.work, strict=True)):
        reminded = 1.0 if position in taught else told_lately(share, int(observed.services[position]))
        standard = _standard(rule, person, work, occasion.days)
        people.append(person._replace(standard=standard + (1.0 - standard) * reminded))
    return Reviewed(replace(state, people=tuple(people)))


def _standard(rule: Erosion, person: Person, work: Ints, days: int) -> float:
    """The person's standard after the period; only what was skipped for want of time lowers it.

    What somebody did not know, or did not care to do, is no less than she holds herself to: counted here, it
    would drive the standard of everybody below perfection down for ever. Who did nothing saw nothing.
    """
    skipped = int(work[Cause.LOAD])
    delivered = int(work[Cause.HIT] + work[Cause.FATIGUE])
    if not delivered + skipped:
        return person.standard
    seen = person.standard * survived_load(delivered, skipped) if skipped else 1.0
    return eroded(person.standard, seen, float(days * DAY_MINUTES), rule.down, rule.up)


def _told_share(occasion: Occasion) -> float:
    """Share of services that are audited, where those who served are told."""
    audit = occasion.site.scenario.management.audit
    return audit.share if audit is not None and audit.feedback else 0.0


def _taught(occasion: Occasion, state: State) -> frozenset[int]:
    """Positions of those whom a training in the period has reminded of the written standard."""
    held = trainings(occasion.site, state, occasion.seed, occasion.replication)
    recent = [t for t in held if occasion.first <= t.day < occasion.end]
    people = enumerate(state.people)
    return frozenset(p for p, person in people if any(t.was_held_for(p, person) for t in recent))
