"""Who works at the site and how it stands with demand, between two periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sim.arithmetic import normal_quantile
from sim.chance.keys import stream_key
from sim.chance.laws import law_of
from sim.chance.philox import uniform
from sim.flow.site import Site
from sim.scenario.distributions import Exponential, Shaped

MINUTES_PER_WEEK = 10_080.0


Grid = tuple[tuple[float, ...], ...]
"""By action in the order of the scenario, then by segment: shares, minutes for a wait."""


class Person(NamedTuple):
    """One member of staff as chance made them; the position on the roster is kept, the person may change."""

    z: float  # knowledge of the standards, probit scale; infinite: always knows
    willingness: float  # 0..1
    slowness: float  # 1 / pace; mean of the role is 1 / its pace
    tenure_weeks: float  # in the job on day 0; negative: came later
    since_day: int = -1  # first day in the job: trainings held before are not this person's; -1: before day 0
    coached: float = 0.0  # what the latest coaching added to knowledge, probit scale
    reflections: int = 0  # services thought over so far
    standard: float = 1.0  # own standard, as a part of the written one
    hire: int = 0  # number of this person among those who held the position


@dataclass(frozen=True)
class State:
    """What one period hands to the next."""

    people: tuple[Person, ...]  # as Site.members
    demand: tuple[float, ...]  # factor on arrivals, by segment
    day: int = 0  # first of the period
    expected: Grid | None = None  # None: as the scenario says
    believed: Grid | None = None
    targeted: tuple[tuple[str, int, tuple[str, ...]], ...] = ()  # training, its day, actions: chosen at a review
    returned: tuple[float, ...] | None = None  # mean chance of return seen first, by segment; NaN: of nobody yet
    told: tuple[float, ...] | None = None  # what of `demand` is word of mouth, by segment; None: nobody has talked


def initial_state(site: Site, seed: int, replication: int) -> State:
    """The first day's staff: keyed to the position (or the name) and the hire, so that one more disturbs nobody."""
    people = tuple(person_of(site, position, seed, replication) for position in range(len(site.members)))
    return State(people, (1.0,) * len(site.segments))


def person_of(site: Site, position: int, seed: int, replication: int, hire: int = 0) -> Person:
    """Who holds a position of the roster: the first, or after so many have left."""
    member = site.members[position]
    role = site.roles[member.role].name
    spread = site.scenario.staff[role]

    def luck(purpose: str) -> float:
        within = 0 if member.key else member.position
        return uniform(stream_key(seed, replication, purpose, role, member.key), within, hire)

    z = normal_quantile(member.skill) if member.skill < 1.0 else float("inf")
    if not member.own_skill and spread.skill_sd > 0.0:
        z += spread.skill_sd * normal_quantile(luck("staff.skill"))
    pace_cv = 0.0 if member.own_pace else spread.pace_cv
    slowness = 1.0 / member.pace
    if pace_cv > 0:
        spread_of_pace = Shaped("lognormal", mean=slowness, cv=pace_cv)
        slowness = law_of(spread_of_pace).quantile(luck("staff.pace"))
    # Time in the job is exponential about its mean; without one, everybody is past the learning curve.
    weeks = float("inf")
    if member.tenure_min is not None:
        weeks = law_of(Exponential(member.tenure_min / MINUTES_PER_WEEK)).quantile(luck("staff.tenure"))
    return Person(z, member.adherence, slowness, weeks, hire=hire)
