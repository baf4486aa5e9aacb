"""Choose a policy with a guarantee: the best by a measure, or the cheapest that keeps every limit."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.errors import InputError
from sim.study.cases import ALL, Case, base_of, candidates, cases_of, unlike, wishes_of
from sim.study.desk import Progress
from sim.study.limits.asked import rows_asked
from sim.study.replicate import engine_of, jobs_of, scenario_of, seed_of, whole_number
from sim.study.replication import Options
from sim.study.selection.aims import CHEAPEST, COST_KEYS, Aim, aim_of, confidence_of
from sim.study.selection.bench import Bench
from sim.study.selection.searches import Found, Rule, allocated, cheapest_kept, raced, two_staged
from sim.study.selection.selection import Selection
from sim.study.statistics.feasibility import Demand
from sim.study.study import foreseen_of
from sim.study.tallies.rows import Key

if TYPE_CHECKING:
    from sim.scenario import Scenario

AT_MOST = 500
"""Replications of each policy, on average, where no budget is given."""
FIRST, FIRST_OF_LIMITS = 20, 40
"""Replications of each policy before the first look. Limits take more: a verdict on the mean of a skewed measure rests
on the far tail, which is wrong oftener than promised with fewer."""
_LEAST = 5  # replications before the first look
_SEARCHES = {"kn": raced, "rinott": two_staged, "ocba": allocated, CHEAPEST: cheapest_kept}


def select(
    scenario: Scenario | str | Path | Mapping[str, Any],
    measure: str | None = None,
    best: Literal["high", "low"] | None = None,
    delta: float | str | None = None,
    limits: Sequence[str] | str | None = None,
    cost: str | Sequence[str] | None = None,
    policies: Sequence[str] | str | None = None,
    confidence: float | str = 0.95,
    method: Literal["kn", "rinott", "ocba"] | None = None,
    first: int | None = None,
    at_most: int | None = None,
    seed: int | None = None,
    jobs: int | Executor | None = None,
    engine: str = "auto",
    levers: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Selection:
    """Choose the best policy by a ``measure``, or the cheapest that keeps all ``limits``; the same for any ``jobs``.

    By a measure (``"satisfaction"``, ``"wait_p90[stage=check_in]"``): ``best`` is ``"high"`` or ``"low"``, absent, as
    the measure is meant; ``delta``: a difference that would not matter, in the measure's unit (0.1, ``"30 s"``,
    ``"2%"``). ``method``: ``kn``, a race with the same customers under all policies; ``rinott``, two stages with
    customers of their own; ``ocba``, a rule of thumb without a guarantee, which needs no ``delta``.

    By limits (``"wait_p90 < 10 min"``, ``"satisfaction > 5.5 in 90%"``), absent, those that the scenario is to
    ``accept``: ``cost`` names one or more measures that add up (absent: staff_cost, training_cost and
    management_cost), ``delta`` a difference in cost that would not matter (absent: 0).

    ``policies``: names, or ``"name: PATH=VALUE"`` for one more than those of the file; absent, all. ``confidence``:
    of all that is found, together. ``first``: replications of each policy before the first look; absent, 20, and for
    limits 40, or as many from 20 on as the budget pays. ``at_most``: the budget of replications, all policies
    together; absent, 500 for each.

    InputError: what was asked for makes no sense.
    """
    began = time.perf_counter()
    asked = candidates(wishes_of(scenario_of(scenario), policies or ALL))
    whole, cases = asked.scenario, cases_of(asked, levers)
    aim = aim_of(whole, cases, measure, best, delta, limits, cost, method)
    seed, engine, by = (
        seed_of(whole, seed),
        engine_of(engine),
        rows_asked(whole, (*aim.keys, *(limit.key for limit in aim.limits))),
    )
    first, at_most = _sizes(first, at_most, len(cases), aim.method)
    paired = aim.method != "rinott"
    foreseen = _foreseen(cases, seed)
    bench = Bench(cases, seed, Options(engine, by), jobs_of(jobs), progress, at_most, paired)
    aim = _found_there(bench, aim)
    demands = tuple((one.key, Demand(one.below, one.bound, one.share, one.strict)) for one in aim.limits)
    rule = Rule(aim.keys, aim.sign, aim.delta, confidence_of(confidence), first, demands)
    found = _SEARCHES[aim.method](bench, rule)
    settings = {"levers": dict(levers or {}), "first": first, "at_most": at_most}
    made = _selection(base_of(whole, cases, levers), bench, aim, rule, found, settings)
    return replace(made, warnings=(*foreseen, *made.warnings), seconds=time.perf_counter() - began)


def _foreseen(cases: Sequence[Case], seed: int) -> tuple[str, ...]:
    """Warnings of what can be told before anything is simulated."""
    from sim.flow.site import site_of

    names = tuple(case.name for case in cases)
    return (*unlike(cases), *foreseen_of(names, [site_of(case.scenario) for case in cases], seed))


def _selection(
    scenario: Scenario, bench: Bench, aim: Aim, rule: Rule, found: Found, settings: Mapping[str, Any]
) -> Selection:
    from sim.study.results import frames
    from sim.study.selection import selected

    names = tuple(case.name for case in bench.cases)
    failures = [frames.failures_frame([(case, failure)], seed) for case, failure, seed in bench.failures(found.counted)]
    return Selection(
        scenario=scenario,
        policies=names,
        best=None if found.best is None else names[found.best],
        decided=found.decided,
        verdict=selected.verdict(bench, aim, rule, found),
        guarantee=selected.guarantee(aim, rule, found),
        question=selected.question(aim),
        measure=aim.what,
        method=aim.method,
        confidence=rule.confidence,
        delta=rule.delta,
        seed=bench.seeds[0],
        engine=bench.options.engine,
        replications=sum(found.counted),
        simulated=sum(bench.done),
        table=selected.table(bench, aim, rule, found),
        limits=selected.limits_table(bench, aim, rule, found),
        measures=frames.measures_frame(bench.rows(found.counted)),
        failures=selected.joined(failures) if failures else frames.failures_frame([], bench.seeds[0]),
        warnings=selected.warnings(bench, aim, rule, found),
        settings=settings,
    )


def _sizes(first: object, at_most: object, policies: int, method: str) -> tuple[int, int]:
    if first is None:
        first = FIRST_OF_LIMITS if method == CHEAPEST else FIRST
        if at_most is not None:
            first = max(FIRST, min(first, whole_number(at_most, "at_most", 1) // policies))
    number = whole_number(first, "first", _LEAST)
    most = policies * max(AT_MOST, number) if at_most is None else whole_number(at_most, "at_most", 1)
    if most < policies * number:
        raise InputError(
            f"at_most {most} does not pay the first {number} replications of {policies} policies: that takes "
            f"{policies * number}"
        )
    return number, most


def _found_there(bench: Bench, aim: Aim) -> Aim:
    """The aim with its costs, after one replication has shown that every policy has all that it names."""
    everyone = range(len(bench.cases))
    bench.collect([1] * len(bench.cases))
    for i in everyone:
        for key in (*aim.keys, *(limit.key for limit in aim.limits)):
            bench.values(i, (key,), 1)
    if aim.keys:
        return aim
    without = [bench.cases[i].name for i in everyone if not all(_has(bench, i, key) for key in COST_KEYS)]
    if without:
        where = "the scenario says" if len(without) == len(bench.cases) else f"policy {', '.join(without)} says"
        raise InputError(
            f"{where} nothing of what staff cost: give the roles a wage, or name another measure as the "
            "cost, for example --cost paid_hours"
        )
    return aim._replace(keys=COST_KEYS)


def _has(bench: Bench, case: int, key: Key) -> bool:
    try:
        bench.values(case, (key,), 1)
    except InputError:
        return False
    return True
