"""Run a scenario: as many replications as were asked for, or as precision needs, under one or more policies."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import InputError, did_you_mean, there_are
from sim.study.logs import LogsInMemory, LogsInParts
from sim.study.precision import Goal, enough, goal_of, next_batch, reached
from sim.study.replication import Failure, Options, ReplicationRows
from sim.study.result import Result
from sim.study.tallies.rows import Key
from sim.study.workers import Job, Outcome, Workers

if TYPE_CHECKING:
    from sim.flow.site import Site
    from sim.scenario import Scenario

AS_IS = "as_is"
"""What the only policy of a scenario without policies is called."""
ENGINES = ("auto", "simpy")
BY = ("member", "hour")

Progress = Callable[[int, int], None]
"""Called with the replications done and those asked for so far, all policies together."""


def run(
    scenario: Scenario | str | Path | Mapping[str, Any],
    policy: str | None = None,
    policies: Sequence[str] | Literal["all"] | None = None,
    replications: int | None = None,
    precision: object = None,
    seed: int | None = None,
    jobs: int | Executor | None = None,
    engine: str = "auto",
    by: Sequence[str] = (),
    log: bool = False,
    out: str | Path | None = None,
    progress: Progress | None = None,
    levers: Mapping[str, Any] | None = None,
    name: str | None = None,
) -> Result:
    """Simulate a scenario and measure it; the numbers are the same for any number of workers.

    ``policy`` or ``policies`` (names, or ``"all"``): absent, the first of the scenario. ``replications``: a
    number, else by ``precision`` (``"5%"``, or ``{of, within, at_most}``), else as the scenario says. ``jobs``:
    worker processes, absent: by the work at hand; or an executor. ``by``: rows by ``member`` and ``hour`` too.
    ``log``: keep every encounter and visit. ``levers``: set on top of each policy. ``out``: a folder of results, in
    which the run is stored under ``<scenario>/<name>``, or a short hash of its content.

    A replication that fails is a row of ``Result.failures``. InputError: what was asked for makes no sense.
    StorageError: the result cannot be written.
    """
    began = time.perf_counter()
    whole = _scenario(scenario)
    cases = _cases(whole, _chosen(whole, policy, policies), levers)
    study = _Study(
        scenario=_base(whole, cases, levers),
        cases=cases,
        seed=whole.seed if seed is None else _whole(seed, "seed", 0),
        options=Options(_engine(engine), _by(by), bool(log)),
        goal=_goal(whole, replications, precision),
        fixed=whole.replications if replications is None else _whole(replications, "replications", 1),
        settings={"levers": dict(levers or {}), "by": sorted(by), "log": bool(log)},
    )
    if name is not None and out is None:
        raise InputError("a name is for a stored run; say where with out (--out on the command line)")
    if out is None:
        return study.carried_out(_jobs(jobs), progress, LogsInMemory(study.policies) if log else None, began)
    return _stored(study, _jobs(jobs), progress, began, Path(out), name)


def _stored(
    study: _Study, jobs: int | Executor | None, progress: Progress | None, began: float, out: Path, name: str | None
) -> Result:
    from sim.study.provenance import environment
    from sim.study.store import Staging

    staging = Staging(out, study.scenario.name, name)
    try:
        logs = staging.logs(study.policies) if study.options.log else None
        result = study.carried_out(jobs, progress, logs, began)
        facts = {"timings": {"seconds": result.seconds}, "environment": environment(jobs)}
        return staging.publish(result, logs, facts)
    finally:
        staging.discard()


@dataclass(frozen=True)
class _Study:
    """What was asked for, checked and resolved."""

    scenario: Scenario
    cases: tuple[tuple[str, Scenario], ...]  # each policy's name and the scenario under it, levers set
    seed: int
    options: Options
    goal: Goal | None
    fixed: int  # replications where there is no goal
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def policies(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.cases)

    def _command(self) -> list[str]:
        """The words that run this study's scenario again, its levers set."""
        import json

        levers = self.settings.get("levers", {})
        settings = [f"--set={path}={json.dumps(value, ensure_ascii=False)}" for path, value in levers.items()]
        return ["sim", "run", self.scenario.file, *settings]

    def carried_out(
        self,
        jobs: int | Executor | None,
        progress: Progress | None,
        logs: LogsInMemory | LogsInParts | None,
        began: float,
    ) -> Result:
        """Simulate what was asked for and put the result together."""
        from sim.flow.site import site_of

        sites = [site_of(scenario) for _, scenario in self.cases]
        desk = _Desk(Workers(tuple(s for _, s in self.cases), self.seed, self.options, jobs), logs, progress)
        n, warnings, precise = self.fixed, _foreseen(self.policies, sites, self.seed), None
        if self.goal is None:
            desk.collect(len(sites), range(n))
        else:
            n, told = self._searched(desk, self.goal)
            precise = told.precise
            warnings += () if told.precise else (told.message,)
        desk.drop_from(n)
        return self._result(sites, desk, n, warnings, precise, time.perf_counter() - began)

    def _searched(self, desk: _Desk, goal: Goal) -> tuple[int, Any]:
        """Add replications until the goal's rule, which sees them in order, says that they are enough."""
        desk.collect(len(self.cases), range(1))
        for measure in goal.of:
            desk.series(0, measure, 1)  # a wrong name is told before the work
        done, n = 1, None
        while n is None:
            batch = range(done, next_batch(done, goal))
            desk.collect(len(self.cases), batch)
            done = batch.stop
            series = {
                f"{measure} ({policy})": desk.series(p, measure, done)
                for p, policy in enumerate(self.policies)
                for measure in goal.of
            }
            n = enough(list(series.values()), goal)
        return n, reached(series, goal, n)

    def _result(
        self,
        sites: list[Site],
        desk: _Desk,
        n: int,
        warnings: tuple[str, ...],
        precise: bool | None,
        seconds: float,
    ) -> Result:
        from sim.study import frames
        from sim.study.identity import content_id
        from sim.study.worth import with_worth

        done = [(self.policies[job.policy], rows) for job, rows in desk.rows()]
        done = with_worth(done, self.policies[0], self.scenario.money.discount)
        failed = [(self.policies[job.policy], failure) for job, failure in desk.failures()]
        names = {
            policy: (tuple(stage.name for stage in site.stages), site.segments)
            for policy, site in zip(self.policies, sites, strict=True)
        }
        if any(rows.from_bins for _, rows in done):
            warnings += ("percentiles are true to 0.1 %: there were more than a million values",)
        asked = self.fixed if self.goal is None else [self.goal.of, self.goal.within, self.goal.at_most]
        hashed = {name: self.settings[name] for name in ("by", "log")}
        return Result(
            scenario=self.scenario,
            policies=self.policies,
            replications=n,
            seed=self.seed,
            engine=self.options.engine,
            measures=frames.measures_frame(done),
            distributions=frames.distributions_frame(done, names),
            failures=frames.failures_frame(failed, self.seed, self._command()),
            warnings=warnings,
            content_id=content_id(self.cases, asked, self.seed, hashed),
            settings=self.settings,
            precise=precise,
            seconds=seconds,
            logs=desk.logs if isinstance(desk.logs, LogsInMemory) else None,
        )


@dataclass
class _Desk:
    """Where outcomes come in, in any order, and are put in theirs."""

    workers: Workers
    logs: LogsInMemory | LogsInParts | None
    progress: Progress | None
    found: dict[Job, Outcome] = field(default_factory=dict)

    def collect(self, policies: int, replications: Iterable[int]) -> None:
        """Have these replications simulated under every policy."""
        jobs = [Job(policy, replication) for policy in range(policies) for replication in replications]
        asked = len(self.found) + len(jobs)
        for job, outcome in self.workers.outcomes(jobs):
            self.found[job] = self._filed(job, outcome)
            if self.progress is not None:
                self.progress(len(self.found), asked)

    def _filed(self, job: Job, outcome: Outcome) -> Outcome:
        """Keep the log where logs are kept and the numbers here."""
        if isinstance(outcome, Failure) or outcome.log is None or self.logs is None:
            return outcome
        from dataclasses import replace

        self.logs.keep(job, outcome.log)
        return replace(outcome, log=None)

    def drop_from(self, replications: int) -> None:
        """Forget the replications from this number on: they were simulated ahead, and not needed."""
        self.found = {job: outcome for job, outcome in self.found.items() if job.replication < replications}
        if self.logs is not None:
            self.logs.drop_from(replications)

    def rows(self) -> list[tuple[Job, ReplicationRows]]:
        """Measured replications in order of policy and number."""
        return [(job, out) for job, out in sorted(self.found.items()) if isinstance(out, ReplicationRows)]

    def failures(self) -> list[tuple[Job, Failure]]:
        """Failed replications in order of policy and number."""
        return [(job, out) for job, out in sorted(self.found.items()) if isinstance(out, Failure)]

    def series(self, policy: int, measure: str, replications: int) -> list[float]:
        """A measure of the whole site over replications 0, 1, 2 …; NaN where one failed. InputError for no measure."""
        key, values = Key(measure), []
        for replication in range(replications):
            outcome = self.found[Job(policy, replication)]
            if isinstance(outcome, Failure):
                values.append(float("nan"))
                continue
            if key not in outcome.keys:
                known = [one.measure for one in outcome.keys if one == Key(one.measure)]
                raise InputError(
                    f"precision.of: no measure '{measure}' of the whole site{did_you_mean(measure, known)}"
                )
            values.append(float(outcome.values[outcome.keys.index(key)]))
        return values


def _scenario(given: Any) -> Scenario:
    from sim.scenario import Scenario, load

    return given if isinstance(given, Scenario) else load(given)


def _chosen(scenario: Scenario, policy: str | None, policies: Sequence[str] | None) -> tuple[str, ...]:
    known = scenario.policy_names or (AS_IS,)
    if policy is not None and policies is not None:
        raise InputError("give policy or policies, not both")
    if isinstance(policies, str) and policies != "all":
        policies = [policies]
    chosen = known if policies == "all" else (policy,) if policy is not None else tuple(policies or known[:1])
    for wish in chosen:
        if wish not in known:
            raise InputError(f"no policy '{wish}'{did_you_mean(str(wish), known)}; {there_are(known)}")
    return tuple(dict.fromkeys(chosen))


def _cases(
    scenario: Scenario, chosen: tuple[str, ...], levers: Mapping[str, Any] | None
) -> tuple[tuple[str, Scenario], ...]:
    def under(name: str) -> Scenario:
        own = scenario.with_policy(name) if name in scenario.policy_names else scenario
        return own.with_levers(levers) if levers else own

    return tuple((name, under(name)) for name in chosen)


def _base(scenario: Scenario, cases: tuple[tuple[str, Scenario], ...], levers: Mapping[str, Any] | None) -> Scenario:
    """The scenario itself with the levers; where they set what only policies have, the first policy's."""
    from sim.errors import ScenarioError

    if not levers:
        return scenario
    try:
        return scenario.with_levers(levers)
    except ScenarioError:
        return cases[0][1]


def _goal(scenario: Scenario, replications: int | None, precision: object) -> Goal | None:
    if replications is not None and precision is not None:
        raise InputError("give a number of replications or a precision, not both")
    if replications is not None or (precision is None and scenario.precision is None):
        return None
    if precision is None:
        return goal_of(scenario.precision)
    if isinstance(precision, str | float) and scenario.precision is not None:
        own = goal_of(scenario.precision)
        return Goal(own.of, goal_of(precision).within, own.at_most)
    return goal_of(precision)


def _engine(name: str) -> str:
    if name not in ENGINES:
        raise InputError(f"no engine '{name}'{did_you_mean(str(name), ENGINES)}; {there_are(ENGINES)}")
    return "simpy" if name == "auto" else name


def _by(names: Sequence[str]) -> tuple[str, ...]:
    wanted = (names,) if isinstance(names, str) else tuple(names)
    for name in wanted:
        if name not in BY:
            raise InputError(f"no rows by '{name}'{did_you_mean(str(name), BY)}; {there_are(BY)}")
    return tuple(name for name in BY if name in wanted)


def _jobs(jobs: int | Executor | None) -> int | Executor | None:
    return jobs if jobs is None or isinstance(jobs, Executor) else _whole(jobs, "jobs", 1)


def _whole(value: object, what: str, least: int) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__") or value.__index__() < least:
        raise InputError(f"{what}: {value!r} is not a whole number of at least {least}")
    return int(value.__index__())


def _foreseen(policies: tuple[str, ...], sites: list[Site], seed: int) -> tuple[str, ...]:
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
