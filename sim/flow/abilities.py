"""What each member of staff knows, is willing to do, and how fast she works, on a day."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import normal_cdf, normal_quantile
from sim.flow.blueprint import NOBODY, ActionTable, StageTable
from sim.flow.people import Member
from sim.flow.plan import Plan
from sim.flow.site import Site
from sim.flow.state import Person
from sim.flow.training import changes_pace, gain, pace_factor
from sim.rules.actions import error_factor_of_skill, wanted_share
from sim.rules.learning import learning_factor, reflection_gain
from sim.rules.willingness import (
    REMEMBERED_SERVICES,
    audit_strength,
    audited_willingness,
    paid_adherence,
    practice_share,
    told_lately,
)
from sim.scenario.management import Audit
from sim.units import DAY_MINUTES

WEEK_DAYS = 7.0


class Thresholds(NamedTuple):
    """What one member's customers of one segment can expect at one stage, before load and fatigue."""

    actions: tuple[tuple[float, float, float], ...]  # required; wanted × knowledge; × willingness
    minutes: tuple[float, ...]  # each action takes
    error: float  # probability at normal pressure


def audit_told(site: Site) -> Audit | None:
    """The audits, where there are any and those who served are told: untold they change nobody."""
    audit = site.scenario.management.audit
    return audit if audit is not None and audit.feedback and audit.share > 0.0 else None


def habit_share(site: Site, share: float, decline_min: float, day: int) -> float:
    """Share of services in which a habit, introduced on day 0, is kept up on a day."""
    audit = audit_told(site)
    told = 0.0 if audit is None else told_lately(audit.share, REMEMBERED_SERVICES)
    return practice_share(share, day * float(DAY_MINUTES), decline_min, told)


def knowledge(plan: Plan, position: int, action: str, day: int) -> float:
    """What the person who holds a position knows of an action on a day, on the probit scale (E25)."""
    person, management = plan.state.people[position], plan.site.scenario.management
    z = person.z + gain(plan.trainings, position, person, action, day) + person.coached
    if management.reflection is not None:
        z += reflection_gain(management.reflection.gain, person.reflections, management.reflection.every)
    assisted = management.crm.get(action)
    return z + assisted.skill if assisted is not None else z


class Abilities:
    """Abilities by the day. What a day or a review does not change is worked out once and kept."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._site = site = plan.site
        management = site.scenario.management
        self._learning, self._error = site.scenario.quality.learning, site.scenario.quality.error
        self._crm = management.crm
        self._audit, paid = audit_told(site), management.incentive
        self._added = paid.adherence if paid is not None else 0.0
        self._paid_pace = paid.pace if paid is not None else 1.0  # the scenario refuses it where hits are paid
        self._thresholds: dict[tuple[int, int, int], Thresholds] = {}
        self._day = 0
        self._reviewed = True

    def begin_period(self, plan: Plan) -> None:
        """A review has changed people, or what they will be taught."""
        self._plan = plan
        self._reviewed = True

    def begin_day(self, day: int, members: list[Member]) -> None:
        """Experience grows, training starts to work or fades, audits and habits wear off."""
        self._day = day
        trained = self._plan.trainings
        if trained or self._audit is not None or self._reviewed:
            self._thresholds.clear()
        if self._reviewed or self._learning.exponent > 0 or changes_pace(trained):
            for member in members:
                factor = self._pace_factor(member)
                member.slow = tuple(
                    self._slowness(member.person, factor * pace) if pace > 0 else math.inf
                    for pace in member.table.pace_at
                )
        self._reviewed = False

    # ---- pace ------------------------------------------------------------------------------------

    def _pace_factor(self, member: Member) -> float:
        role = self._site.roles[member.role].members
        trained = pace_factor(self._plan.trainings, self._plan.state.people, role, member.position, self._day)
        return self._paid_pace * trained

    def _slowness(self, person: Person, pace: float) -> float:
        if pace <= 0.0:
            return math.inf  # trainings that slow people down have added up: no service can end
        weeks = person.tenure_weeks + self._day / WEEK_DAYS
        plateau = self._learning.plateau / (WEEK_DAYS * DAY_MINUTES)
        return person.slowness * learning_factor(weeks, plateau, self._learning.exponent) / pace

    # ---- knowledge and willingness ---------------------------------------------------------------

    def thresholds(self, at: int, segment: int, member: Member | None) -> Thresholds:
        """Of one member's services of one segment at one stage, today; None serves at a self-service stage."""
        key = (at, segment, NOBODY if member is None else member.position)
        found = self._thresholds.get(key)
        if found is None:
            stage = self._site.stages[at]
            make = self._unstaffed(stage, segment) if member is None else self._staffed(stage, segment, member)
            found = self._thresholds[key] = make
        return found

    def _staffed(self, stage: StageTable, segment: int, member: Member) -> Thresholds:
        empowerment = self._site.roles[member.role].empowerment
        willing = self._willingness(member.person)
        nested, minutes = [], []
        for action in stage.actions:
            wanted = wanted_share(action.required[segment], empowerment)
            known = wanted * normal_cdf(knowledge(self._plan, member.position, action.name, self._day))
            nested.append((action.required[segment], known, known * willing))
            assisted = self._crm.get(action.name)
            minutes.append(action.time_min[segment] * (assisted.time if assisted is not None else 1.0))
        outcome = stage.actions[stage.outcome].name if stage.outcome != NOBODY else ""
        z = knowledge(self._plan, member.position, outcome, self._day)
        factor = error_factor_of_skill(z, self._site.reference_z, self._error.skill_effect)
        return Thresholds(tuple(nested), tuple(minutes), stage.error * factor)

    def _willingness(self, person: Person) -> float:
        willing = paid_adherence(person.willingness, self._added) * person.standard
        if self._audit is None:
            return willing
        strength = audit_strength(self._audit.effect, self._day * float(DAY_MINUTES), self._audit.fade)
        return audited_willingness(willing, strength, self._audit.share)

    def _unstaffed(self, stage: StageTable, segment: int) -> Thresholds:
        """Self-service: what is required happens, or as surely as the median member of a role does it."""
        nested = tuple(self._by_role(action, segment) for action in stage.actions)
        return Thresholds(nested, tuple(action.time_min[segment] for action in stage.actions), stage.error)

    def _by_role(self, action: ActionTable, segment: int) -> tuple[float, float, float]:
        wanted = action.required[segment]
        if action.by == NOBODY:
            return wanted, wanted, wanted
        role = self._site.scenario.staff[self._site.roles[action.by].name]
        known = wanted * (normal_cdf(normal_quantile(role.skill)) if role.skill < 1.0 else 1.0)
        return wanted, known, known * role.adherence
