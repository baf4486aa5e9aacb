"""What was asked for, checked and resolved, and how it is carried out: replications in, a result out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.cases import Case, unlike
from sim.study.desk import Desk, Progress
from sim.study.goals import Goal, Reached, reached
from sim.study.limits.acceptance import check_there
from sim.study.replication import Options
from sim.study.results.logs import LogsInMemory, LogsInParts
from sim.study.results.result import Result
from sim.study.statistics.precision import enough, next_batch

if TYPE_CHECKING:
    from sim.flow.site import Site
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Study:
    """Some cases, and how many replications of each: a fixed number, or as many as a goal takes."""

    scenario: Scenario
    cases: tuple[Case, ...]  # the first is the baseline
    seed: int
    options: Options
    goal: Goal | None
    fixed: int  # replications where there is no goal
    settings: Mapping[str, Any] = field(default_factory=dict)  # levers, by, log …: what was asked for

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the cases, the baseline first."""
        return tuple(case.name for case in self.cases)

    def result(
        self,
        jobs: int | Executor | None = None,
        progress: Progress | None = None,
        out: Path | None = None,
        name: str | None = None,
    ) -> Result:
        """Simulate and put the result together; with ``out``, stored under ``<scenario>/<name>`` there.

        StorageError: it cannot be written.
        """
        began = time.perf_counter()
        if out is None:
            logs = LogsInMemory(self.policies) if self.options.log else None
            return self._carried_out(jobs, progress, logs, began)
        from sim.study.results.provenance import environment
        from sim.study.results.store import Staging

        staging = Staging(out, self.scenario.name, name)
        try:
            parts = staging.logs(self.policies) if self.options.log else None
            found = self._carried_out(jobs, progress, parts, began)
            facts = {"timings": {"seconds": found.seconds}, "environment": environment(jobs)}
            return staging.publish(found, parts, facts)
        finally:
            staging.discard()

    def _carried_out(
        self,
        jobs: int | Executor | None,
        progress: Progress | None,
        logs: LogsInMemory | LogsInParts | None,
        began: float,
    ) -> Result:
        from sim.flow.site import site_of

        sites = [site_of(case.scenario) for case in self.cases]
        desk = Desk(self.cases, self.seed, self.options, jobs, progress, logs)
        n, warnings, precise = self.fixed, (*unlike(self.cases), *foreseen_of(self.policies, sites, self.seed)), None
        if self.scenario.accept:
            desk.collect(range(1))
            check_there(desk, self.scenario.accept)
        if self.goal is None:
            desk.collect(range(n))
        else:
            n, told = searched(desk, self.goal)
            precise = told.precise
            warnings += () if told.precise else (told.message,)
        desk.drop_from(n)
        return self._result(sites, desk, n, warnings, precise, time.perf_counter() - began)

    def _result(
        self,
        sites: list[Site],
        desk: Desk,
        n: int,
        warnings: tuple[str, ...],
        precise: bool | None,
        seconds: float,
    ) -> Result:
        from sim.study.results import frames
        from sim.study.results.identity import content_id
        from sim.study.worth import with_worth

        done = with_worth(desk.rows(), self.policies[0], self.scenario.money.discount)
        names = {
            policy: (tuple(stage.name for stage in site.stages), site.segments)
            for policy, site in zip(self.policies, sites, strict=True)
        }
        if any(rows.from_bins for _, rows in done):
            warnings += ("percentiles are true to 0.1 %: there were more than a million values",)
        settings, course = dict(self.settings), frames.course_frame(done)
        if course is not None:
            from sim.study.steady import warnings_of, windows_of

            settings["windows"] = windows_of(self.cases)
            warnings += warnings_of(self.scenario.name, course, settings["windows"])
        asked = self.fixed if self.goal is None else self.goal.described()
        hashed = {name: self.settings[name] for name in ("by", "log") if name in self.settings}
        if self.scenario.accept:  # a stored result is judged by the limits that it was run with
            hashed["accept"] = list(self.scenario.accept)
        return Result(
            scenario=self.scenario,
            policies=self.policies,
            replications=n,
            seed=self.seed,
            engine=self.options.engine,
            measures=frames.measures_frame(done),
            distributions=frames.distributions_frame(done, names),
            failures=frames.failures_frame(desk.failures(), self.seed),
            warnings=warnings,
            content_id=content_id([(case.name, case.scenario) for case in self.cases], asked, self.seed, hashed),
            settings=settings,
            precise=precise,
            seconds=seconds,
            logs=desk.logs if isinstance(desk.logs, LogsInMemory) else None,
            course=course,
        )


def searched(desk: Desk, goal: Goal) -> tuple[int, Reached]:
    """Add replications until the goal's rule, which sees them in order, says that they are enough: how many, and
    how the search ended."""
    names = [case.name for case in desk.cases]
    desk.collect(range(1))
    goal.excess(names, desk.values, 1)  # a wrong name is told before the work
    done, n, excess = 1, None, {}
    while n is None:
        done = next_batch(done, goal.at_most)
        desk.collect(range(done))
        excess = goal.excess(names, desk.values, done)
        n = enough(list(excess.values()), goal.at_most)
    return n, reached(goal, excess, n)


def foreseen_of(policies: tuple[str, ...], sites: list[Site], seed: int) -> tuple[str, ...]:
    """Warnings of what can be foreseen of the first replication."""
    from sim.flow.foreseen import foreseen
    from sim.flow.plan import draw
    from sim.flow.state import initial_state

    several = len(policies) > 1
    return tuple(
        f"policy {policy}: {warning}" if several else warning
        for policy, site in zip(policies, sites, strict=True)
        for warning in foreseen(draw(site, initial_state(site, seed, 0), seed, 0))
    )
