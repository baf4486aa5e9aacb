"""Staff time: how busy people are while on duty, and how long they stay beyond the roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.flow.log import Ints, Spell
from sim.flow.site import Site
from sim.study.block import Block, total
from sim.study.rows import HOUR_US, Key, Row, ratio
from sim.units import DAY_US


@dataclass(frozen=True)
class StaffTime:
    """Microseconds by member after the warm-up, and the days on which the site was open then."""

    on_duty_us: Ints  # overtime included
    overtime_us: Ints
    busy_us: Ints  # each customer in hand counts; so does the time wasted on those who had silently left
    open_days: frozenset[int]

    def __add__(self, other: StaffTime) -> StaffTime:
        return StaffTime(
            self.on_duty_us + other.on_duty_us,
            self.overtime_us + other.overtime_us,
            self.busy_us + other.busy_us,
            self.open_days | other.open_days,
        )

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows by role, and by member where asked; places for several customers at once count each."""
        days = _days(site, self.open_days)
        for role in site.roles:
            yield from self._of(Key("", role=role.name), role.members, role.at_once, days)
            if "member" in by:
                for position in role.members:
                    key = Key("", role=role.name, member=site.members[position].name)
                    yield from self._of(key, range(position, position + 1), role.at_once, days)

    def _of(self, key: Key, members: range, at_once: int, days: float) -> Iterator[Row]:
        chosen = slice(members.start, members.stop)
        places_us = int(self.on_duty_us[chosen].sum()) * at_once
        overtime_hours = ratio(int(self.overtime_us[chosen].sum()), 1, HOUR_US)
        yield key._replace(measure="utilisation"), ratio(int(self.busy_us[chosen].sum()), places_us)
        yield key._replace(measure="overtime_hours"), overtime_hours / days if days else float("nan")


def staff_time(block: Block) -> StaffTime:
    """Staff time of a block, whoever was served; what lies in the warm-up is cut off."""
    log, warm_up_us = block.log, block.log.site.warm_up_us
    shape = (len(log.site.members),)
    begin = np.maximum(log.spell_start_us, warm_up_us)
    spell_us = np.maximum(0, log.spell_end_us - begin)
    served = (log.member >= 0) & (log.started_us >= 0)
    finish = np.where(log.ended_us >= 0, log.ended_us, log.site.horizon_us)[served]
    service_us = np.maximum(0, finish - np.maximum(log.started_us[served], warm_up_us))

    def of(*kinds: Spell) -> Ints:
        chosen = np.isin(log.spell_kind, kinds)
        return total(shape, spell_us[chosen], log.spell_member[chosen])

    return StaffTime(
        on_duty_us=of(Spell.ON_DUTY, Spell.OVERTIME),
        overtime_us=of(Spell.OVERTIME),
        busy_us=total(shape, service_us, log.member[served]) + of(Spell.WASTED),
        open_days=_open_days(log.window_start_us, log.window_end_us, warm_up_us),
    )


def _open_days(start_us: Ints, end_us: Ints, warm_up_us: int) -> frozenset[int]:
    measured = end_us > warm_up_us
    return frozenset((np.maximum(start_us[measured], warm_up_us) // DAY_US).tolist())


def _days(site: Site, open_days: frozenset[int]) -> float:
    """Days that overtime is spread over: those the site opened; all measured time where it never closes."""
    return (site.horizon_us - site.warm_up_us) / DAY_US if site.never_closes else float(len(open_days))
