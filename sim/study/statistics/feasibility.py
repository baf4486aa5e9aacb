"""Whether policies keep limits, and which is the cheapest that does: decided as replications come in, at one risk."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sim.study.statistics.one_sided import one_sided
from sim.study.statistics.spending import spent


class Demand(NamedTuple):
    """What a measure has to keep: its mean, or with ``share`` each of that share of replications."""

    below: bool
    bound: float
    share: float | None = None
    strict: bool = False


class Standing(NamedTuple):
    """What is proven after the last look."""

    kept: tuple[tuple[bool | None, ...], ...]  # by policy and demand: True, False, None for not decided
    left_after: tuple[int | None, ...]  # replications after which a policy was out; None: still in
    cheapest: int | None
    decided: bool  # the cheapest is known, or none keeps all demands
    looks: int
    looked: int  # replications at the last look

    @property
    def inside(self) -> tuple[int, ...]:
        """Policies that are not out."""
        return tuple(i for i, left in enumerate(self.left_after) if left is None)

    def keeps_all(self, policy: int) -> bool | None:
        """Whether it keeps every demand; None: not decided."""
        kept = self.kept[policy]
        return False if False in kept else None if None in kept else True


Series = Sequence[float]


def cheapest(
    values: Sequence[Sequence[Series]],
    costs: Sequence[Series],
    demands: Sequence[Demand],
    delta: float,
    alpha: float,
    looks: Iterable[int],
) -> Standing:
    """Find the policy that keeps all demands at the least cost, looking after so many replications each time.

    ``values``: by policy and demand, over replications 0, 1, 2 …; ``costs``: by policy, over the same replications
    (paired). NaN is left out. With a probability of at least 1 − ``alpha`` everything proven is true at once: each
    verdict on a demand, and that the policy named keeps all demands and costs at most ``delta`` more than any other
    that does. Each of the statements (a policy keeps a demand; one policy costs more than another) may be wrong with
    an equal part of ``alpha`` (Bonferroni), spread over the looks (`spent`). Shares are judged exactly; means by
    intervals corrected for skewness, approximately where they are not normal.

    Measured: four policies, two strict limits each, every true mean exactly on its bound, 95 % asked for. Something is
    called kept in 2 % of studies of normal values. Of mean waits of a day (M/M/1 at load 0.9, 100 customers) it is 7 %
    if the first look is at 20 and 4 % if it is at 40, of exponential values 6 and 3 %, of lognormal values of skewness
    6 14 and 10 %.

    A policy is out that fails a demand, or surely costs more than one that keeps all; it gets no further replication.
    The outcome depends on the values alone, never on the batches in which they came.
    """
    k = len(values)
    standing = Standing(((None,) * len(demands),) * k, (None,) * k, None, False, 0, 0)
    for n in looks:
        if not _reaches(values, costs, standing.inside, n):
            break
        share = spent(standing.looks + 1, alpha) / statements(k, len(demands))
        standing = _looked(standing, values, costs, demands, delta, share, n)
        if standing.decided:
            break
    return standing


def statements(policies: int, demands: int) -> int:
    """How many statements are made at once: each policy keeps each demand, each pair of policies differs in cost."""
    return max(1, policies * demands + policies * (policies - 1) // 2)


def _reaches(values: Sequence[Sequence[Series]], costs: Sequence[Series], inside: Iterable[int], n: int) -> bool:
    return all(len(costs[i]) >= n and all(len(one) >= n for one in values[i]) for i in inside)


def _looked(
    before: Standing,
    values: Sequence[Sequence[Series]],
    costs: Sequence[Series],
    demands: Sequence[Demand],
    delta: float,
    alpha: float,
    n: int,
) -> Standing:
    """The standing after a look in which each statement may be wrong with probability ``alpha``."""
    kept = list(before.kept)
    for i in before.inside:
        kept[i] = tuple(
            _judged(series[:n], demand, alpha) if was is None else was
            for was, series, demand in zip(kept[i], values[i], demands, strict=True)
        )
    now = before._replace(kept=tuple(kept), looks=before.looks + 1, looked=n)
    inside = [i for i in before.inside if now.keeps_all(i) is not False]
    mean = {i: _mean(costs[i][:n]) for i in inside}
    sure = sorted((i for i in inside if now.keeps_all(i)), key=lambda i: (mean[i], i))
    for i in sure:
        if i in inside:
            inside = [j for j in inside if i == j or not _costs_less(costs[i], costs[j], n, 0.0, alpha)]
    found = next((i for i in sure if i in inside and _first_of(i, inside, costs, n, delta, alpha)), None)
    left = tuple(n if i in before.inside and i not in inside else was for i, was in enumerate(before.left_after))
    return now._replace(left_after=left, cheapest=found, decided=found is not None or not inside)


def _judged(values: Series, demand: Demand, alpha: float) -> bool | None:
    return one_sided(values, demand.below, demand.bound, demand.share, alpha, demand.strict)


def _first_of(i: int, inside: Sequence[int], costs: Sequence[Series], n: int, delta: float, alpha: float) -> bool:
    return all(i == j or _costs_less(costs[i], costs[j], n, delta, alpha) for j in inside)


def _costs_less(one: Series, other: Series, n: int, delta: float, alpha: float) -> bool:
    """Whether one surely costs no more than ``delta`` more than the other."""
    more = [a - b for a, b in zip(one[:n], other[:n], strict=True)]
    return one_sided(more, True, delta, None, alpha) is True


def _mean(values: Series) -> float:
    known = [value for value in values if not math.isnan(value)]
    return math.fsum(known) / len(known) if known else math.inf
