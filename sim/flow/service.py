"""A service as it is performed: which actions are delivered, what goes wrong, what is caught, how long it takes."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.errors import ModelError
from sim.flow.abilities import Abilities, Thresholds, habit_share
from sim.flow.blueprint import NOBODY, StageTable
from sim.flow.busyness import Busyness
from sim.flow.log import AUTOMATED, CAUSE_MASK, FIXED
from sim.flow.people import Member, Visit
from sim.flow.plan import Plan
from sim.flow.site import Site
from sim.rules.actions import ERROR, HIT, NOT_REQUIRED, fatigue_factor, what_came_of
from sim.rules.pressure import corner_cutting_factor, idle_factor, speed_up_factor, work_pressure
from sim.rules.service import service_minutes
from sim.units import MICROSECONDS_PER_MINUTE

MICROSECONDS_PER_HOUR = 60.0 * MICROSECONDS_PER_MINUTE

_Machines = tuple[tuple[int, float, float], ...]
"""Actions of a stage that a machine does: column, share of customers, minutes."""


class Pressure(NamedTuple):
    """What work pressure does at one stage."""

    hurry: float  # factor on core work
    drift: float  # factor on willingness
    loads: tuple[float, ...]  # factor on each action's chance
    error: float  # factor on the error probability


_CALM = Pressure(1.0, 1.0, (1.0,) * 256, 1.0)


class Performance:
    """Performs visits. What depends on whole numbers or the day alone is worked out once and kept."""

    def __init__(self, plan: Plan, busyness: Busyness | None = None) -> None:
        """``busyness`` is followed where lasting overload plays a part."""
        self._site = site = plan.site
        self._busyness = busyness
        quality = site.scenario.quality
        self._load, self._error = quality.load, quality.error
        self._fatigue = quality.fatigue_per_hour
        self._check = site.scenario.management.self_check
        self._check_share = self._check.share  # today
        self._abilities = Abilities(plan)
        self._plain = [not stage.actions and stage.error == 0.0 for stage in site.stages]
        self._machines = [_machines(site, stage) for stage in site.stages]
        self._pressures: list[dict[tuple[int, int, bool], Pressure]] = [{} for _ in site.stages]

    def begin_period(self, plan: Plan) -> None:
        """A review has changed people or plans; it holds from the next day on."""
        self._abilities.begin_period(plan)

    def begin_day(self, day: int, members: list[Member]) -> None:
        """What people know, are willing to do and are used to on a day; and how fast they work."""
        self._abilities.begin_day(day, members)
        self._check_share = habit_share(self._site, self._check.share, self._check.decline, day)

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
            pressure = self._pressure(visit) if visit.capacity else _CALM
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
        """Actions, error and self-check; minutes of the actions performed, and of machines, checking and mending."""
        stage = self._site.stages[visit.stage]
        thresholds = self._abilities.thresholds(visit.stage, visit.customer.segment, member)
        causes = bytearray(len(stage.actions))
        machines = self._automate(visit, causes) if self._machines[visit.stage] else 0.0
        acting = self._act(visit, stage, causes, thresholds, pressure, member)
        extra = self._err_and_check(visit, stage, causes, thresholds, pressure, member)
        visit.causes = bytes(causes)
        return acting, machines + extra

    def _automate(self, visit: Visit, causes: bytearray) -> float:
        """What a machine does for this customer: always, in its own time, whoever serves; its minutes."""
        luck, minutes = visit.luck.automated[visit.row], 0.0
        for k, share, takes in self._machines[visit.stage]:
            if luck[k] < share:
                causes[k] = HIT + AUTOMATED
                minutes += takes
        return minutes

    def _act(
        self,
        visit: Visit,
        stage: StageTable,
        causes: bytearray,
        thresholds: Thresholds,
        pressure: Pressure,
        member: Member | None,
    ) -> float:
        """Each other action in the order of the file: hit, or the cause of its miss; minutes of those performed."""
        fatigue = 1.0
        if self._fatigue and member is not None:
            fatigue = fatigue_factor(visit.shift_us / MICROSECONDS_PER_HOUR, self._fatigue)
        luck = visit.luck.actions[visit.row] if stage.actions else []
        loads, drift = pressure.loads, pressure.drift
        minutes = 0.0
        for k, (required, known, willing) in enumerate(thresholds.actions):
            if k == stage.outcome or causes[k]:
                continue
            cause = what_came_of(luck[k], required, known, willing * drift, loads[k], fatigue)
            if cause == HIT:
                minutes += thresholds.minutes[k]
            causes[k] = cause
        return minutes

    def _err_and_check(
        self,
        visit: Visit,
        stage: StageTable,
        causes: bytearray,
        thresholds: Thresholds,
        pressure: Pressure,
        member: Member | None,
    ) -> float:
        """The outcome, and the self-check before release; minutes of checking and mending."""
        luck, row, outcome = visit.luck, visit.row, stage.outcome
        failed = stage.error > 0.0 and luck.error[row] < min(1.0, thresholds.error * pressure.error)
        visit.error = int(failed)
        if failed and outcome != NOBODY:
            causes[outcome] = ERROR
        check = self._check
        if member is None or check.share == 0.0 or luck.check[row] >= self._check_share:
            return 0.0
        visit.checked = 1
        minutes = float(check.time)
        for k, action in enumerate(stage.actions):
            lapse = causes[k] & CAUSE_MASK != HIT and causes[k] != NOT_REQUIRED and k != outcome
            if lapse and action.checkable and luck.caught[row][k] < check.catches:
                causes[k] |= FIXED
                minutes += thresholds.minutes[k]
        may_catch = outcome == NOBODY or stage.actions[outcome].checkable
        if failed and may_catch and luck.error_caught[row] < check.catches:
            visit.error = 2
            if outcome != NOBODY:
                causes[outcome] |= FIXED
            minutes += check.fix
        return minutes

    def _pressure(self, visit: Visit) -> Pressure:
        at, roles = visit.stage, self._site.stages[visit.stage].roles
        overloaded = self._busyness is not None and self._busyness.is_overload(roles)
        key = visit.present, visit.capacity, overloaded
        found = self._pressures[at].get(key)
        if found is None:
            found = self._pressures[at][key] = self._pressure_of(self._site.stages[at], *key)
        return found

    def _pressure_of(self, stage: StageTable, present: int, hands: int, overloaded: bool) -> Pressure:
        load = self._load
        pressure = work_pressure(present, hands, load.reference, load.low, load.high)
        kink = load.overload.factor if overloaded else 1.0
        return Pressure(
            hurry=speed_up_factor(pressure, load.speed_up),
            drift=idle_factor(pressure, load.idle.below, load.idle.willingness),
            loads=tuple(
                corner_cutting_factor(pressure, load.corner_cutting, a.discretion) * kink for a in stage.actions
            ),
            # More pressure, more errors: the speed-up's factor upside down.
            error=speed_up_factor(pressure, -self._error.load_effect),
        )


def _machines(site: Site, stage: StageTable) -> _Machines:
    automation = site.scenario.management.automation
    return tuple(
        (k, machine.share, machine.time)
        for k, action in enumerate(stage.actions)
        if (machine := automation.get(action.name)) is not None and machine.share > 0.0
    )
