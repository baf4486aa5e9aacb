"""Run a scenario: as many replications as were asked for, or as precision needs, under one or more policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import InputError, did_you_mean, there_are
from sim.study.cases import AS_IS, base_of, cases_of, wishes_of
from sim.study.desk import Progress
from sim.study.goals import Goal, goal_of, like
from sim.study.limits.asked import check_asked, rows_asked
from sim.study.replication import Options
from sim.study.results.result import Result
from sim.study.study import Study

if TYPE_CHECKING:
    from sim.scenario import Scenario

ENGINES = ("auto", "simpy")
BY = ("member", "hour")


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

    ``policy`` or ``policies`` (names, ``"name: PATH=VALUE"`` for one that the file does not have, or ``"all"``):
    absent, the first of the scenario. ``replications``: a number, else by ``precision`` (``"5%"``, or ``{of, within,
    at_most}``), else as the scenario says. ``jobs``: worker processes, absent: by the work at hand; or an executor.
    ``by``: rows by ``member`` and ``hour`` too. ``log``: keep every encounter and visit. ``levers``: set on top of
    each policy. ``out``: a folder of results, in which the run is stored under ``<scenario>/<name>``, or a short hash
    of its content.

    A replication that fails is a row of ``Result.failures``. InputError: what was asked for makes no sense.
    StorageError: the result cannot be written.
    """
    if policy is not None and policies is not None:
        raise InputError("give policy or policies, not both")
    asked = wishes_of(scenario_of(scenario), policy if policies is None else policies)
    whole = asked.scenario
    if not asked.names:
        asked = asked._replace(names=(whole.policy_names or (AS_IS,))[:1])
    cases = cases_of(asked, levers)
    check_asked(whole, [case.scenario for case in cases])
    rows_by = _by(by, rows_asked(whole))
    study = Study(
        scenario=base_of(whole, cases, levers),
        cases=cases,
        seed=seed_of(whole, seed),
        options=Options(engine_of(engine), rows_by, bool(log)),
        goal=_goal(whole, replications, precision),
        fixed=whole.replications if replications is None else whole_number(replications, "replications", 1),
        settings={"levers": dict(levers or {}), "by": sorted(rows_by), "log": bool(log)},
    )
    if name is not None and out is None:
        raise InputError("a name is for a stored run; say where with out (--out on the command line)")
    return study.result(jobs_of(jobs), progress, None if out is None else Path(out), name)


def scenario_of(given: Any) -> Scenario:
    """A scenario, or the one in a file or dict."""
    from sim.scenario import Scenario, load

    return given if isinstance(given, Scenario) else load(given)


def _goal(scenario: Scenario, replications: int | None, precision: object) -> Goal | None:
    if replications is not None and precision is not None:
        raise InputError("give a number of replications or a precision, not both")
    if replications is not None or (precision is None and scenario.precision is None):
        return None
    if precision is None:
        return goal_of(scenario.precision)
    if isinstance(precision, str | float) and scenario.precision is not None:
        return like(goal_of(scenario.precision), precision)
    return goal_of(precision)


def engine_of(name: str) -> str:
    """The engine of this name. InputError where there is none."""
    if name not in ENGINES:
        raise InputError(f"no engine '{name}'{did_you_mean(str(name), ENGINES)}; {there_are(ENGINES)}")
    return "simpy" if name == "auto" else name


def _by(names: Sequence[str], more: Sequence[str] = ()) -> tuple[str, ...]:
    wanted = (*((names,) if isinstance(names, str) else names), *more)
    for name in wanted:
        if name not in BY:
            raise InputError(f"no rows by '{name}'{did_you_mean(str(name), BY)}; {there_are(BY)}")
    return tuple(name for name in BY if name in wanted)


def seed_of(scenario: Scenario, seed: int | None) -> int:
    """The seed asked for, else the scenario's. InputError where it is no whole number."""
    return scenario.seed if seed is None else whole_number(seed, "seed", 0)


def jobs_of(jobs: int | Executor | None) -> int | Executor | None:
    """The workers asked for. InputError where it is neither a number of at least 1 nor an executor."""
    return jobs if jobs is None or isinstance(jobs, Executor) else whole_number(jobs, "jobs", 1)


def whole_number(value: object, what: str, least: int) -> int:
    """The value as a whole number of at least ``least``. InputError, naming ``what``, where it is none."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value.__index__() < least:
        raise InputError(f"{what}: {value!r} is not a whole number of at least {least}")
    return int(value.__index__())
