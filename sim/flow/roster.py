"""Who is on duty when: the roster of one day, cut to the opening hours."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from sim.flow.calendar import joins, minute_us, open_spans, weekday
from sim.flow.site import Site
from sim.scenario.by_time import ByTime
from sim.scenario.staff import Member
from sim.units import DAY_MINUTES


class Duty(NamedTuple):
    """One member's uninterrupted stretch on the roster. Instants in microseconds."""

    member: int
    on_us: int
    off_us: int
    comes_on: bool  # False: was already on duty up to this instant
    goes_off: bool  # False: stays on duty from this instant, or goes when the site has closed
    shifts_us: tuple[int, ...]  # starts of shifts within [on, off): the clock of fatigue starts again
    breaks_us: tuple[tuple[int, int], ...]


def roster(site: Site, day: int, absent: Callable[[int], frozenset[int]]) -> tuple[Duty, ...]:
    """Stretches that begin on this day, by member, then by time. ``absent`` members of a day stay away all day."""
    found = _present(site, day, absent)
    closings = {closes for _, closes in open_spans(site, day)} - joins(site, day)
    before = {(d.member, d.off_us) for d in [*(_present(site, day - 1, absent) if day else ()), *found]}
    after = {(d.member, d.on_us) for d in [*_present(site, day + 1, absent), *found]}
    return tuple(
        duty._replace(
            comes_on=(duty.member, duty.on_us) not in before,
            goes_off=duty.off_us not in closings and (duty.member, duty.off_us) not in after,
        )
        for duty in found
    )


def _present(site: Site, day: int, absent: Callable[[int], frozenset[int]]) -> list[Duty]:
    found: list[Duty] = []
    for role in site.roles:
        blueprint = site.scenario.staff[role.name]
        present = [m for m in role.members if m not in absent(day)]
        for opens, closes in open_spans(site, day):
            if blueprint.members is not None:
                people = list(zip(role.members, blueprint.members, strict=True))
                found += _of_members(site, people, day, opens, closes, absent)
            elif blueprint.on_duty is not None:
                counts = blueprint.on_duty.on(weekday(site, day))
                found += [d for d in _of_counts(role.members, counts, day, opens, closes) if d.member in present]
            else:
                found += [Duty(m, opens, closes, True, True, (opens,), ()) for m in present]
    return sorted(found, key=lambda duty: (duty.member, duty.on_us))


def _of_counts(members: range, counts: ByTime[int], day: int, opens: int, closes: int) -> list[Duty]:
    """Position i is on duty while the count is above i; every listed time begins a new shift."""
    marks = {
        at
        for minute, _ in counts.pairs
        for at in (minute_us(day, minute), minute_us(day, minute + DAY_MINUTES))
        if opens <= at < closes
    }
    edges = [*sorted({opens} | marks), closes]
    pieces = [
        (start, end, counts.at((start - minute_us(day, 0)) // 60_000_000 % DAY_MINUTES))
        for start, end in pairwise(edges)
    ]
    found = []
    for i, member in enumerate(members):
        stretch: list[int] = []
        until = opens
        for start, end, count in [*pieces, (closes, closes, 0)]:
            if count > i:
                stretch = [*stretch, start]
                until = end
            elif stretch:
                shifts = tuple(start for start in stretch if start in marks)
                found.append(Duty(member, stretch[0], until, True, True, shifts, ()))
                stretch = []
    return found


def _of_members(
    site: Site,
    people: list[tuple[int, Member]],
    day: int,
    opens: int,
    closes: int,
    absent: Callable[[int], frozenset[int]],
) -> list[Duty]:
    """Named members by shift, cut to one span of opening hours: of a shift that began the day before, its rest.

    Where the site never closes a shift runs past midnight uncut.
    """
    found = []
    for began in (day,) if site.never_closes else (day - 1, day, day + 1):
        for member, person in people:
            off = person.days is not None and weekday(site, began) not in person.days
            if began < 0 or off or member in absent(began):
                continue
            from_us, to_us = minute_us(began, person.shift.start), minute_us(began, person.shift.end)
            on_us, off_us = (from_us, to_us) if site.never_closes else (max(from_us, opens), min(to_us, closes))
            if on_us < off_us:
                pauses = [(minute_us(began, a), minute_us(began, b)) for a, b in person.breaks]
                breaks = tuple((max(on_us, a), min(off_us, b)) for a, b in pauses if a < off_us and b > on_us)
                shifts = (from_us,) if from_us == on_us else ()
                found.append(Duty(member, on_us, off_us, True, True, shifts, breaks))
    return found
