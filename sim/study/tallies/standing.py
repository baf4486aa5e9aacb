"""How the site stands at the end of a period: what staff know and hold to, and what demand has come to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sim.arithmetic import normal_cdf
from sim.flow.abilities import knowledge
from sim.flow.plan import Plan
from sim.flow.site import Site
from sim.study.tallies.rows import Key, Row


@dataclass(frozen=True)
class Standing:
    """The plan in force, and the opening at which it is looked at; of two periods the later one counts."""

    plan: Plan
    day: int  # at whose opening: the one after the last

    def __add__(self, other: Standing) -> Standing:
        return max(self, other, key=lambda one: one.day)

    def rows(self, site: Site, by: tuple[str, ...]) -> Iterator[Row]:
        """Rows of staff by role, and of demand by segment where reviews may move it.

        `knowledge`: mean chance to know, over members and the actions of the stages that they serve.
        `own_standard`: mean over members of their own standard, as a part of the written one; where it may erode.
        `demand_factor`: arrivals, as a multiple of what the scenario says.
        """
        known = {role.name: list(self._of_role(site, role.members)) for role in site.roles}
        yield Key("knowledge"), mean([one for of_role in known.values() for one in of_role])
        for role, of_role in known.items():
            if of_role:
                yield Key("knowledge", role=role), mean(of_role)
        if site.scenario.management.erosion is not None:
            for table in site.roles:
                people = [self.plan.state.people[m] for m in table.members]
                yield Key("own_standard", role=table.name), mean([person.standard for person in people])
        if site.scenario.management.word_of_mouth is not None or site.scenario.quality.loyalty.drives_demand:
            for segment, factor in zip(site.segments, self.plan.state.demand, strict=True):
                yield Key("demand_factor", segment=segment), factor

    def _of_role(self, site: Site, members: range) -> Iterator[float]:
        for m in members:
            for stage in site.members[m].serves:
                for action in site.stages[stage].actions:
                    yield normal_cdf(knowledge(self.plan, m, action.name, self.day))


def mean(values: list[float]) -> float:
    """Mean, rounded once from the exact sum; of nothing it is undefined: NaN."""
    return math.fsum(values) / len(values) if values else math.nan
