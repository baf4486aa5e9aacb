"""Planned training: who is on the course which day, and how much of it is still there later."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.flow.site import Site
from sim.flow.state import Person, State
from sim.rules.learning import spilled_pace_gain, trained_pace_gain, training_gain
from sim.scenario.training import TrainingEvent
from sim.units import DAY_MINUTES


class Training(NamedTuple):
    """One held course. It works from the opening of the day after; trainees are off duty on its day."""

    event: str
    day: int
    trainees: frozenset[int]  # positions in Site.members
    actions: frozenset[str] | None  # None: all
    effect: float  # on the probit scale of knowledge, method included
    half_time_min: float
    backfill: bool  # a substitute of the same skill and pace covers the day
    faster: float  # factor on the pace of trainees while it is fresh
    spill: float  # added to the pace of colleagues, for the share of their role that was trained
    fresh_min: float  # half of either is left after so long

    def was_held_for(self, position: int, person: Person) -> bool:
        """Whether this person took part; who came to the position later did not."""
        return position in self.trainees and person.since_day <= self.day

    def elapsed_min(self, day: int) -> float:
        """Time since it began to work."""
        return (day - self.day - 1) * float(DAY_MINUTES)


def trainings(site: Site, state: State, seed: int, replication: int) -> tuple[Training, ...]:
    """All courses within the horizon, in order of day, then of the file, as far as reviews have settled them."""
    chosen = {(event, day): frozenset(actions) for event, day, actions in state.targeted}
    trainees = {name: _trainees(site, name, seed, replication) for name in site.scenario.training}
    held = [
        Training(
            event=name,
            day=day,
            trainees=trainees[name],
            actions=_taught(site, event, chosen.get((name, day))),
            effect=event.effect * event.strength,
            half_time_min=event.half_time,
            backfill=event.backfill,
            faster=event.faster,
            spill=event.spill,
            fresh_min=event.fresh,
        )
        for name, event in site.scenario.training.items()
        for day in _days(event.day, event.every, site.days)
    ]
    return tuple(sorted(held, key=lambda training: training.day))


def _taught(site: Site, event: TrainingEvent, chosen: frozenset[str] | None) -> frozenset[str] | None:
    """The actions of a course: all (None), those listed, or those that a review chose; none before it has."""
    if event.actions.all:
        return None
    if event.actions.most_missed is not None:
        return chosen or frozenset()
    reflection = site.scenario.management.reflection
    targets = reflection is not None and reflection.target_training
    return chosen if targets and chosen is not None else frozenset(event.actions.names)


def _days(first: int, every_min: float, days: int) -> range:
    if math.isinf(every_min):
        return range(first, min(first + 1, days))
    return range(first, days, max(1, round(every_min / DAY_MINUTES)))


def _trainees(site: Site, event: str, seed: int, replication: int) -> frozenset[int]:
    """The share of the role that is sent, the same people each time: those with the smallest keyed uniforms."""
    wanted = site.scenario.training[event]
    chosen: list[int] = []
    for role in site.roles:
        if role.name in wanted.who:
            lots = {m: _lot(site, m, event, seed, replication) for m in role.members}
            ranked = sorted(role.members, key=lambda m: (lots[m], m))
            chosen += ranked[: math.floor(wanted.share * len(ranked) + 0.5)]
    return frozenset(chosen)


def _lot(site: Site, position: int, event: str, seed: int, replication: int) -> float:
    """A member's uniform for a course: hers by name where she has one, so that one more member moves nobody's."""
    member = site.members[position]
    role, named = site.roles[member.role].name, (member.key,) if member.key else ()
    key = stream_key(seed, replication, "training.trainee", event, role, *named)
    return uniform(key, 0 if named else member.position)


def absent(held: tuple[Training, ...], day: int) -> frozenset[int]:
    """Members who are on a course that day and not covered for."""
    away = [t.trainees for t in held if t.day == day and not t.backfill]
    return frozenset().union(*away)


def gain(held: tuple[Training, ...], position: int, person: Person, action: str, day: int) -> float:
    """What training adds on a day to the probit of an action's knowledge of the person who holds a position."""
    total = 0.0
    for t in held:
        if t.day < day and t.was_held_for(position, person) and (t.actions is None or action in t.actions):
            total += training_gain(t.effect, t.elapsed_min(day), t.half_time_min)
    return total


def changes_pace(held: tuple[Training, ...]) -> bool:
    """Whether any course makes anybody faster or slower."""
    return any(t.faster != 1.0 or t.spill > 0.0 for t in held)


def pace_factor(held: tuple[Training, ...], people: tuple[Person, ...], role: range, position: int, day: int) -> float:
    """What training multiplies on a day the pace by of the person who holds a position of a role."""
    own = spilled = 0.0
    for t in held:  # in order of day: of several that change it the latest counts, a refresher renews what is fresh
        if t.day >= day:
            break
        elapsed = t.elapsed_min(day)
        if t.was_held_for(position, people[position]):
            own = trained_pace_gain(t.faster, elapsed, t.fresh_min) if t.faster != 1.0 else own
        elif t.spill > 0.0:
            trained = sum(t.was_held_for(colleague, people[colleague]) for colleague in role)
            spilled = spilled_pace_gain(t.spill, trained / len(role), elapsed, t.fresh_min)
    return 1.0 + own + spilled
