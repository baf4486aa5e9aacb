"""Planned training: who is on the course which day, and how much of it is still there later."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.flow.site import Site
from sim.rules.learning import training_gain
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


def trainings(site: Site, seed: int, replication: int) -> tuple[Training, ...]:
    """All courses within the horizon, in order of day, then of the file."""
    held = [
        Training(
            event=name,
            day=day,
            trainees=_trainees(site, name, seed, replication),
            actions=None if event.actions.all else frozenset(event.actions.names),
            effect=event.effect * event.strength,
            half_time_min=event.half_time,
            backfill=event.backfill,
        )
        for name, event in site.scenario.training.items()
        for day in _days(event.day, event.every, site.days)
    ]
    return tuple(sorted(held, key=lambda training: training.day))


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
            key = stream_key(seed, replication, "training.trainee", event, role.name)
            ranked = sorted(role.members, key=lambda m: (uniform(key, site.members[m].position), m))
            chosen += ranked[: math.floor(wanted.share * len(ranked) + 0.5)]
    return frozenset(chosen)


def absent(held: tuple[Training, ...], day: int) -> frozenset[int]:
    """Members who are on a course that day and not covered for."""
    away = [t.trainees for t in held if t.day == day and not t.backfill]
    return frozenset().union(*away)


def gain(held: tuple[Training, ...], member: int, action: str, day: int) -> float:
    """What training adds to a member's probit of knowledge of an action on a day."""
    total = 0.0
    for t in held:
        if t.day < day and member in t.trainees and (t.actions is None or action in t.actions):
            elapsed = (day - t.day - 1) * float(DAY_MINUTES)
            total += training_gain(t.effect, elapsed, t.half_time_min)
    return total
