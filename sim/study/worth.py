"""What a policy is worth against the baseline: the return on what it costs in addition, and when it has paid off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.quality.money import present_value, return_on_quality
from sim.study.rows import Key, Row

if TYPE_CHECKING:
    from sim.study.replication import ReplicationRows

Floats = NDArray[np.float64]

_NOTHING = 1e-6  # less money than this is the rounding of sums


@dataclass(frozen=True)
class Daily:
    """Money of one replication day by day, (days,) each; the sum over days is the measure."""

    margin: Floats
    staff: Floats
    training: Floats
    management: Floats  # audits, bonuses, coaching, research, hiring
    amends: Floats  # spent on putting problems right
    equity: Floats  # lifetime value of the customers of the encounters completed that day, each customer once

    @property
    def earned(self) -> Floats:
        """Margin, and what the customers are worth later on, less what problems cost to put right."""
        return self.margin + self.equity - self.amends

    @property
    def cost(self) -> Floats:
        """Staff, training and management."""
        return self.staff + self.training + self.management


def return_of(baseline: Daily, policy: Daily, discount: float) -> float:
    """Return on quality of a policy: what each unit of money spent in addition brings beyond itself (E46).

    Added profit is the change of margin and of customer equity, fewer amends included; added cost that of staff,
    training and management; both discounted to day 0. NaN where the policy costs no more than the baseline: nothing
    was invested.
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


def worth_rows(baseline: Daily | None, policy: Daily | None, discount: float) -> tuple[Row, ...]:
    """The two rows of a policy other than the baseline, of the same replication; NaN where either is missing."""
    comparable = baseline is not None and policy is not None and len(baseline.margin) == len(policy.margin)
    if not comparable:
        return (Key("return_on_quality"), math.nan), (Key("break_even_day"), math.nan)
    assert baseline is not None
    assert policy is not None
    return (
        (Key("return_on_quality"), return_of(baseline, policy, discount)),
        (Key("break_even_day"), break_even_day(baseline, policy)),
    )


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
