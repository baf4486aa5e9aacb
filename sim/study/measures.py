"""From what happened to the measures of one replication: days are counted one by one and dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

from sim.flow.site import Site
from sim.study.days import Day
from sim.study.tallies.actions import Actions, actions
from sim.study.tallies.attribution import Attribution, attribution
from sim.study.tallies.block import block_of
from sim.study.tallies.complaints import Complaints, complaints
from sim.study.tallies.course import Course, course
from sim.study.tallies.daily import Daily
from sim.study.tallies.distributions import Distributions, distributions
from sim.study.tallies.endings import Endings, endings
from sim.study.tallies.fairness import fairness
from sim.study.tallies.judged import Judged, judged
from sim.study.tallies.kirkpatrick import Kirkpatrick, kirkpatrick
from sim.study.tallies.money import Money, counts_money, money
from sim.study.tallies.rows import Row
from sim.study.tallies.staff_time import StaffTime, staff_time
from sim.study.tallies.standing import Standing
from sim.study.tallies.surveyed import Surveyed, surveyed
from sim.study.tallies.time_averages import Presence, presence
from sim.study.tallies.waits import Waits, waits


@dataclass(frozen=True)
class Tally:
    """What has been counted so far. Tallies add up: the sum over days is the tally of the replication, and it
    is the same however the replication was cut into blocks, because everything in it is an integer.

    A part is None where the scenario has nothing for it to count.
    """

    endings: Endings
    waits: Waits
    presence: Presence
    staff_time: StaffTime
    actions: Actions
    judged: Judged | None
    attribution: Attribution | None
    surveyed: Surveyed | None
    complaints: Complaints | None
    money: Money | None
    kirkpatrick: Kirkpatrick | None
    standing: Standing | None
    course: Course | None  # of a run that is a window on a process without end

    def __add__(self, other: Tally) -> Tally:
        pairs = {part.name: (getattr(self, part.name), getattr(other, part.name)) for part in fields(self)}
        sums: dict[str, Any] = {
            name: None if mine is None or theirs is None else mine + theirs for name, (mine, theirs) in pairs.items()
        }
        return Tally(**sums)

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """All measures, in the order of the parts."""
        for part in fields(self):
            counted: Any = getattr(self, part.name)
            if counted is not None:
                yield from counted.rows(site, by)


@dataclass(frozen=True)
class Measured:
    """The measures of one replication."""

    rows: tuple[Row, ...]  # the same keys, in the same order, in every replication of a scenario
    distributions: Distributions
    daily: Daily | None  # money by day; None where nothing costs or earns anything
    course: Course | None  # None unless the analysis is steady_state
    from_bins: bool  # percentiles come from fine bins, true to 0.1 per cent: there were more than a million values


def tally(day: Day, by: tuple[str, ...] = ()) -> Tally:
    """Count one day."""
    block, plan, scenario = block_of(day.log, day.perception), day.plan, day.log.site.scenario
    return Tally(
        endings=endings(block),
        waits=waits(block),
        presence=presence(block, by),
        staff_time=staff_time(block),
        actions=actions(block),
        judged=None if day.perception is None else judged(block),
        attribution=None if day.perception is None else attribution(block),
        surveyed=None if day.perception is None else surveyed(block),
        complaints=complaints(block) if plan and scenario.management.recovery else None,
        money=money(block, day.number, plan, day.costs) if plan and counts_money(scenario) else None,
        kirkpatrick=kirkpatrick(block, day.number, plan) if plan and scenario.training else None,
        standing=Standing(plan, day.number + 1) if plan and scenario.actions else None,
        course=course(block) if plan and scenario.analysis == "steady_state" else None,
    )


def measured(site: Site, periods: list[Tally], by: tuple[str, ...] = ()) -> Measured:
    """Turn the tallies of the periods of a whole replication into measures.

    ``by`` may ask for rows by ``member`` and ``hour``. Where there are several periods, each has rows of its own.
    """
    counted = total(periods)
    waits_kept, stays_kept = counted.waits.served_waits, counted.endings.stays
    quality = None if counted.judged is None else counted.judged.histograms
    rows, of_periods = tuple(counted.rows(site, by)), tuple(_rows_of_periods(site, periods))
    return Measured(
        rows=(*rows, *fairness(rows), *of_periods, *fairness(of_periods)),
        distributions=distributions(site, waits_kept, stays_kept, quality),
        daily=None if counted.money is None else counted.money.daily(site),
        course=counted.course,
        from_bins=waits_kept.binned is not None or stays_kept.binned is not None,
    )


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of one tally or more."""
    first, *others = tallies
    for other in others:
        first = first + other
    return first


def _rows_of_periods(site: Site, periods: list[Tally]) -> Iterator[Row]:
    """Each period's own rows, for the site as a whole and for each segment, role and dimension by itself."""
    if len(periods) == 1:
        return
    for number, counted in enumerate(periods):
        for key, value in counted.rows(site, ()):
            finer = (key.stage, key.action, key.cause, key.member, key.event)
            sides = (key.segment, key.role, key.dimension)
            if finer.count(None) == len(finer) and sides.count(None) >= len(sides) - 1:
                yield key._replace(period=number), value


def measure(lived: Iterable[Day], by: tuple[str, ...] = ()) -> Measured:
    """Measures of one replication from its days, in order; there must be at least one."""
    periods: list[Tally] = []
    site: Site | None = None
    for _, of_period in groupby(lived, key=lambda day: day.period):
        counted: Tally | None = None
        for day in of_period:
            one = tally(day, by)
            counted, site = one if counted is None else counted + one, day.log.site
        assert counted is not None  # a group has a member
        periods.append(counted)
    if site is None:
        raise ValueError("a replication has at least one day")
    return measured(site, periods, by)
