"""A service as it is performed: which actions are delivered, what goes wrong, what is caught, how long it takes."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import normal_cdf, normal_quantile
from sim.errors import ModelError
from sim.flow.blueprint import NOBODY, ActionTable, StageTable
from sim.flow.log import FIXED
from sim.flow.people import Member, Visit
from sim.flow.plan import Plan
from sim.flow.training import gain
from sim.rules.actions import (
    ERROR,
    HIT,
    NOT_REQUIRED,
    error_factor_of_skill,
    fatigue_factor,
    wanted_share,
    what_came_of,
)
from sim.rules.learning import learning_factor
from sim.rules.pressure import corner_cutting_factor, speed_up_factor, work_pressure
from sim.rules.service import service_minutes
from sim.units import MICROSECONDS_PER_MINUTE

MICROSECONDS_PER_HOUR = 60.0 * MICROSECONDS_PER_MINUTE
WEEK_DAYS = 7.0


class Thresholds(NamedTuple):
    """What one member's customers of one segment can expect at one stage, before load and fatigue."""

    actions: tuple[tuple[float, float, float], ...]  # wanted, × knowledge, × willingness
    error: float  # probability at normal pressure


class Pressure(NamedTuple):
    """What work pressure does at one stage."""

    hurry: float  # factor on core work
    loads: tuple[float, ...]  # factor on each action's chance
    error: float  # factor on the error probability


_CALM = Pressure(1.0, (1.0,) * 256, 1.0)


class Performance:
    """Performs visits. What depends on whole numbers or the day alone is worked out once and kept."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._site = site = plan.site
        quality = site.scenario.quality
        self._load, self._error = quality.load, quality.error
        self._fatigue = quality.fatigue_per_hour
        self._check = site.scenario.management.self_check
        self._learning = quality.learning
        self._plain = [not stage.actions and stage.error == 0.0 for stage in site.stages]
        self._thresholds: dict[tuple[int, int, int], Thresholds] = {}
        self._pressures: list[dict[tuple[int, int], Pressure]] = [{} for _ in site.stages]
        self._day = 0

    def begin_day(self, day: int, members: list[Member]) -> None:
        """Pace and knowledge of a day: experience grows, training starts to work or fades."""
        self._day = day
        if self._plan.trainings:
            self._thresholds.clear()
        if day == 0 or self._learning.exponent > 0:
            for member in members:
                member.slow = tuple(
                    self._slowness(member, day, pace) if pace > 0 else math.inf for pace in member.table.pace_at
                )

    def _slowness(self, member: Member, day: int, pace: float) -> float:
        weeks = member.person.tenure_weeks + day / WEEK_DAYS
        plateau = self._learning.plateau / (WEEK_DAYS * 1440.0)
        return member.person.slowness * learning_factor(weeks, plateau, self._learning.exponent) / pace

    def perform(self, visit: Visit, member: Member | None, in_hand: int) -> int:
        """Fix what happens in a service that starts now, note it on the visit and return its microseconds.

        ``in_hand``: the customers that the member serves already. ``visit.present`` and ``visit.capacity`` are
        set where pressure plays a part. ``member`` is None at a self-service stage.
        """
        at = visit.stage
        slowness, slowdown, hurry = 1.0, 0.0, 1.0
        acting = extra = 0.0
        if member is not None:
            slowness, slowdown = member.slow[at], member.slowdown
        if visit.capacity or not self._plain[at]:
            pressure = self._pressure(at, visit.present, visit.capacity) if visit.capacity else _CALM
            hurry = pressure.hurry
            if not self._plain[at]:
                acting, extra = self._deliver(visit, member, pressure)
        complexity = visit.customer.table.complexity
        minutes = extra + service_minutes(visit.work_min, acting, complexity, slowness, hurry, in_hand, slowdown)
        if not 0.0 <= minutes < math.inf:  # nor for what is not a number
            raise ModelError(self._impossible(visit, minutes))
        return int(minutes * MICROSECONDS_PER_MINUTE + 0.5)

    def _impossible(self, visit: Visit, minutes: float) -> str:
        return (
            f"stage {self._site.stages[visit.stage].name}: service of encounter {visit.customer.number} (visit"
            f" {visit.visit + 1}) came out as {minutes} minutes; its work is {visit.work_min} minutes"
        )

    def _deliver(self, visit: Visit, member: Member | None, pressure: Pressure) -> tuple[float, float]:
        """Actions, error and self-check; minutes of the actions performed, and of checking and mending."""
        stage = self._site.stages[visit.stage]
        thresholds = self._threshold(visit, member, stage)
        causes, acting = self._act(visit, stage, thresholds, pressure, member)
        extra = self._err_and_check(visit, stage, causes, thresholds.error * pressure.error, member)
        visit.causes = bytes(causes)
        return acting, extra

    def _act(
        self,
        visit: Visit,
        stage: StageTable,
        thresholds: Thresholds,
        pressure: Pressure,
        member: Member | None,
    ) -> tuple[bytearray, float]:
        """Each action in the order of the file: hit, or the cause of its miss; and the time of those performed."""
        fatigue = 1.0
        if self._fatigue and member is not None:
            fatigue = fatigue_factor(visit.shift_us / MICROSECONDS_PER_HOUR, self._fatigue)
        segment, luck, loads = (
            visit.customer.segment,
            visit.luck.actions[visit.row] if stage.actions else [],
            pressure.loads,
        )
        causes = bytearray(len(stage.actions))
        minutes = 0.0
        for k, (wanted, known, willing) in enumerate(thresholds.actions):
            if k == stage.outcome:
                continue
            cause = what_came_of(luck[k], wanted, known, willing, loads[k], fatigue)
            if cause == HIT:
                minutes += stage.actions[k].time_min[segment]
            causes[k] = cause
        return causes, minutes

    def _err_and_check(
        self, visit: Visit, stage: StageTable, causes: bytearray, chance: float, member: Member | None
    ) -> float:
        """The outcome, and the self-check before release; minutes of checking and mending."""
        luck, row, outcome = visit.luck, visit.row, stage.outcome
        failed = stage.error > 0.0 and luck.error[row] < min(1.0, chance)
        visit.error = int(failed)
        if failed and outcome != NOBODY:
            causes[outcome] = ERROR
        check = self._check
        if member is None or check.share == 0.0 or luck.check[row] >= check.share:
            return 0.0
        visit.checked = 1
        minutes = float(check.time)
        for k, action in enumerate(stage.actions):
            lapse = causes[k] != HIT and causes[k] != NOT_REQUIRED and k != outcome
            if lapse and action.checkable and luck.caught[row][k] < check.catches:
                causes[k] |= FIXED
                minutes += action.time_min[visit.customer.segment]
        may_catch = outcome == NOBODY or stage.actions[outcome].checkable
        if failed and may_catch and luck.error_caught[row] < check.catches:
            visit.error = 2
            if outcome != NOBODY:
                causes[outcome] |= FIXED
            minutes += check.fix
        return minutes

    def _threshold(self, visit: Visit, member: Member | None, stage: StageTable) -> Thresholds:
        key = (visit.stage, visit.customer.segment, NOBODY if member is None else member.position)
        found = self._thresholds.get(key)
        if found is None:
            make = self._unstaffed(stage, key[1]) if member is None else self._staffed(stage, key[1], member)
            found = self._thresholds[key] = make
        return found

    def _staffed(self, stage: StageTable, segment: int, member: Member) -> Thresholds:
        person, empowerment = member.person, self._site.roles[member.role].empowerment
        nested = []
        for action in stage.actions:
            wanted = wanted_share(action.required[segment], empowerment)
            known = wanted * normal_cdf(self._knowledge(member, action.name))
            nested.append((wanted, known, known * person.willingness))
        outcome = stage.actions[stage.outcome].name if stage.outcome != NOBODY else ""
        factor = error_factor_of_skill(
            self._knowledge(member, outcome), self._site.reference_z, self._error.skill_effect
        )
        return Thresholds(tuple(nested), stage.error * factor)

    def _knowledge(self, member: Member, action: str) -> float:
        return member.person.z + gain(self._plan.trainings, member.position, action, self._day)

    def _unstaffed(self, stage: StageTable, segment: int) -> Thresholds:
        """Self-service: what is required happens, or as surely as the median member of a role does it."""
        return Thresholds(tuple(self._by_role(action, segment) for action in stage.actions), stage.error)

    def _by_role(self, action: ActionTable, segment: int) -> tuple[float, float, float]:
        wanted = action.required[segment]
        if action.by == NOBODY:
            return wanted, wanted, wanted
        role = self._site.scenario.staff[self._site.roles[action.by].name]
        known = wanted * (normal_cdf(normal_quantile(role.skill)) if role.skill < 1.0 else 1.0)
        return wanted, known, known * role.adherence

    def _pressure(self, at: int, present: int, hands: int) -> Pressure:
        found = self._pressures[at].get((present, hands))
        if found is None:
            load, stage = self._load, self._site.stages[at]
            pressure = work_pressure(present, hands, load.reference, load.low, load.high)
            found = Pressure(
                hurry=speed_up_factor(pressure, load.speed_up),
                loads=tuple(corner_cutting_factor(pressure, load.corner_cutting, a.discretion) for a in stage.actions),
                # More pressure, more errors: the speed-up's factor upside down.
                error=speed_up_factor(pressure, -self._error.load_effect),
            )
            self._pressures[at][(present, hands)] = found
        return found
