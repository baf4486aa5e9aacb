"""Compare policies on the same customers: what each changes against the baseline, how surely, at what cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import InputError, there_are
from sim.study.cases import ALL, Case, base_of, candidates, cases_of, wishes_of
from sim.study.comparison.comparison import Comparison, compared
from sim.study.desk import Progress
from sim.study.goals import Goal, Wish, budget_of, share_of
from sim.study.keys import key_of, text_of
from sim.study.limits.asked import rows_asked, unknown_names
from sim.study.limits.limits import bound_of
from sim.study.replicate import engine_of, jobs_of, scenario_of, seed_of, whole_number
from sim.study.replication import Options
from sim.study.results.result import Result
from sim.study.statistics.intervals import CONFIDENCE
from sim.study.study import Study
from sim.study.tallies.rows import Key
from sim.study.worth import WORTH

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
    for key in asked or ():
        if key.measure in WORTH:
            raise InputError(f"{key.measure} compares policies already; ask for profit, and see its differences")
    stored = _stored(scenarios)
    if stored is not None:
        new = {"replications": replications, "precision": precision, "at_most": at_most, "levers": levers, "seed": seed}
        _refuse([name for name, value in new.items() if value is not None])
        named = [policies] if isinstance(policies, str) else policies
        return compared(stored, asked, confidence, adjust, pairs, named)
    cases, whole, settings = _cases(scenarios, policies, levers)
    if len(cases) < 2:
        raise InputError(_alone(cases[0], whole))
    _check(replications, precision, at_most, asked or (), cases)
    wished = tuple(key_of(text) for text in precision) if isinstance(precision, Mapping) else ()
    by = rows_asked(whole, (*(asked or ()), *wished))
    study = Study(
        scenario=whole,
        cases=cases,
        seed=seed_of(whole, seed),
        options=Options(engine_of(engine), by),
        goal=None if precision is None else _goal(precision, asked, at_most, cases, confidence, pairs == "all"),
        fixed=whole.replications if replications is None else whole_number(replications, "replications", 1),
        settings={"levers": dict(levers or {}), "by": sorted(by), "log": False, **settings},
    )
    result = study.result(jobs_of(jobs), progress, None if out is None else Path(out), name)
    return compared(result, asked, confidence, adjust, pairs, also=wished)


def _stored(scenarios: Sequence[Source]) -> Result | None:
    """The result that is compared as it is; None where scenarios are to be simulated."""
    given = scenarios[0]
    if isinstance(given, str | Path) and Path(given).is_dir():
        from sim.study.results.store import read

        given = read(given)
    if isinstance(given, Result) and len(scenarios) > 1:
        raise InputError("one result, or scenarios; several results were not simulated with each other in mind")
    return given if isinstance(given, Result) else None


def _refuse(names: Sequence[str]) -> None:
    """InputError that names what was asked for and cannot be had of a result."""
    if names:
        raise InputError(f"{', '.join(names)}: a result is compared as it is; to simulate anew give the scenario")


def _check(
    replications: int | None, precision: object, at_most: int | None, asked: Sequence[Key], cases: Sequence[Case]
) -> None:
    """Raise InputError for what can be seen to make no sense before anything is simulated."""
    if replications is not None and precision is not None:
        raise InputError("give a number of replications or a precision, not both")
    if at_most is not None and precision is None:
        raise InputError("at_most goes with a precision: it is the most replications that it may take")
    for key in asked:
        for message in unknown_names(key, [case.scenario for case in cases]):
            raise InputError(f"{text_of(key)}: {message}")


def _cases(
    given: Sequence[Source], policies: Sequence[str] | str | None, levers: Mapping[str, Any] | None
) -> tuple[tuple[Case, ...], Scenario, dict[str, Any]]:
    """The cases, the scenario that the result calls its own, and what else is to be remembered of them."""
    if len(given) == 1:
        wishes = candidates(wishes_of(scenario_of(given[0]), policies), baseline=True)
        cases = cases_of(wishes, levers)
        return cases, base_of(wishes.scenario, cases, levers), {}
    if policies is not None:
        raise InputError("several scenarios are compared each under its first policy; name policies of one at a time")
    each = [_first_policy(scenario_of(one), levers) for one in given]
    names = [case.name for case in each]
    if len(set(names)) < len(names):
        raise InputError(f"two scenarios have the same name: {', '.join(names)}; change the name: in one of them")
    return tuple(each), each[0].scenario, {"scenarios": {case.name: case.scenario.as_written() for case in each}}


def _first_policy(scenario: Scenario, levers: Mapping[str, Any] | None) -> Case:
    first = cases_of(wishes_of(scenario, ALL), levers)[0]
    return first._replace(name=scenario.name)


def _alone(case: Case, scenario: Scenario) -> str:
    others = [name for name in scenario.policy_names if name != case.name]
    if others:
        return f"only the baseline, {case.name}, was named; name another to compare it with: {there_are(others)}"
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
    all_pairs: bool,
) -> Goal:
    """What is wished of the differences: one share for all measures asked for, or a half-width by measure."""
    if isinstance(precision, Mapping):
        wishes = tuple(_wish(key_of(text), within) for text, within in precision.items())
    else:
        share = share_of(precision)
        wishes = tuple(Wish(key, share) for key in asked or _first_asked(cases))
    return Goal(wishes, budget_of(at_most), paired=True, all_pairs=all_pairs, confidence=confidence)


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
