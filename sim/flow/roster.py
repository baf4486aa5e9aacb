"""Who is on duty when: the roster of one day, cut to the opening hours."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from sim.flow.calendar import minute_us, open_spans, weekday
from sim.flow.site import Site
from sim.scenario.by_time import ByTime
from sim.scenario.calendar import Span
from sim.units import DAY_MINUTES


class Duty(NamedTuple):
    """One member's uninterrupted stretch on the roster. Instants in microseconds."""

    member: int
    on_us: int
    off_us: int
    comes_on: bool  # False: was already on duty up to this instant
    goes_off: bool  # False: stays on duty from this instant
    until_close: bool  # goes when the site has closed and nobody is left to serve
    shifts_us: tuple[int, ...]  # starts of shifts within [on, off): the clock of fatigue starts again
    breaks_us: tuple[tuple[int, int], ...]


def roster(site: Site, day: int, absent: Callable[[int], frozenset[int]]) -> tuple[Duty, ...]:
    """Stretches that begin on this day, by member, then by time. ``absent`` members of a day stay away all day."""
    found = _present(site, day, absent)
    if not site.never_closes:
        return tuple(found)
    before = {(d.member, d.off_us) for d in [*_present(site, day - 1, absent), *found]}
    after = {(d.member, d.on_us) for d in [*_present(site, day + 1, absent), *found]}
    return tuple(
        duty._replace(
            comes_on=day == 0 or (duty.member, duty.on_us) not in before,
            goes_off=(duty.member, duty.off_us) not in after,
        )
        for duty in found
    )


def _present(site: Site, day: int, absent: Callable[[int], frozenset[int]]) -> list[Duty]:
    away = absent(day)
    return [duty for duty in _raw(site, day) if duty.member not in away]


def _raw(site: Site, day: int) -> list[Duty]:
    found: list[Duty] = []
    for role in site.roles:
        blueprint = site.scenario.staff[role.name]
        for opens, closes in open_spans(site, day):
            if blueprint.members is not None:
                found += _of_members(site, role.members, day, opens, closes)
            elif blueprint.on_duty is not None:
                counts = blueprint.on_duty.on(weekday(site, day))
                found += _of_counts(site, role.members, counts, day, opens, closes)
            else:
                found += [_duty(site, m, opens, closes, closes, (opens,)) for m in role.members]
    return sorted(found, key=lambda duty: (duty.member, duty.on_us))


def _duty(
    site: Site,
    member: int,
    on: int,
    off: int,
    closes: int,
    shifts: tuple[int, ...],
    breaks: tuple[tuple[int, int], ...] = (),
) -> Duty:
    until_close = not site.never_closes and off == closes
    return Duty(member, on, off, True, not until_close, until_close, shifts, breaks)


def _of_counts(site: Site, members: range, counts: ByTime[int], day: int, opens: int, closes: int) -> list[Duty]:
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
                found.append(_duty(site, member, stretch[0], until, closes, shifts))
                stretch = []
    return found


def _of_members(site: Site, members: range, day: int, opens: int, closes: int) -> list[Duty]:
    """Named members by shift; where the site never closes a shift may run past midnight."""
    role = site.scenario.staff[site.roles[site.members[members[0]].role].name]
    found = []
    for member, person in zip(members, role.members or (), strict=True):
        if person.days is not None and weekday(site, day) not in person.days:
            continue
        start, end = minute_us(day, person.shift.start), minute_us(day, person.shift.end)
        if not site.never_closes:
            start, end = max(start, opens), min(end, closes)
        if start < end:
            breaks = tuple(
                (max(start, a), min(end, b))
                for a, b in (_break(day, x, person.shift) for x in person.breaks)
                if a < end and b > start
            )
            found.append(_duty(site, member, start, end, closes, (start,), breaks))
    return found


def _break(day: int, pause: Span, shift: Span) -> tuple[int, int]:
    """A break before the shift's start is that of the next morning."""
    later = DAY_MINUTES if pause.start < shift.start else 0
    return minute_us(day, pause.start + later), minute_us(day, pause.end + later)
