"""What a policy is worth against the baseline: the return on what it costs in addition, and when it has paid off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.quality.money import present_value, return_on_quality
from sim.study.tallies.daily import Daily
from sim.study.tallies.rows import Key, Row

if TYPE_CHECKING:
    from sim.study.replication import ReplicationRows

_NOTHING = 1e-6  # less money than this is the rounding of sums


def return_of(baseline: Daily, policy: Daily, discount: float) -> float:
    """Return on quality of a policy: what each unit of money spent in addition brings beyond itself (E46).

    Added profit is the change of margin and of customer equity, with less overtime and fewer amends; added cost that
    of the roster, training and management; both discounted to day 0. NaN where the policy costs no more than the
    baseline: nothing was invested.
    """
    profit = present_value((policy.earned - baseline.earned).tolist(), discount)
    cost = present_value((policy.cost - baseline.cost).tolist(), discount)
    return return_on_quality(profit, cost if cost > _NOTHING else 0.0)


def break_even_day(baseline: Daily, policy: Daily) -> float:
    """First day from whose end on the policy has never earned less in all than the baseline; days count from 0.

    Earned is margin and customer equity less all costs, not discounted. 0: never behind; NaN: behind at the end.
    """
    ahead = np.cumsum((policy.earned - policy.cost) - (baseline.earned - baseline.cost))
    behind = np.flatnonzero(ahead < -_NOTHING)
    if not len(behind):
        return 0.0
    day = int(behind[-1]) + 1
    return float(day) if day < len(ahead) else math.nan


def net_gain(baseline: Daily, policy: Daily, discount: float) -> float:
    """What the policy brings in all beyond the baseline: profit and the later worth of customers, as of day 0."""
    gain = (policy.earned - policy.cost) - (baseline.earned - baseline.cost)
    return present_value(gain.tolist(), discount)


COSTS = ("staff_cost", "training_cost", "management_cost")
"""What management decides to spend."""
WORTH = ("net_gain", "return_on_quality", "breaks_even", "break_even_day")


def worth_rows(baseline: Daily | None, policy: Daily | None, discount: float) -> tuple[Row, ...]:
    """The rows of a policy other than the baseline, of the same replication; NaN where either is missing.

    `breaks_even` is 1 if there is a day of breaking even, else 0: its mean is a share of replications.
    """
    values = [math.nan] * len(WORTH)
    if baseline is not None and policy is not None and len(baseline.margin) == len(policy.margin):
        day = break_even_day(baseline, policy)
        ever = 0.0 if math.isnan(day) else 1.0
        values = [net_gain(baseline, policy, discount), return_of(baseline, policy, discount), ever, day]
    return tuple((Key(measure), value) for measure, value in zip(WORTH, values, strict=True))


def with_worth(
    done: Sequence[tuple[str, ReplicationRows]], baseline: str, discount: float
) -> list[tuple[str, ReplicationRows]]:
    """The same replications, each of another policy with what it is worth against the baseline's of that number.

    Where no policy counts money they come back as they are.
    """
    if all(rows.daily is None for _, rows in done):
        return list(done)
    first = {rows.replication: rows.daily for policy, rows in done if policy == baseline}
    return [
        (policy, rows if policy == baseline else _extended(rows, first.get(rows.replication), discount))
        for policy, rows in done
    ]


def _extended(rows: ReplicationRows, baseline: Daily | None, discount: float) -> ReplicationRows:
    keys, values = zip(*worth_rows(baseline, rows.daily, discount), strict=True)
    return replace(rows, keys=(*rows.keys, *keys), values=np.concatenate([rows.values, np.array(values)]))
