"""How a policy is chosen: replications are asked for until a rule, which sees them in order, has decided."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.errors import InputError
from sim.study.keys import text_of
from sim.study.selection.bench import Bench
from sim.study.statistics.feasibility import Demand, Standing, cheapest
from sim.study.statistics.intervals import interval
from sim.study.statistics.kn import Race, race
from sim.study.statistics.ocba import chance_of_best, further
from sim.study.statistics.one_sided import defined
from sim.study.statistics.rinott import sizes
from sim.study.statistics.spending import looks
from sim.study.tallies.rows import Key

_BATCH = 10  # replications simulated between two looks at a race, or a tenth of those done
_AHEAD = 32  # times the replications so far: how far ahead it is worth projecting


class Rule(NamedTuple):
    """What the best is, and how surely and closely it is to be found."""

    keys: tuple[Key, ...]  # a measure, or the costs that add up
    sign: int  # +1: the highest is best, -1: the lowest
    delta: float
    confidence: float
    first: int
    demands: tuple[tuple[Key, Demand], ...] = ()

    @property
    def alpha(self) -> float:
        """Accepted probability of error."""
        return 1 - self.confidence


class Found(NamedTuple):
    """What came out: positions of policies."""

    best: int | None  # None: not decided, or none keeps all limits
    decided: bool
    counted: tuple[int, ...]  # replications of each policy that the rule has seen
    left_after: tuple[int | None, ...]
    open: tuple[int, ...] = ()  # policies among which it is not decided
    more: int | None = None  # further replications, all policies together, that decide; None: no telling
    at_most: bool = False  # whether that many are enough in any case
    standing: Standing | None = None
    chance: float | None = None  # estimated, where a method gives no guarantee


def raced(bench: Bench, rule: Rule) -> Found:
    """The best by Kim and Nelson's race."""
    k, n = len(bench.cases), 0
    now = Race(tuple(range(k)), (None,) * k, 0, 0, None)
    while len(now.survivors) > 1:
        size = bench.reach(n + max(_BATCH, n // 10) if n else rule.first, now.survivors)
        if size <= n:
            break
        n = size
        bench.collect([n if i in now.survivors else done for i, done in enumerate(bench.done)])
        _check_defined(bench, rule)
        now = race(_matrix(bench, rule, n), rule.alpha, rule.delta, rule.first)
    counted = tuple(now.looked if left is None else left for left in now.left_after)
    if len(now.survivors) == 1:
        return Found(now.survivors[0], True, counted, now.left_after)
    if now.at_latest is None:
        return Found(None, False, counted, now.left_after, now.survivors)
    usable = max(1, now.at_latest - now.used)
    more = math.ceil(usable * now.looked / now.used) * len(now.survivors)
    return Found(None, False, counted, now.left_after, now.survivors, more, at_most=now.used == now.looked)


def _matrix(bench: Bench, rule: Rule, n: int) -> list[list[float]]:
    """Policies × replications, high is good; NaN after a policy has left."""
    rows = [[rule.sign * value for value in bench.values(i, rule.keys)] for i in range(len(bench.cases))]
    return [row + [math.nan] * (n - len(row)) for row in rows]


def two_staged(bench: Bench, rule: Rule) -> Found:
    """The best by Rinott's two stages; the policies have customers of their own.

    Both stages count replications that have a value, and go on until there are as many as the procedure asks for.
    """
    k = len(bench.cases)
    bench.collect([rule.first] * k)
    _check_defined(bench, rule)
    due = [rule.first] * k
    if _defined_in_all(bench, rule, due):
        spread = [interval(one[: rule.first]).sd or 0.0 for one in _defined(bench, rule)]
        due = sizes(spread, rule.delta, rule.first, rule.confidence)
        if _defined_in_all(bench, rule, due):
            return Found(_leader(bench, rule), True, tuple(bench.done), (None,) * k)
    lacking = _lacking(bench, rule, due)
    none_missing = all(len(one) == n for one, n in zip(_defined(bench, rule), bench.done, strict=True))
    more = sum(lacking) if max(due) > rule.first else None
    return Found(None, False, tuple(bench.done), (None,) * k, tuple(range(k)), more, at_most=none_missing)


def _defined_in_all(bench: Bench, rule: Rule, due: Sequence[int]) -> bool:
    """Have so many replications with a value of each policy, and none beyond; False where the budget does not pay."""
    while any(lacking := _lacking(bench, rule, due)):
        wanted = [n + more for n, more in zip(bench.done, lacking, strict=True)]
        if sum(wanted) > bench.at_most:
            return False
        bench.collect(wanted)
    return True


def _lacking(bench: Bench, rule: Rule, due: Sequence[int]) -> list[int]:
    return [max(0, n - len(one)) for n, one in zip(due, _defined(bench, rule), strict=True)]


def _defined(bench: Bench, rule: Rule) -> list[list[float]]:
    return [defined(bench.values(i, rule.keys)) for i in range(len(bench.cases))]


def allocated(bench: Bench, rule: Rule) -> Found:
    """The best by OCBA: replications go where they tell most until the estimated chance of being right is enough."""
    k = len(bench.cases)
    bench.collect([rule.first] * k)
    _check_defined(bench, rule)
    while True:
        means, sds = _moments(bench, rule)
        chance = chance_of_best(bench.done, means, sds)
        step = min(max(_BATCH, sum(bench.done) // 10), bench.at_most - sum(bench.done))
        if chance >= rule.confidence or step <= 0:
            break
        bench.collect([n + more for n, more in zip(bench.done, further(bench.done, means, sds, step), strict=True)])
    decided = chance >= rule.confidence
    best, everyone = _leader(bench, rule) if decided else None, tuple(range(k))
    return Found(best, decided, tuple(bench.done), (None,) * k, () if decided else everyone, chance=chance)


def _moments(bench: Bench, rule: Rule) -> tuple[list[float], list[float]]:
    found = [interval(bench.values(i, rule.keys)) for i in range(len(bench.cases))]
    means = [-math.inf if one.mean is None else rule.sign * one.mean for one in found]
    return means, [one.sd or 0.0 for one in found]


def _leader(bench: Bench, rule: Rule) -> int:
    means, _ = _moments(bench, rule)
    return max(range(len(means)), key=lambda i: means[i])


def cheapest_kept(bench: Bench, rule: Rule) -> Found:
    """The policy that keeps every limit at the least cost."""
    k = len(bench.cases)
    now = Standing(((None,) * len(rule.demands),) * k, (None,) * k, None, False, 0, 0)
    for n in looks_of(bench, rule):
        if bench.reach(n, now.inside) < n:
            break
        bench.collect([n if i in now.inside else done for i, done in enumerate(bench.done)])
        _check_defined(bench, rule)
        now = _standing(bench, rule)
        if now.decided:
            break
    counted = tuple(now.looked if left is None else left for left in now.left_after)
    if now.decided:
        return Found(now.cheapest, True, counted, now.left_after, standing=now)
    ahead = _standing(bench, rule, times=_AHEAD)
    more = (ahead.looked - now.looked) * len(now.inside) if ahead.decided else None
    return Found(None, False, counted, now.left_after, now.inside, more, standing=now)


def looks_of(bench: Bench, rule: Rule) -> Iterator[int]:
    """Replications of each policy at which limits and costs are looked at; one look may spend the budget."""
    return looks(rule.first, bench.at_most // len(bench.cases))


def _standing(bench: Bench, rule: Rule, times: int = 1) -> Standing:
    """What the replications done prove; with ``times``, if further ones repeated them so often."""
    k = len(bench.cases)
    values = [[bench.values(i, (key,)) * times for key, _ in rule.demands] for i in range(k)]
    costs = [bench.values(i, rule.keys) * times for i in range(k)]
    demands = [demand for _, demand in rule.demands]
    return cheapest(values, costs, demands, rule.delta, rule.alpha, looks_of(bench, rule))


def _check_defined(bench: Bench, rule: Rule) -> None:
    """Raise InputError where a policy hardly ever has a value to choose by, or fails whatever the replication."""
    for i, case in enumerate(bench.cases):
        if interval(bench.values(i, rule.keys)).n < 2:
            failed = [one for policy, one, _ in bench.failures(bench.done) if policy.name == case.name]
            if len(failed) > bench.done[i] - 2:
                raise InputError(
                    f"policy '{case.name}' fails: {len(failed)} of its first {bench.done[i]} replications ended in an "
                    f"error, the first in {failed[0].error}: {failed[0].message}"
                )
            what = " + ".join(map(text_of, rule.keys))
            raise InputError(
                f"{what} has no value in nearly all of the first {bench.done[i]} replications of policy "
                f"'{case.name}'; choose by another measure"
            )


def share_of_risk(rule: Rule, policies: int, look: int) -> float:
    """The error probability that each statement of a look at limits and costs may have."""
    from sim.study.statistics.feasibility import statements
    from sim.study.statistics.spending import spent

    return spent(look, rule.alpha) / statements(policies, len(rule.demands))


def seen(bench: Bench, rule: Rule, found: Found) -> Sequence[list[float]]:
    """The values of the measure or cost that count, by policy."""
    return [bench.values(i, rule.keys, n) for i, n in enumerate(found.counted)]
