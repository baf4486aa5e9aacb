"""What a replication earned and cost: margins, wages, training, management, and what customers are worth later on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.flow.blueprint import NOBODY
from sim.flow.log import AUTOMATED, CAUSE_MASK, FIXED, Cause, EncounterLog, Ended, Ints, Spell
from sim.flow.plan import Plan
from sim.flow.site import Site
from sim.management.occasion import Cost
from sim.quality.loyalty import return_probability
from sim.quality.money import lifetime_multiple, staff_cost
from sim.study.block import Block, Mask, count, total
from sim.study.exact import ExactSums, exact_sums
from sim.study.rows import EVERY, HOUR_US, Key, Row, added, ratio
from sim.study.worth import Daily
from sim.units import DAY_MINUTES, DAY_US

if TYPE_CHECKING:
    from sim.scenario import Scenario

Floats = NDArray[np.float64]

_PAID = (Spell.ON_DUTY, Spell.OVERTIME, Spell.BREAK)
_LOST = (Ended.BALKED, Ended.BLOCKED, Ended.ABANDONED, Ended.TURNED_AWAY)
_YEAR_MINUTES = 365.0 * DAY_MINUTES


@dataclass(frozen=True)
class Money:
    """What money is counted from: whole numbers by day, and what was spent outright.

    The counts are of the measured time: paid time after the warm-up, encounters that arrived after it. What was
    spent on training and by reviews is an investment and counts from the first day on.
    """

    paid_us: Ints  # (days, members)
    completed: Ints  # (days, segments) encounters
    people: Ints  # (days, segments) in them
    lost: Ints  # (segments,) people who balked, were blocked, abandoned or were turned away
    services: Ints  # (days,) by staff
    seen: Ints  # (days,) of them at stages with actions: what audits look at
    hits: Ints  # (days,) by staff, after the self-check
    resolved: Ints  # (days,) problems
    returning: ExactSums | None  # (days, segments) chance of return of the completed; None: nothing was judged
    spent: tuple[Cost, ...]  # on training and by reviews

    def __add__(self, other: Money) -> Money:
        judged = None if self.returning is None or other.returning is None else self.returning + other.returning
        return Money(
            self.paid_us + other.paid_us,
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
        paid_us, people = self.paid_us.sum(axis=0), self.people.sum(axis=0)
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
        completed = [int(so_many) for so_many in self.completed.sum(axis=0)]
        worth = [
            _worth(site, s, int(self.people[:, s].sum()), self.returning.mean((EVERY, s))) / completed[s]
            if completed[s]
            else math.nan
            for s in range(len(site.segments))
        ]
        known = [s for s, value in enumerate(worth) if not math.isnan(value)]
        customers = sum(completed[s] for s in known)
        value = math.fsum(worth[s] * completed[s] for s in known)
        yield Key("lifetime_value"), value / customers if customers else math.nan
        for s, segment in enumerate(site.segments):
            yield Key("lifetime_value", segment=segment), worth[s]

    def daily(self, site: Site) -> Daily:
        """The same money by day."""
        days, everybody = range(site.days), range(len(site.members))
        return Daily(
            margin=np.array([_margin(site, self.people[day]) for day in days]),
            staff=np.array([_wages(site, self.paid_us[day], everybody) for day in days]),
            training=np.array([self._spent(day, training=True) for day in days]),
            management=np.array([self._programmes(site, day) + self._spent(day, training=False) for day in days]),
            amends=np.array([self._amends(site, day) for day in days]),
            equity=np.array([self._equity(site, day) for day in days]) / _visits_in(site),
        )

    def _equity(self, site: Site, day: int) -> float:
        """Lifetime value of a day's completed customers; where none of a segment was judged, of its others."""
        if self.returning is None:
            return 0.0
        values = []
        for s in np.flatnonzero(self.completed[day]).tolist():
            judged = EVERY if self.returning.n[day, s] == 0 else day
            values.append(_worth(site, s, int(self.people[day, s]), self.returning.mean((judged, s))))
        return math.fsum(value for value in values if not math.isnan(value))

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
    trainings = plan.trainings if plan is not None else ()

    def by_day(mask: Mask, values: Ints | None = None) -> Ints:
        of = _day(site, log.started_us[mask])
        return count((site.days,), of) if values is None else total((site.days,), values[mask], of)

    return Money(
        paid_us=_paid_us(log),
        completed=count(shape, *at),
        people=total(shape, log.group[completed], *at),
        lost=total(shape[1:], log.group[lost], log.segment[lost]),
        services=by_day(by_staff),
        seen=by_day(by_staff & acting),
        hits=by_day(block.started, _hits_by_staff(log)),
        resolved=total((site.days,), log.resolved[block.kept], _day(site, ended[block.kept])),
        returning=_returning(block, completed, at),
        spent=(
            *(_training(site, one.event, one.day, one.trainees) for one in trainings if one.day == day),
            *costs,
        ),
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


def _training(site: Site, event: str, day: int, trainees: frozenset[int]) -> Cost:
    """Fees and the trainees' paid hours; a substitute's hours are on the roster, and so among the wages."""
    course, burden = site.scenario.training[event], site.scenario.money.burden
    each = (course.fee + staff_cost(course.hours, site.members[m].wage, burden) for m in trainees)
    return Cost("training", day, math.fsum(each))


def _day(site: Site, instant_us: Ints) -> Ints:
    """The day of an instant; what is beyond the last midnight belongs to the last day."""
    return np.minimum(instant_us // DAY_US, site.days - 1)


def _paid_us(log: EncounterLog) -> Ints:
    """(days, members) paid time after the warm-up, cut at every midnight."""
    site = log.site
    paid = np.isin(log.spell_kind, _PAID) & (log.spell_end_us > site.warm_up_us)
    start, end = np.maximum(log.spell_start_us[paid], site.warm_up_us), log.spell_end_us[paid]
    member, found = log.spell_member[paid], np.zeros((site.days, len(site.members)), np.int64)
    while len(start):
        day = _day(site, start)
        until = np.where(day == site.days - 1, end, np.minimum(end, (day + 1) * DAY_US))
        np.add.at(found, (day, member), until - start)
        goes_on = until < end
        start, end, member = until[goes_on], end[goes_on], member[goes_on]
    return found


def _hits_by_staff(log: EncounterLog) -> Ints:
    """(m,) actions of each visit delivered by a person: who serves, or who acts at a self-service stage."""
    width = log.causes.shape[1]
    acts = np.zeros((len(log.site.stages), width), bool)
    for j, stage in enumerate(log.site.stages):
        acts[j, : len(stage.actions)] = [action.by != NOBODY for action in stage.actions]
    hit = (log.causes & CAUSE_MASK == Cause.HIT) | (log.causes & FIXED > 0)
    by_person = (log.member >= 0)[:, np.newaxis] | acts[log.stage]
    return np.asarray((hit & by_person & (log.causes & AUTOMATED == 0)).sum(axis=1), dtype=np.int64)


def _returning(block: Block, completed: Mask, at: tuple[Ints, Ints]) -> ExactSums | None:
    if block.perception is None:
        return None
    site = block.log.site
    return exact_sums((site.days, len(site.segments)), chance_of_return(block)[completed], *at)


def chance_of_return(block: Block) -> Floats:
    """(n,) of a judged block; NaN where there is nothing to judge by."""
    seen = block.perception
    assert seen is not None
    known: Floats | None = getattr(seen, "return_probability", None)
    if known is not None:
        return known
    loyalty = block.log.site.scenario.quality.loyalty
    return return_probability(seen.satisfaction, loyalty.steepness, loyalty.midpoint)
