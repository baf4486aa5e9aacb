"""What a replication earned and cost: margins, wages, training, management, and what customers are worth later on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.flow.log import AUTOMATED, CAUSE_MASK, FIXED, Cause, EncounterLog, Ended, Ints, Spell
from sim.flow.plan import Plan
from sim.flow.roster import Duty, roster
from sim.flow.site import Site
from sim.flow.training import absent
from sim.management.occasion import Cost
from sim.quality.money import lifetime_multiple, staff_cost
from sim.study.tallies.block import Block, Mask, count, total
from sim.study.tallies.daily import Daily
from sim.study.tallies.exact import ExactSums, exact_sums
from sim.study.tallies.rows import EVERY, HOUR_US, Key, Row, added, ratio
from sim.units import DAY_MINUTES, DAY_US

if TYPE_CHECKING:
    from sim.scenario import Scenario

Floats = NDArray[np.float64]

_ROSTERED = (Spell.ON_DUTY, Spell.BREAK)
_LOST = (Ended.BALKED, Ended.BLOCKED, Ended.ABANDONED, Ended.TURNED_AWAY)
_YEAR_MINUTES = 365.0 * DAY_MINUTES


@dataclass(frozen=True)
class Money:
    """What money is counted from: whole numbers by day, and what was spent outright.

    The counts are of the measured time: paid time after the warm-up, encounters that arrived after it. What was
    spent on training and by reviews is an investment and counts from the first day on.
    """

    rostered_us: Ints  # (days, members) paid time on the roster, breaks included
    overtime_us: Ints  # (days, members) paid time beyond it
    completed: Ints  # (days, segments) encounters
    people: Ints  # (days, segments) in them
    lost: Ints  # (segments,) people who balked, were blocked, abandoned or were turned away
    services: Ints  # (days,) by staff
    seen: Ints  # (days,) of them at stages with actions: what audits look at
    hits: Ints  # (days,) in services by staff, after the self-check
    resolved: Ints  # (days,) problems
    returning: ExactSums | None  # (days, segments) chance of return of the completed; None: nothing was judged
    spent: tuple[Cost, ...]  # on training and by reviews

    def __add__(self, other: Money) -> Money:
        judged = None if self.returning is None or other.returning is None else self.returning + other.returning
        return Money(
            self.rostered_us + other.rostered_us,
            self.overtime_us + other.overtime_us,
            self.completed + other.completed,
            self.people + other.people,
            self.lost + other.lost,
            self.services + other.services,
            self.seen + other.seen,
            self.hits + other.hits,
            self.resolved + other.resolved,
            judged,
            self.spent + other.spent,
        )

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of costs, margins and value, in the scenario's currency."""
        paid_us, people = (self.rostered_us + self.overtime_us).sum(axis=0), self.people.sum(axis=0)
        training = self._spent(None, training=True)
        management = math.fsum(
            (self._programmes(site, EVERY), self._amends(site, EVERY), self._spent(None, training=False))
        )
        margin, staff = _margin(site, people), _wages(site, paid_us, range(len(site.members)))
        yield Key("staff_cost"), staff
        for role in site.roles:
            yield Key("staff_cost", role=role.name), _wages(site, paid_us, role.members)
            for member in role.members if "member" in by else ():
                name = site.members[member].name
                yield Key("staff_cost", role=role.name, member=name), _wages(site, paid_us, range(member, member + 1))
        yield Key("margin"), margin
        yield Key("lost_margin"), _margin(site, self.lost)
        for s, segment in enumerate(site.segments):
            yield Key("margin", segment=segment), margin_of(site, s) * int(people[s])
            yield Key("lost_margin", segment=segment), margin_of(site, s) * int(self.lost[s])
        yield Key("training_cost"), training
        yield Key("management_cost"), management
        yield Key("profit"), math.fsum((margin, -staff, -training, -management))
        yield from self._lifetime_rows(site)

    def _lifetime_rows(self, site: Site) -> Iterator[Row]:
        """Value of a completed customer; overall, the mean over those whose segment has one."""
        if self.returning is None:
            return
        completed = self.completed.sum(axis=0).tolist()
        worth = [math.fsum(of_days) for of_days in self._worths(site).T.tolist()]
        known = [s for s, value in enumerate(worth) if not math.isnan(value)]
        customers = sum(completed[s] for s in known)
        yield Key("lifetime_value"), math.fsum(worth[s] for s in known) / customers if customers else math.nan
        for s, segment in enumerate(site.segments):
            yield Key("lifetime_value", segment=segment), worth[s] / completed[s] if completed[s] else math.nan

    def daily(self, site: Site) -> Daily:
        """The same money by day."""
        days, everybody = range(site.days), range(len(site.members))
        return Daily(
            margin=np.array([_margin(site, self.people[day]) for day in days]),
            staff=np.array([_wages(site, self.rostered_us[day], everybody) for day in days]),
            overtime=np.array([_wages(site, self.overtime_us[day], everybody) for day in days]),
            training=np.array([self._spent(day, training=True) for day in days]),
            management=np.array([self._programmes(site, day) + self._spent(day, training=False) for day in days]),
            amends=np.array([self._amends(site, day) for day in days]),
            equity=np.array([_known(worths) for worths in self._worths(site).tolist()]) / _visits_in(site),
        )

    def _worths(self, site: Site) -> Floats:
        """(days, segments) lifetime value of the completed customers of each day; 0 where there are none.

        Where none of a segment was judged that day they are taken to be as its others; NaN where none ever was.
        """
        found = np.zeros(self.completed.shape)
        for day, s in np.argwhere(self.completed).tolist():
            if self.returning is None:
                found[day, s] = math.nan
                continue
            judged = EVERY if self.returning.n[day, s] == 0 else day
            found[day, s] = _worth(site, s, int(self.people[day, s]), self.returning.mean((judged, s)))
        return found

    def _amends(self, site: Site, day: int | slice) -> float:
        """What putting problems right costs."""
        recovery = site.scenario.management.recovery
        return 0.0 if recovery is None else recovery.cost * added(self.resolved, (day,))

    def _programmes(self, site: Site, day: int | slice) -> float:
        """Running costs of what management does: audits and bonuses."""
        does = site.scenario.management
        parts = []
        if does.audit is not None:
            parts.append(does.audit.cost * does.audit.share * added(self.seen, (day,)))
        if does.incentive is not None:
            rewarded = self.hits if does.incentive.on == "hits" else self.services
            parts.append(does.incentive.cost * added(rewarded, (day,)))
        return math.fsum(parts)

    def _spent(self, day: int | None, *, training: bool) -> float:
        """What was spent on a day, or on all, on training or on everything else."""
        chosen = [one for one in self.spent if (one.kind == "training") == training]
        return math.fsum(one.amount for one in chosen if day is None or one.day == day)


def counts_money(scenario: Scenario) -> bool:
    """Whether the scenario says what anything costs or earns."""
    does = scenario.management
    costed = (does.audit, does.coaching, does.incentive, does.research, does.turnover, does.recovery)
    wages = [m.wage for role in scenario.staff.values() for m in role.members or () if m.wage is not None]
    return any(
        (
            *(role.wage for role in scenario.staff.values()),
            *wages,
            *(segment.margin for segment in scenario.customers.values()),
            *(event.fee for event in scenario.training.values()),
            *(part.cost for part in costed if part is not None),
        )
    )


def money(block: Block, day: int = 0, plan: Plan | None = None, costs: tuple[Cost, ...] = ()) -> Money:
    """Count one day's block: ``plan`` in force on that day, ``costs`` of the review in the night before."""
    log, site = block.log, block.log.site
    shape = (site.days, len(site.segments))
    ended = np.where(log.left_us >= 0, log.left_us, log.arrived_us)
    completed = block.kept & (log.ended_as == Ended.COMPLETED)
    at = (_day(site, ended[completed]), log.segment[completed])
    lost = block.kept & np.isin(log.ended_as, _LOST)
    by_staff = block.started & (log.member >= 0)
    acting = np.array([bool(stage.actions) for stage in site.stages])[log.stage]

    def by_day(mask: Mask, values: Ints | None = None) -> Ints:
        of = _day(site, log.started_us[mask])
        return count((site.days,), of) if values is None else total((site.days,), values[mask], of)

    return Money(
        rostered_us=_paid_us(log, _ROSTERED),
        overtime_us=_paid_us(log, (Spell.OVERTIME,)),
        completed=count(shape, *at),
        people=total(shape, log.group[completed], *at),
        lost=total(shape[1:], log.group[lost], log.segment[lost]),
        services=by_day(by_staff),
        seen=by_day(by_staff & acting),
        hits=by_day(by_staff, _hits(log)),
        resolved=total((site.days,), log.resolved[block.kept], _day(site, ended[block.kept])),
        returning=_returning(block, completed, at),
        spent=costs if plan is None else (*_training(plan, day), *costs),
    )


def margin_of(site: Site, segment: int) -> float:
    """What one person of a completed encounter brings in."""
    return site.scenario.customers[site.segments[segment]].margin


def _margin(site: Site, people: Ints) -> float:
    return math.fsum(margin_of(site, s) * int(so_many) for s, so_many in enumerate(people))


def _wages(site: Site, paid_us: Ints, members: range) -> float:
    burden = site.scenario.money.burden
    return math.fsum(staff_cost(ratio(paid_us[m], 1, HOUR_US), site.members[m].wage, burden) for m in members)


def _worth(site: Site, segment: int, people: int, chance: float) -> float:
    """Lifetime value of customers with so many people in their encounters, and this mean chance of return."""
    terms = site.scenario.money
    multiple = lifetime_multiple(chance, terms.discount, terms.horizon / _YEAR_MINUTES)
    return terms.visits_per_year * margin_of(site, segment) * people * multiple


def _visits_in(site: Site) -> float:
    """Encounters that one customer has in the simulated days, at least 1: her value is spread over them."""
    return max(1.0, site.scenario.money.visits_per_year * site.days / 365.0)


def _training(plan: Plan, day: int) -> Iterator[Cost]:
    """What the courses of a day cost: fees, and the trainees' paid time.

    With backfill that time is the hours of the course: the substitute is on the roster, and so among the wages.
    Without, the trainee's own duty of that day is not among the wages. She is paid here, as training, for that duty
    (as far as it is measured time, when she would have worked it) or for the hours of the course if they are more.
    """
    site, held = plan.site, [one for one in plan.trainings if one.day == day]
    if not held:
        return
    missed_us = _missed_us(site, day, absent(plan.trainings, day))
    beside_duty_h, instead_h = [0.0] * len(site.members), [0.0] * len(site.members)
    for one in held:
        hours_of = beside_duty_h if one.backfill else instead_h
        for m in one.trainees:
            hours_of[m] += site.scenario.training[one.event].hours
    fees = [site.scenario.training[one.event].fee * len(one.trainees) for one in held]
    hours = [
        beside_duty_h[m] + max(0.0, instead_h[m] - ratio(missed_us[:, m].sum(), 1, HOUR_US))
        for m in range(len(site.members))
    ]
    burden = site.scenario.money.burden
    wages = [staff_cost(hours[m], member.wage, burden) for m, member in enumerate(site.members)]
    yield Cost("training", day, math.fsum([*fees, *wages]))
    for near in np.flatnonzero(missed_us.any(axis=1)).tolist():
        yield Cost("training", near, _wages(site, missed_us[near], range(len(site.members))))


def _missed_us(site: Site, day: int, away: frozenset[int]) -> Ints:
    """(days, members) measured time on the roster that is lost where these stay away from what begins on a day.

    The roster of three days is looked at: a shift may reach into the opening hours of the day before or after.
    """
    if not away:
        return np.zeros((site.days, len(site.members)), np.int64)
    nobody: frozenset[int] = frozenset()
    near = range(max(0, day - 1), min(day + 2, site.days))
    whole = [duty for d in near for duty in roster(site, d, lambda _: nobody)]
    rest = [duty for d in near for duty in roster(site, d, lambda began: away if began == day else nobody)]
    return _on_duty_us(site, whole) - _on_duty_us(site, rest)


def _on_duty_us(site: Site, duties: list[Duty]) -> Ints:
    """(days, members) on the roster."""
    member, on, off = np.array([(one.member, one.on_us, one.off_us) for one in duties], np.int64).reshape(-1, 3).T
    return _by_day(site, member, on, np.minimum(off, site.horizon_us))


def _known(values: list[float]) -> float:
    return math.fsum(value for value in values if not math.isnan(value))


def _day(site: Site, instant_us: Ints) -> Ints:
    """The day of an instant; what is beyond the last midnight belongs to the last day."""
    return np.minimum(instant_us // DAY_US, site.days - 1)


def _paid_us(log: EncounterLog, kinds: tuple[Spell, ...]) -> Ints:
    """(days, members) time of these kinds."""
    paid = np.isin(log.spell_kind, kinds)
    return _by_day(log.site, log.spell_member[paid], log.spell_start_us[paid], log.spell_end_us[paid])


def _by_day(site: Site, member: Ints, start: Ints, end: Ints) -> Ints:
    """(days, members) sum of these stretches of time after the warm-up, cut at every midnight."""
    found, measured = np.zeros((site.days, len(site.members)), np.int64), end > site.warm_up_us
    member, start, end = member[measured], np.maximum(start[measured], site.warm_up_us), end[measured]
    while len(start):
        day = _day(site, start)
        until = np.where(day == site.days - 1, end, np.minimum(end, (day + 1) * DAY_US))
        np.add.at(found, (day, member), until - start)
        goes_on = until < end
        start, end, member = until[goes_on], end[goes_on], member[goes_on]
    return found


def _hits(log: EncounterLog) -> Ints:
    """(m,) actions of each visit delivered, by no machine, after the self-check."""
    hit = (log.causes & CAUSE_MASK == Cause.HIT) | (log.causes & FIXED > 0)
    return np.asarray((hit & (log.causes & AUTOMATED == 0)).sum(axis=1), dtype=np.int64)


def _returning(block: Block, completed: Mask, at: tuple[Ints, Ints]) -> ExactSums | None:
    if block.perception is None:
        return None
    site = block.log.site
    return exact_sums((site.days, len(site.segments)), block.perception.return_probability[completed], *at)
