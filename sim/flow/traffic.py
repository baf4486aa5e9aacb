"""Is there enough staff? Offered load, by the traffic equations, against the rostered time over the horizon."""

from __future__ import annotations

from typing import NamedTuple

from sim.flow.arrivals import expected_arrivals
from sim.flow.blueprint import LEAVE, StageTable
from sim.flow.plan import Plan
from sim.flow.reflection import Reflections
from sim.flow.roster import roster
from sim.flow.site import Site
from sim.units import MICROSECONDS_PER_MINUTE


class Load(NamedTuple):
    """A group of stages that share staff, and what is asked of that staff over the horizon."""

    stages: tuple[str, ...]
    roles: tuple[str, ...]
    offered_hours: float  # work of all expected visits, at the roles' own pace, loops and returns included
    rostered_hours: float  # each of ``at_once`` customers counts

    @property
    def ratio(self) -> float:
        """Offered over rostered; above 1 the queue grows unless customers give up."""
        return self.offered_hours / self.rostered_hours if self.rostered_hours else float("inf")

    def __str__(self) -> str:
        return (
            f"stage {', '.join(self.stages)}: customers ask for {self.offered_hours:.4g} hours of"
            f" {', '.join(self.roles)}, the roster has {self.rostered_hours:.4g}: {self.ratio:.0%} of it"
        )


def loads(plan: Plan) -> tuple[Load, ...]:
    """Load of each group of stages connected by the roles they share. Self-service stages have none."""
    site = plan.site
    visits = _visits(site, plan)
    rostered = _rostered_hours(plan)
    found = []
    for stages, roles in _groups(site):
        offered = sum(visits[s] * _work_minutes(site, plan, s) for s in stages) / 60.0
        found.append(
            Load(
                tuple(site.stages[s].name for s in stages),
                tuple(site.roles[r].name for r in roles),
                offered,
                sum(rostered[r] for r in roles),
            )
        )
    return tuple(found)


def overloads(plan: Plan) -> tuple[Load, ...]:
    """The groups that are asked for at least what they have."""
    return tuple(load for load in loads(plan) if load.offered_hours > 0 and load.ratio >= 1.0)


def _groups(site: Site) -> list[tuple[list[int], list[int]]]:
    """Stages that share a role, directly or by way of others, with all their roles."""
    groups: list[tuple[set[int], set[int]]] = []
    for s, stage in enumerate(site.stages):
        stages, roles = {s}, set(stage.roles)
        if not roles:
            continue
        apart = []
        for other in groups:
            if other[1] & roles:
                stages, roles = stages | other[0], roles | other[1]
            else:
                apart.append(other)
        groups = [*apart, (stages, roles)]
    return [(sorted(stages), sorted(roles)) for stages, roles in groups]


def _visits(site: Site, plan: Plan) -> list[float]:
    """Expected visits to each stage over the horizon, customers who give up aside."""
    total = [0.0] * len(site.stages)
    for g, name in enumerate(site.segments):
        came = expected_arrivals(plan.source(name))
        n = len(site.stages)
        moves = [[0.0] * n for _ in range(n)]  # expected next visits to j per visit to i
        for i, stage in enumerate(site.stages):
            before = 0.0
            for target, upto in zip(stage.routes[g].targets, stage.routes[g].cumulative, strict=True):
                if target != LEAVE:
                    moves[i][target] += upto - before
                before = upto
            if stage.returns_to != LEAVE:
                moves[i][stage.returns_to] += stage.error * stage.returns
        rows = [[float(i == j) - moves[i][j] for i in range(n)] for j in range(n)]
        start = [came if s == site.customers[g].start else 0.0 for s in range(n)]
        total = [a + b for a, b in zip(total, _solve(rows, start), strict=True)]
    return _with_complaints(site, total)


def _with_complaints(site: Site, visits: list[float]) -> list[float]:
    """The same with those who come to complain: of errors, as if each were the first of an encounter and none caught.

    Lapses that customers may complain of are left out: how many there are is not known beforehand.
    """
    recovery = site.scenario.management.recovery
    if recovery is None:
        return visits
    heard = [
        n * stage.error * recovery.voice * (1.0 - recovery.authority * stage.has_queue)
        for n, stage in zip(visits, site.stages, strict=True)
        if stage.name != recovery.stage
    ]
    return [n + sum(heard) * (stage.name == recovery.stage) for n, stage in zip(visits, site.stages, strict=True)]


def _solve(rows: list[list[float]], right: list[float]) -> list[float]:
    """Solve a small linear system by elimination with row exchanges."""
    n = len(right)
    table = [[*row, r] for row, r in zip(rows, right, strict=True)]
    for c in range(n):
        pivot = max(range(c, n), key=lambda r: abs(table[r][c]))
        table[c], table[pivot] = table[pivot], table[c]
        for r in range(n):
            if r != c and table[r][c]:
                factor = table[r][c] / table[c][c]
                table[r] = [a - factor * b for a, b in zip(table[r], table[c], strict=True)]
    return [table[i][n] / table[i][i] for i in range(n)]


def _work_minutes(site: Site, plan: Plan, stage: int) -> float:
    """Mean minutes of a service by the stage's members, averaged over them."""
    pace = [
        plan.state.people[m].slowness / site.members[m].pace_at[stage]
        for role in site.stages[stage].roles
        for m in site.roles[role].members
        if site.members[m].pace_at[stage] > 0
    ]
    if not pace:
        return float("inf")
    return site.stages[stage].mean_service_min * sum(pace) / len(pace) + _minutes_beside(site, site.stages[stage])


def _minutes_beside(site: Site, stage: StageTable) -> float:
    """Minutes a service takes of staff beside its work: settling a problem on the spot, and thinking it over after."""
    recovery, reflection = site.scenario.management.recovery, site.scenario.management.reflection
    minutes = 0.0
    if recovery is not None and stage.name != recovery.stage:
        minutes += stage.error * recovery.voice * recovery.authority * recovery.time
    if reflection is not None and stage.actions:
        shares = Reflections(site, reflection).shares[: site.days]
        minutes += reflection.time * sum(shares) / len(shares)
    return minutes


def _rostered_hours(plan: Plan) -> list[float]:
    hours = [0.0] * len(plan.site.roles)
    for day in range(plan.site.days):
        for duty in roster(plan.site, day, plan.absent):
            member = plan.site.members[duty.member]
            paused = sum(end - start for start, end in duty.breaks_us)
            worked = (duty.off_us - duty.on_us - paused) / MICROSECONDS_PER_MINUTE / 60.0
            hours[member.role] += worked * member.at_once
    return hours
