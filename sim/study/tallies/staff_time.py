"""Staff time: what is paid, how busy people are, how long they stay and how long they think services over."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.flow.log import Ints, Spell
from sim.flow.site import Site
from sim.study.tallies.block import Block, total
from sim.study.tallies.rows import HOUR_US, Key, Row, ratio
from sim.units import DAY_US


@dataclass(frozen=True)
class StaffTime:
    """Microseconds by member after the warm-up, and the days on which the site was open then."""

    on_duty_us: Ints  # overtime included
    overtime_us: Ints
    paid_us: Ints  # on duty, overtime and breaks
    busy_us: Ints  # each customer in hand counts; so does time wasted on those who had silently left, and reflection
    reflection_us: Ints
    open_days: frozenset[int]

    def __add__(self, other: StaffTime) -> StaffTime:
        return StaffTime(
            self.on_duty_us + other.on_duty_us,
            self.overtime_us + other.overtime_us,
            self.paid_us + other.paid_us,
            self.busy_us + other.busy_us,
            self.reflection_us + other.reflection_us,
            self.open_days | other.open_days,
        )

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows by role, and by member where asked; places for several customers at once count each."""
        days = _days(site, self.open_days)
        for role in site.roles:
            key = Key("", role=role.name)
            yield from self._of(site, key, role.members, role.at_once, days)
            for position in role.members if "member" in by else ():
                own = key._replace(member=site.members[position].name)
                yield from self._of(site, own, range(position, position + 1), role.at_once, days)

    def _of(self, site: Site, key: Key, members: range, at_once: int, days: float) -> Iterator[Row]:
        def so_much(time_us: Ints) -> int:
            return int(time_us[members.start : members.stop].sum())

        def hours_a_day(time_us: Ints) -> float:
            return ratio(so_much(time_us), 1, HOUR_US) / days if days else math.nan

        yield key._replace(measure="utilisation"), ratio(so_much(self.busy_us), so_much(self.on_duty_us) * at_once)
        yield key._replace(measure="overtime_hours"), hours_a_day(self.overtime_us)
        yield key._replace(measure="paid_hours"), ratio(so_much(self.paid_us), 1, HOUR_US)
        if site.scenario.management.reflection is not None:
            yield key._replace(measure="reflection_hours"), hours_a_day(self.reflection_us)


def staff_time(block: Block) -> StaffTime:
    """Staff time of a block, whoever was served; what lies in the warm-up is cut off."""
    log, warm_up_us = block.log, block.log.site.warm_up_us
    members = len(log.site.members)
    begin = np.maximum(log.spell_start_us, warm_up_us)
    spell_us = np.maximum(0, log.spell_end_us - begin)
    served = (log.member >= 0) & (log.started_us >= 0)
    finish = np.where(log.ended_us >= 0, log.ended_us, log.site.horizon_us)[served]
    service_us = np.maximum(0, finish - np.maximum(log.started_us[served], warm_up_us))

    spells = total((len(Spell), members), spell_us, log.spell_kind, log.spell_member)
    at_work = spells[Spell.ON_DUTY] + spells[Spell.OVERTIME]
    serving = total((members,), service_us, log.member[served])
    return StaffTime(
        on_duty_us=at_work,
        overtime_us=spells[Spell.OVERTIME],
        paid_us=at_work + spells[Spell.BREAK],
        busy_us=serving + spells[Spell.WASTED] + spells[Spell.REFLECTING],
        reflection_us=spells[Spell.REFLECTING],
        open_days=_open_days(log.window_start_us, log.window_end_us, warm_up_us),
    )


def _open_days(start_us: Ints, end_us: Ints, warm_up_us: int) -> frozenset[int]:
    measured = end_us > warm_up_us
    return frozenset((np.maximum(start_us[measured], warm_up_us) // DAY_US).tolist())


def _days(site: Site, open_days: frozenset[int]) -> float:
    """Days that overtime is spread over: those the site opened; all measured time where it never closes."""
    return (site.horizon_us - site.warm_up_us) / DAY_US if site.never_closes else float(len(open_days))
