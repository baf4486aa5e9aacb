"""Compare policies on the same customers: what each changes against the baseline, how surely, at what cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import InputError
from sim.study.cases import ALL, AS_IS, Case, Wishes, base_of, cases_of, wishes_of
from sim.study.comparison.comparison import Comparison, compared
from sim.study.desk import Progress
from sim.study.goals import Goal, Wish, budget_of, share_of
from sim.study.keys import key_of
from sim.study.limits.limits import bound_of
from sim.study.replicate import engine_of, jobs_of, scenario_of, seed_of, whole_number
from sim.study.replication import Options
from sim.study.results.result import Result
from sim.study.statistics.intervals import CONFIDENCE
from sim.study.study import Study
from sim.study.tallies.rows import Key

if TYPE_CHECKING:
    from sim.scenario import Scenario

Source = Any  # a Scenario, or a path or dict of one; a Result, or the folder of one
Adjust = Literal["holm", "none"]


def compare(
    *scenarios: Source,
    policies: Sequence[str] | str | None = None,
    measures: Sequence[str] | None = None,
    replications: int | None = None,
    precision: str | float | Mapping[str, Any] | None = None,
    at_most: int | None = None,
    confidence: float = CONFIDENCE,
    adjust: Adjust = "holm",
    pairs: Literal["baseline", "all"] = "baseline",
    levers: Mapping[str, Any] | None = None,
    seed: int | None = None,
    jobs: int | Executor | None = None,
    engine: str = "auto",
    out: str | Path | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Simulate every policy with the same customers and compare each with the baseline, replication by replication.

    ``scenarios``: one, whose first policy is the baseline; or several, each under its first policy, the first of them
    the baseline; or a result, or its folder, compared as it is. ``policies``: names, beside the baseline, and further
    ones written out as ``"name: PATH=VALUE; PATH=VALUE"``; absent, all. ``measures``: such as
    ``"wait_p90[stage=check_in]"``; absent, those that a manager asks for first. ``replications``, or ``precision`` of
    the *differences*: ``"5%"`` of the baseline's mean, or by measure (``{"satisfaction": 0.05, "wait_mean": "20 s"}``),
    with at most ``at_most`` replications. ``adjust``: for many comparisons, by Holm. ``pairs``: against the baseline,
    or each with each.

    InputError: what was asked for makes no sense. StorageError: the result cannot be written.
    """
    if not scenarios:
        raise InputError("a scenario to compare the policies of is due")
    if not 0 < confidence < 1:
        raise InputError(f"confidence {confidence!r} must lie between 0 and 1, for example 0.95")
    asked = None if measures is None else tuple(key_of(text) for text in measures)
    stored = _stored(scenarios)
    if stored is not None:
        return compared(stored, asked, confidence, adjust, pairs)
    cases, whole, settings = _cases(scenarios, policies, levers)
    if len(cases) < 2:
        raise InputError(_alone(cases[0]))
    if replications is not None and precision is not None:
        raise InputError("give a number of replications or a precision, not both")
    study = Study(
        scenario=whole,
        cases=cases,
        seed=seed_of(whole, seed),
        options=Options(engine_of(engine)),
        goal=None if precision is None else _goal(precision, asked, at_most, cases, confidence),
        fixed=whole.replications if replications is None else whole_number(replications, "replications", 1),
        settings={"levers": dict(levers or {}), "by": [], "log": False, **settings},
    )
    result = study.result(jobs_of(jobs), progress, None if out is None else Path(out), name)
    return compared(result, asked, confidence, adjust, pairs)


def _stored(scenarios: Sequence[Source]) -> Result | None:
    """The result that is compared as it is; None where scenarios are to be simulated."""
    given = scenarios[0]
    if isinstance(given, str | Path) and Path(given).is_dir():
        from sim.study.results.store import read

        given = read(given)
    if isinstance(given, Result) and len(scenarios) > 1:
        raise InputError("one result, or scenarios; several results were not simulated with each other in mind")
    return given if isinstance(given, Result) else None


def _cases(
    given: Sequence[Source], policies: Sequence[str] | str | None, levers: Mapping[str, Any] | None
) -> tuple[tuple[Case, ...], Scenario, dict[str, Any]]:
    """The cases, the scenario that the result calls its own, and what else is to be remembered of them."""
    if len(given) == 1:
        wishes = _with_baseline(wishes_of(scenario_of(given[0]), policies))
        cases = cases_of(wishes, levers)
        return cases, base_of(wishes.scenario, cases, levers), {}
    if policies is not None:
        raise InputError("several scenarios are compared each under its first policy; name policies of one at a time")
    each = [_first_policy(scenario_of(one), levers) for one in given]
    names = [case.name for case in each]
    if len(set(names)) < len(names):
        raise InputError(f"two scenarios have the same name: {', '.join(names)}")
    return tuple(each), each[0].scenario, {"scenarios": {case.name: case.scenario.as_written() for case in each}}


def _with_baseline(wishes: Wishes) -> Wishes:
    """The baseline first, then the policies named; all of the file where none of the file's is named."""
    known = wishes.scenario.policy_names or (AS_IS,)
    own = tuple(wishes.own)
    named = [name for name in wishes.names if name not in own]
    of_file = named or [name for name in known if name not in own]
    return wishes._replace(names=tuple(dict.fromkeys((known[0], *of_file, *own))))


def _first_policy(scenario: Scenario, levers: Mapping[str, Any] | None) -> Case:
    first = cases_of(wishes_of(scenario, ALL), levers)[0]
    return first._replace(name=scenario.name)


def _alone(case: Case) -> str:
    return (
        f"there is nothing to compare {case.name} with; give the scenario policies, or write one out, as in "
        '--policy "faster: staff.clerk.pace=1.1"'
    )


def _goal(
    precision: str | float | Mapping[str, Any],
    asked: Sequence[Key] | None,
    at_most: int | None,
    cases: Sequence[Case],
    confidence: float,
) -> Goal:
    """What is wished of the differences: one share for all measures asked for, or a half-width by measure."""
    if isinstance(precision, Mapping):
        wishes = tuple(_wish(key_of(text), within) for text, within in precision.items())
    else:
        share = share_of(precision)
        wishes = tuple(Wish(key, share) for key in asked or _first_asked(cases))
    return Goal(wishes, budget_of(at_most), paired=True, confidence=confidence)


def _wish(key: Key, within: Any) -> Wish:
    """Half-width of one measure's difference: ``5%`` of the baseline's mean, or in the measure's own unit."""
    if isinstance(within, str) and within.strip().endswith("%"):
        return Wish(key, share_of(within))
    width = bound_of(key.measure, str(within))
    if not (width > 0 and math.isfinite(width)):
        raise InputError(f"precision of {key.measure}: {within!r} is not above 0")
    return Wish(key, width, relative=False)


def _first_asked(cases: Sequence[Case]) -> Iterator[Key]:
    """What precision is about where no measure is named: the mean wait, and satisfaction where it is judged."""
    yield Key("wait_mean")
    if all(case.scenario.actions for case in cases):
        yield Key("satisfaction")
